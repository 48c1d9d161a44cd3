"""申请与审批 of checks in the office, with every refusal of 54号 shown before anything is sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.checklists.models import InspectionItem
from anguan.ground import clock
from anguan.inspections import selectors, showing
from anguan.inspections.models import Visit
from anguan.inspections.rules import CountClass, Mark, Trigger, VisitKind, VisitState
from anguan.inspections.selectors import caps, oversight
from anguan.inspections.services import experts, visits
from anguan.inspections.visit_forms import ApplyForm, CallForm, NoteForm
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Enterprise
from anguan.registry.selectors import enterprises_visible_to
from anguan.ui.offers import rows_offered

FOUND = 20


def _organs(request: ViewerRequest) -> Any:
    return Organ.objects.filter(pk__in=request.viewer.organs_as(*BUREAU)).order_by("pk")


@door(*BUREAU)
def apply(request: ViewerRequest) -> HttpResponse:
    """申请检查: choose the firm first; then the form with what the system knows and what stands against it."""
    query = request.GET.get("q", "").strip()
    chosen = request.GET.get("enterprise", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        firms = enterprises_visible_to(request.viewer)
        found = list(firms.filter(name__icontains=query).order_by("name", "pk")[:FOUND]) if query else []
        return render(
            request,
            "inspections/apply_choose.html",
            {"query": query, "found": found, "may_propose": request.viewer.has(*selectors.PLANNERS)},
        )
    enterprise = get_object_or_404(enterprises_visible_to(request.viewer), pk=int(chosen))
    now = clock.now()
    organs = _organs(request)
    form = ApplyForm(request.POST or None, organs=organs, initial={"kind": VisitKind.KEY, "trigger": Trigger.PLAN})
    if request.method == "POST" and form.is_valid():
        try:
            visit = visits.apply_visit(
                enterprise=enterprise,
                **form.values(),
                plan_row=form.chosen_row(enterprise),
                actor=request.viewer.actor,
                now=now,
            )
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            if visit.is_sealed:
                messages.success(request, _("申请已提交并密封；从现在起只有批准人能看到去哪一家。"))
                return redirect("inspections:sealed")
            messages.success(request, _("申请已提交，等负责人批准。"))
            return redirect("inspections:visit", uid=visit.uid)
    organ = organs.first()
    return render(
        request,
        "inspections/apply.html",
        {"form": form, "enterprise": enterprise, **(_standing(organ, enterprise, form) if organ else {})},
        status=422 if form.errors else 200,
    )


def _standing(organ: Organ, enterprise: Enterprise, form: ApplyForm) -> dict[str, Any]:
    """Cap, last checks, guidance and what stands against a check on the plan's account."""
    today = clock.local_day(clock.now())
    offered = rows_offered(form, "item").values("pk")
    item = InspectionItem.objects.filter(pk__in=offered).order_by("pk").first()
    against = []
    if item is not None:
        against = visits.objections(
            visits.Proposal(VisitKind.KEY, organ, enterprise, item, [], Trigger.PLAN, CountClass.DAILY, today),
            with_officers=False,
        )
    use = caps.cap_use(organ, enterprise, today)
    return {
        "organ": organ,
        "use": use,
        "last": [
            (visit, showing.visit_pill(visit), showing.category_word(visit.category))
            for visit in caps.last_visits(organ, enterprise)
        ],
        "guidance": caps.guidance_need(organ, enterprise, today),
        "marks": [_(mark.label) for mark in caps.marks_at(organ, enterprise, today)],
        "against": against,
    }


@door(Role.LEADER)
def approvals(request: ViewerRequest) -> HttpResponse:
    """待批准的检查: applications and emergencies that wait for the head of the organ; a sealed one by its hash."""
    rows = [_row(visit) for visit in oversight.applications(request.viewer)]
    return render(request, "inspections/approvals.html", {"rows": rows})


def _row(visit: Visit) -> dict[str, Any]:
    return {
        "visit": visit,
        "name": str(visit) if visit.is_closed_envelope else visit.enterprise.name,
        "kind": _(VisitKind(visit.kind).label),
        "state": showing.visit_pill(visit),
    }


def _application(request: ViewerRequest, uid: UUID) -> Visit:
    return get_object_or_404(oversight.applications(request.viewer), uid=uid)


@door(Role.LEADER)
def application(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一件申请: all that was said, the cap, what stands against it now, and the decision."""
    visit = _application(request, uid)
    context = {**_row(visit), **_deciding(visit), "is_closed": visit.is_closed_envelope}
    # Reading a sealed target is an act of its own (`read`), which is kept.
    if not visit.is_closed_envelope:
        context |= _told(visit)
    return render(request, "inspections/application.html", context)


def _deciding(visit: Visit) -> dict[str, Any]:
    called = list(visit.experts.select_related("expert"))
    return {
        "form": NoteForm(required=False),
        "called": called,
        "call_form": CallForm(visit=visit) if len(called) < visit.experts_allowed else None,
    }


@require_POST
@door(Role.LEADER)
def call(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """指定随行专家; of a sealed visit nothing is told but that the chosen one may go there."""
    visit = _application(request, uid)
    form = CallForm(request.POST, visit=visit)
    if not form.is_valid():
        messages.error(request, _("请选择专家并写明指定理由。"))
        return redirect("inspections:application", uid=uid)
    try:
        experts.call_expert(visit=visit, **form.cleaned_data, actor=request.viewer.actor, now=clock.now())
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("随行专家已指定；检查人员到场之后专家才知道去哪一家。"))
    return redirect("inspections:application", uid=uid)


def _told(visit: Visit) -> dict[str, Any]:
    on = visit.visit_on or visit.due_on
    return {
        "team": selectors.team_of(visit),
        "trigger": _(Trigger(visit.trigger).label),
        "use": caps.cap_use(visit.organ, visit.enterprise, on, visit),
        "marks": [_(mark.label) for mark in caps.marks_at(visit.organ, visit.enterprise, on, visit)],
        "against": visits.objections(visits.proposal_of(visit)) if visit.state == VisitState.APPLIED else [],
        "is_named": True,
    }


@require_POST
@door(Role.LEADER)
def read(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """查看密封的对象: shown once to the approver, and kept that it was."""
    visit = _application(request, uid)
    visit = visits.read_sealed(visit=visit, actor=request.viewer.actor, now=clock.now())
    return render(
        request,
        "inspections/application.html",
        {**_row(visit), "name": visit.enterprise.name, **_deciding(visit), **_told(visit)},
    )


@require_POST
@door(Role.LEADER)
def decide(request: ViewerRequest, uid: UUID, act: str) -> HttpResponse:
    """批准 or 不予批准."""
    visit = _application(request, uid)
    form = NoteForm(request.POST, required=act == "refuse")
    if not form.is_valid():
        messages.error(request, _("不予批准的，请写明理由。"))
        return redirect("inspections:application", uid=uid)
    step = visits.approve_visit if act == "approve" else visits.refuse_visit
    try:
        step(visit=visit, note=form.cleaned_data["note"], actor=request.viewer.actor, now=clock.now())
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
        return redirect("inspections:application", uid=uid)
    messages.success(request, _("检查已批准。") if act == "approve" else _("已不予批准。"))
    return redirect("inspections:approvals")


@require_POST
@door(*selectors.PLANNERS)
def withdraw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """撤回 a check that nobody has begun."""
    visit = get_object_or_404(selectors.visits_visible_to(request.viewer), uid=uid)
    if visit.organ_id not in request.viewer.organs_as(*selectors.PLANNERS):
        raise PermissionDenied(_("只有检查机关可以撤回自己的检查。"))
    try:
        visits.withdraw_visit(
            visit=visit, note=request.POST.get("note", ""), actor=request.viewer.actor, now=clock.now()
        )
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("检查已撤回。"))
    return redirect("inspections:visit", uid=uid)


@door(*oversight.READERS_OF_SEALS)
def sealed(request: ViewerRequest) -> HttpResponse:
    """密封检查: each by its hash, with departure, opening and every reading; the target only after the opening."""
    return _show_sealed(request)


def _show_sealed(request: ViewerRequest, read: Visit | None = None) -> HttpResponse:
    leads = request.viewer.organs_as(Role.LEADER)
    found = oversight.sealed_visits(request.viewer).select_related("enterprise", "batch", "assignment__envelope")
    rows = [
        {
            "visit": visit,
            "name": _envelope_word(request, visit, is_read=read is not None and read.pk == visit.pk),
            "state": showing.visit_pill(visit),
            "may_read": visit.is_closed_envelope and visit.state == VisitState.APPROVED and visit.organ_id in leads,
            "openings": list(visit.openings.all()),
            "may_open": visit.is_closed_envelope
            and visit.state == VisitState.APPROVED
            and request.viewer.officer_id is not None
            and visit.officers.filter(officer=request.viewer.officer_id).exists(),
        }
        for visit in found[:100]
    ]
    return render(request, "inspections/sealed.html", {"rows": rows, "now": clock.now()})


def _envelope_word(request: ViewerRequest, visit: Visit, *, is_read: bool) -> str:
    if is_read or (not visit.is_closed_envelope and _sees(request, visit)):
        return visit.enterprise.name
    if visit.assignment is not None and visit.batch is not None:
        return f"{visit.batch.title} · {visit.assignment.envelope}"
    return _("密封")


@require_POST
@door(Role.LEADER)
def read_envelope(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """查看 an envelope that waits for its team: shown once to the head of the organ, and kept that it was."""
    visit = get_object_or_404(oversight.sealed_visits(request.viewer), uid=uid)
    visits.read_sealed(visit=visit, actor=request.viewer.actor, now=clock.now())
    return _show_sealed(request, read=visit)


def _sees(request: ViewerRequest, visit: Visit) -> bool:
    return selectors.visits_visible_to(request.viewer).filter(pk=visit.pk).exists()


@require_POST
@door(Role.OFFICER)
def open_seal(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """启封, by one of the team at departure."""
    visit = get_object_or_404(oversight.sealed_visits(request.viewer), uid=uid)
    try:
        visits.open_seal(
            visit=visit, reason=request.POST.get("reason", ""), actor=request.viewer.actor, now=clock.now()
        )
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
        return redirect("inspections:sealed")
    return redirect("inspections_phone:visit", uid=uid)


def mark_words(visit: Visit) -> list[str]:
    """频次异常 of a visit in words."""
    return [_(Mark(mark).label) for mark in visit.marks]
