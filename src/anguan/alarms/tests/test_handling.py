"""What operators do with an incident: allowed and refused share one set-up."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from anguan.alarms.events import RepairRequested
from anguan.alarms.models import (
    HandlingAgreement,
    Incident,
    IncidentPoint,
    IncidentTimer,
    Notice,
    RepairRequest,
)
from anguan.alarms.rules.incidents import IncidentState, Timer, Verdict
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import SignalKind as K
from anguan.alarms.selectors import truth
from anguan.alarms.services import handling, repairs
from anguan.alarms.services.escalation import escalate_due
from anguan.alarms.tests import builders as b
from anguan.ground import audit, events
from anguan.ground.models import AuditRecord, OutboxMessage
from anguan.people.models import DutyShift, User

pytestmark = pytest.mark.django_db


def taken(people: b.Cast, after: float = 5, point: int = 0) -> Incident:
    """A fire alarm that the first operator took and is verifying."""
    incident = b.an_incident(people, after=after - 5, point=point)
    handling.acknowledge(incident=incident, actor=b.actor(people.first), now=b.at(after))
    return handling.verify(
        incident=incident, actor=b.actor(people.first), now=b.at(after + 5), what="电话控制室", heard="正在派人去看"
    )


def judged_false(people: b.Cast, after: float, point: int = 0) -> Incident:
    """A fire alarm that turned out to be none."""
    return handling.judge_false(
        incident=taken(people, after, point),
        cause="cooking",
        heard="后厨油烟，保安已到场",
        actor=b.actor(people.first),
        now=b.at(after + 30),
    )


def test_from_the_signal_to_the_verdict_every_step_says_who_when_and_what_was_heard() -> None:
    people = b.cast()
    incident = b.an_incident(people)
    assert handling.present(incident_ids=[incident.pk], actor=b.actor(people.first), now=b.at(1)) == 1
    assert handling.present(incident_ids=[incident.pk], actor=b.actor(people.second), now=b.at(2)) == 0
    first = b.actor(people.first)
    handling.acknowledge(incident=incident, actor=first, now=b.at(4))
    handling.verify(incident=incident, actor=first, now=b.at(10), what="电话控制室", heard="正在派人")
    handling.arrive(incident=incident, actor=first, now=b.at(60), heard="微站已到五层")
    with pytest.raises(NotAllowed, match="误报要选定原因"):
        handling.judge_false(incident=incident, cause="", heard="没有火", actor=first, now=b.at(70))
    handling.judge_false(incident=incident, cause="steam", heard="淋浴间水汽", actor=first, now=b.at(70))
    done = handling.close(incident=incident, actor=first, now=b.at(80))
    assert (done.state, done.verdict, done.false_cause) == (IncidentState.CLOSED, Verdict.FALSE, "steam")
    assert [(step.action, step.by_name, step.heard) for step in done.steps.all()] == [
        ("opened", "系统", ""),
        ("present", "示例值班甲", ""),
        ("acknowledge", "示例值班甲", ""),
        ("verify", "示例值班甲", "正在派人"),
        ("arrive", "示例值班甲", "微站已到五层"),
        ("judge_false", "示例值班甲", "淋浴间水汽"),
        ("close", "示例值班甲", ""),
    ]
    kept = {row.timer: (row.due_at - row.started_at, row.met_at) for row in IncidentTimer.objects.all()}
    assert kept == {
        "present": (timedelta(seconds=10), b.at(1)),
        "acknowledge": (timedelta(seconds=30), b.at(4)),
        "on_site": (timedelta(seconds=60), b.at(60)),
        "micro_station": (timedelta(seconds=180), b.at(60)),
    }
    assert not IncidentPoint.objects.filter(is_open=True).exists()
    assert AuditRecord.objects.filter(subject_id=str(done.pk), action="alarms.judge_false").count() == 1


def test_who_may_not_handle_is_told_why() -> None:
    people = b.cast()
    incident = taken(people)
    second = b.actor(people.second)
    with pytest.raises(NotAllowed, match="示例值班甲已于09:00受理"):
        handling.acknowledge(incident=incident, actor=second, now=b.at(9))
    with pytest.raises(NotAllowed, match="写明理由接手"):
        handling.judge_true(incident=incident, actor=second, now=b.at(9))
    with pytest.raises(NotAllowed, match="值班人员处置"):
        handling.verify(incident=incident, actor=b.actor(people.stranger), now=b.at(9))
    with pytest.raises(NotAllowed, match="接手的理由"):
        handling.take_over(incident=incident, reason=" ", actor=second, now=b.at(9))
    handling.take_over(incident=incident, reason="交接班", actor=second, now=b.at(9))
    handling.judge_true(incident=incident, actor=second, now=b.at(10))


def test_the_same_operator_may_press_twice() -> None:
    people = b.cast()
    incident = b.an_incident(people)
    for second in (5, 6):
        handling.acknowledge(incident=incident, actor=b.actor(people.first), now=b.at(second))
    assert incident.steps.filter(action="acknowledge").count() == 1
    assert Incident.objects.get().acknowledged_at == b.at(5)


@pytest.mark.django_db(transaction=True)
def test_of_operators_who_press_at_once_one_takes_it() -> None:
    people = b.cast()
    crowd = [b.user(f"示例值班{number}", people.organ) for number in range(6)]
    incident = b.an_incident(people)
    gate, took, refused = threading.Barrier(len(crowd)), [], []

    def press(one: User) -> None:
        try:
            gate.wait()
            handling.acknowledge(incident=incident, actor=b.actor(one), now=b.at(3))
            took.append(one.pk)
        except NotAllowed as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(one,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    incident.refresh_from_db()
    assert took == [incident.handler_id]
    assert len(refused) == 5
    assert all("受理这起警情" in sentence for sentence in refused)
    assert incident.steps.filter(action="acknowledge").count() == 1


@pytest.mark.django_db(transaction=True)
def test_signals_and_verdicts_that_race_leave_every_signal_in_an_incident() -> None:
    people = b.cast(1)
    errors: list[Exception] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        return run

    def report() -> None:
        for number in range(30):
            b.tell(b.pending(people.device, people.points[0], after=number * 200))

    def judge() -> None:
        for number in range(15):
            for incident in Incident.objects.filter(verdict=""):
                first, now = b.actor(people.first), b.at(number)
                handling.acknowledge(incident=incident, actor=first, now=now)
                handling.verify(incident=incident, actor=first, now=now)
                handling.judge_false(incident=incident, cause="dust", heard="无火", actor=first, now=now)

    threads = [threading.Thread(target=guarded(work)) for work in (report, judge)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(Incident.objects.values_list("signals_count", flat=True)) == 30
    assert IncidentPoint.objects.filter(is_open=True).count() == Incident.objects.filter(verdict="").count()
    ids = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == sorted(ids)


def test_a_verdict_of_false_can_still_become_a_fire() -> None:
    people = b.cast()
    incident = judged_false(people, 5)
    handling.judge_true(incident=incident, actor=b.actor(people.first), now=b.at(60), heard="复看发现明火")
    incident.refresh_from_db()
    assert (incident.state, incident.verdict, incident.false_cause) == ("true_fire", "true", "")
    assert IncidentPoint.objects.get(incident=incident).is_open
    # What the point says now belongs to the burning incident.
    b.tell(b.pending(people.device, people.points[0], after=500))
    assert Incident.objects.count() == 1


def test_what_burns_is_a_fire_whatever_told_of_it() -> None:
    people = b.cast()
    pump, detector = people.points[:2]
    b.tell(b.pending(people.device, pump, K.FAULT))
    first, incident = b.actor(people.first), Incident.objects.get()
    handling.acknowledge(incident=incident, actor=first, now=b.at(5))
    handling.judge_true(incident=incident, actor=first, now=b.at(9), heard="泵房起火")
    # It takes the fire signals of its building, and its point may tell of a fault again.
    b.tell(b.pending(people.device, detector, after=60), b.pending(people.device, pump, K.FAULT, after=61))
    fire, fault = Incident.objects.order_by("pk")
    assert (fire.pk, fire.kind, fire.state, fire.points_count) == (incident.pk, "fire", "true_fire", 2)
    assert (fault.kind, fault.state) == ("fault", "received")
    assert truth.whole_tally(b.viewer(people.first), b.at(-60), b.at(60)).true == 1
    assert IncidentTimer.objects.get(incident=fire, timer=Timer.FORWARD).due_at == b.at(9 + 3)
    with pytest.raises(NotAllowed, match="已经另立警情"):
        handling.judge_true(
            incident=handling.acknowledge(incident=fault, actor=first, now=b.at(70)), actor=first, now=b.at(71)
        )


def test_a_fire_is_not_judged_twice_in_two_incidents() -> None:
    people = b.cast()
    old = judged_false(people, 5)
    b.an_incident(people, after=500)
    with pytest.raises(NotAllowed, match="已经另立警情"):
        handling.judge_true(incident=old, actor=b.actor(people.first), now=b.at(510), heard="明火")


def test_a_timer_that_nobody_met_tells_everybody_on_duty_once() -> None:
    people = b.cast()
    DutyShift.objects.create(
        organ=people.organ, user=people.second, post="operator", since=b.at(-3600), until=b.at(3600)
    )
    incident = b.an_incident(people)
    assert escalate_due(b.at(9.9)) == 0
    assert escalate_due(b.at(10)) == 1
    assert escalate_due(b.at(11)) == 0
    message = OutboxMessage.objects.get()
    assert (message.address, message.is_urgent) == (people.second.phone, True)
    step = incident.steps.get(action="escalated")
    assert step.what == "10 秒内没有呈现，已通知值班人员：示例值班乙"
    assert Notice.objects.latest("pk").what == "escalated"
    # No screen shows it even then; that nobody took it either is told as well, and then it is presented too late.
    assert (escalate_due(b.at(39.9)), escalate_due(b.at(40)), escalate_due(b.at(600))) == (0, 1, 0)
    assert incident.steps.filter(action="escalated").latest("pk").what.startswith("30 秒内没有受理，已通知值班人员")
    handling.present(incident_ids=[incident.pk], actor=b.actor(people.first), now=b.at(700))
    assert escalate_due(b.at(800)) == 0


def test_timers_that_run_out_together_are_told_in_one_message_with_their_counts() -> None:
    people = b.cast()
    DutyShift.objects.create(
        organ=people.organ, user=people.second, post="operator", since=b.at(-3600), until=b.at(3600)
    )
    devices = [b.a_device(organ=people.organ) for _ in range(5)]
    b.tell(*(b.pending(device, b.a_point(device, 1)) for device in devices[:4]))
    b.tell(b.pending(devices[4], b.a_point(devices[4], 1), K.SUPERVISORY))
    still_open = list(Incident.objects.all())
    closed = handling.judge_test(incident=taken(people), actor=b.actor(people.first), now=b.at(15), heard="计划内检测")
    assert escalate_due(b.at(600)) >= len(still_open) == 5
    message = OutboxMessage.objects.get()
    assert message.title == "警情超时未处理：火警 4 项、监管报警 1 项，请立即查看"
    assert (message.link, message.is_urgent) == ("/alarms/", True)
    for incident in still_open:
        assert incident.steps.get(action="escalated").what.endswith("，已通知值班人员：示例值班乙")
        record = AuditRecord.objects.get(action="alarms.escalate", subject_id=str(incident.pk))
        assert record.content_hash == audit.content_hash(record)
    assert not closed.steps.filter(action="escalated").exists()
    assert escalate_due(b.at(601)) == 0


def test_where_nobody_is_on_duty_the_leaders_are_told() -> None:
    people = b.cast()
    incident = taken(people)
    handling.report_unreachable(incident=incident, actor=b.actor(people.first), now=b.at(20), heard="无人接听")
    assert {message.address for message in OutboxMessage.objects.all()} == {
        people.leader.phone,
        people.leader.email,
    }
    incident.refresh_from_db()
    assert incident.state == IncidentState.UNREACHABLE
    assert IncidentTimer.objects.get(incident=incident, timer=Timer.ON_SITE).met_at is None


def test_three_false_alarms_of_a_point_within_seven_days_ask_for_a_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    people = b.cast()
    heard: list[RepairRequested] = []
    monkeypatch.setitem(events._handlers, RepairRequested, [heard.append])
    day = 24 * 3600
    for after in (-5 * day, 5, 2.5 * day):
        judged_false(people, after)
    assert RepairRequest.objects.count() == 0
    # The first is more than seven days ago by now, the other two are not.
    judged_false(people, 6.5 * day)
    request = RepairRequest.objects.get()
    assert (request.point, request.reason) == (people.points[0], "false_alarms")
    assert [event.point_id for event in heard] == [people.points[0].pk]
    judged_false(people, 6.6 * day)
    assert RepairRequest.objects.count() == 1
    repairs.close_repair(request=request, outcome="清洗探测器", actor=b.actor(people.first), now=b.at(7 * day))
    judged_false(people, 7.1 * day)
    assert RepairRequest.objects.count() == 2


def test_a_fault_asks_for_a_repair_of_its_points() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0], K.FAULT))
    incident = Incident.objects.get()
    first = b.actor(people.first)
    handling.acknowledge(incident=incident, actor=first, now=b.at(5))
    handling.judge_fault(incident=incident, actor=first, now=b.at(9), heard="探测器失联")
    request = RepairRequest.objects.get()
    assert (request.reason, request.text, request.incident) == ("fault", "探测器失联", incident)
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairRequest.objects.create(
            point=request.point, reason="fault", opened_at=b.at(10), opened_by_name="示例值班甲"
        )


def test_a_unit_with_too_many_false_alarms_in_a_day_has_to_agree_on_handling() -> None:
    people = b.cast()
    for number in range(5):
        judged_false(people, 300 * number)
    assert HandlingAgreement.objects.count() == 0
    judged_false(people, 1500)
    judged_false(people, 1800)
    agreement = HandlingAgreement.objects.get()
    assert (agreement.enterprise, agreement.false_alarms) == (people.firm, 7)
    with pytest.raises(NotAllowed, match="约定的内容"):
        repairs.record_agreement(
            agreement=agreement, agreed=" ", with_whom="示例消防管理人", actor=b.actor(people.first), now=b.at(2000)
        )
    repairs.record_agreement(
        agreement=agreement,
        agreed="整改期间加派专人看守",
        with_whom="示例消防管理人",
        actor=b.actor(people.first),
        now=b.at(2000),
    )
    assert HandlingAgreement.objects.get().agreed_at == b.at(2000)
