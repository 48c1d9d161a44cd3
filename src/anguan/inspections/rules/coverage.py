"""覆盖的规则: whether the rest of a year can hold the checks that are still to be made, and how they spread over it.

Key enterprises are in principle checked at least once a year (应急〔2025〕11号), general ones by random batches. What
the rest of the year holds is reckoned from the plan's own capacity sheet: its inspection days over working days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from anguan.core.periods import Calendar
from anguan.inspections.rules.plans import Capacity


@dataclass(frozen=True)
class Month:
    """What is left of a month: its working days from today on."""

    number: int
    working_days: int


def months_left(today: date, calendar: Calendar) -> list[Month]:
    """The months from today to December, each with the working days that are left of it, today included."""
    days = [0] * 13
    day = today
    while day.year == today.year:
        days[day.month] += calendar.is_working_day(day)
        if day == date.max:
            break
        day += timedelta(days=1)
    return [Month(number, days[number]) for number in range(today.month, 13)]


@dataclass(frozen=True)
class MonthShare:
    """剩余月份: what a month can hold, what falls to it, and what is still open when it ends; in checks."""

    number: int
    working_days: int
    holds: int
    takes: int
    open_after: int


@dataclass(frozen=True)
class Forecast:
    """剩余时间测算: days left and days needed, in officer-days, and where the present pace leads.

    `held_days` is None without a plan in force, for then nobody knows what part of a day goes to checks. `by_pace` is
    how many checks the rest of the year would see at the pace of the year so far.
    """

    needed_checks: int
    needed_days: Decimal
    held_days: Decimal | None
    by_pace: int
    months: tuple[MonthShare, ...]
    provisional: bool

    @property
    def fits(self) -> bool | None:
        """Whether the days suffice; None where that is unknown."""
        return None if self.held_days is None else self.held_days >= self.needed_days

    @property
    def pace_suffices(self) -> bool:
        """Whether going on as before is enough."""
        return self.by_pace >= self.needed_checks


def forecast(
    *,
    needed_checks: int,
    days_per_check: Decimal,
    capacity: Capacity | None,
    made: int,
    working_days_gone: int,
    months: Sequence[Month],
    provisional: bool,
) -> Forecast:
    """剩余时间测算: `days_per_check` in officer-days; `made` checks were made in the working days gone so far."""
    left = sum(month.working_days for month in months)
    needed_days = needed_checks * days_per_check
    daily = None
    if capacity is not None and capacity.working_days:
        daily = max(capacity.inspection_days, Decimal()) / capacity.working_days
    pace = made * left // working_days_gone if working_days_gone else 0
    return Forecast(
        needed_checks=needed_checks,
        needed_days=needed_days,
        held_days=None if daily is None else (daily * left).quantize(Decimal("0.1")),
        by_pace=pace,
        months=tuple(_spread(needed_checks, days_per_check, daily, months, left)),
        provisional=provisional,
    )


def _spread(
    needed: int, days_per_check: Decimal, daily: Decimal | None, months: Sequence[Month], left: int
) -> list[MonthShare]:
    shares: list[MonthShare] = []
    open_now, days_gone, given = needed, 0, 0
    for month in months:
        days_gone += month.working_days
        # Evenly over working days; what has been given so far never runs behind the share of the days gone.
        due = -(-needed * days_gone // left) if left else 0
        takes = due - given
        holds = 0
        if daily is not None and days_per_check:
            holds = int((daily * month.working_days / days_per_check).to_integral_value(ROUND_FLOOR))
            takes = min(takes, holds)
        given += takes
        open_now -= takes
        shares.append(MonthShare(month.number, month.working_days, holds, takes, open_now))
    return shares
