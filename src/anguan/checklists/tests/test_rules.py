import pytest

from anguan.checklists.rules import BadSheet, parse_list, parse_sheet, shipped_lists, shipped_sheets


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


def test_the_checklist_of_public_assembly_places_has_twenty_questions_each_with_three_chains() -> None:
    (shipped,) = shipped_sheets()
    assert [item.number for item in shipped.items] == list(range(1, 21))
    for item in shipped.items:
        assert item.clause in item.violation_basis
        assert item.statute in item.violation_basis
        assert item.order_basis
        assert item.penalty_basis
        assert item.question.endswith("？")


def test_what_was_not_read_in_the_full_text_is_marked_unverified() -> None:
    (shipped,) = shipped_sheets()
    unverified = {item.clause for item in shipped.items if not item.verified}
    # Neither article 28 of the fire law nor the ministry's order on high-rises was read in full.
    assert {"第二十八条", "第二十六条"} <= unverified


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
