"""What the desk asks of hazards: two statements, however many organs and states, and few rows read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import F, QuerySet

from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard
from anguan.hazards.rules import State

# Counted no further: beyond it nobody reads the figure, and the list that it opens tells the exact one.
COUNTED_TO: Final = 999


@dataclass(frozen=True)
class Held:
    """How many hazards of a state somebody holds (`is_more`: that many and more), and the first day one is due."""

    count: int
    is_more: bool
    first: date | None


def first_of_each(viewer: Viewer, states: Iterable[State], each: int) -> list[dict[str, Any]]:
    """The first hazards of each state that the viewer's organs handle, at most `each` for an organ and state.

    One statement of small parts, each of which walks a short stretch of one index.
    """
    parts = []
    for organ_id, state in _pairs(viewer, states):
        # Reported ones in the order of their reports: whoever waits longest is rechecked first.
        order = ("reported_at", "id") if state is State.REPORTED else ("sort_due_on", "id")
        held = Hazard.objects.filter(organ=organ_id, state=state).annotate(firm=F("enterprise__name"))
        parts.append(held.order_by(*order).values("uid", "state", "description", "due_on", "firm")[:each])
    return list(_joined(parts)) if parts else []


def held_by_state(viewer: Viewer, states: Iterable[State]) -> dict[State, Held]:
    """What the viewer's organs hold of each of these states, where they hold any."""
    parts = [
        Hazard.objects.filter(organ=organ_id, state=state)
        .order_by("sort_due_on", "id")
        .values("state", "sort_due_on")[: COUNTED_TO + 1]
        for organ_id, state in _pairs(viewer, states)
    ]
    if not parts:
        return {}
    sql, params = _joined(parts).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT state, count(*), min(sort_due_on) FROM ({sql}) AS held GROUP BY state ORDER BY state",  # noqa: S608  # Django's own SQL
            params,
        )
        return {
            State(state): Held(min(count, COUNTED_TO), count > COUNTED_TO, None if first == date.max else first)
            for state, count, first in cursor.fetchall()
        }


def _pairs(viewer: Viewer, states: Iterable[State]) -> list[tuple[int, State]]:
    return [(organ_id, state) for state in states for organ_id in sorted(viewer.organ_ids)]


def _joined(parts: Sequence[QuerySet[Hazard, Any]]) -> QuerySet[Hazard, Any]:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
