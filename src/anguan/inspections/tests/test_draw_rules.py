"""Rules of replacements, experts and re-visits: tables, refusals, sums."""

import itertools
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.rules import (
    OPINION_TABLE,
    REASONS_OF,
    REPLACEMENT_TABLE,
    ExpertExclusion,
    NotAllowed,
    OpinionAction,
    OpinionState,
    ReplacementAction,
    ReplacementKind,
    ReplacementState,
    RevisitOutcome,
    advance_opinion,
    advance_replacement,
    check_all_decided,
    check_decider,
    check_experts_planned,
    check_known,
    check_may_write,
    check_outcome,
    check_reason,
    check_replaceable,
    diagram,
    fee_for,
    place_expert,
    revisit_stratum,
    sample_size,
)


def test_the_readme_shows_the_tables_as_they_are() -> None:
    readme = (files("anguan.inspections") / "README.md").read_text(encoding="utf-8")
    tables: list[Any] = [REPLACEMENT_TABLE, OPINION_TABLE]
    for table in tables:
        assert diagram(table) in readme


@pytest.mark.parametrize(("state", "action"), [*itertools.product(ReplacementState, ReplacementAction)])
def test_a_request_is_decided_once(state: ReplacementState, action: ReplacementAction) -> None:
    if state is ReplacementState.ASKED:
        assert advance_replacement(state, action) in {ReplacementState.APPROVED, ReplacementState.REFUSED}
    else:
        with pytest.raises(NotAllowed, match="已经办结"):
            advance_replacement(state, action)


@pytest.mark.parametrize(("state", "action"), [*itertools.product(OpinionState, OpinionAction)])
def test_an_opinion_is_written_submitted_and_decided_in_this_order(state: OpinionState, action: OpinionAction) -> None:
    follows = {
        OpinionState.DRAFTED: {OpinionAction.WRITE, OpinionAction.SUBMIT},
        OpinionState.SUBMITTED: {OpinionAction.ADOPT, OpinionAction.REJECT},
    }
    if action in follows.get(state, set()):
        advance_opinion(state, action)
    else:
        with pytest.raises(NotAllowed):
            advance_opinion(state, action)


GOOD: dict[str, Any] = {
    "note": "门面已转让，招牌拆除",
    "photos": 1,
    "ledger_confirms": False,
    "checked_jointly": True,
    "at_cap": True,
}


@pytest.mark.parametrize(
    ("kind", "reason"), [(kind, reason) for kind in ReplacementKind for reason in (*TargetReason, *PersonReason)]
)
def test_each_kind_has_its_reasons_and_no_other(kind: ReplacementKind, reason: TargetReason | PersonReason) -> None:
    if reason in REASONS_OF[kind]:
        check_reason(kind, reason, **GOOD)
    else:
        with pytest.raises(NotAllowed, match="不适用"):
            check_reason(kind, reason, **GOOD)


@pytest.mark.parametrize(
    ("reason", "changes", "sentence"),
    [
        (TargetReason.CONFLICT, {"note": " 有关系 "}, "写明情况"),
        (TargetReason.CLOSED, {"photos": 0}, "附现场照片"),
        (TargetReason.STOPPED, {"photos": 0}, "附现场照片"),
        (TargetReason.FORCE_MAJEURE, {"photos": 0}, "附现场照片"),
        (TargetReason.CLOSED, {"photos": 0, "ledger_confirms": True}, None),
        (TargetReason.CHECKED_JOINTLY, {"checked_jointly": False}, "联合检查"),
        (TargetReason.CAP_REACHED, {"at_cap": False}, "还没有达到上限"),
        (TargetReason.CONFLICT, {"photos": 0}, None),
    ],
)
def test_a_reason_is_told_shown_and_not_against_our_own_records(
    reason: TargetReason, changes: dict[str, Any], sentence: str | None
) -> None:
    given = {**GOOD, **changes}
    if sentence is None:
        check_reason(ReplacementKind.TARGET, reason, **given)
    else:
        with pytest.raises(NotAllowed, match=sentence):
            check_reason(ReplacementKind.TARGET, reason, **given)


def test_whoever_asked_does_not_decide() -> None:
    check_decider(asked_by="1", decider="2")
    with pytest.raises(NotAllowed, match="不能自己批准"):
        check_decider(asked_by="1", decider="1")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, None),
        ({"has_begun": True}, "已经开始"),
        ({"is_over": True}, "已经办结或已被替换"),
        ({"reason": "unstaffed"}, "已派有检查组"),
        ({"is_staffed": False}, "只能是派不出检查组"),
        ({"is_staffed": False, "reason": "unstaffed"}, None),
    ],
)
def test_what_may_be_replaced(changes: dict[str, Any], sentence: str | None) -> None:
    given = {"has_begun": False, "is_over": False, "is_staffed": True, "reason": "closed", **changes}
    if sentence is None:
        check_replaceable(ReplacementKind.TARGET, **given)
    else:
        with pytest.raises(NotAllowed, match=sentence):
            check_replaceable(ReplacementKind.TARGET, **given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"needed": "消防"}, None),
        ({"needed": "电气"}, ExpertExclusion.SPECIALITY),
        ({"is_serving": False, "needed": "电气"}, ExpertExclusion.NOT_SERVING),
        ({"is_officer": True, "is_serving": False}, ExpertExclusion.OFFICER),
    ],
)
def test_who_is_on_the_roster_of_experts(given: dict[str, Any], expected: ExpertExclusion | None) -> None:
    values: dict[str, Any] = {"is_serving": True, "is_officer": False, "specialities": ["消防"], "needed": "", **given}
    assert place_expert(**values) == expected


def test_an_expert_writes_between_arrival_and_record() -> None:
    check_may_write(has_arrived=True, record_issued=False)
    with pytest.raises(NotAllowed, match="还没有到场"):
        check_may_write(has_arrived=False, record_issued=False)
    with pytest.raises(NotAllowed, match="已经出具"):
        check_may_write(has_arrived=True, record_issued=True)
    check_all_decided(0)
    with pytest.raises(NotAllowed, match="逐条采纳或不采纳"):
        check_all_decided(1)


@pytest.mark.parametrize(
    ("days", "daily", "fee"),
    [("1", "800", "800.00"), ("0.5", "801", "400.50"), ("1.5", "333.33", "500.00"), ("30", "0", "0.00")],
)
def test_a_fee_is_days_times_the_fee_of_a_day(days: str, daily: str, fee: str) -> None:
    assert fee_for(Decimal(days), Decimal(daily)) == Decimal(fee)


@pytest.mark.parametrize("days", ["0", "-1", "0.7", "30.5", "0.25"])
def test_days_are_halves_up_to_thirty(days: str) -> None:
    with pytest.raises(NotAllowed, match="以半天为单位"):
        fee_for(Decimal(days), Decimal(800))


@pytest.mark.parametrize(("per_target", "capacity"), [(4, 3), (-1, 3), (1, 0)])
def test_a_plan_with_too_many_experts_is_refused(per_target: int, capacity: int) -> None:
    check_experts_planned(3, 1)
    with pytest.raises(NotAllowed):
        check_experts_planned(per_target, capacity)


@pytest.mark.parametrize(
    ("enterprises", "percent", "targets"), [(1, 5, 1), (20, 5, 1), (21, 5, 2), (200, 5, 10), (3, 100, 3)]
)
def test_the_share_is_rounded_up(enterprises: int, percent: int, targets: int) -> None:
    assert sample_size(enterprises, percent) == targets
    stratum = revisit_stratum(enterprises, percent)
    assert stratum.targets == targets
    assert stratum.targets + stratum.alternates <= enterprises


def test_a_sample_of_nothing_or_of_nonsense_is_refused() -> None:
    with pytest.raises(NotAllowed, match="不需要回访"):
        revisit_stratum(0, 5)
    for percent in (0, 101):
        with pytest.raises(NotAllowed, match="回访比例"):
            sample_size(10, percent)


@pytest.mark.parametrize(
    ("outcome", "changes", "sentence"),
    [
        (RevisitOutcome.CONFIRMED, {}, None),
        (RevisitOutcome.REOPENED, {"note": "未更换", "photos": 1}, None),
        (RevisitOutcome.REOPENED, {"note": "未更换"}, "并拍照"),
        (RevisitOutcome.REOPENED, {"photos": 1}, "并拍照"),
        (RevisitOutcome.CONFIRMED, {"is_on_site": False}, "到场签到之后"),
        (RevisitOutcome.CONFIRMED, {"is_decided": True}, "已经回访过"),
    ],
)
def test_what_may_be_said_of_a_hazard_seen_again(
    outcome: RevisitOutcome, changes: dict[str, Any], sentence: str | None
) -> None:
    given = {"note": "", "photos": 0, "is_on_site": True, "is_decided": False, **changes}
    if sentence is None:
        check_outcome(outcome, **given)
    else:
        with pytest.raises(NotAllowed, match=sentence):
            check_outcome(outcome, **given)


@pytest.mark.parametrize("reason", [*TargetReason, *PersonReason])
def test_of_a_closed_envelope_only_what_needs_no_knowledge_of_the_firm_is_a_reason(
    reason: TargetReason | PersonReason,
) -> None:
    without_knowing = {
        TargetReason.UNSTAFFED, TargetReason.CAP_REACHED, PersonReason.ILL, PersonReason.LEFT,
        PersonReason.UNCERTIFIED, PersonReason.TERM_OVER,
    }  # fmt: skip
    check_known(reason, is_closed=False)
    if reason in without_knowing:
        check_known(reason, is_closed=True)
    else:
        with pytest.raises(NotAllowed, match="信封还没有启封"):
            check_known(reason, is_closed=True)
