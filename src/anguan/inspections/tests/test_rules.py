"""The two state tables and the rules around them, without a database."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from anguan.core.enums import Labelled
from anguan.inspections.rules import (
    BATCH_TABLE,
    DRAWN_STATES,
    NEVER_MADE,
    RUNNING,
    VISIT_TABLE,
    BatchAction,
    BatchState,
    Exclusion,
    NotAllowed,
    Outcome,
    ResultCategory,
    StratumPlan,
    VisitAction,
    VisitState,
    advance_batch,
    advance_visit,
    category_of,
    check_commit,
    check_on_site,
    check_plan,
    check_reveal,
    check_team,
    diagram,
    missing_numbers,
    place,
    stamp,
    suggested_due,
)

BEACON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("action", BatchAction)
def test_a_broken_batch_stays_broken(action: BatchAction) -> None:
    with pytest.raises(NotAllowed):
        advance_batch(BatchState.BROKEN, action)


@pytest.mark.parametrize("state", [state for state in BatchState if state != BatchState.COMMITTED])
def test_nothing_is_drawn_twice_and_nothing_before_it_is_committed(state: BatchState) -> None:
    with pytest.raises(NotAllowed, match="重抽须另立一批"):
        advance_batch(state, BatchAction.DRAW)


def test_a_bundle_is_public_only_after_the_last_visit() -> None:
    for state in DRAWN_STATES - {BatchState.INSPECTED}:
        with pytest.raises(NotAllowed, match="泄露"):
            advance_batch(state, BatchAction.PUBLISH)
    assert advance_batch(BatchState.INSPECTED, BatchAction.PUBLISH) is BatchState.PUBLISHED


def test_every_state_can_be_reached_and_only_ends_have_no_way_out() -> None:
    assert {BatchState.PLANNED, *BATCH_TABLE.values()} == set(BatchState)
    assert {state for state in BatchState if not any(source is state for source, _ in BATCH_TABLE)} == {
        BatchState.PUBLISHED,
        BatchState.BROKEN,
    }
    assert {VisitState.APPLIED, *VISIT_TABLE.values()} == set(VisitState)
    # A closed visit is taken up again only where something has to be ordered again.
    forward = {pair for pair in VISIT_TABLE if pair[1] is not VisitAction.ORDER_AGAIN}
    assert {state for state in VisitState if not any(source is state for source, _ in forward)} == {
        VisitState.CLOSED,
        *NEVER_MADE,
    }


def test_no_order_without_an_issued_record() -> None:
    for state in VisitState:
        if state is VisitState.RECORD_ISSUED:
            assert advance_visit(state, VisitAction.DRAFT_ORDER) is VisitState.ORDER_DRAFTED
        else:
            with pytest.raises(NotAllowed, match="先出具现场检查记录"):
                advance_visit(state, VisitAction.DRAFT_ORDER)


def test_a_visit_whose_order_is_served_no_longer_holds_up_its_batch() -> None:
    assert set(VisitState) - RUNNING == {
        VisitState.APPLIED,
        VisitState.ORDERED,
        VisitState.CLOSED,
        *NEVER_MADE,
    }


def test_answers_are_given_on_the_spot_and_not_after_the_record() -> None:
    check_on_site(VisitState.ON_SITE)
    with pytest.raises(NotAllowed, match="签到"):
        check_on_site(VisitState.APPROVED)
    with pytest.raises(NotAllowed, match="退回修改"):
        check_on_site(VisitState.RECORD_DRAFTED)


STRATA = [
    StratumPlan("重点", targets=2, alternates=1, key=True),
    StratumPlan("餐饮", targets=2, alternates=1, industries=("H61", "H62")),
]


@pytest.mark.parametrize(
    ("operating", "visited", "industry", "key", "expected"),
    [
        pytest.param(True, False, "H6210", True, ("重点", None), id="重点企业只进第一层"),
        pytest.param(True, False, "H6210", False, ("餐饮", None), id="按行业进第二层"),
        pytest.param(True, False, "C1310", False, ("", Exclusion.NO_STRATUM), id="不属于任何一层"),
        pytest.param(False, True, "H6210", False, ("", Exclusion.CLOSED), id="停产在先"),
        pytest.param(True, True, "H6210", True, ("", Exclusion.VISITED), id="本年度已查"),
    ],
)
def test_who_is_in_the_pool(
    operating: bool, visited: bool, industry: str, key: bool, expected: tuple[str, Exclusion | None]
) -> None:
    assert (
        place(is_operating=operating, was_visited=visited, industry_code=industry, is_key=key, strata=STRATA)
        == expected
    )


def test_a_plan_that_could_not_be_drawn_is_refused() -> None:
    check_plan(STRATA, {"A": 1}, 2)
    for strata, weights, officers in [
        ([], {"A": 1}, 2),
        ([STRATA[0], STRATA[0]], {"A": 1}, 2),
        ([StratumPlan("一", targets=0, alternates=0)], {"A": 1}, 2),
        (STRATA, {"A": 0}, 2),
        (STRATA, {"A": 1}, 1),
    ]:
        with pytest.raises(NotAllowed):
            check_plan(strata, weights, officers)


def commit(**changes: Any) -> None:
    values: dict[str, Any] = {
        "now": BEACON - timedelta(seconds=1),
        "not_before": BEACON,
        "commitments": ["a", "b"],
        "pool_size": 3,
        "officers": 2,
        "per_target": 2,
    }
    check_commit(**{**values, **changes})


def test_a_commitment_comes_before_the_beacon_or_not_at_all() -> None:
    commit()
    with pytest.raises(NotAllowed, match="不再可信"):
        commit(now=BEACON)
    with pytest.raises(NotAllowed, match="不再可信"):
        commit(now=BEACON + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"commitments": ["a"]}, "两个参与方"),
        ({"commitments": ["a", ""]}, "还有参与方"),
        ({"pool_size": 0}, "名录为空"),
        ({"officers": 1}, "不够一组"),
    ],
)
def test_nothing_is_committed_that_could_not_be_drawn(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        commit(**changes)


def test_no_secret_is_opened_before_the_beacon_exists() -> None:
    check_reveal(now=BEACON, not_before=BEACON)
    with pytest.raises(NotAllowed, match="还没有到"):
        check_reveal(now=BEACON - timedelta(microseconds=1), not_before=BEACON)


def test_times_are_written_as_the_bundle_writes_them() -> None:
    assert stamp(BEACON) == "2026-03-02T09:00:00Z"


def test_two_drawn_and_certified_officers_check() -> None:
    check_team(assigned=[1, 2, 3], present=[1, 2], certified=[1, 2])
    with pytest.raises(NotAllowed, match="只有抽中"):
        check_team(assigned=[1, 2], present=[1, 9], certified=[1, 2, 9])
    with pytest.raises(NotAllowed, match="两名以上"):
        check_team(assigned=[1, 2], present=[1], certified=[1, 2])
    with pytest.raises(NotAllowed, match="执法证"):
        check_team(assigned=[1, 2], present=[1, 2], certified=[1])


def test_one_failure_makes_the_result_ordered() -> None:
    assert category_of([Outcome.CONFORMS, Outcome.NOT_APPLICABLE]) is ResultCategory.NO_PROBLEM
    assert category_of([Outcome.CONFORMS, Outcome.FAILS]) is ResultCategory.ORDERED


def test_what_is_left_to_check_is_told_in_order() -> None:
    assert missing_numbers([3, 1, 2], [2]) == [1, 3]


def test_the_suggested_term_does_not_count_its_first_day() -> None:
    assert suggested_due(date(2026, 2, 27), 3) == date(2026, 3, 2)


@pytest.mark.parametrize("table", [BATCH_TABLE, VISIT_TABLE], ids=["批次", "检查"])
def test_the_readme_shows_the_tables_as_they_are(table: Mapping[tuple[Labelled, Labelled], Labelled]) -> None:
    readme = (files("anguan.inspections") / "README.md").read_text(encoding="utf-8")
    assert diagram(table) in readme
