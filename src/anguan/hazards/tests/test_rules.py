"""The rules of hazards, without a database."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from anguan.ground.calendars import shipped_calendar
from anguan.hazards import rules
from anguan.hazards.rules import Action, Checker, Level, NotAllowed, State, Track

TRACKS: list[Track[Any, Any]] = [
    rules.PLAN,
    rules.MEASURE,
    rules.LISTING,
    rules.ACCEPTANCE,
    rules.CONCLUSION,
    rules.ESCALATION,
    rules.EXTENSION,
    rules.OBJECTION,
    rules.TRANSFER,
]
SERVED = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)


def test_a_hazard_goes_from_finding_to_closing() -> None:
    path = [Action.CLASSIFY, Action.SERVE_ORDER, Action.REPORT, Action.ACCEPT, Action.CLOSE]
    state = State.FOUND
    for action in path:
        state = rules.advance(state, action)
    assert state is State.CLOSED


def test_an_overdue_hazard_is_still_rectified_and_closed() -> None:
    state = State.RECTIFYING
    for action in (Action.RUN_OUT, Action.REPORT, Action.RETURN, Action.REPORT, Action.ACCEPT, Action.CLOSE):
        state = rules.advance(state, action)
    assert state is State.CLOSED


def test_what_comes_back_needs_a_new_order() -> None:
    assert rules.advance(State.CLOSED, Action.REOPEN) is State.REOPENED
    assert rules.advance(State.REOPENED, Action.SERVE_ORDER) is State.RECTIFYING
    assert not rules.may(State.REOPENED, Action.REPORT)


@pytest.mark.parametrize(
    ("state", "action", "instead"),
    [
        pytest.param(State.FOUND, Action.SERVE_ORDER, "应先定级", id="未定级不能责令"),
        pytest.param(State.CLASSIFIED, Action.REPORT, "应先送达责令限期整改指令书", id="未送达不能报告整改"),
        pytest.param(State.RECTIFYING, Action.CLOSE, "应等企业整改并报告完成", id="未报告不能销号"),
        pytest.param(State.REPORTED, Action.CLOSE, "应由两名执法人员复查", id="未复查不能销号"),
        pytest.param(State.REPORTED, Action.RUN_OUT, "应由两名执法人员复查", id="已报告不算逾期"),
        pytest.param(State.CLOSED, Action.REPORT, "隐患反复时应重新打开", id="已销号不能再报"),
    ],
)
def test_a_refusal_says_what_is_to_be_done_instead(state: State, action: Action, instead: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        rules.advance(state, action)
    assert instead in str(refusal.value)
    assert state.label in str(refusal.value)


def test_every_state_can_be_reached_and_only_closing_and_withdrawal_end() -> None:
    reached, frontier = {State.FOUND}, {State.FOUND}
    while frontier:
        frontier = {after for (before, _), after in rules.TRANSITIONS.items() if before in frontier} - reached
        reached |= frontier
    assert reached == set(State)
    assert set(State) - {before for before, _ in rules.TRANSITIONS} == {State.WITHDRAWN}
    assert set(rules.NEXT) == set(State)
    assert set(rules.BASIS) == set(Action)


def test_the_readme_shows_the_table_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{rules.diagram()}\n```" in readme
    for track in TRACKS:
        assert f"```mermaid\n{track.diagram()}\n```" in readme, track.thing


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.thing)
def test_a_track_reaches_every_state_and_says_what_follows(track: Track[Any, Any]) -> None:
    reached, frontier = {track.start}, {track.start}
    while frontier:
        frontier = {after for (before, _), after in track.table.items() if before in frontier} - reached
        reached |= frontier
    assert reached == set(track.states)
    assert set(track.following) == set(track.states)
    actions = {action for _, action in track.table}
    assert set(track.basis) == actions
    for end in track.ends:
        for action in actions:
            with pytest.raises(NotAllowed) as refusal:
                track.advance(end, action)
            assert track.following[end] in str(refusal.value)
            assert refusal.value.basis


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        pytest.param("GB 35181-2025 第6.2条", "GB 35181-2025", id="国标条款"),
        pytest.param("应急管理部令第10号第三条第一项", "应急管理部令第10号", id="部令条款"),
    ],
)
def test_a_criterion_is_a_standard_with_a_clause(text: str, standard: str) -> None:
    assert rules.criterion_of(text)[0] == standard


@pytest.mark.parametrize("text", ["", "情节不严重", "GB 35181-2025", "GB 9999-2020 第1.1条", "已经改好了，降为一般"])
def test_free_text_is_no_criterion(text: str) -> None:
    with pytest.raises(NotAllowed, match="判定标准"):
        rules.criterion_of(text)


def _classify(before: str, after: Level, criterion: str, by_id: str = "2") -> None:
    rules.check_classification(before=before, after=after, criterion=criterion, by_id=by_id, classified_by_id="1")


def test_a_major_hazard_is_never_made_general_by_words_alone() -> None:
    _classify(Level.MAJOR, Level.GENERAL, "GB 35181-2025 第6.2条")
    with pytest.raises(NotAllowed, match="不是判定依据"):
        _classify(Level.MAJOR, Level.GENERAL, "经研究认为属一般隐患")
    with pytest.raises(NotAllowed, match="定级人以外的人复核"):
        _classify(Level.MAJOR, Level.GENERAL, "GB 35181-2025 第6.2条", by_id="1")
    with pytest.raises(NotAllowed, match="不是判定依据"):
        _classify("", Level.MAJOR, "")
    _classify("", Level.GENERAL, "")


@pytest.mark.parametrize(
    ("start", "days", "due_on"),
    [
        pytest.param(date(2026, 3, 2), 30, date(2026, 4, 1), id="首日不计"),
        pytest.param(date(2026, 3, 2), 5, date(2026, 3, 7), id="周六到期不顺延"),
        pytest.param(date(2026, 2, 10), 7, date(2026, 2, 17), id="春节初一到期不顺延"),
    ],
)
def test_a_term_counts_calendar_days_from_the_day_after(start: date, days: int, due_on: date) -> None:
    assert rules.deadline(start, days, shipped_calendar()).day == due_on


def test_the_last_day_of_a_term_still_counts() -> None:
    assert not rules.has_run_out(State.RECTIFYING, TODAY, TODAY)
    assert rules.has_run_out(State.RECTIFYING, TODAY, TODAY + timedelta(days=1))
    assert not rules.has_run_out(State.REPORTED, TODAY, TODAY + timedelta(days=9))


def test_a_term_lies_between_today_and_a_year_from_now() -> None:
    rules.check_deadline(TODAY, TODAY)
    with pytest.raises(NotAllowed, match="早于今天"):
        rules.check_deadline(TODAY - timedelta(days=1), TODAY)
    with pytest.raises(NotAllowed, match="超过一年"):
        rules.check_deadline(TODAY + timedelta(days=366), TODAY)


def test_proof_is_younger_than_the_service_of_the_order() -> None:
    now = SERVED + timedelta(days=3)
    rules.check_proof(taken_at=SERVED + timedelta(minutes=1), effective_at=SERVED, now=now)
    with pytest.raises(NotAllowed, match="送达之前"):
        rules.check_proof(taken_at=SERVED - timedelta(minutes=1), effective_at=SERVED, now=now)
    with pytest.raises(NotAllowed, match="晚于现在"):
        rules.check_proof(taken_at=now + timedelta(hours=1), effective_at=SERVED, now=now)


def test_a_picture_proves_once() -> None:
    rules.check_fresh("b" * 64, {"a" * 64})
    with pytest.raises(NotAllowed, match="已经用过"):
        rules.check_fresh("a" * 64, {"a" * 64})


def _checker(name: str, number: str, user_id: str = "", valid_to: date | None = date(2027, 1, 1)) -> Checker:
    return Checker(name=name, certificate_no=number, certificate_valid_to=valid_to, user_id=user_id)


def test_two_certified_officers_check_and_the_reporter_is_none_of_them() -> None:
    first, second = _checker("李执法", "01", "5"), _checker("王执法", "02", "6")
    rules.check_checkers([first, second], reporter_id="9", today=TODAY)
    with pytest.raises(NotAllowed, match="两名执法人员"):
        rules.check_checkers([first], reporter_id="9", today=TODAY)
    with pytest.raises(NotAllowed, match="两名执法人员"):
        rules.check_checkers([first, first], reporter_id="9", today=TODAY)
    with pytest.raises(NotAllowed, match="执法证已过有效期"):
        rules.check_checkers(
            [first, _checker("王执法", "02", valid_to=TODAY - timedelta(days=1))], reporter_id="9", today=TODAY
        )
    with pytest.raises(NotAllowed, match="不能再来复查"):
        rules.check_checkers([first, second], reporter_id="6", today=TODAY)


def test_whoever_found_a_major_hazard_does_not_close_it() -> None:
    rules.check_closer(level=Level.MAJOR, found_by_id="5", by_id="6")
    rules.check_closer(level=Level.GENERAL, found_by_id="5", by_id="5")
    with pytest.raises(NotAllowed, match="发现人"):
        rules.check_closer(level=Level.MAJOR, found_by_id="5", by_id="5")


def test_a_reason_is_more_than_blanks() -> None:
    assert rules.check_reason(" 通道仍被占用 ") == "通道仍被占用"
    with pytest.raises(NotAllowed, match="写明理由"):
        rules.check_reason("  ")
