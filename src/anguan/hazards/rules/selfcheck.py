"""自查自报的规则: whose quarter is due when, and what in an enterprise's reports makes one look twice.

Reporting what one found is never punished for itself (行政处罚法 art. 32): the hints are for the bureau to look at
and decide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed

STATISTICS: Final = N_("《安全生产事故隐患排查治理暂行规定》第十四条")


@dataclass(frozen=True, order=True)
class Quarter:
    """季度: `number` 1 to 4; 0 stands for the whole year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """The first day that it covers."""
        return date(self.year, 1 if self.number == 0 else 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """The last day that it covers."""
        if self.number in {0, 4}:
            return date(self.year, 12, 31)
        return date(self.year, 3 * self.number + 1, 1) - timedelta(days=1)


def due_day(quarter: Quarter, *, quarterly: Sequence[str], yearly: Sequence[str]) -> date:
    """报送期限 (D28): the first of the rule's days ("MM-DD") after the quarter, or after the year, has ended."""
    days = yearly if quarter.number == 0 else quarterly
    candidates = [
        date(year, int(text[:2]), int(text[3:])) for year in (quarter.year, quarter.year + 1) for text in days
    ]
    return min(day for day in candidates if day > quarter.last)


def quarter_to_report(today: date) -> Quarter:
    """The last quarter that has ended."""
    number = (today.month - 1) // 3
    return Quarter(today.year, number) if number else Quarter(today.year - 1, 4)


def check_statement(quarter: Quarter, *, today: date, known: bool) -> None:
    """Refuse statistics of a quarter that isn't over, or that were handed in already."""
    if quarter.last >= today:
        raise NotAllowed(
            N_("这一期到 %(last)s 才结束，结束后才能报送。"), basis=STATISTICS, last=quarter.last.isoformat()
        )
    if known:
        raise NotAllowed(N_("这一期的统计表已经报送，不用再报。"), basis=STATISTICS)


def zero_streak(found: Sequence[int]) -> int:
    """连续零隐患: how many of the latest periods in a row found nothing; `found` is oldest first."""
    streak = 0
    for count in reversed(found):
        if count:
            break
        streak += 1
    return streak


@dataclass(frozen=True)
class Credibility:
    """自报可信度提示: figures of one enterprise that a reader of its reports should know."""

    self_found: int
    found_by_others: int
    closed: int
    reopened: int
    reused_photos: int
    zero_streak: int

    @property
    def self_share(self) -> float | None:
        """自查占比: share of its hazards that the enterprise found itself; None without any."""
        total = self.self_found + self.found_by_others
        return self.self_found / total if total else None

    @property
    def reopened_rate(self) -> float | None:
        """反复率: share of closed hazards that were opened again; None where nothing was ever closed."""
        return self.reopened / self.closed if self.closed else None

    def hints(self, *, streak_from: int) -> list[str]:
        """What stands out, as sentences; empty where nothing does."""
        said = []
        if self.reused_photos:
            said.append(N_("用过重复的照片"))
        if self.zero_streak >= streak_from and self.found_by_others:
            said.append(N_("连续多期报零隐患，而检查发现过隐患"))
        elif self.zero_streak >= streak_from:
            said.append(N_("连续多期报零隐患"))
        return said
