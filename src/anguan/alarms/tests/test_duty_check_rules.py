"""When a control room is asked whether it is manned, and what follows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from anguan.alarms import rules
from anguan.alarms.rules import duty_checks
from anguan.alarms.rules.duty_checks import DutyCheckAction as A
from anguan.alarms.rules.duty_checks import DutyCheckState as S
from anguan.alarms.rules.duty_checks import Plan, advance, answered, moments, score
from anguan.alarms.rules.refusals import NotAllowed
from anguan.ground.rules.records import shipped_rule

CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 11, 27)
PLAN = Plan.of(shipped_rule("duty-check", DAY).values)
README = Path(rules.__file__).parents[1] / "README.md"


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    assert duty_checks.diagram() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(50))
def test_moments_are_at_night_often_enough_and_never_too_close(seed: int) -> None:
    found = moments(PLAN, DAY, CHINA, Random(seed))
    assert len(found) == PLAN.a_day
    assert found == sorted(found)
    assert {moment.date() for moment in found} == {DAY}
    at_night = sum(moment.hour < 6 for moment in found)
    assert Fraction(at_night, len(found)) >= Fraction(2, 5)
    assert all(later - earlier >= timedelta(minutes=30) for earlier, later in pairwise(found))
    assert max(Counter(moment.hour // 8 for moment in found).values()) <= 4


def test_nobody_can_tell_the_moments_from_those_of_another_day() -> None:
    assert len({moments(PLAN, DAY, CHINA, Random(seed))[0] for seed in range(30)}) > 20


def test_a_plan_that_does_not_fit_gets_as_many_as_do() -> None:
    greedy = Plan.of({**shipped_rule("duty-check", DAY).values, "a_day": 40})
    found = moments(greedy, DAY, CHINA, Random(1))
    assert len(found) == 12
    assert max(Counter(moment.hour // 8 for moment in found).values()) == 4


@pytest.mark.parametrize(
    ("late", "action"), [(-1, A.ANSWER), (0, A.ANSWER), (1, A.ANSWER_LATE)], ids=["之前", "最后一刻", "之后"]
)
def test_the_last_moment_is_in_time(late: int, action: A) -> None:
    due = datetime(2026, 11, 27, 1, 2, tzinfo=UTC)
    assert answered(due_at=due, at=due + timedelta(seconds=late)) is action


def test_who_missed_it_is_called_and_then_it_is_settled() -> None:
    state = S.PLANNED
    for act in (A.SEND, A.RUN_OUT, A.CALL, A.FIND_VIOLATION):
        state = advance(state, act)
    assert state is S.VIOLATION
    with pytest.raises(NotAllowed, match="应电话查问原因"):
        advance(S.MISSED, A.EXPLAIN)
    with pytest.raises(NotAllowed, match="按时应答"):
        advance(S.ANSWERED, A.CALL)


def test_the_score_counts_what_was_asked_and_settled_by_the_clock() -> None:
    asked = [S.ANSWERED] * 49 + [S.EXPLAINED]
    assert score([*asked, S.PLANNED, S.CANCELLED, S.SENT]) == Fraction(49, 50) == PLAN.pass_score
    assert score([S.PLANNED, S.CANCELLED]) is None
