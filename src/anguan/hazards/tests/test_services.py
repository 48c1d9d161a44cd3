"""Acts on hazards, with a database: what is allowed and what is refused share one set-up."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from uuid_utils.compat import uuid7

from anguan.ground import audit
from anguan.ground.models import AuditRecord, Evidence, OutboxMessage
from anguan.hazards import services
from anguan.hazards.models import Hazard, Rectification
from anguan.hazards.rules import NotAllowed, Outcome, State
from anguan.hazards.tests import builders as b
from anguan.papers.rules import FormCode
from anguan.papers.tests import builders as papers
from anguan.people.rules import Role
from anguan.registry.models import DeclaredConflict, Membership

pytestmark = pytest.mark.django_db


def test_a_hazard_is_found_once_however_often_the_phone_sends_it() -> None:
    people = b.cast()
    uid, photo = uuid7(), b.a_photo(b.FOUND_AT)
    first = b.a_hazard(people, uid=uid, photos=[photo])
    again = b.a_hazard(people, uid=uid, photos=[photo])
    assert first.pk == again.pk
    assert Hazard.objects.count() == 1
    assert Evidence.objects.filter(owner_type="hazards.hazard").count() == 1
    assert first.state == State.CLASSIFIED
    # Thirty calendar days after Monday 2 March 2026, the first day not counted.
    assert first.due_on == date(2026, 4, 1)
    assert first.due_rule == "rectification-default"


def test_a_hazard_without_a_level_waits_to_be_classified() -> None:
    people = b.cast()
    hazard = b.a_hazard(people, level="")
    assert hazard.state == State.FOUND
    officer = b.actor(people.officer)
    with pytest.raises(NotAllowed, match="判定标准"):
        services.classify_hazard(hazard=hazard, level="major", criterion="很严重", actor=officer, now=b.FOUND_AT)
    major = services.classify_hazard(
        hazard=hazard, level="major", criterion="GB 35181-2025 第6.2条", actor=officer, now=b.FOUND_AT
    )
    assert (major.state, major.level) == (State.CLASSIFIED, "major")
    with pytest.raises(NotAllowed, match="不是判定依据"):
        services.classify_hazard(hazard=hazard, level="general", actor=b.actor(people.leader), now=b.FOUND_AT)
    with pytest.raises(NotAllowed, match="定级人以外"):
        services.classify_hazard(
            hazard=hazard, level="general", criterion="GB 35181-2025 第6.2条", actor=officer, now=b.FOUND_AT
        )


def test_the_term_is_set_before_the_order_is_served_and_not_after() -> None:
    people = b.cast()
    hazard = b.a_hazard(people)
    officer = b.actor(people.officer)
    assert services.set_deadline(hazard=hazard, days=7, actor=officer, now=b.FOUND_AT).due_on == date(2026, 3, 9)
    assert services.set_deadline(hazard=hazard, due_on=date(2026, 3, 6), actor=officer, now=b.FOUND_AT).due_on == date(
        2026, 3, 6
    )
    with pytest.raises(NotAllowed, match="早于今天"):
        services.set_deadline(hazard=hazard, due_on=date(2026, 3, 1), actor=officer, now=b.FOUND_AT)
    b.ordered(people, hazard)
    with pytest.raises(NotAllowed, match="送达后不能直接改"):
        services.set_deadline(hazard=hazard, days=30, actor=officer, now=b.SERVED_AT)


def test_a_hazard_is_rectified_from_the_service_of_a_real_order() -> None:
    people = b.cast()
    hazard = b.a_hazard(people)
    record = papers.issued(people.papers)
    body = papers.order_body()
    body["problems"][1]["hazard_uid"] = str(hazard.uid)
    order = papers.issued(people.papers, FormCode.RECTIFY_ORDER, body=body, answers=record)
    services.attach_order(hazards=[hazard], paper=order, actor=b.actor(people.officer), now=b.FOUND_AT)
    hazard.refresh_from_db()
    assert hazard.state == State.CLASSIFIED
    papers.serve(people.papers, record, order, now=b.SERVED_AT)
    hazard.refresh_from_db()
    assert (hazard.state, hazard.effective_at) == (State.RECTIFYING, b.SERVED_AT)
    # The day that stands on the paper counts.
    assert hazard.due_on == date(2026, 3, 20)


def test_an_order_to_another_enterprise_is_no_order_for_this_hazard() -> None:
    people = b.cast()
    other = papers.enterprise(name="河东第三示例有限公司", credit_code="91510900MA6000003Z")
    hazard = b.a_hazard(people, enterprise=other)
    with pytest.raises(NotAllowed, match="当事人不是"):
        services.attach_order(
            hazards=[hazard], paper=b.an_order(people), actor=b.actor(people.officer), now=b.SERVED_AT
        )


def test_rectification_is_reported_with_proof_that_is_younger_than_the_order() -> None:
    people = b.cast()
    before = b.a_photo(b.FOUND_AT, shade=7)
    hazard = b.a_hazard(people, photos=[before])
    with pytest.raises(NotAllowed, match="应先送达"):
        b.report(people, hazard)
    b.ordered(people, hazard)
    with pytest.raises(NotAllowed, match="至少上传一张"):
        b.report(people, hazard, photos=[])
    with pytest.raises(NotAllowed, match="送达之前"):
        b.report(people, hazard, photos=[b.a_photo(b.SERVED_AT - timedelta(minutes=1))])
    with pytest.raises(NotAllowed, match="晚于现在"):
        b.report(people, hazard, photos=[b.a_photo(b.REPORTED_AT + timedelta(days=1))])
    with pytest.raises(NotAllowed, match="已经用过"):
        b.report(people, hazard, photos=[b.a_photo(b.REPORTED_AT, shade=7)])
    assert Rectification.objects.count() == 0
    b.report(people, hazard)
    hazard.refresh_from_db()
    assert hazard.state == State.REPORTED


def test_a_report_sent_twice_is_one_report() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    uid, photo = uuid7(), b.a_photo(b.REPORTED_AT)
    first = b.report(people, hazard, uid=uid, photos=[photo])
    again = b.report(people, hazard, uid=uid, photos=[photo])
    assert first.pk == again.pk
    assert Evidence.objects.filter(owner_type="hazards.rectification").count() == 1
    with pytest.raises(NotAllowed, match="应由两名执法人员复查"):
        b.report(people, hazard)


def test_two_officers_verify_and_whoever_reported_does_not() -> None:
    people = b.cast()
    hazard = b.reported(people)
    with pytest.raises(NotAllowed, match="两名执法人员"):
        b.verify(people, hazard, officers=[people.first])
    with pytest.raises(NotAllowed, match="报告整改的人"):
        b.verify(people, hazard, actor=b.actor(people.manager))
    with pytest.raises(NotAllowed, match="本人记录"):
        b.verify(people, hazard, actor=b.actor(people.leader))
    people.second.valid_to = date(2026, 1, 1)
    people.second.save()
    with pytest.raises(NotAllowed, match="执法证已过有效期"):
        b.verify(people, hazard)
    people.second.valid_to = date(2027, 1, 1)
    people.second.save()
    assert b.verify(people, hazard).state == State.VERIFIED
    with pytest.raises(NotAllowed, match="应办理销号"):
        b.verify(people, hazard)


def test_an_officer_who_reported_for_the_firm_does_not_recheck() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    b.report(people, hazard, actor=b.actor(people.officer))
    with pytest.raises(NotAllowed, match="不能再来复查"):
        b.verify(people, hazard)


def test_a_returned_report_says_why_and_the_next_one_is_the_second_attempt() -> None:
    people = b.cast()
    hazard = b.reported(people)
    with pytest.raises(NotAllowed, match="写明理由"):
        b.verify(people, hazard, accepted=False, reason=" ")
    b.verify(people, hazard, accepted=False)
    hazard.refresh_from_db()
    assert hazard.state == State.RECTIFYING
    assert OutboxMessage.objects.filter(title__contains="退回").count() == 2
    second = b.report(people, hazard, now=b.CHECKED_AT, photos=[b.a_photo(b.CHECKED_AT)])
    assert second.attempt == 2
    assert list(hazard.rectifications.values_list("outcome", flat=True)) == [Outcome.RETURNED, Outcome.PENDING]


def test_a_verified_hazard_is_closed_and_one_that_comes_back_needs_a_new_order() -> None:
    people = b.cast()
    hazard = b.reported(people)
    leader = b.actor(people.leader, people.papers.branch.pk)
    with pytest.raises(NotAllowed, match="应由两名执法人员复查"):
        services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    b.verify(people, hazard)
    closed = services.close_hazard(hazard=hazard, actor=leader, now=b.CHECKED_AT)
    assert (closed.state, closed.closed_by_name) == (State.CLOSED, "周领导")
    with pytest.raises(NotAllowed, match="写明理由"):
        services.reopen_hazard(hazard=hazard, reason="", actor=leader, now=b.CHECKED_AT)
    again = services.reopen_hazard(hazard=hazard, reason="又堆了纸箱", actor=leader, now=b.CHECKED_AT)
    assert again.state == State.REOPENED
    assert again.order_id is None
    assert again.closed_at is None
    with pytest.raises(NotAllowed, match="重新下达"):
        b.report(people, hazard)
    assert b.ordered(people, again, number=2).state == State.RECTIFYING


def test_a_term_that_ran_out_makes_the_hazard_overdue_once() -> None:
    people = b.cast()
    late, done = b.ordered(people), b.a_hazard(people)
    assert late.order is not None
    services.attach_order(hazards=[done], paper=late.order, actor=b.actor(people.officer), now=b.SERVED_AT)
    done.refresh_from_db()
    b.report(people, done)
    last_day = b.FOUND_AT + timedelta(days=30)
    assert services.mark_overdue(last_day) == 0
    assert services.mark_overdue(last_day + timedelta(days=1)) == 1
    assert services.mark_overdue(last_day + timedelta(days=2)) == 0
    late.refresh_from_db()
    assert (late.state, late.overdue_on) == (State.OVERDUE, date(2026, 4, 2))
    assert OutboxMessage.objects.filter(title__contains="期限已过").count() == 2
    b.report(people, late, now=last_day + timedelta(days=3), photos=[b.a_photo(last_day + timedelta(days=3))])
    late.refresh_from_db()
    assert late.state == State.REPORTED


def test_a_voided_order_leaves_the_hazard_to_be_ordered_again() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    assert hazard.order is not None
    services.withdraw_order(paper=hazard.order, actor=b.actor(people.officer), now=b.SERVED_AT, reason="当事人名称有误")
    hazard.refresh_from_db()
    assert hazard.state == State.CLASSIFIED
    assert hazard.order_id is None
    assert hazard.effective_at is None


def test_what_the_enterprise_found_itself_needs_no_order() -> None:
    people = b.cast()
    own = b.a_hazard(people, source="self", actor=b.actor(people.manager))
    served = b.a_hazard(people)
    manager = b.actor(people.manager)
    assert services.undertake_rectification(hazard=own, actor=manager, now=b.FOUND_AT).state == State.RECTIFYING
    with pytest.raises(NotAllowed, match="不是企业自查"):
        services.undertake_rectification(hazard=served, actor=manager, now=b.FOUND_AT)


def test_every_act_leaves_a_record() -> None:
    people = b.cast()
    hazard = b.reported(people)
    b.verify(people, hazard)
    services.close_hazard(hazard=hazard, actor=b.actor(people.leader), now=b.CHECKED_AT)
    assert [record.action for record in reversed(audit.history(hazard))] == [
        "hazards.find_hazard",
        "hazards.classify_hazard",
        "hazards.attach_order",
        "hazards.start_term",
        "hazards.report_rectification",
        "hazards.verify_rectification",
        "hazards.close_hazard",
    ]
    assert AuditRecord.objects.filter(subject_type="hazards.hazard", cause="").exists()


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        pytest.param({"state": State.CLOSED}, "closed_and_the_closing_time", id="没有销号时间"),
        pytest.param({"state": State.VERIFIED}, "nothing_is_closed_before", id="没有复查"),
        pytest.param({"state": State.OVERDUE}, "overdue_hazard_says", id="没有逾期日"),
        pytest.param({"level": ""}, "has_a_level", id="没有等级"),
        pytest.param({"level": "major"}, "names_its_criterion", id="重大没有判定依据"),
        pytest.param({"due_on": None}, "has_a_term", id="没有期限"),
        pytest.param({"effective_at": None}, "starts_with_a_served_order", id="没有送达"),
    ],
)
def test_the_database_keeps_the_promises_of_the_rules(change: dict[str, Any], promise: str) -> None:
    people = b.cast()
    hazard = b.ordered(people)
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(**change)


def test_the_database_lets_no_reporter_verify_and_no_single_officer_check() -> None:
    people = b.cast()
    hazard = b.reported(people)
    b.verify(people, hazard)
    report = hazard.rectifications.get()
    with pytest.raises(IntegrityError, match="whoever_reported"), transaction.atomic():
        Rectification.objects.filter(pk=report.pk).update(decided_by_id=report.reported_by_id)
    with pytest.raises(IntegrityError, match="two_officers"), transaction.atomic():
        Rectification.objects.filter(pk=report.pk).update(checkers=report.checkers[:1])


@pytest.mark.django_db(transaction=True)
def test_of_two_rechecks_at_once_one_counts() -> None:
    people = b.cast()
    hazard = b.reported(people)
    together = threading.Barrier(2)
    said: list[str] = []

    def recheck(accepted: bool) -> None:
        try:
            together.wait(10)
            b.verify(people, hazard, accepted=accepted)
            said.append("done")
        except NotAllowed as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=recheck, args=(accepted,)) for accepted in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("done") == 1
    report = hazard.rectifications.get()
    hazard.refresh_from_db()
    assert (hazard.state, report.outcome) in {
        (State.VERIFIED, Outcome.ACCEPTED),
        (State.RECTIFYING, Outcome.RETURNED),
    }


def test_an_officer_with_a_conflict_or_of_the_firm_does_not_recheck() -> None:
    people = b.cast()
    hazard = b.reported(people)
    conflict = DeclaredConflict.objects.create(
        officer=people.second, enterprise=people.firm, kind="relative", since=date(2026, 1, 1), declared_at=b.FOUND_AT
    )
    with pytest.raises(NotAllowed, match="回避"):
        b.verify(people, hazard)
    conflict.delete()
    assert people.second.user is not None
    Membership.objects.create(
        user=people.second.user, enterprise=people.firm, role=Role.SAFETY_MANAGER, since=date(2026, 1, 1)
    )
    with pytest.raises(NotAllowed, match="回避"):
        b.verify(people, hazard)


def test_a_place_that_no_paper_could_hold_is_refused_with_a_sentence() -> None:
    with pytest.raises(NotAllowed, match="100"):
        b.a_hazard(b.cast(), place="东" * 101)
