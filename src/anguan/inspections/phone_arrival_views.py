"""Phone pages beside the checklist: the notice on arrival, measures on the spot, an emergency that begins here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.evidence import UnusableFile
from anguan.inspections import selectors, showing
from anguan.inspections.forms import ServeForm
from anguan.inspections.rules import NEVER_MADE, NOT_BEGUN, AssistantKind, Ban, Trigger, VisitKind, VisitState
from anguan.inspections.services import visits
from anguan.inspections.visit_forms import AssistantForm, EmergencyForm, MeasuresForm
from anguan.people.doors import door
from anguan.people.models import Officer
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import enterprises_visible_to


@door(Role.OFFICER)
def notice(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """行政检查通知书: what is told to the firm on arrival, and its signature."""
    found = get_object_or_404(selectors.visits_of_officer(request.viewer).select_related("notice"), uid=uid)
    form = ServeForm(
        request.POST or None, initial={"receiver": found.host, "place": found.enterprise.address, "method": "direct"}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visits.hand_over_notice(
                visit=found, receiver=values["receiver"], method=values["method"], note=values["note"],
                image=form.image, uid=form.once, actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect("inspections_phone:visit", uid=uid)
    context: dict[str, Any] = {
        "visit": found,
        "kind": _(VisitKind(found.kind).label),
        "state": showing.visit_pill(found),
        "form": form,
        "bans": [_(ban.label) for ban in Ban],
        "team": selectors.team_of(found),
        "is_early": found.state in NOT_BEGUN | NEVER_MADE,
        "is_done": found.notice is not None and found.notice.was_served,
    }
    return render(request, "inspections/phone_notice.html", context, status=422 if form.errors else 200)


@door(Role.OFFICER)
def measures(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """现场处理措施: which, what exactly, until when; then it is signed and served like every paper."""
    found = get_object_or_404(selectors.visits_of_officer(request.viewer), uid=uid)
    form = MeasuresForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visits.draft_measures(
                visit=found, measure=values["measure"], requirements=values["requirements"].splitlines(),
                until=values["until"], actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            return redirect("inspections_phone:paper", uid=uid)
    context = {"visit": found, "state": showing.visit_pill(found), "form": form}
    return render(request, "inspections/phone_measures.html", context, status=422 if form.errors else 200)


@door(Role.OFFICER)
def assistants(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """协助人员: who came along, never more than the approval fixed, and what they may not do."""
    found = get_object_or_404(selectors.visits_of_officer(request.viewer), uid=uid)
    form = AssistantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visits.record_assistant(
                visit=found, kind=AssistantKind(values["kind"]), name=values["name"], employer=values["employer"],
                actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("协助人员已登记。"))
            return redirect("inspections_phone:assistants", uid=uid)
    present = list(found.assistants.order_by("recorded_at", "pk"))
    is_open = found.state not in NEVER_MADE | {VisitState.CLOSED}
    has_room = len(present) < found.assistants_allowed
    context = {
        "visit": found,
        "state": showing.visit_pill(found),
        "assistants": present,
        "form": form if form.errors or (is_open and has_room) else None,
        "is_open": is_open,
    }
    return render(request, "inspections/phone_assistants.html", context, status=422 if form.errors else 200)


@door(Role.OFFICER)
def emergency(request: ViewerRequest, pk: int) -> HttpResponse:
    """紧急检查: begins here and now, with who is there; the head approves within the rule's hours."""
    firm = get_object_or_404(enterprises_visible_to(request.viewer), pk=pk)
    officer = get_object_or_404(Officer.objects.select_related("organ"), pk=request.viewer.officer_id or 0)
    form = EmergencyForm(request.POST or None, organ=officer.organ, initial={"officers": [officer.pk]})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visit = visits.start_emergency(
                uid=form.once, organ=officer.organ, enterprise=firm, item=values["item"],
                officers=list(values["officers"]), trigger=Trigger(values["trigger"]), clue=values["clue"],
                reason=values["reason"], host=values["host"], actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            return redirect("inspections_phone:notice", uid=visit.uid)
    context = {"enterprise": firm, "form": form}
    return render(request, "inspections/phone_emergency.html", context, status=422 if form.errors else 200)
