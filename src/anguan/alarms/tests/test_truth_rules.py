"""Figures that a reader can check by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from anguan.alarms.rules.truth import (
    Load,
    SystemHealth,
    Tally,
    availability,
    is_repeated,
    overlap,
    shift_time,
    united,
    worst_first,
)

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("tally", "rate"),
    [
        (Tally(true=1, false=3), Fraction(3, 4)),
        (Tally(true=1, false=3, test=50, fault=9), Fraction(3, 4)),
        (Tally(true=2), Fraction(0)),
        (Tally(test=5, fault=2), None),
    ],
)
def test_tests_and_faults_are_in_no_false_alarm_rate(tally: Tally, rate: Fraction | None) -> None:
    assert tally.false_rate == rate


def test_false_alarms_for_each_hundred_detectors_and_month() -> None:
    # Six in two months from three hundred detectors: one for each hundred and month.
    assert Tally(false=6).false_per_hundred(300, timedelta(days=60)) == 1
    assert Tally(false=6).false_per_hundred(0, timedelta(days=60)) is None
    assert Tally(false=6).false_per_hundred(300, timedelta(0)) is None


@pytest.mark.parametrize(
    ("days_ago", "repeated"),
    [
        pytest.param([0, 3, 6.9], True, id="七天内三次"),
        pytest.param([0, 3, 7], False, id="第三次正好满七天"),
        pytest.param([0, 3], False, id="两次"),
        pytest.param([0, 0, 0], True, id="同一时刻三次"),
    ],
)
def test_repeated_false_alarms(days_ago: list[float], repeated: bool) -> None:
    moments = [T0 - timedelta(days=days) for days in days_ago]
    assert is_repeated(moments, at=T0, times=3, within=timedelta(days=7)) is repeated


@pytest.mark.parametrize(
    ("since", "until", "lost"),
    [(2, 4, 2), (-5, 4, 4), (8, None, 2), (-5, None, 10), (-5, -1, 0), (11, 12, 0)],
)
def test_only_what_lies_in_the_period_counts(since: float, until: float | None, lost: float) -> None:
    assert overlap(at(since), None if until is None else at(until), at(0), at(10)) == hours(lost)


def test_faulty_and_shielded_at_once_is_out_once() -> None:
    stretches = [(at(1), at(4)), (at(2), at(5)), (at(8), None), (at(-3), at(0.5))]
    assert united(stretches, at(0), at(10)) == hours(0.5 + 4 + 2)
    assert united([], at(0), at(10)) == hours(0)


def test_availability_is_weighted_by_time() -> None:
    # One of ten points out for a fifth of the time.
    assert availability(10, [hours(2)], hours(10)) == Fraction(49, 50)
    assert availability(1, [hours(99)], hours(10)) == 0
    assert availability(0, [], hours(10)) is None


def a_system(name: str, share: Fraction | None, **fields: int) -> SystemHealth:
    values = {"system_type": 1, "points": 100, "out_now": 0, "critical_out": 0, "in_manual": 0, **fields}
    return SystemHealth(name=name, availability=share, **values)


def test_pumps_in_manual_come_before_detectors_that_work_less_often() -> None:
    rows = [
        a_system("报警", Fraction(90, 100)),
        a_system("未知", None),
        a_system("喷淋", Fraction(99, 100), in_manual=1),
        a_system("消火栓", Fraction(95, 100)),
    ]
    assert [row.name for row in worst_first(rows)] == ["喷淋", "报警", "消火栓", "未知"]


def test_alarms_for_each_hour_of_an_operator() -> None:
    shifts = [(at(-4), at(4)), (at(0), at(8)), (at(20), at(28))]
    assert shift_time(shifts, at(0), at(24)) == hours(4 + 8 + 4)
    load = Load(alarms=32, operator_time=hours(16), budget=6)
    assert load.per_hour == 2
    assert not load.is_over_budget
    assert Load(alarms=97, operator_time=hours(16), budget=6).is_over_budget
    assert Load(alarms=1, operator_time=hours(0), budget=6).is_over_budget
    assert not Load(alarms=0, operator_time=hours(0), budget=6).is_over_budget
