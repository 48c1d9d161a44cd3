"""Office pages beside the hazard's own: transfers on both sides, and what self-reports deserve a second look."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.hazards import selectors, services, showing, showing_file
from anguan.hazards.forms import ResultForm, TransferAnswerForm, sentence
from anguan.hazards.models import Transfer
from anguan.hazards.rules import NotAllowed, TransferState
from anguan.people.doors import door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.paging import page_of

HINTS_RULE = "self-report-hints"
_PAGE = 50


@door(*BUREAU)
def credibility(request: ViewerRequest) -> HttpResponse:
    """自报可信度提示: reopened rates, share found by themselves, reused photos and zero streaks, by enterprise."""
    streak_from = int(rule(HINTS_RULE, clock.local_day(clock.now())).values["zero_streak"])
    rows = [
        {
            "enterprise": row.enterprise,
            "figures": row.figures,
            "self_share": _percent(row.figures.self_share),
            "reopened_rate": _percent(row.figures.reopened_rate),
            "hints": [_(hint) for hint in row.figures.hints(streak_from=streak_from)],
        }
        for row in selectors.credibility_rows(request.viewer)
    ]
    return render(request, "hazards/credibility.html", {"rows": rows, "streak_from": streak_from})


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


@door(*BUREAU, Role.DEPARTMENT)
def transfer_list(request: ViewerRequest) -> HttpResponse:
    """移送: what the viewer's organs sent and received."""
    page = page_of(
        selectors.transfers_visible_to(request.viewer),
        order=["-id"],
        cursor=request.GET.get("cursor", ""),
        size=_PAGE,
    )
    rows = [
        {"transfer": row, "entry": showing_file.transfer_entry(row), "ours": selectors.received_by(request.viewer, row)}
        for row in page.rows
    ]
    return render(request, "hazards/transfers.html", {"rows": rows, "page": page})


def _transfer(request: ViewerRequest, uid: UUID) -> Transfer:
    return get_object_or_404(selectors.transfers_visible_to(request.viewer), uid=uid)


@door(*BUREAU, Role.DEPARTMENT)
def transfer_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一份移送: the record of both sides, the hazard as it was found, and what the receiver has to do next."""
    return _shown(request, _transfer(request, uid))


def _shown(
    request: ViewerRequest, transfer: Transfer, given: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    forms, ours, state = given or {}, selectors.received_by(request.viewer, transfer), TransferState(transfer.state)
    context: dict[str, Any] = {
        "transfer": transfer,
        "hazard": transfer.hazard,
        "entry": showing_file.transfer_entry(transfer),
        "photos": showing.photos_of(transfer.hazard),
        "ours": ours,
        "may_receive": ours and state is TransferState.SENT,
        "answer_form": forms.get("answer") or (TransferAnswerForm() if state is TransferState.RECEIVED else None),
        "result_form": forms.get("result") or (ResultForm() if state is TransferState.ACCEPTED else None),
        "is_bureau": request.viewer.has(*BUREAU),
    }
    return render(request, "hazards/transfer.html", context, status=status)


@require_POST
@door(*BUREAU, Role.DEPARTMENT)
def transfer_act(request: ViewerRequest, uid: UUID, name: str) -> HttpResponse:
    """签收, 受理或者退回, 反馈结果, by people of the receiving organ."""
    if name not in {"receive", "answer", "result"}:
        raise Http404
    transfer, now, actor = _transfer(request, uid), clock.now(), request.viewer.actor
    if not selectors.received_by(request.viewer, transfer):
        raise PermissionDenied(_("这份移送由%(organ)s办理，请联系该机关。") % {"organ": transfer.to_organ.name})
    form: Form = {"receive": Form, "answer": TransferAnswerForm, "result": ResultForm}[name](request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            if name == "receive":
                services.receive_transfer(transfer=transfer, actor=actor, now=now)
                said = _("已签收，请决定受理或者退回。")
            elif name == "answer":
                services.answer_transfer(
                    transfer=transfer, accepted=data["accepted"], reason=data["reason"], actor=actor, now=now
                )
                said = _("已受理，由本机关办理。") if data["accepted"] else _("已退回移送机关。")
            else:
                services.report_result(transfer=transfer, result=data["result"], actor=actor, now=now)
                said = _("办理结果已反馈。")
        except NotAllowed as error:
            if name == "receive":
                messages.error(request, sentence(error))
                return redirect("hazards:transfer", uid=uid)
            form.add_error(None, sentence(error))
        else:
            messages.success(request, said)
            return redirect("hazards:transfer", uid=uid)
    return _shown(request, transfer, {name: form}, status=422)
