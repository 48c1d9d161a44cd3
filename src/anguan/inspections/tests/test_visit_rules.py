"""频次, 审批 and 合并 as pure rules, without a database."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from anguan.inspections.rules import (
    NEVER_MADE,
    VISIT_TABLE,
    AssistantKind,
    CapUse,
    CountClass,
    ExemptReason,
    JointAction,
    JointState,
    Mark,
    Mode,
    NotAllowed,
    PastCap,
    Planned,
    Target,
    Trigger,
    VisitAction,
    VisitKind,
    VisitState,
    advance_joint,
    advance_visit,
    cap_of,
    check_afterwards,
    check_application,
    check_assistants,
    check_cap,
    check_exemption,
    check_on_site,
    is_blocked,
    is_within,
    marks_of,
    months_before,
    places_of,
    to_merge,
)
from anguan.inspections.rules.ratings import rating_code, read_rating_code

KEY = b"a key of thirty-two bytes to sign"
MONDAY = date(2026, 3, 2)
LIMITS = {"day": 1, "week": 2, "month": 3}
SHANXI = {
    "rows": [
        {"industries": ["C26"], "standards": ["1"], "cap": 2},
        {"industries": ["C26"], "cap": 12},
        {"key": True, "risk": ["A"], "cap": 3},
        {"organ_kinds": ["fire"], "cap": 1},
    ],
    "otherwise": 6,
}


@pytest.mark.parametrize(
    ("target", "cap"),
    [
        pytest.param(Target(industry_code="C2614", standard="1"), 2, id="危化一级"),
        pytest.param(Target(industry_code="C2614"), 12, id="危化没有等级"),
        pytest.param(Target(industry_code="F5211", is_key=True, risk_level="A"), 3, id="重点且风险低"),
        pytest.param(Target(industry_code="F5211", is_key=True, risk_level="D"), 6, id="没有一行适用"),
        pytest.param(Target(organ_kind="fire"), 1, id="按机关"),
    ],
)
def test_the_first_row_that_fits_sets_the_cap(target: Target, cap: int) -> None:
    assert cap_of(SHANXI, target) == cap


def test_the_cap_stops_what_counts_and_lets_past_what_has_its_reason() -> None:
    full, room = CapUse(2, 2), CapUse(1, 2)
    assert not check_cap(room, CountClass.DAILY, None)
    for counted in (CountClass.DAILY, CountClass.CASE, CountClass.SPECIAL):
        with pytest.raises(PastCap, match="上限"):
            check_cap(full, counted, None)
        assert check_cap(full, counted, ExemptReason.COMPLAINT)
    assert not check_cap(full, CountClass.ORDERED_FROM_ABOVE, None)
    assert not check_cap(room, CountClass.CASE, ExemptReason.COMPLAINT), "within the cap nothing is exceeded"


@pytest.mark.parametrize(
    ("doors", "marks"),
    [
        pytest.param([], [], id="第一次"),
        pytest.param([MONDAY], [Mark.DAY], id="一天两次"),
        pytest.param([MONDAY + timedelta(2), MONDAY + timedelta(6)], [Mark.WEEK], id="一周三次"),
        pytest.param([MONDAY - timedelta(1), MONDAY + timedelta(7)], [], id="上周日和下周一不算本周"),
        pytest.param([date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 31)], [Mark.MONTH], id="一月四次"),
        pytest.param([date(2026, 2, 28), date(2026, 4, 1), date(2026, 3, 31)], [], id="别的月份不算"),
    ],
)
def test_too_many_doors_are_marked(doors: list[date], marks: list[Mark]) -> None:
    assert marks_of(doors, MONDAY, LIMITS) == marks


def test_three_empty_checks_in_a_row_within_a_year_block() -> None:
    empty = [(MONDAY - timedelta(days=100 * number), True) for number in (1, 2, 3)]
    assert is_blocked(empty, MONDAY, in_a_row=3)
    assert not is_blocked(empty[:2], MONDAY, in_a_row=3)
    found_something = [*empty, (MONDAY - timedelta(days=1), False)]
    assert not is_blocked(found_something, MONDAY, in_a_row=3), "the row was broken"
    assert not is_blocked([*empty[:2], (date(2025, 3, 2), True)], MONDAY, in_a_row=3), "a year ago no longer counts"
    assert is_blocked([*empty[:2], (date(2025, 3, 3), True)], MONDAY, in_a_row=3)
    assert not is_blocked(empty, MONDAY, in_a_row=3, explained_on=MONDAY - timedelta(days=100))


def test_months_are_counted_back_to_a_day_that_exists() -> None:
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_the_most_particular_place_goes_first() -> None:
    assert places_of("510903") == ["CN-510903", "CN-5109", "CN-51"]
    assert places_of("51") == ["CN-51"]
    assert places_of("") == []


def test_an_address_lies_where_its_words_say() -> None:
    assert is_within("遂宁市河东新区示例路1号", ["河东新区", "仁里镇"])
    assert not is_within("成都市示例路1号", ["河东新区"])
    assert not is_within("河东新区", [""]), "an empty area holds nothing"


APPLICATION: dict[str, Any] = {
    "kind": VisitKind.CLUE,
    "count_class": CountClass.CASE,
    "trigger": Trigger.CLUE,
    "mode": Mode.ON_SITE,
    "clue": "12345-001",
    "why_on_site": "要看现场",
    "reason": "群众反映通道堵塞",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"kind": VisitKind.DRAWN}, "由抽取产生", id="双随机不能申请"),
        pytest.param({"kind": VisitKind.RECHECK}, "由抽取产生", id="复查不能申请"),
        pytest.param({"trigger": Trigger.PLAN}, "不能以此为由", id="个案检查不出于计划"),
        pytest.param({"count_class": CountClass.NONE}, "不能这样计数", id="个案检查要计数"),
        pytest.param({"reason": "  "}, "写明为什么", id="没有事由"),
        pytest.param({"clue": " "}, "线索编号", id="没有线索编号"),
        pytest.param({"why_on_site": ""}, "非现场", id="没有说明为什么到现场"),
        pytest.param(
            {"kind": VisitKind.SPECIAL, "trigger": Trigger.PLAN, "count_class": CountClass.ORDERED_FROM_ABOVE},
            "上级部署", id="没有上级部署却不计数",
        ),
        pytest.param(
            {"kind": VisitKind.SPECIAL, "trigger": Trigger.ORDERED, "count_class": CountClass.SPECIAL},
            "上级部署", id="上级部署的不占本机关次数",
        ),
    ],
)  # fmt: skip
def test_an_application_says_what_it_has_to(changes: dict[str, Any], sentence: str) -> None:
    check_application(**APPLICATION)
    with pytest.raises(NotAllowed, match=sentence):
        check_application(**{**APPLICATION, **changes})


def test_an_off_site_check_need_not_say_why_it_is_not_off_site() -> None:
    check_application(**{**APPLICATION, "mode": Mode.OFF_SITE, "why_on_site": ""})


def test_a_reason_past_the_cap_fits_the_origin() -> None:
    check_exemption(None, Trigger.PLAN)
    check_exemption(ExemptReason.REQUEST, Trigger.REQUEST)
    with pytest.raises(NotAllowed, match="来由不符"):
        check_exemption(ExemptReason.COMPLAINT, Trigger.PLAN)


def test_nobody_without_power_comes_along_beyond_the_number_approved() -> None:
    check_assistants(2, 2)
    with pytest.raises(NotAllowed, match="审批时确定"):
        check_assistants(0, 1)
    assert {"grid_worker", "temporary", "intermediary", "testing_body", "coordination", "uncertified"} == set(
        AssistantKind
    )


def test_no_paper_of_an_emergency_check_whose_approval_is_overdue() -> None:
    check_afterwards(is_approved=False, is_overdue=False)
    check_afterwards(is_approved=True, is_overdue=True)
    with pytest.raises(NotAllowed, match="补办"):
        check_afterwards(is_approved=False, is_overdue=True)


def test_nothing_is_begun_before_it_is_approved_and_nothing_after_it_was_refused() -> None:
    with pytest.raises(NotAllowed, match="已批准"):
        advance_visit(VisitState.APPLIED, VisitAction.START)
    with pytest.raises(NotAllowed, match="还没有批准"):
        check_on_site(VisitState.APPLIED)
    for state in NEVER_MADE:
        assert not [action for before, action in VISIT_TABLE if before is state]


def test_measures_on_the_spot_lead_back_to_the_record_and_never_end_a_visit() -> None:
    drafted = advance_visit(VisitState.RECORD_ISSUED, VisitAction.DRAFT_MEASURES)
    assert advance_visit(drafted, VisitAction.SERVE_MEASURES) is VisitState.RECORD_ISSUED
    assert advance_visit(drafted, VisitAction.VOID_MEASURES) is VisitState.RECORD_ISSUED
    with pytest.raises(NotAllowed, match="没有办完"):
        advance_visit(drafted, VisitAction.CLOSE)


def planned(visit: int, organ: int, days: int, enterprise: int = 1) -> Planned:
    return Planned(visit, organ, enterprise, MONDAY + timedelta(days=days))


def test_two_organs_close_together_at_one_firm_are_proposed_to_merge() -> None:
    first, second, third = planned(1, 1, 0), planned(2, 2, 6), planned(3, 3, 7)
    assert to_merge([first, second, third], 10) == [(second, third)], "the closest go together"
    assert to_merge([first, planned(2, 1, 1)], 10) == [], "one organ merges its own matters itself"
    assert to_merge([first, planned(2, 2, 11)], 10) == []
    assert to_merge([first, planned(2, 2, 1, enterprise=2)], 10) == []
    assert to_merge([first, planned(2, 2, 10)], 10) == [(first, planned(2, 2, 10))]


def test_a_joint_check_is_settled_before_it_is_done() -> None:
    assert advance_joint(JointState.INVITING, JointAction.SETTLE) is JointState.SETTLED
    with pytest.raises(NotAllowed, match="到齐"):
        advance_joint(JointState.INVITING, JointAction.FINISH)
    for action in JointAction:
        with pytest.raises(NotAllowed):
            advance_joint(JointState.CANCELLED, action)


def test_a_rating_code_has_one_spelling() -> None:
    code = rating_code(KEY, organ_id=7, month=date(2026, 3, 1), about="visit")
    read = partial(read_rating_code, KEY, today=MONDAY, valid_months=2)
    assert read(code).organ_id == read(code.upper()).organ_id == 7
    for letter in "abcdefghijklmnopqrstuvwxyz234567":
        if letter != code[-1]:
            with pytest.raises(NotAllowed, match="评价码不对"):
                read(code[:-1] + letter)
