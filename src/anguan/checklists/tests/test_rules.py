import pytest

from anguan.checklists.rules import (
    BadSheet,
    Sheet,
    parse_list,
    parse_sheet,
    shipped_lists,
    shipped_sheets,
    shipped_standards,
)
from anguan.people.rules import OrganKind


def question(number: int, **changes: object) -> dict[str, object]:
    return {
        "number": number,
        "question": "安全出口是否畅通？",
        "look_for": "逐个推开。",
        "statute": "安全生产法",
        "clause": "第四十二条",
        "violation_basis": "《安全生产法》第四十二条",
        "order_basis": "《安全生产法》第六十五条",
        "penalty_basis": "《安全生产法》第一百零五条",
        "hazard_level": "general",
        "suggested_days": 3,
        "verified": True,
    } | changes


def sheet(*items: dict[str, object]) -> dict[str, object]:
    return {"code": "x", "version": "1", "title": "某表", "industry": "商场", "item": list(items)}


@pytest.mark.parametrize("shipped", shipped_sheets(), ids=lambda sheet: f"{sheet.code}-{sheet.version}")
def test_every_question_that_ships_says_what_to_look_for_and_has_three_chains(shipped: Sheet) -> None:
    assert 15 <= len(shipped.items) <= 25
    assert [item.number for item in shipped.items] == list(range(1, len(shipped.items) + 1))
    for item in shipped.items:
        assert item.question.endswith("？"), item.question
        assert item.look_for.endswith("。"), item.look_for
        assert item.clause in item.violation_basis
        assert item.statute in item.violation_basis
        assert item.order_basis
        assert item.penalty_basis


def test_seven_kinds_of_premises_have_a_checklist_and_each_is_on_the_newest_list() -> None:
    codes = {sheet.code for sheet in shipped_sheets()}
    assert len(codes) == 7
    assert {item.checklist for item in shipped_lists()[-1].items} == codes


def test_every_question_of_a_newest_version_offers_phrases_and_says_who_may_penalise() -> None:
    newest = {sheet.code: sheet for sheet in shipped_sheets()}
    for shipped in newest.values():
        for item in shipped.items:
            assert len(item.phrases) >= 2, f"{shipped.code} {item.number}"
            assert item.order_organs
            assert item.penalty_organs


def test_a_fine_of_the_fire_law_is_the_fire_brigades() -> None:
    cited = [item for sheet in shipped_sheets() for item in sheet.items if "消防法" in item.penalty_basis]
    assert {item.penalty_organs for item in cited if item.penalty_organs} == {(OrganKind.FIRE,)}


def test_what_was_not_read_in_the_full_text_is_marked_unverified() -> None:
    read = {item.statute for sheet in shipped_sheets() for item in sheet.items if item.verified}
    # Of the laws that the checklists cite only these two were read in full.
    assert read == {"安全生产法", "消防法"}
    unverified = {item.clause for item in shipped_sheets()[0].items if not item.verified}
    # Neither article 28 of the fire law nor the ministry's order on high-rises was read in full.
    assert {"第二十八条", "第二十六条"} <= unverified


def test_every_criterion_that_a_question_cites_ships_and_is_in_force() -> None:
    on_file = {
        (standard.number, criterion.clause)
        for standard in shipped_standards()
        if standard.valid_to is None
        for criterion in standard.criteria
    }
    cited = {item.criterion for sheet in shipped_sheets() for item in sheet.items if item.criterion}
    assert cited <= on_file
    assert len(cited) >= 20


def test_a_question_that_names_no_known_chain_is_refused() -> None:
    row = {"number": 1, "question": "？", "look_for": "。", "chain": "没有", "suggested_days": 3}
    with pytest.raises(BadSheet, match="没有的法律链条“没有”"):
        parse_sheet(sheet(row), {})


def test_every_matter_of_the_list_names_a_checklist_that_ships_or_none() -> None:
    codes = {sheet.code for sheet in shipped_sheets()} | {""}
    for item_list in shipped_lists():
        assert {item.checklist for item in item_list.items} <= codes


def test_a_checklist_with_a_gap_in_its_numbers_is_refused() -> None:
    with pytest.raises(BadSheet, match="第 2 项写成了 3"):
        parse_sheet(sheet(question(1), question(3)))


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(BadSheet, match="至少为 1 天"):
        parse_sheet(sheet(question(1, suggested_days=0)))


def test_a_list_that_names_a_matter_twice_is_refused() -> None:
    row = dict.fromkeys(["matter", "basis", "targets", "base", "ratio", "cycle", "method", "subject", "checklist"], "x")
    with pytest.raises(BadSheet, match="重复"):
        parse_list({"version": "1", "title": "某单", "published_on": None, "item": [{"code": "S01", **row}] * 2})
