"""The D-rules that are no single period, each as a function of its record: backward, capped, compound, fixed, ranges.

Pure. A rule of another kind than the function answers is refused with ValueError: the caller asked the wrong one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from anguan.core.money import surcharge
from anguan.core.periods import (
    Calendar,
    Due,
    Period,
    Suspension,
    Unit,
    add_months,
    due,
    latest_start,
    next_fixed_day,
)
from anguan.ground.rules.records import Kind, Rule


@dataclass(frozen=True)
class Step:
    """分段期限: one step of a compound rule, with the name it has in the record."""

    name: str
    due: Due


def latest_notice(rule: Rule, event: date, calendar: Calendar) -> Due:
    """D04: the last day on which the notice may be given before the day of the event."""
    _is(rule, Kind.BACKWARD)
    return latest_start(event, rule.period, calendar)


def steps(rule: Rule, starts: Sequence[date | datetime], calendar: Calendar) -> list[Step]:
    """D10, D19, D24: each step counted from its own start, as far as steps have begun.

    `starts` are when the first, second … step began: cash taken, cash handed to the organ; suspicion reported, transfer
    approved, file received; and so on.
    """
    _is(rule, Kind.COMPOUND)
    rows: list[dict[str, Any]] = rule.values["steps"]
    if len(starts) > len(rows):
        raise ValueError(f"{rule.id} 只有 {len(rows)} 步。")
    return [
        Step(row["name"], due(start, Period(row["count"], Unit(row["unit"])), calendar))
        for row, start in zip(rows, starts, strict=False)
    ]


def extended(
    rule: Rule, start: date, calendar: Calendar, *, by_extension: bool = False, suspensions: Sequence[Suspension] = ()
) -> Due:
    """D13, D17, D27: the period, or with the one extension that the rule allows; they add up, they do not restart.

    Days on which the period stands still (testing of what was sealed, 行政强制法 art. 25) are `suspensions`.
    """
    if "extension" not in rule.values:
        raise ValueError(f"规则 {rule.id} 没有可以延长的期间。")
    period = rule.period
    count = period.count + (int(rule.values["extension"]) if by_extension else 0)
    return due(start, Period(count, period.unit, period.roll_forward), calendar, suspensions)


def summary_procedure(rule: Rule, start: date, calendar: Calendar) -> Due:
    """D13 in the simple procedure (行政复议法 art. 62 par. 2)."""
    return due(start, Period(int(rule.values["summary_procedure"]), rule.period.unit, rule.roll_forward), calendar)


def from_the_earlier(rule: Rule, causes: Iterable[date | datetime | None], calendar: Calendar) -> Due | None:
    """D22, D23, D25, D26: counted from whichever cause came first; None while there is none."""
    if rule.kind is not Kind.DEPENDENT:
        raise ValueError(f"规则 {rule.id} 的起算点不由程序定。")
    days = [cause.date() if isinstance(cause, datetime) else cause for cause in causes if cause is not None]
    return due(min(days), rule.period, calendar) if days else None


@dataclass(frozen=True)
class Surcharge:
    """加处罚款: what was added by a day, and the day on which it reaches its cap."""

    days: int
    amount: Decimal
    capped_on: date


def surcharge_on(
    rule: Rule, fine: Decimal, pay_by: date, day: date, suspensions: Sequence[Suspension] = ()
) -> Surcharge:
    """D07: what has been added to an unpaid fine by the end of `day`; the day after `pay_by` is the first that counts.

    Days of review or suit (行政处罚法 art. 73 par. 3) are `suspensions` and add nothing.
    """
    _is(rule, Kind.CAPPED)
    rate, cap = Decimal(rule.values["rate_per_day"]), Decimal(rule.values["cap"])
    days = sum(_counts(pay_by + timedelta(days=n), suspensions) for n in range(1, max(0, (day - pay_by).days) + 1))
    left, capped_on = ceil(cap / rate), pay_by
    while left:
        capped_on += timedelta(days=1)
        left -= _counts(capped_on, suspensions)
    return Surcharge(days, surcharge(fine, days, rate, cap), capped_on)


def _counts(day: date, suspensions: Sequence[Suspension]) -> bool:
    return not any(one.first <= day <= one.last for one in suspensions)


def next_yearly(rule: Rule, which: str, after: date) -> date:
    """D28, D32: the first of the yearly days named `which` that is not before `after`."""
    _is(rule, Kind.FIXED_DATE)
    days = [(int(text[:2]), int(text[3:])) for text in rule.values[which]]
    return next_fixed_day(after, days)


def pursuable_until(rule: Rule, ended_on: date, *, harms_life_or_health: bool) -> date:
    """D29: the last day on which an act may still be punished; `ended_on` is its end where it went on.

    Five years only where life or health was endangered with harmful consequence (行政处罚法 art. 36).
    """
    _is(rule, Kind.RANGE)
    return add_months(
        ended_on, int(rule.values["life_and_health_months" if harms_life_or_health else "ordinary_months"])
    )


def closure_windows(rule: Rule, penalties: Iterable[date], on: date) -> list[tuple[int, date]]:
    """D30: the windows that are full on a day, as (penalties in it, its first day); empty when none is.

    A major hazard must exist as well (安全生产法 art. 113): that is the caller's to know. The day itself counts, and
    180 days reach back to the 180th day including it.
    """
    _is(rule, Kind.TRIGGER)
    dates = sorted(penalties)
    full = []
    for window in rule.values["windows"]:
        if "days" in window:
            first = on - timedelta(days=int(window["days"]) - 1)
        else:
            first = add_months(on, -int(window["months"])) + timedelta(days=1)
        count = sum(first <= day <= on for day in dates)
        if count >= int(window["times"]):
            full.append((count, first))
    return full


@dataclass(frozen=True)
class Publicity:
    """公示期: from when on a penalty's publication may end after repair, and when it ends at the latest."""

    repair_from: date
    ends_on: date


def publicity(rule: Rule, seriousness: str, decided_on: date) -> Publicity:
    """D31: by class of breach: `minor`, `ordinary`, `serious`; counted from the deciding document."""
    _is(rule, Kind.RANGE)
    least, most = rule.values[f"{seriousness}_months"]
    return Publicity(add_months(decided_on, int(least)), add_months(decided_on, int(most)))


def _is(rule: Rule, kind: Kind) -> None:
    if rule.kind is not kind:
        raise ValueError(f"规则 {rule.id} 的类型是“{rule.kind.label}”，不是“{kind.label}”。")
