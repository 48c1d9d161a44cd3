"""Reads of the path of major hazards: how far one has come, what hangs in public, what waits for a leader."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.ground.rules.selectors import rule
from anguan.hazards.models import (
    Acceptance,
    Closure,
    Escalation,
    Extension,
    Hazard,
    InterimMeasure,
    Listing,
    Objection,
    RectificationPlan,
)
from anguan.hazards.penalties import penalty_days
from anguan.hazards.rules import (
    STOPS,
    AcceptanceState,
    ClosureState,
    EscalationState,
    ExtensionState,
    ListingState,
    MeasureState,
    ObjectionState,
    Penalised,
    PlanState,
    Standing,
    count_penalties,
    window_begins,
)
from anguan.people.rules import Role

CLOSURE_RULE = "D30"


def penalised_of(hazard: Hazard, today: date) -> Penalised | None:
    """How often the enterprise was penalised (安全生产法 art. 113); None where nobody keeps penalties yet."""
    windows = rule(CLOSURE_RULE, today).values["windows"]
    since = min(window_begins(window, today) for window in windows)
    days = penalty_days(hazard.enterprise_id, since, today)
    return None if days is None else count_penalties(days, today, windows)


def penalties_in_words(penalised: Penalised) -> str:
    """The count as it is kept with a proposal; Chinese, as everything that is kept."""
    counts = "，".join(f"{begins.isoformat()} 以后 {times} 次" for begins, times in penalised.since)
    return f"平台记录的安全生产行政处罚：{counts}。"


def standing_of(hazard: Hazard) -> Standing:
    """办到哪一步: what of the path of a major hazard is there. Since a reopening, if there was one."""
    since = Q()
    if hazard.reopened_at is not None:
        since = Q(submitted_at__gte=hazard.reopened_at)
    measures = list(hazard.measures.values_list("kind", "state", "since"))
    decided = [kind for kind, _, at in measures if hazard.reopened_at is None or at >= hazard.reopened_at]
    in_force = [kind for kind, state, _ in measures if state != MeasureState.LIFTED]
    return Standing(
        plan_approved=hazard.plans.filter(since, state=PlanState.APPROVED).exists(),
        measures_decided=bool(decided or in_force),
        measures_in_force=bool(in_force),
        acceptance_applied=hazard.acceptances.filter(state=AcceptanceState.APPLIED).exists(),
        closure_proposed=hazard.closures.filter(state=ClosureState.PROPOSED).exists(),
        stops_in_force=bool(STOPS.intersection(in_force)),
    )


@dataclass(frozen=True)
class PublicListing:
    """挂牌督办公示: what the public reads of a hung hazard. Names of persons aren't among it."""

    notice_no: str
    level: str
    state: str
    enterprise: str
    place: str
    hazard: str
    criterion: str
    office: str
    organ: str
    due_on: date
    hung_on: date
    removed_on: date | None
    withdrawn_on: date | None
    withdrawal_reason: str


def public_listings() -> list[PublicListing]:
    """What hangs in public, newest first: listings once they were published, removals and withdrawals with their day.

    A withdrawn listing stays, without what it was about: that it hung and why it doesn't is public, the finding is not.
    A removal shows once it was published; until then the listing still hangs.
    """
    rows = (
        Listing.objects.filter(published_at__isnull=False)
        .select_related("hazard__enterprise", "hazard__organ")
        .order_by("-published_at", "-id")
    )
    return [_public(row) for row in rows]


def _public(row: Listing) -> PublicListing:
    hazard, state = row.hazard, ListingState(row.state)
    is_removed = state is ListingState.REMOVED and row.removal_published_at is not None
    is_withdrawn = state is ListingState.WITHDRAWN
    if state is ListingState.REMOVED and not is_removed:
        state = ListingState.HUNG
    return PublicListing(
        notice_no=row.notice_no,
        level=row.level,
        state=state,
        enterprise="" if is_withdrawn else hazard.enterprise.name,
        place="" if is_withdrawn else hazard.place,
        hazard="" if is_withdrawn else hazard.description,
        criterion="" if is_withdrawn else hazard.criterion,
        office=row.office,
        organ=hazard.organ.name,
        due_on=row.due_on,
        hung_on=clock.local_day(row.hung_at),
        removed_on=clock.local_day(row.removed_at) if is_removed and row.removed_at else None,
        withdrawn_on=clock.local_day(row.withdrawn_at) if is_withdrawn and row.withdrawn_at else None,
        withdrawal_reason=row.withdrawal_reason,
    )


def listings_to_publish(viewer: Viewer) -> QuerySet[Listing]:
    """待公示: hangings and removals of the viewer's organs that aren't public yet, the most urgent first."""
    hung = Q(published_at__isnull=True) & ~Q(state=ListingState.WITHDRAWN)
    removed = Q(state=ListingState.REMOVED, removal_published_at__isnull=True, published_at__isnull=False)
    return (
        Listing.objects.filter(hung | removed, hazard__organ__in=viewer.organs_as(Role.OFFICER, Role.LEADER))
        .select_related("hazard__enterprise")
        .order_by("publish_by", "id")
    )


def escalations_for(viewer: Viewer) -> QuerySet[Escalation]:
    """待决定的升级处置建议 of the organs that the viewer leads, oldest first."""
    return (
        Escalation.objects.filter(state=EscalationState.PROPOSED, hazard__organ__in=viewer.organs_as(Role.LEADER))
        .select_related("hazard__enterprise")
        .order_by("proposed_at", "id")
    )


def acceptances_due(viewer: Viewer) -> QuerySet[Acceptance]:
    """待现场验收 of the viewer's organs, by the day of rule D26."""
    return (
        Acceptance.objects.filter(state=AcceptanceState.APPLIED, hazard__organ__in=viewer.organs_as(Role.OFFICER))
        .select_related("hazard__enterprise")
        .order_by("due_on", "id")
    )


def resumptions_due(viewer: Viewer) -> QuerySet[InterimMeasure]:
    """待审查的恢复申请 of the organs that the viewer leads, by the day of rule D26."""
    return (
        InterimMeasure.objects.filter(state=MeasureState.ASKED, hazard__organ__in=viewer.organs_as(Role.LEADER))
        .select_related("hazard__enterprise")
        .order_by("due_on", "id")
    )


def plans_waiting(viewer: Viewer) -> QuerySet[RectificationPlan]:
    """待审的治理方案 of the viewer's organs, oldest first."""
    return (
        RectificationPlan.objects.filter(
            state=PlanState.SUBMITTED, hazard__organ__in=viewer.organs_as(Role.OFFICER, Role.LEADER)
        )
        .select_related("hazard__enterprise")
        .order_by("submitted_at", "id")
    )


def closures_waiting(viewer: Viewer) -> QuerySet[Closure]:
    """待批准的销号结论 of the organs that the viewer leads, oldest first."""
    return (
        Closure.objects.filter(state=ClosureState.PROPOSED, hazard__organ__in=viewer.organs_as(Role.LEADER))
        .select_related("hazard__enterprise")
        .order_by("proposed_at", "id")
    )


def extensions_waiting(viewer: Viewer) -> QuerySet[Extension]:
    """待决定的延期 of the organs that the viewer leads, most urgent first."""
    led = viewer.organs_as(Role.LEADER)
    return (
        Extension.objects.filter(state=ExtensionState.APPLIED)
        .filter(Q(hazard__organ__in=led) | Q(hazard__order__issuing_organ__in=led))
        .select_related("hazard__enterprise")
        .order_by("decide_by", "id")
    )


def objections_waiting(viewer: Viewer) -> QuerySet[Objection]:
    """待答复的异议 of the viewer's organs, without those against the viewer's own findings; most urgent first."""
    return (
        Objection.objects.filter(
            state=ObjectionState.FILED, hazard__organ__in=viewer.organs_as(Role.OFFICER, Role.LEADER)
        )
        .exclude(hazard__found_by_id=str(viewer.user_id))
        .select_related("hazard__enterprise")
        .order_by("answer_by", "id")
    )
