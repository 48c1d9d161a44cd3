"""上报对象, 查岗, 维修申请: what a duty room settles beforehand and follows up."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.alarms.rules.duty_checks import ASKS_OPERATOR, DutyCheckState
from anguan.alarms.rules.forwarding import Channel
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.truth import RepairReason
from anguan.alarms.selectors import settings, truth
from anguan.alarms.selectors.duty_room import READERS, WATCHERS
from anguan.alarms.services import duty_checks, repairs, targets
from anguan.alarms.setting_forms import DutyCheckForm, TargetForm
from anguan.alarms.showing import sentence
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.paging import page_of

_PAGE = 50


def _done(request: ViewerRequest, act: Callable[[], object], said: str, back: str) -> HttpResponse:
    """Do it, say so or why not, and go back to the list."""
    try:
        act()
    except NotAllowed as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, said)
    return redirect(back)


# --- 上报对象


@door(*WATCHERS)
def forward_targets(request: ViewerRequest) -> HttpResponseBase:
    """上报对象: everybody in the duty room reads them, the leader changes them."""
    may = bool(request.viewer.organs_as(Role.LEADER))
    form = TargetForm(request.viewer, request.POST or None) if may else None
    status = 200
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            try:
                targets.add_target(actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
            except NotAllowed as error:
                form.add_error("address", sentence(error))
            else:
                messages.success(request, _("上报对象已登记，下一起火警起发送。"))
                return redirect("alarms:forward_targets")
    leads = request.viewer.organs_as(Role.LEADER)
    rows = [
        {"target": row, "channel": _(Channel(row.channel).label), "may_switch": row.organ_id in leads}
        for row in settings.forward_targets_visible_to(request.viewer)
    ]
    return render(request, "alarms/forward_targets.html", {"rows": rows, "form": form}, status=status)


@require_POST
@door(Role.LEADER)
def forward_target_switch(request: ViewerRequest, pk: int) -> HttpResponse:
    """停用 or 启用 an addressee."""
    row = get_object_or_404(
        settings.forward_targets_visible_to(request.viewer), pk=pk, organ__in=request.viewer.organs_as(Role.LEADER)
    )
    is_active = not row.is_active
    return _done(
        request,
        lambda: targets.switch_target(target=row, is_active=is_active, actor=request.viewer.actor, now=clock.now()),
        _("已启用。") if is_active else _("已停用，不再向它发送。"),
        "alarms:forward_targets",
    )


# --- 查岗


@door(*WATCHERS)
def duty_check_list(request: ViewerRequest) -> HttpResponse:
    """查岗: what was asked and answered, what has to be followed up, and asking now."""
    page = page_of(
        settings.duty_checks_visible_to(request.viewer),
        order=["-sent_at", "-id"],
        cursor=request.GET.get("cursor", ""),
        size=_PAGE,
    )
    rows = [
        {
            "check": row,
            "state": _(DutyCheckState(row.state).label),
            "tone": _TONES[DutyCheckState(row.state)],
            "asks": row.state in ASKS_OPERATOR,
            "may_settle": row.state == DutyCheckState.CALLED,
        }
        for row in page.rows
    ]
    context = {
        "rows": rows,
        "page": page,
        "form": DutyCheckForm(request.viewer),
        "has_devices": settings.devices_watched(request.viewer).exists(),
    }
    return render(request, "alarms/duty_checks.html", context)


_TONES = {
    DutyCheckState.PLANNED: "void",
    DutyCheckState.SENT: "waiting",
    DutyCheckState.ANSWERED: "done",
    DutyCheckState.LATE: "overdue",
    DutyCheckState.MISSED: "overdue",
    DutyCheckState.CALLED: "open",
    DutyCheckState.EXPLAINED: "done",
    DutyCheckState.VIOLATION: "overdue",
    DutyCheckState.CANCELLED: "void",
}


@require_POST
@door(*WATCHERS)
def duty_check_now(request: ViewerRequest) -> HttpResponse:
    """立即查岗 of the device chosen."""
    form = DutyCheckForm(request.viewer, request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["device"][0]))
        return redirect("alarms:duty_checks")
    device = form.cleaned_data["device"]
    return _done(
        request,
        lambda: duty_checks.check_now(device=device, actor=request.viewer.actor, now=clock.now()),
        _("查岗已发出，对方应在时限内按键应答。"),
        "alarms:duty_checks",
    )


@require_POST
@door(*WATCHERS)
def duty_check_act(request: ViewerRequest, pk: int, action: str) -> HttpResponse:
    """电话查问, then 认定."""
    if action not in {"call", "explain", "violation"}:
        raise Http404
    row = get_object_or_404(settings.duty_checks_visible_to(request.viewer), pk=pk)
    actor, now, text = request.viewer.actor, clock.now(), request.POST.get("text", "")
    if action == "call":
        return _done(
            request,
            lambda: duty_checks.call(check=row, heard=text, actor=actor, now=now),
            _("已登记，请认定情况属实或者脱岗。"),
            "alarms:duty_checks",
        )
    return _done(
        request,
        lambda: duty_checks.settle(check=row, is_violation=action == "violation", reason=text, actor=actor, now=now),
        _("已认定。"),
        "alarms:duty_checks",
    )


# --- 维修申请, 约定处理


@door(*READERS)
def repair_list(request: ViewerRequest) -> HttpResponse:
    """维修申请 that wait, and units that still have to agree on handling."""
    watched = request.viewer.organs_as(*WATCHERS)
    repairs_waiting = [
        {
            "request": row,
            "place": row.point.device.building or row.point.device,
            "reason": _(RepairReason(row.reason).label),
            "may_close": row.point.device.organ_id in watched,
        }
        for row in truth.open_repairs(request.viewer)[:200]
    ]
    agreements = [
        {"agreement": row, "unit": row.enterprise or row.building or row.device, "may_agree": row.organ_id in watched}
        for row in truth.agreements_waiting(request.viewer)[:200]
    ]
    return render(request, "alarms/repairs.html", {"repairs": repairs_waiting, "agreements": agreements})


@require_POST
@door(*WATCHERS)
def repair_close(request: ViewerRequest, pk: int) -> HttpResponse:
    """维修完成."""
    row = get_object_or_404(
        truth.open_repairs(request.viewer), pk=pk, point__device__organ__in=request.viewer.organs_as(*WATCHERS)
    )
    return _done(
        request,
        lambda: repairs.close_repair(
            request=row, outcome=request.POST.get("text", ""), actor=request.viewer.actor, now=clock.now()
        ),
        _("维修申请已办结。"),
        "alarms:repairs",
    )


@require_POST
@door(*WATCHERS)
def agreement_record(request: ViewerRequest, pk: int) -> HttpResponse:
    """登记约定."""
    row = get_object_or_404(
        truth.agreements_waiting(request.viewer), pk=pk, organ__in=request.viewer.organs_as(*WATCHERS)
    )
    return _done(
        request,
        lambda: repairs.record_agreement(
            agreement=row,
            agreed=request.POST.get("text", ""),
            with_whom=request.POST.get("whom", ""),
            actor=request.viewer.actor,
            now=clock.now(),
        ),
        _("约定已登记。"),
        "alarms:repairs",
    )
