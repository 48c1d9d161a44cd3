"""报警可信度: figures that make the next alarm more believable, computed from plain counts and stretches of time.

A rate says how often an alarm was false, tests left out; a hundred detectors and a month make places of different size
comparable. Availability is weighted by time: what was dead for a week counts for a week. The worst system comes first,
because ninety-nine good detectors don't put out a fire whose pump stands in manual.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_

MONTH: Final = timedelta(days=30)
HOUR: Final = timedelta(hours=1)


class OutageKind(Labelled):
    """失效类别: why a point protects nobody."""

    FAULT = "fault", N_("故障")
    SHIELDED = "shielded", N_("屏蔽")
    OFFLINE = "offline", N_("离线")
    MANUAL = "manual", N_("手动")


class RepairReason(Labelled):
    """维修事由: why somebody has to look at a point."""

    FAULT = "fault", N_("设备故障")
    FALSE_ALARMS = "false_alarms", N_("反复误报")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many incidents ended how; what is still open is in none."""

    true: int = 0
    false: int = 0
    test: int = 0
    fault: int = 0

    @property
    def false_rate(self) -> Fraction | None:
        """误报率: false of all that were fire or not; None where nothing was judged. Tests are excluded."""
        judged = self.true + self.false
        return Fraction(self.false, judged) if judged else None

    def false_per_hundred(self, detectors: int, span: timedelta) -> Fraction | None:
        """False alarms for each 100 detectors and month; None without detectors or time."""
        if detectors <= 0 or span <= timedelta(0):
            return None
        return Fraction(self.false * 100, detectors) * Fraction(MONTH // _TICK, span // _TICK)


_TICK: Final = timedelta(seconds=1)


def is_repeated(judged_false_at: Iterable[datetime], *, at: datetime, times: int, within: timedelta) -> bool:
    """反复误报: whether a point was false so many times within the days that end at `at`, that one included."""
    return sum(at - within < moment <= at for moment in judged_false_at) >= times


def overlap(since: datetime, until: datetime | None, start: datetime, end: datetime) -> timedelta:
    """How much of an outage lies between `start` and `end`; one without an end lasts until `end`."""
    latest = end if until is None else min(until, end)
    return max(timedelta(0), latest - max(since, start))


def united(stretches: Iterable[tuple[datetime, datetime | None]], start: datetime, end: datetime) -> timedelta:
    """The time between `start` and `end` that at least one stretch covers: faulty and shielded at once counts once."""
    cut = sorted(
        (max(since, start), end if until is None else min(until, end))
        for since, until in stretches
        if since < end and (until is None or until > start)
    )
    total, reached = timedelta(0), start
    for since, until in cut:
        if until > reached:
            total += until - max(since, reached)
            reached = until
    return total


def availability(points: int, outages: Iterable[timedelta], span: timedelta) -> Fraction | None:
    """时间加权可用率: 1 − Σ outage / (points × span); None where there is nothing to be available."""
    if points <= 0 or span <= timedelta(0):
        return None
    lost = sum((outage // _TICK for outage in outages), 0)
    return 1 - Fraction(min(lost, points * (span // _TICK)), points * (span // _TICK))


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """One system of one building: how available it was, what is out now, and whether a critical part is in manual."""

    name: str
    system_type: int
    points: int
    availability: Fraction | None
    out_now: int
    critical_out: int
    in_manual: int

    @property
    def is_defenceless(self) -> bool:
        """Whether pumps, linkage or another critical part don't act by themselves now."""
        return bool(self.critical_out or self.in_manual)


def worst_first(rows: Iterable[SystemHealth]) -> list[SystemHealth]:
    """What can't protect anybody now first, then the least available; unknown ones last."""
    return sorted(
        rows,
        key=lambda row: (
            not row.is_defenceless,
            row.availability is None,
            row.availability if row.availability is not None else Fraction(1),
            -row.out_now,
            row.name,
        ),
    )


@dataclass(frozen=True, slots=True)
class Load:
    """工作负荷: alarms that operators had to handle, and the hours they were there."""

    alarms: int
    operator_time: timedelta
    budget: int

    @property
    def per_hour(self) -> Fraction | None:
        """Alarms per operator and hour; None where nobody was on duty."""
        if self.operator_time <= timedelta(0):
            return None
        return Fraction(self.alarms * (HOUR // _TICK), self.operator_time // _TICK)

    @property
    def is_over_budget(self) -> bool:
        """More than a person can handle with care, or alarms while nobody was on duty."""
        rate = self.per_hour
        return self.alarms > 0 if rate is None else rate > self.budget


def shift_time(shifts: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime) -> timedelta:
    """Hours of duty between `start` and `end`, two people at the same time counted twice."""
    return sum((overlap(since, until, start, end) for since, until in shifts), timedelta(0))
