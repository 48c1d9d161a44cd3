"""专家: the expert's own phone pages, and in the office what officers and planners do with opinions and fees."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock, evidence
from anguan.ground.evidence import UnusableFile
from anguan.inspections import selectors, showing
from anguan.inspections.draw_forms import FeeForm, OpinionDecisionForm, OpinionForm
from anguan.inspections.models import Opinion, VisitExpert
from anguan.inspections.rules import NotAllowed, OpinionState
from anguan.inspections.services import experts
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.photos import photos_from

SHOWN = 50


@door(Role.EXPERT)
def mine(request: ViewerRequest) -> HttpResponse:
    """我的随行检查: the visits whose officers have arrived; of the others only how many there are."""
    seats = list(selectors.seats_of_expert(request.viewer)[:SHOWN])
    return render(
        request,
        "inspections/expert_mine.html",
        {
            "open": [seat for seat in seats if _is_open(seat)],
            "past": [seat for seat in seats if not _is_open(seat)],
            "waiting": selectors.waiting_calls(request.viewer),
        },
    )


def _is_open(seat: VisitExpert) -> bool:
    return seat.visit.record is None or not seat.visit.record.is_issued


def _seat(request: ViewerRequest, uid: UUID) -> VisitExpert:
    return get_object_or_404(selectors.seats_of_expert(request.viewer), visit__uid=uid)


@door(Role.EXPERT)
def visit(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一次随行检查: the items, what the expert wrote to each, and the one button that submits it."""
    seat = _seat(request, uid)
    said = {opinion.item_id: opinion for opinion in seat.opinions.all()}
    if request.method == "POST":
        try:
            experts.submit_opinions(seat=seat, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
        else:
            messages.success(request, _("意见已提交，由执法人员决定采纳与否。"))
        return redirect("inspections_phone:expert_visit", uid=uid)
    rows = [
        (0, _("总体意见"), said.get(None)),
        *((item.number, item.question, said.get(item.pk)) for item in seat.visit.checklist.items.order_by("number")),
    ]
    return render(
        request,
        "inspections/expert_visit.html",
        {
            "seat": seat,
            "visit": seat.visit,
            "rows": [(number, text, one, showing.opinion_pill(one) if one else "") for number, text, one in rows],
            "drafts": sum(one.state == OpinionState.DRAFTED for one in said.values()),
            "is_open": _is_open(seat),
            "officers": selectors.team_of(seat.visit),
        },
    )


@door(Role.EXPERT)
def opinion(request: ViewerRequest, uid: UUID, number: int) -> HttpResponse:
    """写一条意见; number 0 is the whole."""
    seat = _seat(request, uid)
    item = seat.visit.checklist.items.filter(number=number).first()
    if number and item is None:
        raise Http404
    known = seat.opinions.filter(item=item).first()
    if request.method == "POST":
        form = OpinionForm(request.POST)
        now = clock.now()
        if form.is_valid():
            try:
                experts.write_opinion(
                    seat=seat,
                    item=item,
                    text=form.cleaned_data["text"],
                    uid=form.once,
                    photos=photos_from(request, uid=form.once, now=now),
                    actor=request.viewer.actor,
                    now=now,
                )
            except NotAllowed as error:
                form.add_error(None, showing.sentence(error))
            except UnusableFile as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已记下，提交之前还可以改。"))
                return redirect("inspections_phone:expert_visit", uid=uid)
    else:
        form = OpinionForm(initial={"text": known.text if known else ""})
    return render(
        request,
        "inspections/expert_opinion.html",
        {
            "seat": seat,
            "visit": seat.visit,
            "item": item,
            "form": form,
            "known": known,
            "may_write": _is_open(seat) and (known is None or known.state == OpinionState.DRAFTED),
            "state": showing.opinion_pill(known) if known else "",
            "photos": evidence.of(known) if known else [],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@door(Role.OFFICER)
def decide(request: ViewerRequest, uid: UUID, opinion_uid: UUID) -> HttpResponse:
    """采纳或不采纳一条专家意见: by an officer of the visit."""
    visit = get_object_or_404(selectors.visits_visible_to(request.viewer), uid=uid)
    found = get_object_or_404(
        Opinion.objects.exclude(state=OpinionState.DRAFTED), uid=opinion_uid, visit_expert__visit=visit
    )
    form = OpinionDecisionForm(request.POST)
    if form.is_valid():
        try:
            experts.decide_opinion(
                opinion=found,
                is_adopted=form.cleaned_data["verdict"] == "adopt",
                reason=form.cleaned_data["reason"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
        else:
            messages.success(request, _("已记录。"))
    else:
        messages.error(request, _("请选择采纳或不采纳，并写明理由。"))
    return redirect("inspections:visit", uid=uid)


@require_POST
@door(*selectors.PLANNERS)
def fee(request: ViewerRequest, uid: UUID, pk: int) -> HttpResponse:
    """登记专家费."""
    visit = get_object_or_404(selectors.visits_visible_to(request.viewer), uid=uid)
    seat = get_object_or_404(VisitExpert, visit=visit, pk=pk)
    if visit.organ_id not in request.viewer.organs_as(*selectors.PLANNERS):
        raise PermissionDenied(_("专家费由检查机关的内勤登记。"))
    form = FeeForm(request.POST)
    if form.is_valid():
        try:
            experts.record_fee(seat=seat, days=form.cleaned_data["days"], actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
        else:
            messages.success(request, _("专家费已登记。"))
    else:
        messages.error(request, _("请填写工作天数，以半天为单位。"))
    return redirect("inspections:visit", uid=uid)
