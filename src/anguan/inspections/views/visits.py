"""Office pages of visits and their results."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.hazards.selectors import hazards_visible_to
from anguan.inspections import selectors, showing
from anguan.inspections.rules import (
    NOT_BEGUN,
    NotAllowed,
    VisitKind,
    VisitState,
)
from anguan.inspections.services import visits
from anguan.inspections.views.applying import mark_words
from anguan.people.doors import door
from anguan.people.rules import BUREAU
from anguan.people.viewers import ViewerRequest
from anguan.ui.htmx import partial
from anguan.ui.lists import Choice, Column, Filter, listing_of


@door(*BUREAU)
def visit_list(request: ViewerRequest) -> HttpResponse:
    """检查: the organ's for its planners, one's own for officers."""
    found = selectors.visits_visible_to(request.viewer)
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in set(VisitState):
        found = found.filter(state=state)
    if query:
        found = found.filter(enterprise__name__icontains=query)
    listing = listing_of(
        request,
        found,
        name="visits",
        columns=[
            Column("enterprise", _("企业")),
            Column("kind", _("类型")),
            Column("state", _("状态")),
            Column("due", _("期限"), sort="due"),
            Column("category", _("检查结果")),
            Column("batch", _("批次")),
        ],
        sorts={"due": ["due_on", "id"], "new": ["id"]},
        default_sort="-new",
        filters=[Filter("state", _("状态"), [Choice(one.value, _(one.label)) for one in VisitState])],
        search_label=_("企业名称"),
        empty_title=_("还没有检查"),
        empty_hint=_("批准抽查批次之后，检查会出现在这里。"),
    )
    rows = [
        (visit, _(VisitKind(visit.kind).label), showing.visit_pill(visit), showing.category_word(visit.category))
        for visit in listing.rows
    ]
    return partial(
        request, "inspections/visit_list.html", "inspections/_visit_rows.html", {"listing": listing, "rows": rows}
    )


@door(*BUREAU)
def visit_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一次检查: officers, answers, papers, hazards, result."""
    visit = get_object_or_404(
        selectors.visits_visible_to(request.viewer).select_related(
            "approval", "notice", "record", "measures", "order", "parent", "checklist", "joint"
        ),
        uid=uid,
    )
    answers = selectors.answers_of(visit)
    result = getattr(visit, "publication", None)
    officers = selectors.team_of(visit)
    return render(
        request,
        "inspections/visit_detail.html",
        {
            "visit": visit,
            "kind": _(VisitKind(visit.kind).label),
            "state": showing.visit_pill(visit),
            "officers": officers,
            "answers": answers,
            "failed": [answer for answer in answers if answer.outcome == "fails"],
            "hazards": hazards_visible_to(request.viewer).filter(visit_uid=visit.uid).order_by("pk"),
            "marks": mark_words(visit),
            "may_withdraw": visit.state in NOT_BEGUN
            and visit.batch_id is None
            and not visit.is_recheck
            and visit.organ_id in request.viewer.organs_as(*selectors.PLANNERS),
            "result": result,
            "category": showing.category_word(visit.category),
            "may_unpublish": result is not None
            and result.published_at is not None
            and visit.organ_id in request.viewer.organs_as(*selectors.PLANNERS),
            "may_publish": result is not None
            and result.published_at is None
            and visit.organ_id in request.viewer.organs_as(*selectors.PLANNERS),
            "is_mine": any(row.officer_id == request.viewer.officer_id for row in officers),
            "rechecks": visit.rechecks.order_by("pk"),
        },
    )


@require_POST
@door(*selectors.PLANNERS)
def publish_result(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """公示结果."""
    visit = get_object_or_404(selectors.visits_visible_to(request.viewer), uid=uid)
    if visit.organ_id not in request.viewer.organs_as(*selectors.PLANNERS):
        raise PermissionDenied(_("只有检查机关可以公示结果。"))
    try:
        visits.publish_result(visit=visit, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("结果已公示。"))
    return redirect("inspections:visit", uid=uid)
