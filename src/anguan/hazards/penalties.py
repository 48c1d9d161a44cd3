"""以前的处罚: where hazards learn of an enterprise's earlier penalties (安全生产法 art. 113).

Penalties are kept by a room above. It registers who answers; as long as nobody does, nothing is known, and nothing is
made up: the proposal then says so.
"""

from collections.abc import Callable, Iterable
from datetime import date

# Asked for an enterprise (and those merged into it) and a span: the day of each penalty under 安全生产法 in it.
PenaltySource = Callable[[int, date, date], Iterable[date]]
_sources: list[PenaltySource] = []


def penalty_source(source: PenaltySource) -> PenaltySource:
    """Register who knows the days on which penalties under 安全生产法 were decided."""
    _sources.append(source)
    return source


def penalty_days(enterprise_id: int, since: date, until: date) -> list[date] | None:
    """The days of an enterprise's penalties in a span, both ends included; None where nobody keeps penalties."""
    if not _sources:
        return None
    return sorted(day for source in _sources for day in source(enterprise_id, since, until))
