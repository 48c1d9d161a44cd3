"""措施文书: what comes before what, what the law caps, and what is due afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from anguan.ground.access import Actor
from anguan.papers import panels, selectors, services
from anguan.papers.models import Paper, PaperTerm
from anguan.papers.rules import FORMS, FormCode, NotAllowed, PaperState, TermKind, check_follows
from anguan.papers.tests import bodies, builders
from anguan.papers.tests.builders import NOW, TODAY, Cast
from anguan.people.viewers import UserViewer

DAY = timedelta(days=1)
SERVED, ISSUED, DRAFT, VOID = PaperState.SERVED, PaperState.ISSUED, PaperState.DRAFT, PaperState.VOID
YES = {"opinions": bodies.APPROVED}
NO = {"opinions": bodies.opinions("reviewer", "approver", agrees=False)}


@pytest.mark.parametrize(
    ("form", "earlier", "state", "body", "earlier_body", "said"),
    [
        ("seizure_decision", None, None, {}, {}, "须先经批准"),
        ("seizure_decision", None, None, {"on_the_spot": True}, {}, None),
        ("seizure_decision", "coercion_approval", DRAFT, {}, YES, "须先经批准"),
        ("seizure_decision", "coercion_approval", ISSUED, {}, NO, "不同意"),
        ("seizure_decision", "coercion_approval", ISSUED, {}, YES, None),
        ("seizure_list", "coercion_approval", ISSUED, {}, YES, "先出具决定书"),
        ("seizure_list", "seizure_decision", ISSUED, {}, {}, None),
        ("seizure_extension", "seizure_decision", ISSUED, {}, {}, "送达后才生效"),
        ("seizure_extension", "seizure_decision", SERVED, {}, {}, None),
        ("seizure_disposal", "seizure_extension", SERVED, {}, {}, None),
        ("power_cut_decision", None, None, {}, {}, "主要负责人批准"),
        ("power_cut_notice", "power_cut_decision", ISSUED, {}, {}, "提前通知"),
        ("power_cut_notice", "power_cut_decision", ISSUED, {}, {"is_emergency": True}, None),
        ("power_restore_notice", "power_cut_notice", VOID, {}, {}, "不必通知恢复"),
        ("preservation_notice", None, None, {}, {}, "须先经批准"),
        ("preservation_disposal_approval", "preservation_notice", ISSUED, {}, {}, None),
        ("preservation_disposal", "preservation_notice", ISSUED, {}, {}, "须先经批准"),
        ("transfer_letter", "transfer_approval", ISSUED, {}, NO, "不同意"),
        ("site_measures", None, None, {}, {}, "先出具现场检查记录"),
        ("recheck_opinion", "site_measures", SERVED, {}, {}, None),
        ("inspection_notice", None, None, {}, {}, None),
        ("inspection_notice", "inspection_approval", ISSUED, {}, NO, "不同意"),
        ("inspection_notice", "rectify_order", SERVED, {}, {}, "不能以那份文书为依据"),
    ],
)
def test_papers_come_in_the_order_of_the_law(
    form: str,
    earlier: str | None,
    state: PaperState | None,
    body: Mapping[str, object],
    earlier_body: Mapping[str, object],
    said: str | None,
) -> None:
    asked = (FORMS[FormCode(form)], FormCode(earlier) if earlier else None, state, body, earlier_body)
    if said is None:
        check_follows(*asked)
        return
    with pytest.raises(NotAllowed, match=said):
        check_follows(*asked)


def test_every_form_that_follows_another_says_what_comes_first() -> None:
    for form in FORMS.values():
        if form.follows:
            with pytest.raises(NotAllowed) as refused:
                check_follows(form, None, None)
            assert "不能以那份文书" not in str(refused.value)


@pytest.fixture
def people(db: None) -> Cast:
    return builders.of_bureau(builders.cast())


def officer_of(people: Cast) -> UserViewer:
    organs = frozenset({people.bureau.pk})
    return UserViewer(user_id=1, name="孙示例", roles=frozenset({"officer"}), organ_ids=organs)


def add(people: Cast, form: FormCode, answers: Paper | None = None, now: datetime = NOW, **said: object) -> Paper:
    return builders.issued(people, form, body=bodies.BODIES[form](**said), answers=answers, now=now)


def sealed(people: Cast) -> Paper:
    decision = add(people, FormCode.SEIZURE_DECISION, add(people, FormCode.COERCION_APPROVAL))
    builders.serve(people, decision)
    return decision


def test_coercion_is_never_entrusted(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="不得委托"):
        builders.draft(replace(people, branch=people.entrustment.entrusted), FormCode.COERCION_APPROVAL)


def test_a_seizure_lasts_thirty_calendar_days_and_thirty_more_once(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="最迟到 2026年4月1日"):
        add(people, FormCode.SEIZURE_DECISION, add(people, FormCode.COERCION_APPROVAL), until="2026-04-02")
    decision = sealed(people)
    with pytest.raises(NotAllowed, match="最迟到 2026年5月1日"):
        add(people, FormCode.SEIZURE_EXTENSION, decision, NOW + DAY, until="2026-05-02")
    with pytest.raises(NotAllowed, match="不能再延长"):
        add(people, FormCode.SEIZURE_EXTENSION, decision, NOW + 31 * DAY)
    # 1 May is a holiday; a ceiling on coercion does not roll over it.
    extension = add(people, FormCode.SEIZURE_EXTENSION, decision, NOW + DAY)
    assert extension.terms.get(kind=TermKind.SEIZURE_END).due_on == date(2026, 5, 1)
    assert decision.terms.get(kind=TermKind.SEIZURE_END).met_by == extension
    with pytest.raises(NotAllowed, match="只能延长一次"):
        add(people, FormCode.SEIZURE_EXTENSION, decision, NOW + 2 * DAY)
    services.void_paper(paper=extension, reason="文号有误", actor=people.actor, now=NOW + 2 * DAY)
    assert decision.terms.get(kind=TermKind.SEIZURE_END).met_at is None


def test_the_measure_is_the_one_that_was_approved(people: Cast) -> None:
    approval = add(people, FormCode.COERCION_APPROVAL)
    with pytest.raises(NotAllowed, match="不一致"):
        add(people, FormCode.SEIZURE_DECISION, approval, measure="seize")
    with pytest.raises(NotAllowed, match="不是停止供电"):
        add(people, FormCode.POWER_CUT_DECISION, approval)


def test_what_was_done_on_the_spot_is_approved_within_a_day(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="实施的时间"):
        add(people, FormCode.SEIZURE_DECISION, on_the_spot=True)
    decision = add(people, FormCode.SEIZURE_DECISION, on_the_spot=True, taken_at="2026-03-02T09:30")
    term = decision.terms.get(kind=TermKind.REPORT)
    assert term.due_at == datetime(2026, 3, 3, 9, 30, tzinfo=NOW.tzinfo)
    add(people, FormCode.COERCION_APPROVAL, decision)
    term.refresh_from_db()
    assert term.met_at == NOW


def test_power_is_cut_a_day_after_the_firm_knows_except_in_an_emergency(people: Cast) -> None:
    approval = add(people, FormCode.COERCION_APPROVAL, coercion="power_cut")
    with pytest.raises(NotAllowed, match="最早到 2026年3月3日 10:30"):
        add(people, FormCode.POWER_CUT_DECISION, approval, cut_at="2026-03-03T10:29")
    decision = add(people, FormCode.POWER_CUT_DECISION, approval)
    with pytest.raises(NotAllowed, match="最早到 2026年3月3日 12:30"):
        builders.serve(people, decision, now=NOW + timedelta(hours=2))
    builders.serve(people, decision)
    with pytest.raises(NotAllowed, match="不能早于告知当事人"):
        add(people, FormCode.POWER_CUT_NOTICE, decision, cut_at="2026-03-03T11:00")
    notice = add(people, FormCode.POWER_CUT_NOTICE, decision)
    builders.serve(people, notice)
    notice.refresh_from_db()
    firm = UserViewer(
        user_id=2, name="赵㛃", roles=frozenset({"principal"}), enterprise_ids=frozenset({people.firm.pk})
    )
    # The firm reads what it was told, not what the supplier was asked.
    assert [paper.form for paper in selectors.papers_visible_to(firm)] == [FormCode.POWER_CUT_DECISION]
    with pytest.raises(NotAllowed, match="什么紧急情形"):
        add(people, FormCode.POWER_CUT_DECISION, approval, is_emergency=True, cut_at="2026-03-02T11:00")
    at_once = add(
        people,
        FormCode.POWER_CUT_DECISION,
        approval,
        is_emergency=True,
        why_emergency="燃气正在泄漏",
        cut_at="2026-03-02T11:00",
    )
    assert add(people, FormCode.POWER_CUT_NOTICE, at_once, cut_at="2026-03-02T11:00").number


def test_a_stop_lasts_six_months_at_most(people: Cast) -> None:
    record = add(people, FormCode.SITE_RECORD)
    with pytest.raises(NotAllowed, match="最迟到 2026年9月2日"):
        add(people, FormCode.SITE_MEASURES, record, until="2026-09-03")
    assert add(people, FormCode.SITE_MEASURES, record, until="2026-09-02").number


def test_kept_evidence_is_handled_in_seven_working_days_or_released(people: Cast) -> None:
    notice = add(people, FormCode.PRESERVATION_NOTICE, add(people, FormCode.PRESERVATION_APPROVAL))
    term = notice.terms.get(kind=TermKind.HANDLE)
    assert (term.due_on, term.rule_id, term.is_provisional) == (date(2026, 3, 11), "D01", False)
    assert notice.content is not None
    assert notice.content["terms"]["handle"]["due"] == "2026-03-11"
    officer = UserViewer(
        user_id=1, name="孙示例", roles=frozenset({"officer"}), organ_ids=frozenset({people.bureau.pk})
    )
    assert [row.due_on for row in panels.terms_of_papers(officer, date(2026, 3, 6))] == [date(2026, 3, 11)]
    assert not list(panels.terms_of_papers(officer, TODAY))
    late = NOW + 10 * DAY
    proposal = add(people, FormCode.PRESERVATION_DISPOSAL_APPROVAL, notice, late)
    with pytest.raises(NotAllowed, match="只能解除"):
        add(people, FormCode.PRESERVATION_DISPOSAL, proposal, late)
    release = add(people, FormCode.PRESERVATION_DISPOSAL_APPROVAL, notice, late, handling="release")
    with pytest.raises(NotAllowed, match="不一致"):
        add(people, FormCode.PRESERVATION_DISPOSAL, release, late)
    add(people, FormCode.PRESERVATION_DISPOSAL, release, late, handling="release")
    term.refresh_from_db()
    assert term.met_at == late
    assert not list(panels.terms_of_papers(officer, date(2026, 3, 12)))


def test_a_provisional_term_is_counted_again_when_the_notice_of_its_year_comes(people: Cast) -> None:
    notice = add(people, FormCode.PRESERVATION_NOTICE, add(people, FormCode.PRESERVATION_APPROVAL))
    PaperTerm.objects.filter(paper=notice).update(is_provisional=True, due_on=date(2026, 3, 10))
    actor = Actor(kind="system", id="", name="系统")
    assert services.count_terms_again(year=2026, actor=actor, now=NOW) == 1
    term = notice.terms.get(kind=TermKind.HANDLE)
    assert (term.due_on, term.is_provisional) == (date(2026, 3, 11), False)


def test_an_order_is_served_within_seven_working_days(people: Cast) -> None:
    order = add(people, FormCode.RECTIFY_ORDER, add(people, FormCode.SITE_RECORD))
    officer = UserViewer(
        user_id=1, name="孙示例", roles=frozenset({"officer"}), organ_ids=frozenset({people.bureau.pk})
    )
    due = {row.subject: row.due_on for row in panels.waiting_for_service(officer, TODAY)}
    assert due[f"{order.number} {people.firm.name}"] == date(2026, 3, 11)
    builders.serve(people, order)
    assert order.terms.get(kind=TermKind.SERVE).met_at == NOW
