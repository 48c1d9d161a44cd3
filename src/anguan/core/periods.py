"""期间与期限: counting of working days, calendar days, months and hours, as pure functions of a calendar.

How days are counted:

- The day on which a period starts is not counted (民法典第二百零一条, and 民事诉讼法 on 期间). Which days of a law
  are working days the law itself says (行政处罚法第八十五条, 行政强制法第六十九条); it stands in the rule's unit.
- A period of months ends on the same day of the last month; where that month has no such day, on its last day
  (民法典第二百零二条): 31 August + 6 months is the last of February.
- Where the rule rolls forward and the last day is no working day, the period ends on the next working day
  (民法典第二百零三条). A make-up Saturday is a working day and ends the rolling.
- Hours run through, nights and holidays included, from the minute of the start.
- A suspended day is not counted. A period of months is lengthened by its suspended days.

A result is provisional when it rests on a year whose holiday notice is not loaded: there only weekends are known.
"""

import calendar as _gregorian
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from anguan.core.enums import Labelled
from anguan.core.words import N_

_DAY = timedelta(days=1)


class Unit(Labelled):
    """期间单位: what a period counts."""

    WORKING_DAYS = "working_days", N_("工作日")
    CALENDAR_DAYS = "calendar_days", N_("日（自然日）")
    MONTHS = "months", N_("个月")
    HOURS = "hours", N_("小时")


class Calendar(Protocol):
    """工作日历: which days are worked, and for which years that is known from a holiday notice."""

    @property
    def version(self) -> str:
        """Names the data, so that a stored deadline can say on which calendar it was counted."""
        ...

    def is_working_day(self, day: date) -> bool:
        """True when `day` is worked: by the notice of its year, else Monday to Friday."""
        ...

    def has_notice(self, year: int) -> bool:
        """True when the holiday notice of `year` is loaded."""
        ...


class OutOfRange(ValueError):
    """The period ends after the last day that a date can hold (9999-12-31), or starts before the first."""


@dataclass(frozen=True)
class Period:
    """期间: `count` units; `roll_forward` says whether a last day that is not worked moves to the next working day.

    Rolling makes no difference to working days, which never end on a day off, nor to hours, which run through.
    """

    count: int
    unit: Unit
    roll_forward: bool = False

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("期间至少为一个单位。")


@dataclass(frozen=True)
class Suspension:
    """期间中止: the days from `first` to `last`, both included, are not counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("中止的终止日不能早于起始日。")


@dataclass(frozen=True)
class Due:
    """到期: when a period ends and how that came about.

    `due` is a day, or a moment for hours. `skipped` are the days off that moved it, ascending: for working days every
    day off between the start and the due day, for calendar days and months the days off rolled over at the end, for
    hours none. `suspended` are the days left out because the period stood still. `calendar` is the version counted on.
    """

    due: date | datetime
    skipped: tuple[date, ...]
    suspended: tuple[date, ...]
    provisional: bool
    calendar: str

    @property
    def day(self) -> date:
        """The day on which the period ends."""
        return self.due.date() if isinstance(self.due, datetime) else self.due


def due(start: date | datetime, period: Period, calendar: Calendar, suspensions: Sequence[Suspension] = ()) -> Due:
    """The last day (for hours: the moment) of `period` counted from `start`.

    A day rule takes the day of a moment; an hour rule given a mere day counts from its first minute, which is the
    earliest and so the safe answer. Hours cannot be suspended (ValueError). Raises `OutOfRange` past year 9999.
    """
    try:
        if period.unit is Unit.HOURS:
            if suspensions:
                raise ValueError("按小时计算的期间连续计算，不能中止。")
            moment = start if isinstance(start, datetime) else datetime.combine(start, time.min)
            return Due(moment + timedelta(hours=period.count), (), (), provisional=False, calendar=calendar.version)
        first = start.date() if isinstance(start, datetime) else start
        if period.unit is Unit.WORKING_DAYS:
            return _due_in_working_days(first, period.count, calendar, suspensions)
        return _due_in_calendar_time(first, period, calendar, suspensions)
    except OverflowError:
        raise OutOfRange("期限超出了可以表示的日期（9999-12-31）。") from None


def _due_in_working_days(start: date, count: int, calendar: Calendar, suspensions: Sequence[Suspension]) -> Due:
    skipped: list[date] = []
    suspended: list[date] = []
    provisional = False
    day, left = start, count
    while left:
        day += _DAY
        provisional = provisional or not calendar.has_notice(day.year)
        if _covers(suspensions, day):
            suspended.append(day)
        elif calendar.is_working_day(day):
            left -= 1
        else:
            skipped.append(day)
    return Due(day, tuple(skipped), tuple(suspended), provisional, calendar.version)


def _due_in_calendar_time(start: date, period: Period, calendar: Calendar, suspensions: Sequence[Suspension]) -> Due:
    if period.unit is Unit.MONTHS:
        nominal = add_months(start, period.count)
    else:
        nominal = start + timedelta(days=period.count)
    # Each suspended day within the period puts its end off by one day, which may reach further suspended days.
    suspended: list[date] = []
    day = start
    while suspensions and day < nominal:
        day += _DAY
        if _covers(suspensions, day):
            suspended.append(day)
            nominal += _DAY
    last = nominal
    provisional = not calendar.has_notice(last.year)
    rolled: list[date] = []
    while period.roll_forward and not calendar.is_working_day(last):
        rolled.append(last)
        last += _DAY
        provisional = provisional or not calendar.has_notice(last.year)
    return Due(last, tuple(rolled), tuple(suspended), provisional, calendar.version)


def latest_start(event: date, period: Period, calendar: Calendar) -> Due:
    """The last day on which a period may still start so that it has run out in full before the day `event`.

    For rules that count backward, such as a notice at least seven working days before a hearing (行政处罚法第六十四条):
    neither the day of the notice nor the day of the event is counted, so `period` lies between them. Working days only
    (ValueError); `skipped` are the days off in between, ascending.
    """
    if period.unit is not Unit.WORKING_DAYS:
        raise ValueError("倒推期限只按工作日计算。")
    skipped: list[date] = []
    provisional = False
    day, left = event, period.count
    try:
        while left:
            day -= _DAY
            provisional = provisional or not calendar.has_notice(day.year)
            if calendar.is_working_day(day):
                left -= 1
            else:
                skipped.append(day)
        day -= _DAY
        return Due(day, tuple(reversed(skipped)), (), provisional, calendar.version)
    except OverflowError:
        raise OutOfRange("期限早于可以表示的日期（0001-01-01）。") from None


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month where it has no such day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        raise OverflowError
    return date(year, month, min(day.day, _gregorian.monthrange(year, month)[1]))


def next_fixed_day(after: date, days: Sequence[tuple[int, int]]) -> date:
    """The first of the yearly days (month, day) that is not before `after`, such as 31 January for yearly figures."""
    candidates = (date(year, month, day) for year in (after.year, after.year + 1) for month, day in days)
    return min(candidate for candidate in candidates if candidate >= after)


def days_left(today: date, due_on: date) -> int:
    """Calendar days until `due_on`: 0 on the day itself, negative when overdue."""
    return (due_on - today).days


def working_days_left(today: date, due_on: date, calendar: Calendar) -> int:
    """Working days after `today` up to and including `due_on` (剩 3 个工作日); negative when overdue: those since."""
    if due_on < today:
        return -working_days_left(due_on, today, calendar)
    return sum(calendar.is_working_day(day) for day in _days_between(today, due_on))


def working_day_before(day: date, calendar: Calendar) -> date:
    """The last working day before `day`, for warnings a working day ahead."""
    day -= _DAY
    while not calendar.is_working_day(day):
        day -= _DAY
    return day


def next_working_day(day: date, calendar: Calendar) -> date:
    """`day` itself when it is worked, else the first working day after it."""
    while not calendar.is_working_day(day):
        day += _DAY
    return day


def _days_between(after: date, last: date) -> Iterator[date]:
    day = after
    while day < last:
        day += _DAY
        yield day


def _covers(suspensions: Sequence[Suspension], day: date) -> bool:
    return any(suspension.first <= day <= suspension.last for suspension in suspensions)
