"""A checklist goes out as an XLSForm and comes back the same; what can't be read is named by its cell."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
import xlsxwriter
from django.urls import reverse

from anguan.checklists import xlsform
from anguan.checklists.models import Checklist
from anguan.checklists.rules import BadForm, Sheet, from_sheets, shipped_sheets, to_sheets
from anguan.checklists.services import load_shipped
from anguan.ground import clock
from anguan.people.models import Organ
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in

Forms = dict[str, list[list[str]]]


def without_phrases(sheet: Sheet) -> Sheet:
    """What a version says: phrases belong to no version, and a draft has no first day."""
    return replace(sheet, effective_from=None, items=tuple(replace(item, phrases=()) for item in sheet.items))


@pytest.mark.parametrize("sheet", shipped_sheets(), ids=lambda sheet: f"{sheet.code}-{sheet.version}")
def test_every_shipped_checklist_comes_back_as_it_went_out(sheet: Sheet) -> None:
    reading = from_sheets(to_sheets(sheet))
    assert reading.sheet == without_phrases(sheet)
    assert reading.left_out == ()


def test_the_form_asks_what_was_seen_and_for_a_photo_only_where_something_fails() -> None:
    survey = to_sheets(shipped_sheets()[0])["survey"]
    rows = [dict(zip(survey[0], row, strict=True)) for row in survey[1:]]
    outcome = next(row for row in rows if row["name"] == "item_001")
    assert (outcome["type"], outcome["required"]) == ("select_one outcome", "yes")
    for name, kind in (("item_001_note", "text"), ("item_001_photo", "image")):
        row = next(row for row in rows if row["name"] == name)
        assert (row["type"], row["relevant"], row["required"]) == (kind, "${item_001} = 'fails'", "yes")
    # What ODK demands of a form: names are unique and begin with a letter, and what is referred to comes before.
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    for row in rows:
        for referred in re.findall(r"\$\{(\w+)\}", row["relevant"]):
            assert names.index(referred) < names.index(row["name"])


def test_the_choices_and_settings_are_those_that_odk_looks_for() -> None:
    sheets = to_sheets(shipped_sheets()[0])
    assert [row[:2] for row in sheets["choices"][1:]] == [
        ["outcome", "conforms"],
        ["outcome", "fails"],
        ["outcome", "na"],
    ]
    settings = dict(zip(*sheets["settings"], strict=True))
    assert (settings["form_id"], settings["version"]) == ("public-assembly", "2026-v1")
    assert f"label::{settings['default_language']}" in sheets["survey"][0]


def a_foreign_form(*rows: list[str]) -> Forms:
    return {
        "survey": [["type", "name", "label", "hint"], *rows],
        "choices": [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
        + [["many", str(number), str(number)] for number in range(5)],
        "settings": [["form_title", "form_id"], ["Kitchen check", "kitchen"]],
    }


def test_of_a_foreign_form_the_choices_become_questions_and_the_rest_is_listed() -> None:
    reading = from_sheets(
        a_foreign_form(
            ["begin group", "g", "Group", ""],
            ["select_one yn", "exit", "出口畅通吗？", "推开门"],
            ["integer", "staff", "几个人", ""],
            ["select_one many", "score", "打几分", ""],
            ["end group", "", "", ""],
        )
    )
    (question,) = reading.sheet.items
    assert (question.question, question.look_for, question.penalty_basis) == ("出口畅通吗？", "推开门", "")
    assert [left.cell for left in reading.left_out] == ["survey!A2", "survey!A4", "survey!A5", "survey!A6"]
    assert (reading.sheet.code, reading.sheet.title) == ("kitchen", "Kitchen check")


GOOD = ["select_one yn", "exit", "出口畅通吗？", ""]


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        pytest.param(a_foreign_form(["selectone yn", "x", "？", ""]), r"survey!A2 的类型“selectone yn”", id="类型"),
        pytest.param(a_foreign_form(GOOD, ["begin_repeat", "r", "", ""]), r"survey!A3 是重复组", id="重复组"),
        pytest.param(a_foreign_form(GOOD, ["begin repeat", "r", "", ""]), r"survey!A3 是重复组", id="旧写法的重复组"),
        pytest.param(a_foreign_form(["select_one no", "x", "？", ""]), r"survey!A2 用的选项“no”", id="没有的选项"),
        pytest.param(a_foreign_form(["select_one", "x", "？", ""]), r"survey!A2 用的选项“—”", id="没写选项"),
        pytest.param(a_foreign_form(["select_one yn", "x", "", ""]), r"survey!C2 没有写问题", id="没有问题"),
        pytest.param(a_foreign_form(["select_one yn", "x", "问" * 301, ""]), r"survey!C2 超过 300 字", id="太长"),
        pytest.param(a_foreign_form(GOOD, GOOD), r"survey!B3 的名称“exit”和 survey!B2 重复", id="名称重复"),
        pytest.param(a_foreign_form(["text", "x", "？", ""]), "没有一道", id="没有选择题"),
        pytest.param({}, "没有 survey 表", id="空文件"),
        pytest.param({"survey": [["type", "name", "label"], GOOD[:3]]}, "没有 choices 表", id="没有选项表"),
        pytest.param({"survey": [["name", "label"], ["x", "？"]]}, "没有“type”列", id="没有类型列"),
        pytest.param({**a_foreign_form(GOOD), "settings": [["form_id"], ["x"]]}, "form_title", id="没有名称"),
        pytest.param(
            {**a_foreign_form(GOOD), "settings": [["form_title", "form_id"], ["x", "中文"]]}, "form_id", id="编号"
        ),
    ],
)
def test_a_form_that_can_t_be_read_is_refused_with_the_cell(forms: Forms, said: str) -> None:
    with pytest.raises(BadForm, match=said):
        from_sheets(forms)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("suggested_days", "三", r"anguan!D3 的整改天数"),
        ("suggested_days", "0", r"anguan!D3 的整改天数"),
        ("suggested_days", "366", r"anguan!D3 的整改天数"),
        ("suggested_days", "٣", r"anguan!D3 的整改天数"),
        ("hazard_level", "huge", r"anguan!C3 的隐患级别"),
        ("order_organs", "fire police", r"anguan!I3 的部门“police”"),
        ("verified", "maybe", r"anguan!N3 应写"),
        ("key", "中 文", r"anguan!B3 的题目标识"),
        ("statute", "法" * 61, r"anguan!E3 超过 60 字"),
    ],
)
def test_what_was_spoilt_in_our_own_sheet_is_named_by_its_cell(column: str, value: str, said: str) -> None:
    forms = to_sheets(shipped_sheets()[0])
    forms["anguan"][2][forms["anguan"][0].index(column)] = value
    with pytest.raises(BadForm, match=said):
        from_sheets(forms)


def test_a_question_whose_words_were_changed_in_the_spreadsheet_keeps_its_key_and_chains() -> None:
    forms = to_sheets(shipped_sheets()[0])
    row = next(row for row in forms["survey"] if row[1] == "item_002")
    row[2] = "改过的问题？"
    changed = from_sheets(forms).sheet.items[1]
    assert changed == replace(without_phrases(shipped_sheets()[0]).items[1], question="改过的问题？")


@pytest.mark.parametrize(
    "content",
    [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 50],
    ids=["空", "文字", "坏的压缩包"],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BadForm, match=r"不是 \.xlsx"):
        xlsform.read_xlsform(BytesIO(content))


def test_a_small_file_that_unpacks_into_a_huge_one_is_refused() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (41 * 1024 * 1024))
    file.seek(0)
    with pytest.raises(BadForm, match="太大"):
        xlsform.read_xlsform(file)


@pytest.mark.django_db
def test_a_clerk_takes_the_form_and_brings_it_back_as_an_identical_draft() -> None:
    load_shipped(clock.now())
    organ = Organ.objects.create(name="示例区应急管理局", short_name="示例", kind="emergency")
    clerk = logged_in(a_user("clerk", Role.CLERK, organ=organ))
    source = Checklist.objects.get(code="building-site")
    content = clerk.get(reverse("checklists:xlsform", args=[source.pk])).content
    file = BytesIO(content)
    file.name = "building-site.xlsx"
    shown = clerk.post(reverse("checklists:import"), {"file": file}).content.decode()
    assert "已存为草稿" in shown
    draft = Checklist.objects.get(code="building-site", stage="draft")
    ours, theirs = xlsform.sheet_of(draft), xlsform.sheet_of(source)
    assert replace(ours, version="") == replace(theirs, version="")
    assert draft.based_on == source
    numbers = list(draft.items.values_list("number", flat=True))
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))


@pytest.mark.django_db
def test_a_foreign_form_is_kept_as_a_draft_that_isn_t_published_until_its_chains_are_written() -> None:
    organ = Organ.objects.create(name="示例区应急管理局", short_name="示例", kind="emergency")
    leader = logged_in(a_user("leader", Role.LEADER, organ=organ))
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in a_foreign_form(GOOD, ["integer", "staff", "几个人", ""]).items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    file.seek(0)
    file.name = "kitchen.xlsx"
    shown = leader.post(reverse("checklists:import"), {"file": file}).content.decode()
    assert "survey!A3" in shown, "what was left out is listed"
    draft = Checklist.objects.get(code="kitchen")
    day = clock.local_day(clock.now()).isoformat()
    said = leader.post(
        reverse("checklists:publish", args=["checklist", draft.pk]), {"effective_from": day}, follow=True
    ).content.decode()
    assert "第 1 项没有写全" in said
    assert Checklist.objects.get(pk=draft.pk).stage == "draft"
