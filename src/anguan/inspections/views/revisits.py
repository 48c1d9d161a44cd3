"""自查自改回访: plan a sample, and on the spot say of each hazard whether it is really gone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock, evidence
from anguan.ground.evidence import UnusableFile
from anguan.ground.rules.selectors import rule
from anguan.inspections import draws, selectors, showing
from anguan.inspections.draw_forms import RevisitForm, RevisitPlanForm
from anguan.inspections.rules import NotAllowed, RevisitOutcome
from anguan.inspections.services import revisits
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.photos import photos_from


@door(*selectors.PLANNERS)
def plan(request: ViewerRequest) -> HttpResponse:
    """列入回访计划."""
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*selectors.PLANNERS)).order_by("pk")
    form = RevisitPlanForm(request.POST or None, organs=organs)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "beacon_kind": draws.BeaconKind(form.cleaned_data["beacon_kind"])}
        try:
            batch = revisits.plan_revisit_batch(**values, actor=request.viewer.actor, now=now)
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("回访已列入计划，下一步添加参与方。"))
            return redirect("inspections:batch", code=batch.code)
    share = rule(revisits.SHARE_RULE, clock.local_day(now))
    return render(
        request,
        "inspections/revisit_plan.html",
        {"form": form, "percent": share.values["percent"]},
        status=422 if form.errors else 200,
    )


@door(Role.OFFICER)
def hazard(request: ViewerRequest, uid: UUID, hazard_uid: UUID) -> HttpResponse:
    """回访一条自行销号的隐患: what the firm reported with its photos, and what is seen now."""
    visit = get_object_or_404(selectors.visits_of_officer(request.viewer), uid=uid)
    row = next((one for one in selectors.revisit_hazards_of(visit) if one.hazard.uid == hazard_uid), None)
    if row is None:
        raise Http404
    form = RevisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            revisits.record_revisit(
                visit=visit,
                hazard=row.hazard,
                outcome=RevisitOutcome(form.cleaned_data["outcome"]),
                note=form.cleaned_data["note"],
                photos=photos_from(request, uid=form.once, now=now),
                uid=form.once,
                actor=request.viewer.actor,
                now=now,
            )
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("回访结果已登记。"))
            return redirect("inspections:visit", uid=uid)
    return render(
        request,
        "inspections/revisit_hazard.html",
        {"visit": visit, "row": row, "hazard": row.hazard, "form": form, "photos": evidence.of(row.hazard)},
        status=422 if form.errors else 200,
    )
