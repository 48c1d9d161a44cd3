"""文书的规则, without a database."""

from datetime import date
from itertools import product

import pytest

from anguan.papers import rules
from anguan.papers.rules import FORMS, Action, FormCode, NotAllowed, PaperState
from anguan.papers.tests.bodies import OFFICERS, approval_body, opinions

TODAY = date(2026, 3, 2)


def problem(**fields: object) -> dict[str, object]:
    return {"no": 1, "text": "疏散通道堵塞", "basis": "安全生产法第四十二条", "due_on": "2026-03-05", **fields}


@pytest.mark.parametrize(
    ("state", "action", "then"),
    [
        pytest.param(PaperState.DRAFT, Action.ISSUE, PaperState.ISSUED, id="拟稿后出具"),
        pytest.param(PaperState.ISSUED, Action.SERVE, PaperState.SERVED, id="出具后送达"),
        pytest.param(PaperState.DRAFT, Action.VOID, PaperState.VOID, id="拟稿可以作废"),
        pytest.param(PaperState.ISSUED, Action.VOID, PaperState.VOID, id="出具后可以作废"),
        pytest.param(PaperState.SERVED, Action.VOID, PaperState.VOID, id="送达后可以作废"),
    ],
)
def test_a_paper_goes_from_draft_over_issue_to_service(state: PaperState, action: Action, then: PaperState) -> None:
    assert rules.advance(state, action) is then


def test_every_other_act_is_refused_with_a_sentence() -> None:
    allowed = {
        (PaperState.DRAFT, Action.ISSUE),
        (PaperState.ISSUED, Action.SERVE),
        (PaperState.DRAFT, Action.VOID),
        (PaperState.ISSUED, Action.VOID),
        (PaperState.SERVED, Action.VOID),
    }
    for state, action in set(product(PaperState, Action)) - allowed:
        with pytest.raises(NotAllowed) as refused:
            rules.advance(state, action)
        assert str(refused.value).endswith("。")


def test_an_order_comes_after_the_site_record() -> None:
    order = FORMS[FormCode.RECTIFY_ORDER]
    rules.check_follows(order, FormCode.SITE_RECORD, PaperState.ISSUED)
    for state in (None, PaperState.DRAFT, PaperState.VOID):
        with pytest.raises(NotAllowed, match="先出具现场检查记录"):
            rules.check_follows(order, FormCode.SITE_RECORD if state else None, state)


def test_a_recheck_comes_after_an_order_in_effect() -> None:
    recheck = FORMS[FormCode.RECHECK_OPINION]
    rules.check_follows(recheck, FormCode.RECTIFY_ORDER, PaperState.SERVED)
    with pytest.raises(NotAllowed, match="送达后才生效"):
        rules.check_follows(recheck, FormCode.RECTIFY_ORDER, PaperState.ISSUED)
    with pytest.raises(NotAllowed, match="还没有已出具的责令限期整改指令书"):
        rules.check_follows(recheck, FormCode.SITE_RECORD, PaperState.SERVED)


def test_a_site_record_comes_first_and_needs_nothing_before_it() -> None:
    rules.check_follows(FORMS[FormCode.SITE_RECORD], None, None)


def test_the_receipt_goes_to_nobody() -> None:
    rules.check_service(FORMS[FormCode.RECTIFY_ORDER])
    with pytest.raises(NotAllowed):
        rules.check_service(FORMS[FormCode.SERVICE_RECEIPT])


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        pytest.param([problem()], None, id="一项写全"),
        pytest.param([problem(), problem(no=2, due_on="2026-03-02")], None, id="当天整改"),
        pytest.param([problem(no=2)], "从 1 起", id="不从一起编号"),
        pytest.param([problem(text=" ")], "具体情况", id="没有情况"),
        pytest.param([problem(basis="")], "违反的规定", id="没有依据"),
        pytest.param([problem(due_on="三天内")], "日期", id="期限不是日期"),
        pytest.param([problem(due_on="2026-03-01")], "不能早于", id="期限已过"),
    ],
)
def test_each_problem_of_an_order_is_complete(problems: list[dict[str, object]], said: str | None) -> None:
    fault = rules.problem_faults(problems, TODAY)
    assert (fault is None) if said is None else (fault is not None and said in fault)


def test_a_number_is_written_as_on_the_seal_register() -> None:
    text = rules.number_text(short_name="川遂", prefix="应急责改", year=2026, serial=1)
    assert text == "（川遂）应急责改〔2026〕1号"


@pytest.mark.parametrize(
    ("form", "prefix"),
    [
        (FormCode.SITE_RECORD, "应急检记"),
        (FormCode.RECTIFY_ORDER, "应急责改"),
        (FormCode.RECHECK_OPINION, "应急复查"),
        (FormCode.SERVICE_RECEIPT, "应急回"),
    ],
)
def test_each_form_has_its_own_series(form: FormCode, prefix: str) -> None:
    assert FORMS[form].prefix == prefix


@pytest.mark.parametrize(
    ("held", "asked", "covered"),
    [
        pytest.param(
            ("中华人民共和国安全生产法", "第六十五条"), ("《安全生产法》", "第六十五条第一款"), True, id="条含款"
        ),
        pytest.param(("《中华人民共和国安全生产法》", ""), ("安全生产法", "第九十七条"), True, id="整部法"),
        pytest.param(("安全生产法", "第六十五条"), ("安全生产法", "第九十七条"), False, id="另一条"),
        pytest.param(("安全生产法", "第六十五条"), ("消防法", "第五十三条"), False, id="另一部法"),
    ],
)
def test_competence_covers_its_own_statute_only(held: tuple[str, str], asked: tuple[str, str], covered: bool) -> None:
    answer = rules.covers(held_statute=held[0], held_article=held[1], statute=asked[0], article=asked[1])
    assert answer is covered


APPROVAL = FORMS[FormCode.INSPECTION_APPROVAL]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, None, id="写全"),
        pytest.param({"planned_to": "2026-03-01"}, "不能早于开始", id="先结束后开始"),
        pytest.param({"officers": OFFICERS[:1]}, "两名执法人员", id="只有一名"),
        pytest.param({"officers": OFFICERS[:1] * 2}, "两名执法人员", id="一人写两遍"),
        pytest.param({"why_on_site": " "}, "非现场", id="没写到现场的理由"),
        pytest.param({"why_on_site": "", "mode": "off_site"}, None, id="非现场不用写理由"),
        pytest.param({"cap_used": 4}, "上限", id="到上限没有理由"),
        pytest.param({"cap_used": 4, "exempt_reason": "群众举报，线索12号"}, None, id="到上限有理由"),
    ],
)
def test_a_check_is_approved_within_what_the_state_council_allows(changed: dict[str, object], said: str | None) -> None:
    fault = rules.inspection_faults(APPROVAL, approval_body(**changed), 2)
    assert (fault is None) if said is None else (fault is not None and said in fault)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(opinions("reviewer", "approver"), None, id="两级意见"),
        pytest.param(opinions("reviewer"), "还没有审批意见", id="没有审批"),
        pytest.param(opinions("approver"), "还没有审核意见", id="没有审核"),
        pytest.param(opinions("reviewer", "approver", on="2026-03-03"), "不能晚于今天", id="明天的意见"),
        pytest.param([{"role": "mayor", "name": "某", "opinion": "同意", "on": "2026-03-02"}], "三种", id="别的角色"),
        pytest.param("同意", "逐条", id="一句话"),
    ],
)
def test_an_internal_form_carries_its_opinions(given: object, said: str | None) -> None:
    fault = rules.opinion_faults(APPROVAL, {"opinions": given}, TODAY)
    assert (fault is None) if said is None else (fault is not None and said in fault)


def test_an_approval_that_says_no_opens_nothing() -> None:
    assert rules.is_agreed({"opinions": opinions("reviewer", "approver")})
    assert not rules.is_agreed({"opinions": opinions("reviewer", "approver", agrees=False)})
    assert not rules.is_agreed({})


@pytest.mark.parametrize(
    ("key", "value", "is_sound"),
    [
        ("kind", "case", True),
        ("kind", "whatever", False),
        ("experts", 0, True),
        ("experts", "两名", False),
        ("experts", True, False),
        ("planned_from", "2026-02-30", False),
        ("is_emergency", "yes", False),
        ("items", [{"name": "燃气"}], False),
        ("items", "燃气", False),
    ],
)
def test_each_blank_takes_its_kind_of_entry(key: str, value: object, is_sound: bool) -> None:
    (field,) = (field for field in APPROVAL.fields if field.key == key)
    assert (rules.field_fault(field, value) is None) is is_sound


def test_what_is_missing_is_named_in_the_words_of_the_form() -> None:
    body = {"place": "一层", "started_at": "2026-03-02T09:00", "ended_at": "", "findings": []}
    assert rules.missing_fields(FORMS[FormCode.SITE_RECORD], body) == ["检查结束时间", "检查情况"]


def test_codes_are_hard_to_guess_and_easy_to_type() -> None:
    codes = {rules.new_confirm_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 10 and not set(code) & set("01ilouae") for code in codes)
