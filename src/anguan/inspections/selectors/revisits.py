"""Reads of re-visits: which hazards enterprises closed themselves, and which of them a visit looks at again."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from anguan.ground import clock
from anguan.hazards.models import Hazard
from anguan.inspections.models import RevisitHazard, Visit


def self_closed_in(organ_id: int, since: date, until: date) -> Iterable[Hazard]:
    """The hazards that enterprises of an organ found and closed themselves between two days."""
    begin = datetime.combine(since, time.min, clock.CHINA)
    end = datetime.combine(until + timedelta(days=1), time.min, clock.CHINA)
    closed = Hazard.objects.filter(organ=organ_id, self_closed=True, closed_at__gte=begin, closed_at__lt=end)
    return closed.order_by("closed_at", "pk")


def revisit_hazards_of(visit: Visit) -> list[RevisitHazard]:
    """What a re-visit looks at, in the order in which it was closed; empty for every other visit."""
    if visit.batch_id is None:
        return []
    return list(
        RevisitHazard.objects.filter(batch=visit.batch_id, enterprise=visit.enterprise_id)
        .select_related("hazard")
        .order_by("hazard__closed_at", "pk")
    )


def revisits_left(visit: Visit) -> int:
    """How many hazards of a re-visit nobody has looked at yet."""
    return sum(not row.outcome for row in revisit_hazards_of(visit))
