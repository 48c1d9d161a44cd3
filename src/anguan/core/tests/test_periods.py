"""Counting of legal periods, as a table that a lawyer could check against a wall calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anguan.core.periods import (
    OutOfRange,
    Period,
    Suspension,
    Unit,
    add_months,
    days_left,
    due,
    latest_start,
    next_fixed_day,
    next_working_day,
    working_day_before,
    working_days_left,
)

WORKING, CALENDAR, MONTHS, HOURS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.HOURS


@dataclass(frozen=True)
class WallCalendar:
    """2026 as the State Council's notice has it around 春节, 劳动节, 中秋 and 国庆节; other years by weekends only."""

    version: str = "wall-2026"

    def has_notice(self, year: int) -> bool:
        return year == 2026

    def is_working_day(self, day: date) -> bool:
        if day in MAKE_UP_DAYS:
            return True
        return day.weekday() < 5 and not any(first <= day <= last for first, last in BREAKS)


BREAKS = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]
MAKE_UP_DAYS = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}
WALL = WallCalendar()


@pytest.mark.parametrize(
    ("start", "count", "unit", "roll", "expected"),
    [
        pytest.param("2026-11-23", 3, WORKING, False, "2026-11-26", id="平常一周内"),
        pytest.param("2026-11-26", 3, WORKING, False, "2026-12-01", id="跨一个周末"),
        pytest.param(
            "2026-09-30", 5, WORKING, False, "2026-10-13", id="节前最后一个工作日告知听证，跳过国庆，计入调休星期六"
        ),
        pytest.param("2026-10-09", 1, WORKING, False, "2026-10-10", id="调休的星期六就是工作日"),
        pytest.param("2026-10-03", 1, WORKING, False, "2026-10-08", id="假期中起算"),
        pytest.param("2026-02-13", 1, WORKING, False, "2026-02-14", id="节前的调休星期六"),
        pytest.param("2026-02-14", 7, WORKING, False, "2026-03-03", id="跳过春节九天，计入2月28日调休"),
        pytest.param("2026-03-02", 90, CALENDAR, True, "2026-06-01", id="九十日届满在星期日，顺延到星期一"),
        pytest.param("2026-03-02", 90, CALENDAR, False, "2026-05-31", id="九十日届满在星期日，不顺延"),
        pytest.param("2026-09-16", 15, CALENDAR, True, "2026-10-08", id="十五日届满在国庆节第一天，顺延到节后"),
        pytest.param("2026-09-05", 15, CALENDAR, True, "2026-09-20", id="届满在调休上班的星期日，不顺延"),
        pytest.param("2026-09-25", 15, CALENDAR, True, "2026-10-10", id="届满在调休上班的星期六，不顺延"),
        pytest.param("2026-01-31", 1, MONTHS, False, "2026-02-28", id="没有对应日，止于月末"),
        pytest.param("2024-01-31", 1, MONTHS, False, "2024-02-29", id="闰年二月"),
        pytest.param("2024-02-29", 12, MONTHS, False, "2025-02-28", id="闰日起算一年"),
        pytest.param("2026-08-31", 6, MONTHS, False, "2027-02-28", id="跨年六个月止于二月末"),
        pytest.param("2026-02-28", 6, MONTHS, False, "2026-08-28", id="月末起算仍按对应日"),
        pytest.param("2025-10-31", 6, MONTHS, True, "2026-04-30", id="三十日的月份"),
        pytest.param("2025-11-01", 6, MONTHS, True, "2026-05-06", id="六个月届满在劳动节，顺延到节后"),
        pytest.param("2024-02-28", 1, CALENDAR, False, "2024-02-29", id="次日是闰日"),
    ],
)
def test_a_period_ends_on_the_day_the_law_names(start: str, count: int, unit: Unit, roll: bool, expected: str) -> None:
    result = due(date.fromisoformat(start), Period(count, unit, roll), WALL)
    assert result.due == date.fromisoformat(expected)
    assert result.calendar == "wall-2026"


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        pytest.param("2026-09-30T16:00", 24, "2026-10-01T16:00", id="二十四小时进入国庆节，连续计算"),
        pytest.param("2026-12-31T23:30", 1, "2027-01-01T00:30", id="过年夜里零点"),
        pytest.param("2024-02-28T10:05", 24, "2024-02-29T10:05", id="进入闰日"),
    ],
)
def test_hours_run_through_nights_and_holidays(start: str, count: int, expected: str) -> None:
    result = due(datetime.fromisoformat(start), Period(count, HOURS), WALL)
    assert result.due == datetime.fromisoformat(expected)
    assert result.skipped == ()
    assert not result.provisional


def test_hours_from_a_mere_day_count_from_its_first_minute() -> None:
    assert due(date(2026, 11, 23), Period(24, HOURS), WALL).due == datetime.fromisoformat("2026-11-24T00:00")


def test_a_day_rule_takes_the_day_of_a_moment() -> None:
    late = datetime.fromisoformat("2026-11-23T23:59")
    assert due(late, Period(3, WORKING), WALL).due == date(2026, 11, 26)


def test_skipped_names_the_days_off_within_working_days() -> None:
    result = due(date(2026, 9, 30), Period(5, WORKING), WALL)
    assert result.skipped == (*(date(2026, 10, day) for day in range(1, 8)), date(2026, 10, 11))


def test_skipped_names_only_the_days_rolled_over_at_the_end_of_calendar_days() -> None:
    assert due(date(2026, 3, 2), Period(90, CALENDAR, True), WALL).skipped == (date(2026, 5, 31),)
    assert due(date(2026, 3, 2), Period(90, CALENDAR, False), WALL).skipped == ()


@pytest.mark.parametrize(
    ("start", "period", "provisional"),
    [
        pytest.param("2026-12-25", Period(3, WORKING), False, id="工作日都在已公布的年份"),
        pytest.param("2026-12-30", Period(2, WORKING), True, id="工作日数进未公布的年份"),
        pytest.param("2026-12-31", Period(1, WORKING), True, id="年末起算"),
        pytest.param("2025-12-31", Period(2, WORKING), False, id="起算日本身不数"),
        pytest.param("2025-12-30", Period(20, CALENDAR), False, id="自然日只看届满日"),
        pytest.param("2026-12-20", Period(20, CALENDAR), True, id="自然日届满在未公布的年份，不顺延也是暂定"),
        pytest.param("2026-07-05", Period(6, MONTHS), True, id="月的期间届满在未公布的年份"),
        pytest.param("2025-12-20", Period(10, CALENDAR, True), True, id="届满在无通知的年份"),
        pytest.param("2026-12-16", Period(15, CALENDAR, True), False, id="届满在年末工作日"),
        pytest.param("2026-12-31", Period(72, HOURS), False, id="小时从不暂定"),
    ],
)
def test_a_result_is_provisional_when_a_day_examined_has_no_notice(
    start: str, period: Period, provisional: bool
) -> None:
    assert due(date.fromisoformat(start), period, WALL).provisional is provisional


def test_rolling_into_a_year_without_notice_makes_the_result_provisional() -> None:
    # 2027-01-01 is a Friday; a calendar that calls the last days of 2026 off rolls into 2027.
    @dataclass(frozen=True)
    class YearEndOff(WallCalendar):
        def is_working_day(self, day: date) -> bool:
            return day.year == 2027

    result = due(date(2026, 12, 1), Period(30, CALENDAR, True), YearEndOff())
    assert result.due == date(2027, 1, 1)
    assert result.skipped == (date(2026, 12, 31),)
    assert result.provisional


class TestSuspension:
    """中止 days are not counted."""

    def test_suspended_working_days_do_not_count(self) -> None:
        appraisal = [Suspension(date(2026, 11, 24), date(2026, 11, 25))]
        result = due(date(2026, 11, 23), Period(3, WORKING), WALL, appraisal)
        assert result.due == date(2026, 11, 30)
        assert result.suspended == (date(2026, 11, 24), date(2026, 11, 25))
        assert result.skipped == (date(2026, 11, 28), date(2026, 11, 29))

    def test_calendar_days_are_put_off_by_as_many_days(self) -> None:
        hearing = [Suspension(date(2026, 3, 10), date(2026, 3, 14))]
        assert due(date(2026, 3, 2), Period(90, CALENDAR), WALL, hearing).due == date(2026, 6, 5)

    def test_an_end_put_off_into_a_second_suspension_is_put_off_again(self) -> None:
        both = [Suspension(date(2026, 3, 5), date(2026, 3, 6)), Suspension(date(2026, 3, 13), date(2026, 3, 13))]
        assert due(date(2026, 3, 2), Period(10, CALENDAR), WALL, both).due == date(2026, 3, 15)

    def test_the_start_day_and_days_after_the_end_make_no_difference(self) -> None:
        around = [Suspension(date(2026, 2, 1), date(2026, 3, 2)), Suspension(date(2026, 3, 13), date(2026, 4, 1))]
        assert due(date(2026, 3, 2), Period(10, CALENDAR), WALL, around).due == date(2026, 3, 12)

    def test_months_are_lengthened_by_their_suspended_days(self) -> None:
        stay = [Suspension(date(2026, 3, 1), date(2026, 3, 10))]
        assert due(date(2026, 2, 10), Period(3, MONTHS), WALL, stay).due == date(2026, 5, 20)

    def test_hours_cannot_be_suspended(self) -> None:
        with pytest.raises(ValueError, match="不能中止"):
            due(date(2026, 3, 2), Period(24, HOURS), WALL, [Suspension(date(2026, 3, 2), date(2026, 3, 2))])


@pytest.mark.parametrize(
    ("hearing", "last_notice"),
    [
        pytest.param("2026-11-27", "2026-11-17", id="中间隔七个工作日"),
        pytest.param("2026-10-15", "2026-09-29", id="倒推越过国庆和调休"),
    ],
)
def test_a_hearing_notice_leaves_seven_working_days_between(hearing: str, last_notice: str) -> None:
    result = latest_start(date.fromisoformat(hearing), Period(7, WORKING), WALL)
    assert result.due == date.fromisoformat(last_notice)


@pytest.mark.parametrize(
    ("today", "due_on", "working", "calendar"),
    [
        pytest.param("2026-11-23", "2026-11-26", 3, 3, id="剩三个工作日"),
        pytest.param("2026-11-26", "2026-11-26", 0, 0, id="今天到期"),
        pytest.param("2026-09-30", "2026-10-10", 3, 10, id="假期不算，调休算"),
        pytest.param("2026-11-30", "2026-11-26", -2, -4, id="已逾期两个工作日"),
    ],
)
def test_what_is_left_until_a_deadline(today: str, due_on: str, working: int, calendar: int) -> None:
    now, last = date.fromisoformat(today), date.fromisoformat(due_on)
    assert working_days_left(now, last, WALL) == working
    assert days_left(now, last) == calendar


def test_the_next_fixed_day_is_today_or_later_and_may_lie_in_the_next_year() -> None:
    quarters = [(1, 15), (4, 15), (7, 15), (10, 15)]
    assert next_fixed_day(date(2026, 10, 15), quarters) == date(2026, 10, 15)
    assert next_fixed_day(date(2026, 10, 16), quarters) == date(2027, 1, 15)


def test_a_period_past_the_last_possible_day_is_refused() -> None:
    for unit in Unit:
        with pytest.raises(OutOfRange):
            due(datetime.fromisoformat("9999-12-31T23:00"), Period(10, unit), WALL)


def test_a_period_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="至少"):
        Period(0, WORKING)


days = st.dates(date(2025, 6, 1), date(2027, 6, 1))
counts = st.integers(1, 60)
day_units = st.sampled_from([WORKING, CALENDAR])


@given(days, counts)
def test_working_days_end_on_a_working_day_and_count_exactly(start: date, count: int) -> None:
    result = due(start, Period(count, WORKING), WALL)
    assert WALL.is_working_day(result.day)
    assert working_days_left(start, result.day, WALL) == count
    assert (result.day - start).days == count + len(result.skipped)


@given(days, counts, day_units, st.booleans())
def test_a_later_start_or_a_longer_period_never_ends_earlier(start: date, count: int, unit: Unit, roll: bool) -> None:
    base = due(start, Period(count, unit, roll), WALL).day
    assert due(start + timedelta(days=1), Period(count, unit, roll), WALL).day >= base
    assert due(start, Period(count + 1, unit, roll), WALL).day >= base


@given(days, counts)
def test_a_rolled_period_ends_on_the_first_working_day_from_its_nominal_end(start: date, count: int) -> None:
    rolled = due(start, Period(count, CALENDAR, True), WALL)
    nominal = start + timedelta(days=count)
    assert rolled.day == next_working_day(nominal, WALL)
    assert len(rolled.skipped) == (rolled.day - nominal).days


@given(days, st.integers(1, 20))
def test_the_latest_start_is_the_last_day_whose_period_has_run_out_before_the_event(event: date, count: int) -> None:
    period = Period(count, WORKING)
    start = latest_start(event, period, WALL).day
    assert due(start, period, WALL).day < event
    assert due(start + timedelta(days=1), period, WALL).day >= event


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_months_keep_the_day_of_the_month_or_end_with_it(day: date, count: int) -> None:
    later = add_months(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days)
def test_the_working_day_before_is_worked_and_nothing_lies_between(day: date) -> None:
    before = working_day_before(day, WALL)
    assert before < day
    assert WALL.is_working_day(before)
    assert working_days_left(before, day - timedelta(days=1), WALL) == 0
