"""Reads of batches, and who may see what was drawn."""

from django.db.models import Count, Prefetch, Q, QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import (
    Assignment,
    Batch,
    BatchOfficer,
    BatchParty,
)
from anguan.inspections.rules import COMMITTED_STATES, DRAWN_STATES
from anguan.people.models import User
from anguan.people.rules import Role

PLANNERS = frozenset({Role.CLERK, Role.LEADER})


def batches_visible_to(viewer: Viewer) -> QuerySet[Batch]:
    """The batches of one's organs for its planners, the committed ones for a supervisor, one's own for any party."""
    condition = Q(parties__user=viewer.user_id) if viewer.user_id else Q(pk__in=[])
    if viewer.has(*PLANNERS):
        condition |= Q(organ__in=viewer.organs_as(*PLANNERS))
    if viewer.has(Role.SUPERVISOR):
        condition |= Q(state__in=COMMITTED_STATES)
    return Batch.objects.filter(condition).select_related("organ", "item").distinct().order_by("-pk")


def may_plan(viewer: Viewer, batch: Batch) -> bool:
    """Whether the viewer works on this batch for its organ, and so sees what was drawn."""
    return batch.organ_id in viewer.organs_as(*PLANNERS)


def may_approve(viewer: Viewer, batch: Batch) -> bool:
    """Whether the viewer heads the organ of this batch."""
    return batch.organ_id in viewer.organs_as(Role.LEADER)


def parties_of(viewer: Viewer) -> QuerySet[BatchParty]:
    """The viewer's own places as a party, with their batches."""
    return BatchParty.objects.filter(user=viewer.user_id).select_related("batch__organ", "batch__item")


def party_candidates(batch: Batch) -> QuerySet[User]:
    """Who could be a party: leaders of the organ, judicial supervisors, principals of enterprises."""
    return (
        User.objects.filter(is_active=True)
        .filter(
            Q(grants__role=Role.LEADER, grants__organ=batch.organ_id)
            | Q(grants__role=Role.SUPERVISOR)
            | Q(memberships__role=Role.PRINCIPAL, memberships__until__isnull=True)
        )
        .exclude(draw_parties__batch=batch)
        .distinct()
        .order_by("name", "pk")
    )


def drawn_list(viewer: Viewer, batch: Batch) -> list[Assignment]:
    """Targets and alternates by name, for those who work on the batch; empty for everybody else."""
    if not may_plan(viewer, batch) or batch.state not in DRAWN_STATES:
        return []
    return list(
        batch.assignments.select_related("batch", "target__enterprise", "visit", "envelope").prefetch_related(
            Prefetch("officers", BatchOfficer.objects.select_related("officer").order_by("-leader", "pk"))
        )
    )


def exclusion_counts(batch: Batch) -> dict[str, int]:
    """How many enterprises were left out of the pool, by reason, most first."""
    rows = batch.pool.exclude(exclusion="").values("exclusion").annotate(rows=Count("pk")).order_by("-rows")
    return {row["exclusion"]: row["rows"] for row in rows}


def stratum_counts(batch: Batch) -> dict[str, dict[str, int]]:
    """How many enterprises of each class are in each stratum of the frozen pool."""
    counts: dict[str, dict[str, int]] = {}
    rows = batch.pool.filter(exclusion="").values("stratum", "risk_class").annotate(rows=Count("pk"))
    for row in rows.order_by("stratum", "risk_class"):
        counts.setdefault(row["stratum"], {})[row["risk_class"]] = row["rows"]
    return counts
