"""Reads of experts on visits: one's own visits for an expert, all opinions for whoever sees the visit."""

from django.db.models import Count, QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import Batch, Opinion, Visit, VisitExpert
from anguan.inspections.rules import OpinionState


def seats_of_expert(viewer: Viewer) -> QuerySet[VisitExpert]:
    """The visits that an expert goes to, from the officers' arrival on: before, nobody is told where it goes."""
    expert_id = viewer.expert_id
    if expert_id is None:
        return VisitExpert.objects.none()
    return (
        VisitExpert.objects.filter(expert=expert_id, visit__started_at__isnull=False)
        .select_related("visit__enterprise", "visit__organ", "visit__item", "visit__checklist", "visit__record")
        .order_by("-visit__started_at", "-pk")
    )


def waiting_calls(viewer: Viewer) -> int:
    """How many visits an expert is drawn for that have not begun: a number, no names."""
    if viewer.expert_id is None:
        return 0
    return VisitExpert.objects.filter(expert=viewer.expert_id, visit__state="approved").count()


def experts_of(visit: Visit) -> list[tuple[VisitExpert, list[Opinion]]]:
    """The experts of a visit with what they submitted; drafts are nobody's but the expert's own."""
    seats = list(visit.experts.select_related("expert"))
    said = Opinion.objects.filter(visit_expert__in=seats).exclude(state=OpinionState.DRAFTED).select_related("item")
    return [(seat, [opinion for opinion in said if opinion.visit_expert_id == seat.pk]) for seat in seats]


def undecided_opinions(visit: Visit) -> int:
    """How many submitted opinions wait for the officers."""
    return Opinion.objects.filter(visit_expert__visit=visit, state=OpinionState.SUBMITTED).count()


def expert_counts(batch: Batch) -> dict[str, int]:
    """How many experts are on the roster of a batch, under "", and how many were left out, by reason."""
    rows = batch.experts.values("exclusion").annotate(rows=Count("pk")).order_by("exclusion")
    return {row["exclusion"]: row["rows"] for row in rows}
