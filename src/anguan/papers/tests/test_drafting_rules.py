"""拟稿的规则: with whom a draft is, what may be drafted next, what follows on a decision, what is filled in."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anguan.papers.rules import (
    BY_HAND,
    FOLLOWING,
    FORMS,
    GROUPS,
    MADE_BY_VISITS,
    Following,
    FormCode,
    Known,
    Measure,
    NotAllowed,
    OpinionRole,
    PaperState,
    PartyKnown,
    Review,
    ReviewAction,
    Stance,
    Standing,
    advance_review,
    check_apart,
    check_stance,
    follow,
    following_diagram,
    measure_of,
    offer_of,
    prefilled,
)

README = (Path(__file__).parents[1] / "README.md").read_text()
C, ISSUED, SERVED = FormCode, PaperState.ISSUED, PaperState.SERVED


@pytest.mark.parametrize(
    ("state", "action", "expected"),
    [
        ("handler", "send", "reviewer"),
        ("reviewer", "pass", "approver"),
        ("reviewer", "return", "handler"),
        ("approver", "decide", "done"),
        ("approver", "return", "handler"),
        ("approver", "recall", "handler"),
        ("handler", "decide", "还没有送审"),
        ("reviewer", "decide", "正在等审核意见"),
        ("approver", "send", "正在等机关负责人审批"),
        ("done", "return", "意见不能再变"),
        ("done", "recall", "意见不能再变"),
    ],
)
def test_a_draft_goes_from_hand_to_hand(state: str, action: str, expected: str) -> None:
    if expected in set(Review):
        assert advance_review(Review(state), ReviewAction(action)) == expected
    else:
        with pytest.raises(NotAllowed, match=expected):
            advance_review(Review(state), ReviewAction(action))


def test_every_form_with_opinions_is_reviewed_and_approved() -> None:
    for form in FORMS.values():
        if form.opinions:
            assert {OpinionRole.REVIEWER, OpinionRole.APPROVER} <= set(form.opinions), form.code


def test_nobody_speaks_twice_and_a_no_says_why() -> None:
    with pytest.raises(NotAllowed, match="不同的人"):
        check_apart("7", {OpinionRole.HANDLER: "7"})
    check_apart("8", {OpinionRole.HANDLER: "7"})
    with pytest.raises(NotAllowed, match="写明理由"):
        check_stance(OpinionRole.APPROVER, Stance.REFUSES, " ")
    with pytest.raises(NotAllowed, match="审核不作决定"):
        check_stance(OpinionRole.REVIEWER, Stance.REFUSES, "不妥")
    check_stance(OpinionRole.APPROVER, Stance.AGREES, "")


def test_each_form_is_drafted_by_hand_or_by_a_visit_and_shown_once() -> None:
    assert set(BY_HAND) | MADE_BY_VISITS == set(FormCode)
    assert not set(BY_HAND) & MADE_BY_VISITS
    assert len(BY_HAND) == len(set(BY_HAND)) == sum(len(codes) for _, codes in GROUPS)


def standing(key: int, form: FormCode, state: PaperState, measure: Measure | None = None, **body: Any) -> Standing:
    return Standing(key, form, state, body, measure)


def approved(agrees: bool = True) -> list[dict[str, Any]]:
    return [{"role": "approver", "name": "吴示例", "opinion": "—", "on": "2026-03-02", "agrees": agrees}]


@pytest.mark.parametrize(
    ("form", "papers", "expected"),
    [
        pytest.param(C.SITE_MEASURES, [], "请先出具现场检查记录", id="没有记录不能决定措施"),
        pytest.param(C.SITE_MEASURES, [standing(1, C.SITE_RECORD, ISSUED)], [1], id="有记录"),
        pytest.param(C.SITE_MEASURES, [standing(1, C.SITE_RECORD, PaperState.DRAFT)], "请先出具", id="记录还是拟稿"),
        pytest.param(C.PRESERVATION_NOTICE, [], "须先经批准", id="登记保存先批准"),
        pytest.param(
            C.PRESERVATION_NOTICE,
            [standing(1, C.PRESERVATION_APPROVAL, ISSUED, opinions=approved(agrees=False))],
            "审批意见是不同意",
            id="没批准的不能依据",
        ),
        pytest.param(
            C.POWER_CUT_DECISION,
            [standing(1, C.COERCION_APPROVAL, ISSUED, coercion="seal")],
            "另一种强制措施",
            id="批的是查封",
        ),
        pytest.param(
            C.POWER_CUT_DECISION, [standing(1, C.COERCION_APPROVAL, ISSUED, coercion="power_cut")], [1], id="批的是停电"
        ),
        pytest.param(
            C.SEIZURE_EXTENSION, [standing(1, C.SEIZURE_DECISION, SERVED, Measure.IN_FORCE)], [1], id="查封中可以延长"
        ),
        pytest.param(
            C.SEIZURE_EXTENSION,
            [standing(1, C.SEIZURE_DECISION, SERVED, Measure.EXTENDED)],
            "只能延长一次",
            id="已延长",
        ),
        pytest.param(C.SEIZURE_DISPOSAL, [standing(1, C.SEIZURE_DECISION, SERVED, Measure.ENDED)], "已经处理", id="完"),
        pytest.param(
            C.TRANSFER_LETTER, [standing(1, C.TRANSFER_APPROVAL, ISSUED, opinions=approved())], [1], id="移送已批准"
        ),
        pytest.param(C.FILING_APPROVAL, [], [], id="立案不必有依据"),
    ],
)
def test_what_may_be_drafted_next(form: FormCode, papers: list[Standing], expected: Any) -> None:
    offer = offer_of(FORMS[form], papers)
    if isinstance(expected, str):
        assert expected in offer.refusal
        assert not offer.is_open
    else:
        assert [base.key for base in offer.bases] == expected
        assert offer.is_open


def test_a_seizure_without_approval_is_open_only_on_the_spot() -> None:
    offer = offer_of(FORMS[C.SEIZURE_DECISION], [])
    assert offer.is_open
    assert offer.is_free
    refused = [standing(1, C.COERCION_APPROVAL, ISSUED, coercion="seal", opinions=approved(agrees=False))]
    assert offer_of(FORMS[C.SEIZURE_DECISION], refused).bases == ()


EXTENSION = (C.SEIZURE_EXTENSION, {"until": "2026-04-30"})
LIFTING = (C.SEIZURE_DISPOSAL, {"handling": "lift"})
NOTICE: Any = (C.POWER_CUT_NOTICE, {})
RESTORE: Any = (C.POWER_RESTORE_NOTICE, {})


@pytest.mark.parametrize(
    ("decision", "is_served", "resting", "day", "expected"),
    [
        pytest.param(C.SEIZURE_DECISION, False, [], "2026-03-05", "decided", id="未送达"),
        pytest.param(C.SEIZURE_DECISION, True, [], "2026-03-31", "in_force", id="最后一天仍在期限内"),
        pytest.param(C.SEIZURE_DECISION, True, [], "2026-04-01", "expired", id="届满次日"),
        pytest.param(C.SEIZURE_DECISION, True, [EXTENSION], "2026-04-30", "extended", id="延长后"),
        pytest.param(C.SEIZURE_DECISION, True, [EXTENSION], "2026-05-01", "expired", id="延长也届满"),
        pytest.param(C.SEIZURE_DECISION, True, [EXTENSION, LIFTING], "2026-05-09", "ended", id="解除以后不会届满"),
        pytest.param(C.POWER_CUT_DECISION, False, [], "2026-03-05", "cut_decided", id="停电未送达"),
        pytest.param(C.POWER_CUT_DECISION, True, [NOTICE], "2026-03-05", "cut", id="已通知供电单位"),
        pytest.param(C.POWER_CUT_DECISION, True, [NOTICE, RESTORE], "2026-03-05", "restored", id="已恢复"),
    ],
)
def test_where_a_coercive_decision_stands(
    decision: FormCode, is_served: bool, resting: list[Any], day: str, expected: str
) -> None:
    found = measure_of(
        decision, {"until": "2026-03-31"}, is_served=is_served, resting=resting, today=date.fromisoformat(day)
    )
    assert found == expected


def test_an_urgent_power_cut_needs_no_prior_service() -> None:
    body = {"is_emergency": True}
    day = date(2026, 3, 5)
    assert measure_of(C.POWER_CUT_DECISION, body, is_served=False, resting=[], today=day) is Measure.CUT_TOLD


def test_what_does_not_follow_on_a_decision_is_refused_in_words() -> None:
    for state in Measure:
        for step in Following:
            if (state, step) in FOLLOWING:
                assert follow(state, step) in set(Measure)
                continue
            with pytest.raises(NotAllowed, match=r"。$"):
                follow(state, step)
    with pytest.raises(NotAllowed, match="只能解除"):
        follow(Measure.EXPIRED, Following.DISPOSE)
    assert follow(Measure.EXPIRED, Following.LIFT) is Measure.ENDED


def test_the_readme_draws_the_table_of_what_follows() -> None:
    assert following_diagram() in README


PARTY = PartyKnown(name="河东示例商业管理有限公司", address="示例大道1号", contact="陈示例 0825-5550100")
KNOWN = Known(
    place="二层东侧",
    checked_at="2026-03-02T09:00",
    found_on="2026-03-02",
    source="行政检查",
    problems=(("疏散通道堆放纸箱", "《安全生产法》第四十五条", "2026-03-05"),),
    officers=(("李堃", "23090001"),),
    receiver="示例区消防救援大队",
    reason="消防法的事项",
)


def test_a_draft_begins_with_what_check_and_hazard_know() -> None:
    body = prefilled(FORMS[C.TRANSFER_APPROVAL], party=PARTY, known=KNOWN)
    assert body == {
        "case_name": "疏散通道堆放纸箱",
        "receiver": "示例区消防救援大队",
        "facts": "疏散通道堆放纸箱（《安全生产法》第四十五条）",
        "reason": "消防法的事项",
        "officers": [{"name": "李堃", "certificate_no": "23090001"}],
    }
    measures = prefilled(FORMS[C.SITE_MEASURES], party=PARTY, known=KNOWN)
    assert measures["hazards"] == [{"text": "疏散通道堆放纸箱", "basis": "《安全生产法》第四十五条"}]
    assert "measure" not in measures


def test_a_draft_takes_over_what_the_earlier_paper_says_but_not_its_own_terms() -> None:
    approval = {"receiver": "示例局", "case_name": "甲", "facts": "乙", "reason": "丙", "opinions": approved()}
    letter = prefilled(FORMS[C.TRANSFER_LETTER], party=PARTY, known=KNOWN, earlier=approval)
    assert letter == {"recipient": "示例局", "case_name": "甲", "facts": "乙", "reason": "丙"}
    decision = {"until": "2026-03-31", "measure": "seal", "target": "库房"}
    extension = prefilled(FORMS[C.SEIZURE_EXTENSION], party=PARTY, known=KNOWN, earlier=decision)
    assert extension == {}
    approved_seal = {"coercion": "seal", "target": "库房", "facts": "丁"}
    seizure = prefilled(FORMS[C.SEIZURE_DECISION], party=PARTY, known=KNOWN, earlier=approved_seal)
    assert seizure == {"measure": "seal", "target": "库房", "facts": "丁"}
