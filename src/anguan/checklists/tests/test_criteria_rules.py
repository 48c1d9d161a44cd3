from typing import Any

import pytest

from anguan.checklists.rules import (
    Mark,
    NotAllowed,
    Premises,
    check_clause,
    judge_fire,
    parse_standard,
    shipped_standards,
)
from anguan.ground.clock import local_day, now
from anguan.ground.rules.records import shipped_rule

LINES = [
    {"id": "a", "premises": ["assembly"], "elements": ["7.3.1-7.3.9", "7.5", "7.9.3"], "count": 3},
    {"id": "c", "premises": ["assembly", "important"], "elements": [], "count": 4},
    {"id": "d", "premises": ["other"], "elements": [], "count": 6},
]


@pytest.mark.parametrize(
    ("elements", "premises", "line"),
    [
        pytest.param(["7.3.1", "7.3.9", "7.9.3"], "assembly", "a", id="疏散三条，人员密集场所"),
        pytest.param(["7.3.2", "7.5.1", "7.5.2"], "assembly", "a", id="防烟排烟的每一条都算"),
        pytest.param(["7.1.1", "7.2.1", "7.4.1", "7.8.1"], "assembly", "c", id="任意四条"),
        pytest.param(["7.1.1", "7.2.1", "7.4.1", "7.8.1"], "important", "c", id="重要场所任意四条"),
        pytest.param(["7.1.1", "7.1.2", "7.2.1", "7.4.1", "7.6.1", "7.8.1"], "other", "d", id="其他场所六条"),
    ],
)
def test_enough_elements_make_a_major_fire_hazard(elements: list[str], premises: str, line: str) -> None:
    verdict = judge_fire(elements, Premises(premises), LINES)
    assert (verdict.is_major, verdict.line, verdict.lacking) == (True, line, 0)


@pytest.mark.parametrize(
    ("elements", "premises", "lacking"),
    [
        pytest.param(["7.3.1", "7.3.1", "7.3.1"], "assembly", 2, id="同一条找到三次只算一条"),
        pytest.param(["7.3.10", "7.3.11", "7.3.12"], "assembly", 1, id="7.3.10 不在 7.3.1 至 7.3.9 里"),
        pytest.param(["7.9.30", "7.9.31", "7.3.1"], "assembly", 1, id="7.9.30 不是 7.9.3"),
        pytest.param(["7.1.1", "7.1.2", "7.1.3"], "important", 1, id="重要场所三条还差一条"),
        pytest.param(["7.1.1", "7.1.2", "7.2.1", "7.4.1", "7.6.1"], "other", 1, id="其他场所五条还差一条"),
        pytest.param([], "other", 6, id="没有找到"),
    ],
)
def test_too_few_elements_say_how_many_are_lacking(elements: list[str], premises: str, lacking: int) -> None:
    verdict = judge_fire(elements, Premises(premises), LINES)
    assert (verdict.is_major, verdict.lacking) == (False, lacking)


@pytest.mark.parametrize("element", ["", "第7条", "7", "7..1", "7.1.", "٧.1", "7.1\n", "9" * 400])
def test_what_no_standard_could_number_is_refused(element: str) -> None:
    with pytest.raises(NotAllowed, match="不是综合判定要素的编号"):
        judge_fire(["7.3.1", f"x{element}"], Premises.OTHER, LINES)


def test_premises_without_a_line_are_refused_and_not_called_harmless() -> None:
    with pytest.raises(NotAllowed, match="易燃易爆"):
        judge_fire(["7.1.1"], Premises.EXPLOSIVE, LINES)


def test_the_shipped_counts_cover_every_kind_of_premises_and_are_marked_unread() -> None:
    rule = shipped_rule("fire-composite", local_day(now()))
    assert not rule.verified
    assert {kind for line in rule.values["lines"] for kind in line["premises"]} == {str(kind) for kind in Premises}
    assert judge_fire(["7.1.1", "7.1.2", "7.4.6"], Premises.EXPLOSIVE, rule.values["lines"]).line == "b"


@pytest.mark.parametrize("clause", ["第三条第二项", "第6.2条", "附录A", "6.1", "第五条"])
def test_a_clause_that_a_document_can_cite_passes(clause: str) -> None:
    check_clause(clause)


@pytest.mark.parametrize("clause", ["", "很危险", "第三章", "6", "附件"])
def test_free_text_is_no_clause(clause: str) -> None:
    with pytest.raises(NotAllowed, match="不是条款号"):
        check_clause(clause)


def standard(**changes: object) -> dict[str, object]:
    head = {"number": "X 1", "title": "某标准", "field": "fire", "tag": "M"} | changes
    return {"standard": head, "criterion": [{"clause": "第1.1条", "summary": "s", "evidence": "e", "tag": "M"}] * 2}


def test_a_clause_that_comes_twice_in_a_standard_is_refused() -> None:
    from datetime import date

    with pytest.raises(NotAllowed, match="重复"):
        parse_standard(standard(valid_from=date(2020, 1, 1)))


def test_a_standard_that_ships_clauses_says_its_first_day() -> None:
    content: dict[str, Any] = {**standard()}
    content["criterion"] = content["criterion"][:1]
    with pytest.raises(NotAllowed, match="施行日期"):
        parse_standard(content)


def test_nothing_that_was_not_read_in_full_claims_it() -> None:
    # Neither standard was read in full, so none may carry the mark that makes a criterion verified.
    marks = {criterion.tag for shipped in shipped_standards() for criterion in shipped.criteria}
    assert marks <= {Mark.SEEN, Mark.MEMORY}


def test_each_field_that_is_inspected_ships_its_standard() -> None:
    assert {str(shipped.field) for shipped in shipped_standards()} >= {
        "industry", "hazchem", "construction", "fire", "gas", "special_equipment", "civil_explosives",
    }  # fmt: skip
