"""The desk: rooms say what is due for a viewer, the desk page asks them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from anguan.ground.access import Viewer


class Group(IntEnum):
    """Where a row stands on the desk, in this order."""

    DUE = 1
    WAITING = 2
    CHANGED = 3


@dataclass(frozen=True)
class DeskRow:
    """One thing on somebody's desk: when it is due, what it is about, what is asked, and the button that does it.

    `count` above 1 makes the row stand for a list that `url` opens; with `is_more` it was counted no further.
    """

    group: Group
    subject: str
    asked: str
    url: str
    button: str
    due_on: date | None = None
    is_provisional: bool = False
    count: int = 1
    is_more: bool = False


DeskSource = Callable[[Viewer, date], Iterable[DeskRow]]
_sources: list[DeskSource] = []


def desk_source(source: DeskSource) -> DeskSource:
    """Register a function that tells what of its room is due for a viewer today."""
    _sources.append(source)
    return source


def desk_rows(viewer: Viewer, today: date) -> list[DeskRow]:
    """All rows for a viewer: what is due first, overdue before the rest, then what waits, then what changed."""
    rows = [row for source in _sources for row in source(viewer, today)]
    return sorted(rows, key=lambda row: (row.group, row.due_on or date.max, row.subject))
