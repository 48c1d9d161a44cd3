"""What the draw adds to a visit's page: experts with their opinions and fees, replacements, hazards to see again."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground import evidence
from anguan.ground.access import Viewer
from anguan.inspections import selectors, showing
from anguan.inspections.draw_forms import FeeForm, OpinionDecisionForm
from anguan.inspections.models import Visit
from anguan.inspections.paper_origin import KIND, visit_origin
from anguan.inspections.rules import NEVER_MADE, NOT_BEGUN, OpinionState, VisitState
from anguan.papers.origins import register_origin
from anguan.people.rules import BUREAU, Role
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import reader_of, register_panel, slot

SLOT = slot("inspections.visit")
PHONE_SLOT = slot("inspections.phone_visit")
DESK_ROWS = 10


def experts_of_visit(request: HttpRequest, subject: object) -> SafeString | None:
    """随行专家 with what they submitted, for the bureau."""
    assert isinstance(subject, Visit)
    viewer = reader_of(request)
    if not viewer.has(*BUREAU):
        return None
    seats = selectors.experts_of(subject)
    if not seats:
        return None
    is_officer = subject.officers.filter(officer=viewer.officer_id).exists() if viewer.officer_id else False
    rows = [
        (
            seat,
            [
                (
                    opinion,
                    showing.opinion_pill(opinion),
                    evidence.of(opinion),
                    OpinionDecisionForm() if is_officer and opinion.state == OpinionState.SUBMITTED else None,
                )
                for opinion in said
            ],
        )
        for seat, said in seats
    ]
    return SafeString(
        render_to_string(
            "inspections/panel_experts.html",
            {
                "visit": subject,
                "rows": rows,
                "may_pay": subject.organ_id in viewer.organs_as(*selectors.PLANNERS) and subject.started_at is not None,
                "fee_form": FeeForm(),
            },
            request=request,
        )
    )


def changes_of_visit(request: HttpRequest, subject: object) -> SafeString | None:
    """替换: the way to say that this visit can't be made as drawn, before it begins."""
    assert isinstance(subject, Visit)
    viewer = reader_of(request)
    assignment = subject.assignment
    if assignment is None or subject.state not in NOT_BEGUN or not selectors.may_ask_replacement(viewer, assignment):
        return None
    return SafeString(
        render_to_string(
            "inspections/panel_replace.html",
            {"assignment": assignment, "batch": assignment.batch, "replacements": assignment.replacements.all()},
            request=request,
        )
    )


def revisits_of_visit(request: HttpRequest, subject: object) -> SafeString | None:
    """回访的隐患 with what was found of each."""
    assert isinstance(subject, Visit)
    viewer = reader_of(request)
    rows = selectors.revisit_hazards_of(subject)
    if not rows or not viewer.has(*BUREAU):
        return None
    is_officer = subject.officers.filter(officer=viewer.officer_id).exists() if viewer.officer_id else False
    return SafeString(
        render_to_string(
            "inspections/panel_revisits.html",
            {"visit": subject, "rows": rows, "may_record": is_officer and subject.state == VisitState.ON_SITE},
            request=request,
        )
    )


def asks_on_the_phone(request: HttpRequest, subject: object) -> SafeString | None:
    """What the officers of a visit must do besides its items: opinions to decide, hazards to see again."""
    assert isinstance(subject, Visit)
    viewer = reader_of(request)
    opinions = selectors.undecided_opinions(subject)
    hazards = selectors.revisits_left(subject)
    if viewer.officer_id is None or not (opinions or hazards):
        return None
    return SafeString(
        render_to_string(
            "inspections/panel_phone_asks.html",
            {"visit": subject, "opinions": opinions, "hazards": hazards},
            request=request,
        )
    )


def assistants_of_visit(request: HttpRequest, subject: object) -> SafeString | None:
    """协助人员 of a visit with what the law keeps from them; on a recheck, or before any approval, nobody helps."""
    assert isinstance(subject, Visit)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # our ViewerRequest
    if subject.is_recheck or subject.approved_at is None or not viewer.has(*BUREAU):
        return None
    present = list(subject.assistants.order_by("recorded_at", "pk"))
    is_officer = viewer.officer_id is not None and subject.officers.filter(officer=viewer.officer_id).exists()
    return SafeString(
        render_to_string(
            "inspections/panel_assistants.html",
            {
                "visit": subject,
                "assistants": present,
                "may_record": is_officer
                and subject.state not in NEVER_MADE | {VisitState.CLOSED}
                and len(present) < subject.assistants_allowed,
            },
            request=request,
        )
    )


def assistants_on_the_phone(request: HttpRequest, subject: object) -> SafeString | None:
    """协助人员 on the phone, where the approval allows any."""
    assert isinstance(subject, Visit)
    return assistants_of_visit(request, subject) if subject.assistants_allowed else None


@desk_source
def replacements_to_decide(viewer: Viewer, _today: date) -> Iterator[DeskRow]:
    """替换申请 that wait for the viewer as head of an organ."""
    if not viewer.has(Role.LEADER):
        return
    for row in selectors.open_replacements(viewer)[:DESK_ROWS]:
        yield DeskRow(
            group=Group.DUE,
            subject=selectors.target_word(row.assignment),
            asked=_("决定替换申请：%(reason)s") % {"reason": showing.replacement_reason(row)},
            url=reverse("inspections:replacement", args=[row.uid]),
            button=_("去决定"),
            due_on=row.batch.window_to,
        )


register_origin(KIND, N_("检查"), visit_origin)
register_panel(PHONE_SLOT, order=10, render=asks_on_the_phone)
register_panel(PHONE_SLOT, order=20, render=assistants_on_the_phone)
register_panel(SLOT, order=5, render=assistants_of_visit)
register_panel(SLOT, order=10, render=experts_of_visit)
register_panel(SLOT, order=20, render=revisits_of_visit)
register_panel(SLOT, order=90, render=changes_of_visit)
