"""The D-rules that are no single period: tables a lawyer could check with a calendar of 2026 at hand."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from anguan.core.periods import Suspension
from anguan.ground.calendars import shipped_calendar
from anguan.ground.clock import CHINA
from anguan.ground.rules import limits, shipped_rule

CALENDAR = shipped_calendar()
ON = date(2026, 3, 2)


def test_the_notice_of_a_hearing_leaves_seven_working_days_between() -> None:
    # Hearing on Wednesday 18 March 2026: between lie 9–13, 16, 17 March. The 8th is a Sunday, and still in time.
    assert limits.latest_notice(shipped_rule("D04", ON), date(2026, 3, 18), CALENDAR).day == date(2026, 3, 8)


def test_cash_goes_to_the_organ_and_from_there_to_the_bank() -> None:
    # Taken on Thursday, handed over on Friday: two working days each.
    handed, paid_in = limits.steps(shipped_rule("D10", ON), [date(2026, 3, 5), date(2026, 3, 6)], CALENDAR)
    assert (handed.name, handed.due.day) == ("执法人员交至机关", date(2026, 3, 9))
    assert (paid_in.name, paid_in.due.day) == ("机关缴付银行", date(2026, 3, 10))


def test_a_transfer_to_the_police_counts_days_then_hours() -> None:
    decide, hand_over = limits.steps(
        shipped_rule("D19", ON), [date(2026, 3, 2), datetime(2026, 3, 4, 16, 30, tzinfo=CHINA)], CALENDAR
    )
    assert decide.due.day == date(2026, 3, 5)
    assert hand_over.due.due == datetime(2026, 3, 5, 16, 30, tzinfo=CHINA)


def test_more_starts_than_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="只有 2 步"):
        limits.steps(shipped_rule("D24", ON), [ON, ON, ON], CALENDAR)


@pytest.mark.parametrize(
    ("by_extension", "last"),
    [
        # 30 days after 2 March is 1 April; with the one extension 1 May, a holiday on which it ends all the same.
        pytest.param(False, date(2026, 4, 1), id="三十日"),
        pytest.param(True, date(2026, 5, 1), id="延长三十日"),
    ],
)
def test_sealing_ends_on_its_day_even_if_nobody_works(by_extension: bool, last: date) -> None:
    assert limits.extended(shipped_rule("D17", ON), ON, CALENDAR, by_extension=by_extension).day == last


def test_days_of_testing_do_not_count_to_the_sealing() -> None:
    testing = [Suspension(date(2026, 3, 10), date(2026, 3, 14))]
    assert limits.extended(shipped_rule("D17", ON), ON, CALENDAR, suspensions=testing).day == date(2026, 4, 6)


def test_a_review_takes_sixty_days_ninety_with_extension_thirty_in_the_simple_procedure() -> None:
    rule = shipped_rule("D13", ON)
    assert limits.extended(rule, ON, CALENDAR).day == date(2026, 5, 1)
    assert limits.extended(rule, ON, CALENDAR, by_extension=True).day == date(2026, 5, 31)
    assert limits.summary_procedure(rule, ON, CALENDAR).day == date(2026, 4, 1)


def test_a_recheck_is_due_from_request_or_expiry_whichever_comes_first() -> None:
    rule = shipped_rule("D22", ON)
    due = limits.from_the_earlier(rule, [datetime(2026, 3, 12, 9, 0, tzinfo=CHINA), date(2026, 3, 10)], CALENDAR)
    assert due is not None
    assert due.day == date(2026, 3, 20)
    assert limits.from_the_earlier(rule, [None, None], CALENDAR) is None


@pytest.mark.parametrize(
    ("day", "days", "amount"),
    [
        (date(2026, 3, 2), 0, "0.00"),
        (date(2026, 3, 3), 1, "900.00"),
        (date(2026, 4, 4), 33, "29700.00"),
        # The cap is reached on day 34 of the worked example: 34 × 900 would be 30 600.
        (date(2026, 4, 5), 34, "30000.00"),
        (date(2026, 12, 31), 304, "30000.00"),
    ],
)
def test_three_percent_a_day_until_it_has_doubled(day: date, days: int, amount: str) -> None:
    found = limits.surcharge_on(shipped_rule("D07", ON), Decimal(30000), date(2026, 3, 2), day)
    assert (found.days, found.amount, found.capped_on) == (days, Decimal(amount), date(2026, 4, 5))


def test_nothing_is_added_while_a_review_runs() -> None:
    review = [Suspension(date(2026, 3, 5), date(2026, 3, 14))]
    found = limits.surcharge_on(shipped_rule("D07", ON), Decimal(30000), date(2026, 3, 2), date(2026, 3, 15), review)
    assert (found.days, found.amount, found.capped_on) == (3, Decimal("2700.00"), date(2026, 4, 15))


@pytest.mark.parametrize(
    ("rule_id", "which", "after", "expected"),
    [
        ("D28", "quarterly", date(2026, 1, 16), date(2026, 4, 15)),
        ("D28", "quarterly", date(2026, 4, 15), date(2026, 4, 15)),
        ("D28", "yearly", date(2026, 2, 1), date(2027, 1, 31)),
    ],
)
def test_the_next_day_of_a_yearly_duty(rule_id: str, which: str, after: date, expected: date) -> None:
    assert limits.next_yearly(shipped_rule(rule_id, after), which, after) == expected


def test_the_lists_of_who_inspects_are_due_by_the_end_of_april_in_sichuan() -> None:
    rule = shipped_rule("D32", ON, "51")
    assert limits.next_yearly(rule, "subject_list", ON) == date(2026, 4, 30)
    assert limits.next_yearly(rule, "item_list", date(2026, 6, 1)) == date(2027, 5, 31)


def test_an_act_may_be_pursued_for_two_years_or_five() -> None:
    rule = shipped_rule("D29", ON)
    assert limits.pursuable_until(rule, date(2024, 2, 29), harms_life_or_health=False) == date(2026, 2, 28)
    assert limits.pursuable_until(rule, date(2024, 2, 29), harms_life_or_health=True) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("penalties", "windows"),
    [
        pytest.param([date(2026, 1, 5), date(2026, 2, 5)], [], id="两次"),
        # 180 days that end on 3 July 2026 begin on 5 January.
        pytest.param(
            [date(2026, 1, 5), date(2026, 2, 5), date(2026, 7, 3)], [(3, date(2026, 1, 5))], id="百八十日内三次"
        ),
        pytest.param([date(2026, 1, 4), date(2026, 2, 5), date(2026, 7, 3)], [], id="第一次差一日"),
        pytest.param(
            [date(2025, 7, 4), date(2025, 9, 1), date(2025, 12, 1), date(2026, 7, 3)],
            [(4, date(2025, 7, 4))],
            id="一年内四次",
        ),
        pytest.param([date(2025, 7, 3), date(2025, 9, 1), date(2025, 12, 1), date(2026, 7, 3)], [], id="一年零一日"),
    ],
)
def test_penalties_that_add_up_to_a_proposal_to_close(penalties: list[date], windows: list[tuple[int, date]]) -> None:
    assert limits.closure_windows(shipped_rule("D30", ON), penalties, date(2026, 7, 3)) == windows


def test_how_long_a_penalty_stays_public() -> None:
    rule = shipped_rule("D31", date(2026, 5, 1))
    found = limits.publicity(rule, "ordinary", date(2026, 5, 31))
    assert (found.repair_from, found.ends_on) == (date(2026, 8, 31), date(2027, 5, 31))
    assert limits.publicity(rule, "serious", date(2026, 5, 31)).ends_on == date(2029, 5, 31)


@pytest.mark.parametrize("ask", [limits.latest_notice, limits.steps])
def test_the_wrong_function_for_a_rule_is_refused(ask: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="类型是"):
        ask(shipped_rule("D02", ON), [ON] if ask is limits.steps else ON, CALENDAR)
