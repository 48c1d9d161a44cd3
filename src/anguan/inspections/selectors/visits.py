"""Reads of visits."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard
from anguan.hazards.rules import ENDED, State
from anguan.inspections.models import (
    Answer,
    Visit,
    VisitOfficer,
)
from anguan.inspections.rules import IN_HAND, NEVER_MADE, NOT_BEGUN, VisitKind, VisitState
from anguan.inspections.selectors.batches import PLANNERS

# 密封检查: until its team opens it at departure, a surprise check is in no list, not even that of its own officers.
UNSEALED: Final = Q(is_sealed=False) | Q(opened_at__isnull=False)


def visits_visible_to(viewer: Viewer) -> QuerySet[Visit]:
    """The organ's visits for its planners, one's own for an officer, for an enterprise those that have begun."""
    condition = Q(pk__in=[])
    if viewer.has(*PLANNERS):
        condition |= Q(organ__in=viewer.organs_as(*PLANNERS))
    if viewer.officer_id is not None:
        condition |= Q(pk__in=VisitOfficer.objects.filter(officer=viewer.officer_id).values("visit"))
    if viewer.enterprise_ids:
        condition |= Q(enterprise__in=viewer.enterprise_ids) & ~Q(state__in=[*NOT_BEGUN, *NEVER_MADE])
    return (
        Visit.objects.filter(condition, UNSEALED).select_related("enterprise", "organ", "item", "batch").order_by("-pk")
    )


def visits_of_officer(viewer: Viewer) -> QuerySet[Visit]:
    """The visits assigned to the viewer as an officer, whatever else they may see."""
    if viewer.officer_id is None:
        return Visit.objects.none()
    return (
        Visit.objects.filter(UNSEALED, officers__officer=viewer.officer_id)
        .select_related("enterprise", "organ", "item", "batch", "checklist", "record", "order", "parent__order")
        .prefetch_related(Prefetch("officers", VisitOfficer.objects.select_related("officer")))
    )


def visits_in_hand(viewer: Viewer) -> QuerySet[Visit]:
    """What an officer still has to do something about, the most urgent first: for the desk, with nothing around it."""
    if viewer.officer_id is None:
        return Visit.objects.none()
    mine = VisitOfficer.objects.filter(officer=viewer.officer_id, visit=OuterRef("pk"))
    return (
        # Walked along the index of what is in hand, which is short, and not along all that the officer ever did.
        Visit.objects.filter(UNSEALED, Exists(mine), state__in=sorted(IN_HAND))
        .select_related("enterprise", "item")
        .order_by("due_on", "pk")
    )


def rechecks_called_off(viewer: Viewer, since: datetime) -> QuerySet[Visit]:
    """终止的复查 of an officer since a moment, newest first: they need not go."""
    if viewer.officer_id is None:
        return Visit.objects.none()
    mine = VisitOfficer.objects.filter(officer=viewer.officer_id, visit=OuterRef("pk"))
    return (
        Visit.objects.filter(Exists(mine), kind=VisitKind.RECHECK, state=VisitState.CLOSED, finished_at__isnull=True)
        .filter(closed_at__gte=since)
        .select_related("enterprise")
        .order_by("-closed_at")
    )


def team_of(visit: Visit) -> list[VisitOfficer]:
    """The officers of a visit, leader first."""
    return list(visit.officers.select_related("officer__organ"))


def answers_of(visit: Visit) -> list[Answer]:
    """What was found, in the order of the checklist."""
    return list(visit.answers.select_related("item", "hazard").order_by("item__number", "hazard_id"))


def open_hazards_of(visit: Visit) -> QuerySet[Hazard]:
    """What a visit found and its organ still handles: neither closed nor withdrawn, nor accepted by another organ."""
    return (
        Hazard.objects.filter(visit_uid=visit.uid, organ=visit.organ_id).exclude(state__in=sorted(ENDED)).order_by("pk")
    )


def hazards_to_recheck(visit: Visit) -> list[Hazard]:
    """The hazards of the order that a recheck is about; not what is on its way to another organ."""
    if visit.parent is None:
        return []
    return list(open_hazards_of(visit.parent).exclude(state=State.TRANSFERRED))


def checked_this_year(visit: Visit, year: int) -> int:
    """How often the organ has begun a check of this enterprise in a year, rechecks not counted."""
    return Visit.objects.filter(
        enterprise=visit.enterprise_id, organ=visit.organ_id, parent__isnull=True, started_at__year=year
    ).count()
