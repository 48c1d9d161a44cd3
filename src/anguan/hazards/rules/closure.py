"""提请关闭的情形: how often an enterprise with a major hazard was penalised (安全生产法 art. 113, rule D30)."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Penalised:
    """How often an enterprise was penalised in each window of the rule, and whether closure may be proposed on that."""

    since: tuple[tuple[date, int], ...]
    is_repeated: bool


def window_begins(window: Mapping[str, Any], today: date) -> date:
    """The last day before a window that ends today; the day itself isn't in it."""
    if "days" in window:
        return today - timedelta(int(window["days"]))
    months = today.year * 12 + today.month - 1 - int(window["months"])
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def count_penalties(days: Collection[date], today: date, windows: Sequence[Mapping[str, Any]]) -> Penalised:
    """The penalties of each window that ends today; enough when one window holds its number."""
    counts, enough = [], False
    for window in windows:
        begins = window_begins(window, today)
        times = sum(begins < day <= today for day in days)
        counts.append((begins, times))
        enough = enough or times >= int(window["times"])
    return Penalised(tuple(counts), enough)
