"""The path of a major hazard, with a database: each gate refuses first and lets pass then."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from anguan.ground import audit
from anguan.hazards import penalties, services
from anguan.hazards.models import Closure, Escalation, Hazard, InterimMeasure, Listing, RectificationPlan
from anguan.hazards.rules import NotAllowed, State, count_penalties
from anguan.hazards.selectors import penalised_of, public_listings
from anguan.hazards.tests import builders as b
from anguan.papers.tests import builders as papers

pytestmark = pytest.mark.django_db


def test_a_treated_major_hazard_is_reported_only_under_an_approved_plan_and_decided_measures() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    with pytest.raises(NotAllowed, match="五落实"):
        b.report(people, hazard)
    plan = b.a_plan(people, hazard, approved=False)
    with pytest.raises(NotAllowed, match="五落实"):
        b.report(people, hazard)
    with pytest.raises(NotAllowed, match="报送方案的人不能自己审定"):
        services.decide_plan(plan=plan, approved=True, actor=b.actor(people.manager), now=b.SERVED_AT)
    with pytest.raises(NotAllowed, match="写明理由"):
        services.decide_plan(plan=plan, approved=False, actor=b.actor(people.officer), now=b.SERVED_AT)
    services.decide_plan(
        plan=plan, approved=False, reason="资金没有落实到位", actor=b.actor(people.officer), now=b.SERVED_AT
    )
    with pytest.raises(NotAllowed, match="应由企业修改后另报"):
        services.decide_plan(plan=plan, approved=True, actor=b.actor(people.officer), now=b.SERVED_AT)
    assert b.a_plan(people, hazard).version == 2
    with pytest.raises(NotAllowed, match="临时安全措施"):
        b.report(people, hazard)
    b.a_stop(people, hazard)
    b.report(people, hazard)
    hazard.refresh_from_db()
    assert hazard.state == State.REPORTED


@pytest.mark.parametrize("fix", ["责任", "措施", "资金", "时限", "预案"])
def test_a_plan_without_one_of_the_five_is_refused_by_its_name(fix: str) -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    missing = dict(zip(["责任", "措施", "资金", "时限", "预案"], b.FIXES, strict=True))[fix]
    with pytest.raises(NotAllowed, match=f"缺少“{fix}”"):
        services.submit_plan(
            hazard=hazard,
            uid=uuid7(),
            fixes={**b.FIXES, missing: " "},
            finish_on=date(2026, 3, 25),
            actor=b.actor(people.manager),
            now=b.SERVED_AT,
        )
    assert RectificationPlan.objects.count() == 0


def test_a_plan_ends_within_the_term_and_a_general_hazard_needs_none() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))

    def submit(of: Hazard, **fields: Any) -> RectificationPlan:
        values = {"uid": uuid7(), "fixes": b.FIXES, "finish_on": date(2026, 3, 25), "now": b.SERVED_AT}
        return services.submit_plan(hazard=of, actor=b.actor(people.manager), **{**values, **fields})

    with pytest.raises(NotAllowed, match="晚于整改期限 2026-04-01"):
        submit(hazard, finish_on=date(2026, 4, 2))
    with pytest.raises(NotAllowed, match="早于今天"):
        submit(hazard, finish_on=date(2026, 3, 1))
    uid = uuid7()
    assert submit(hazard, uid=uid).pk == submit(hazard, uid=uid).pk
    with pytest.raises(NotAllowed, match="待审"):
        submit(hazard)
    with pytest.raises(NotAllowed, match="只适用于重大"):
        submit(b.ordered(people, b.a_hazard(people), number=2))


def test_a_stop_rests_on_a_served_decision_and_guarding_on_a_reason() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))

    def decide(**fields: Any) -> InterimMeasure:
        values = {"uid": uuid7(), "kind": "stop_use", "scope": "二层扶梯", "now": b.SERVED_AT}
        return services.decide_measure(hazard=hazard, actor=b.actor(people.officer), **{**values, **fields})

    with pytest.raises(NotAllowed, match="现场处理措施决定书"):
        decide()
    with pytest.raises(NotAllowed, match="现场处理措施决定书"):
        decide(paper=hazard.order)
    with pytest.raises(NotAllowed, match="为什么能保证安全"):
        decide(kind="guard")
    other = papers.enterprise(name="河东第三示例有限公司", credit_code="91510900MA6000003Z")
    with pytest.raises(NotAllowed, match="当事人不是"):
        decide(paper=b.a_site_decision(people, enterprise=other))
    assert decide(kind="guard", reason="隔离并双人看守").state == "in_force"
    with pytest.raises(IntegrityError, match="a_stop_rests_on_a_decision"), transaction.atomic():
        InterimMeasure.objects.filter(kind="guard").update(kind="evacuate")


def test_acceptance_is_applied_for_with_an_assessment_and_has_a_day() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    b.a_plan(people, hazard)
    b.a_stop(people, hazard)
    with pytest.raises(NotAllowed, match="请先报告治理完成"):
        b.applied(people, hazard)
    b.report(people, hazard)
    with pytest.raises(NotAllowed, match="还没有验收申请"):
        b.verify(people, hazard)
    acceptance = b.applied(people, hazard)
    # Ten calendar days after Thursday 5 March 2026 (rule D26).
    assert acceptance.due_on == date(2026, 3, 15)
    with pytest.raises(NotAllowed, match="已有一份验收申请"):
        b.applied(people, hazard)
    b.verify(people, hazard, accepted=False)
    acceptance.refresh_from_db()
    assert acceptance.state == "failed"
    b.report(people, hazard, now=b.CHECKED_AT, photos=[b.a_photo(b.CHECKED_AT)])
    hazard.refresh_from_db()
    with pytest.raises(NotAllowed, match="还没有验收申请"):
        b.verify(people, hazard, now=b.CHECKED_AT + timedelta(hours=1))


def test_production_goes_on_only_after_acceptance_review_and_a_leaders_consent() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    measure = b.a_stop(people, hazard)
    manager, leader = b.actor(people.manager), b.actor(people.leader)
    with pytest.raises(NotAllowed, match="应在隐患排除后由企业申请"):
        services.decide_resumption(measure=measure, consents=True, review="好", actor=leader, now=b.CHECKED_AT)
    measure = services.ask_to_resume(measure=measure, reason="想早点开业", actor=manager, now=b.REPORTED_AT)
    assert measure.due_on == date(2026, 3, 15)
    with pytest.raises(NotAllowed, match="还没有验收合格"):
        services.decide_resumption(measure=measure, consents=True, review="好", actor=leader, now=b.CHECKED_AT)
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        services.decide_resumption(
            measure=measure, consents=False, review="未排除", actor=b.actor(people.officer), now=b.CHECKED_AT
        )
    refused = services.decide_resumption(
        measure=measure, consents=False, review="隐患没有排除", actor=leader, now=b.CHECKED_AT
    )
    assert refused.state == "in_force"


def test_a_major_hazard_is_closed_by_a_leader_on_a_conclusion_after_everything_else() -> None:
    people = b.cast()
    hazard = b.accepted_major(people)
    listing = b.hung(people, hazard)
    leader, officer = b.actor(people.leader), b.actor(people.second.user)
    with pytest.raises(NotAllowed, match="发现人"):
        services.close_hazard(hazard=hazard, actor=b.actor(people.officer), now=b.CHECKED_AT)
    with pytest.raises(NotAllowed, match="临时安全措施还没有解除"):
        services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    b.resumed(people, hazard)
    with pytest.raises(NotAllowed, match="须有销号结论"):
        services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    services.propose_closure(
        hazard=hazard, uid=uuid7(), conclusion="治理到位，建议销号。", actor=officer, now=b.CHECKED_AT
    )
    with pytest.raises(NotAllowed, match="拟写销号结论的人"):
        services.close_hazard(hazard=hazard, actor=officer, now=b.CHECKED_AT)
    closed = services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    assert closed.state == State.CLOSED
    listing.refresh_from_db()
    # Five working days after Friday 6 March 2026.
    assert (listing.state, listing.publish_removal_by) == ("removed", date(2026, 3, 13))
    done = [record.action for record in audit.history(closed)]
    assert {"hazards.submit_plan", "hazards.decide_measure", "hazards.consent_to_resume"} < set(done)


def test_a_conclusion_is_returned_with_a_reason_and_written_again() -> None:
    people = b.cast()
    hazard = b.resumed(people, b.accepted_major(people))
    officer, leader = b.actor(people.second.user), b.actor(people.leader)
    first = services.propose_closure(hazard=hazard, uid=uuid7(), conclusion="好", actor=officer, now=b.CHECKED_AT)
    services.return_closure(closure=first, reason="没有写验收情况", actor=leader, now=b.CHECKED_AT)
    with pytest.raises(NotAllowed, match="须有销号结论"):
        services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    services.propose_closure(hazard=hazard, uid=uuid7(), conclusion="验收合格", actor=officer, now=b.CHECKED_AT)
    assert services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT).state == State.CLOSED
    with pytest.raises(IntegrityError, match="does_not_approve_it"), transaction.atomic():
        Closure.objects.update(decided_by_id="1", proposed_by_id="1")


def test_a_hung_hazard_is_public_once_published_and_tells_no_name_of_a_person() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        b.hung(people, hazard, actor=b.actor(people.officer))
    listing = b.hung(people, hazard)
    # Five working days after Monday 2 March 2026.
    assert listing.publish_by == date(2026, 3, 9)
    assert public_listings() == []
    with pytest.raises(NotAllowed, match="已经挂牌"):
        b.hung(people, hazard, notice_no="示安委督〔2026〕2号")
    with pytest.raises(NotAllowed, match="文号已经用于另一条"):
        b.hung(people, b.a_major(people))
    services.publish_listing(listing=listing, actor=b.actor(people.officer), now=b.SERVED_AT)
    (shown,) = public_listings()
    assert (shown.enterprise, shown.state, shown.office) == (people.firm.name, "hung", "示例区副区长")
    assert "周领导" not in repr(shown)
    services.withdraw_listing(listing=listing, reason="判定依据有误", actor=b.actor(people.leader), now=b.REPORTED_AT)
    (shown,) = public_listings()
    assert (shown.state, shown.enterprise, shown.hazard) == ("withdrawn", "", "")
    assert shown.withdrawal_reason == "判定依据有误"
    with pytest.raises(NotAllowed, match="已经撤回"):
        services.publish_listing(listing=listing, actor=b.actor(people.officer), now=b.SERVED_AT)


def test_a_removal_is_public_when_it_was_published() -> None:
    people = b.cast()
    hazard = b.resumed(people, b.accepted_major(people))
    listing = b.hung(people, hazard)
    officer, leader = b.actor(people.second.user), b.actor(people.leader)
    services.publish_listing(listing=listing, actor=officer, now=b.SERVED_AT)
    services.propose_closure(hazard=hazard, uid=uuid7(), conclusion="合格", actor=officer, now=b.CHECKED_AT)
    services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    assert public_listings()[0].state == "hung"
    services.publish_listing(listing=Listing.objects.get(), actor=officer, now=b.CHECKED_AT)
    assert public_listings()[0].state == "removed"
    assert public_listings()[0].removed_on == date(2026, 3, 6)


def test_an_overdue_major_hazard_is_proposed_upward_once_and_a_leader_decides() -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    b.ordered(people, b.a_hazard(people), number=2)
    late = b.SERVED_AT + timedelta(days=40)
    assert services.mark_overdue(late) == 2
    assert set(Escalation.objects.values_list("hazard", "kind")) == {(hazard.pk, "penalty"), (hazard.pk, "stop")}
    officer, leader = b.actor(people.officer), b.actor(people.leader)
    with pytest.raises(NotAllowed, match="停止供电的前提"):
        services.propose_escalation(hazard=hazard, kind="power_cut", ground="拒不停产", actor=officer, now=late)
    stop = Escalation.objects.get(kind="stop")
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        services.decide_escalation(escalation=stop, adopted=True, actor=officer, now=late)
    with pytest.raises(NotAllowed, match="写明理由"):
        services.decide_escalation(escalation=stop, adopted=False, actor=leader, now=late)
    assert services.decide_escalation(escalation=stop, adopted=True, actor=leader, now=late).state == "adopted"
    b.a_stop(people, hazard)
    cut = services.propose_escalation(hazard=hazard, kind="power_cut", ground="拒不停产", actor=officer, now=late)
    with pytest.raises(NotAllowed, match="已在等负责人决定"):
        services.propose_escalation(hazard=hazard, kind="power_cut", ground="拒不停产", actor=officer, now=late)
    services.decide_escalation(escalation=cut, adopted=False, reason="已经停产", actor=leader, now=late)
    with pytest.raises(NotAllowed, match="情况有变的可以另提"):
        services.decide_escalation(escalation=cut, adopted=True, actor=leader, now=late)


WINDOWS = [{"times": 3, "days": 180}, {"times": 4, "months": 12}]


@pytest.mark.parametrize(
    ("days", "counts", "repeated"),
    [
        pytest.param(["2026-09-03", "2026-10-01", "2027-03-01"], (3, 3), True, id="第180天那次在内"),
        pytest.param(["2026-09-02", "2026-10-01", "2027-03-01"], (2, 3), False, id="早一天就不在内"),
        pytest.param(["2026-03-02", "2026-04-01", "2026-05-01", "2026-06-01"], (0, 4), True, id="一年内四次"),
        pytest.param(["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"], (0, 3), False, id="满一年那天不在内"),
        pytest.param(["2027-03-02"], (0, 0), False, id="以后的不算"),
        pytest.param([], (0, 0), False, id="没有处罚"),
    ],
)
def test_penalties_are_counted_back_from_the_day(days: list[str], counts: tuple[int, int], repeated: bool) -> None:
    found = count_penalties([date.fromisoformat(day) for day in days], date(2027, 3, 1), WINDOWS)
    assert tuple(times for _, times in found.since) == counts
    assert found.is_repeated is repeated


@pytest.mark.django_db
def test_closure_is_proposed_on_penalties_only_where_somebody_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    people = b.cast()
    hazard = b.ordered(people, b.a_major(people))
    today = b.SERVED_AT.date()
    asked: dict[str, Any] = {
        "hazard": hazard,
        "kind": "closure",
        "ground": "屡罚屡犯",
        "actor": b.actor(people.officer),
        "now": b.SERVED_AT,
    }
    monkeypatch.setattr(penalties, "_sources", [])
    assert penalised_of(hazard, today) is None
    with pytest.raises(NotAllowed, match="整改期限还没有届满"):
        services.propose_escalation(**asked)
    kept = [today - timedelta(days=days) for days in (10, 40, 90)]
    penalties.penalty_source(lambda firm, _since, _until: kept if firm == hazard.enterprise_id else [])
    proposal = services.propose_escalation(**asked)
    assert proposal.ground.startswith("屡罚屡犯\n平台记录的安全生产行政处罚：")
    assert proposal.ground.count("以后 3 次") == 2
