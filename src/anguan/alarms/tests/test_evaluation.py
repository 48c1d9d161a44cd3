"""Signals in the queue become states, outages and incidents, each exactly once."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from anguan.alarms import models, showing
from anguan.alarms.evaluator import SET_ASIDE, _judge, run_until
from anguan.alarms.intake.checking import check
from anguan.alarms.models import (
    Incident,
    IncidentPoint,
    IncidentSignal,
    IncidentTimer,
    Notice,
    Outage,
    Pending,
    Point,
    PointState,
)
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.incidents import IncidentKind, IncidentState, Timer, Verdict
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import PointKey
from anguan.alarms.rules.signals import SignalKind as K
from anguan.alarms.services import evaluation, handling, windows
from anguan.alarms.services.evaluation import evaluate_pending
from anguan.alarms.tests import builders as b
from anguan.ground.access import Actor
from anguan.ground.complaints import Complaint
from anguan.ground.models import AuditRecord, Heartbeat

pytestmark = pytest.mark.django_db


def test_eight_frames_over_eight_gateways_make_one_incident_with_eight_signals() -> None:
    people = b.cast()
    b.tell(*(b.pending(people.device, people.points[0], start=start) for start in range(1, 9)))
    incident = Incident.objects.get()
    assert (incident.kind, incident.state, incident.signals_count) == ("fire", "received", 8)
    assert (incident.organ, incident.building, incident.enterprise) == (people.organ, people.building, people.firm)
    assert IncidentSignal.objects.filter(incident=incident).count() == 8
    timer = IncidentTimer.objects.get(incident=incident)
    assert (timer.timer, timer.due_at) == (Timer.PRESENT, b.at(10))
    assert AuditRecord.objects.filter(action="alarms.open_incident", subject_id=str(incident.pk)).count() == 1
    assert Pending.objects.count() == 0
    assert PointState.objects.get(point=people.points[0]).kinds == ["fire"]


def test_a_report_may_end_a_fire_and_tell_of_a_fault_but_is_in_one_incident_of_a_kind() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0]))
    b.tell(b.pending(people.device, people.points[0], K.FAULT, after=5))
    fire, fault = Incident.objects.order_by("opened_at")
    assert (fire.kind, fire.restored_at, fault.kind) == ("fire", b.at(5), "fault")
    assert check().doubled_incidents == 0
    shared = IncidentSignal.objects.get(incident=fault)
    IncidentSignal.objects.filter(pk=shared.pk).delete()
    other = b.a_device(people)
    b.tell(b.pending(other, b.a_point(other, 1), K.FAULT, after=6))
    for incident in (fault, Incident.objects.get(device=other)):
        IncidentSignal.objects.create(
            incident=incident,
            start_id=shared.start_id,
            number=shared.number,
            index=shared.index,
            point=shared.point,
            kinds=shared.kinds,
            received_at=shared.received_at,
        )
    assert check().doubled_incidents == 1


def test_a_batch_after_the_other_joins_what_the_first_opened() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0]))
    b.tell(b.pending(people.device, people.points[1], after=40))
    incident = Incident.objects.get()
    assert incident.is_presumed
    assert (incident.points_count, incident.signals_count, incident.rank) == (2, 2, 0)
    assert [notice.what for notice in Notice.objects.order_by("pk")] == ["opened", "presumed"]


def test_a_point_that_nobody_knew_is_made_with_the_words_of_the_panel() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, PointKey(1, 1, 23, 77), text="十五层电梯前室手报"))
    incident = Incident.objects.get()
    assert incident.is_presumed
    assert Point.objects.get(component_address=77).text == "十五层电梯前室手报"


def test_what_no_admitted_device_said_makes_nothing() -> None:
    people = b.cast()
    stranger, blocked = b.a_device(state=DeviceState.UNKNOWN), b.a_device(people, state=DeviceState.BLOCKED)
    waiting = b.pending(stranger, PointKey(1, 1, 40, 1))
    waiting.device_id = None
    b.tell(waiting, b.pending(blocked, PointKey(1, 1, 40, 1)))
    assert Incident.objects.count() == 0
    # The stranger's words wait for somebody to admit it; the blocked device's are done with.
    assert Pending.objects.get().source == stranger.source


def test_fire_is_judged_first_and_an_older_report_does_not_overwrite_a_newer_one() -> None:
    people = b.cast()
    Pending.objects.bulk_create(
        [
            b.pending(people.device, people.points[0], K.NORMAL, after=1),
            b.pending(people.device, people.points[1], K.FAULT, after=2),
            b.pending(people.device, people.points[0], K.FIRE, after=3),
        ]
    )
    assert evaluate_pending(now=b.at(4), limit=1) == 1
    assert Incident.objects.get().kind == IncidentKind.FIRE
    b.tell(b.pending(people.device, people.points[2], K.NORMAL, after=5))
    assert PointState.objects.get(point=people.points[0]).kinds == ["fire"]
    assert Incident.objects.get(kind="fire").restored_at is None


def test_a_storm_of_three_thousand_points_is_one_incident(django_assert_max_num_queries: object) -> None:
    people = b.cast(0)
    b.tell(*(b.pending(people.device, PointKey(1, 1, 40, number), after=number / 1000) for number in range(3000)))
    incident = Incident.objects.get()
    assert incident.is_grouped
    assert (incident.points_count, incident.signals_count) == (3000, 3000)
    assert IncidentPoint.objects.filter(incident=incident, is_open=True).count() == 3000


def test_a_word_that_is_no_news_is_noted_at_its_point_and_opens_nothing() -> None:
    people = b.cast()
    point = people.points[0]
    b.tell(b.pending(people.device, point, K.NORMAL))
    b.tell(b.pending(people.device, point, K.NORMAL, after=60), b.pending(people.device, point, K.NORMAL, after=120))
    state = PointState.objects.get(point=point)
    assert (state.kinds, state.since, state.at) == (["normal"], b.at(0), b.at(120))
    assert Pending.objects.count() == Incident.objects.count() == 0


def test_the_same_word_is_news_again_once_the_point_said_something_else() -> None:
    people = b.cast()
    point = people.points[0]
    b.tell(b.pending(people.device, point, K.NORMAL))
    b.tell(
        b.pending(people.device, point, K.NORMAL, after=10),
        b.pending(people.device, point, K.FAULT, after=20),
        b.pending(people.device, point, K.NORMAL, after=30),
    )
    state, incident = PointState.objects.get(point=point), Incident.objects.get()
    assert (state.kinds, state.since, state.at) == (["normal"], b.at(30), b.at(30))
    assert (incident.kind, incident.restored_at) == ("fault", b.at(30))


def test_a_fault_that_came_late_still_ends_with_the_next_normal_word() -> None:
    people = b.cast()
    point = people.points[0]
    b.tell(b.pending(people.device, point, K.NORMAL, after=5))
    b.tell(b.pending(people.device, point, K.FAULT, after=3))
    assert Incident.objects.get().restored_at is None
    b.tell(b.pending(people.device, point, K.NORMAL, after=6))
    assert Incident.objects.get().restored_at == b.at(6)


def test_an_outage_lasts_until_the_point_reports_without_it() -> None:
    people = b.cast()
    point = people.points[0]
    b.tell(b.pending(people.device, point, K.SHIELDED))
    b.tell(b.pending(people.device, point, K.SHIELDED, after=50), b.pending(people.device, point, K.NORMAL, after=100))
    outage = Outage.objects.get()
    assert (outage.kind, outage.since, outage.until) == ("shielded", b.at(0), b.at(100))


def test_a_fault_that_is_over_is_closed_by_the_platform_and_a_fire_is_not() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0], K.FAULT), b.pending(people.device, people.points[1], K.FIRE))
    b.tell(
        b.pending(people.device, people.points[0], K.NORMAL, after=20),
        b.pending(people.device, people.points[1], K.NORMAL, after=20),
    )
    assert handling.close_restored(b.at(79), 60) == 0
    assert handling.close_restored(b.at(80), 60) == 1
    fault, fire = Incident.objects.get(kind="fault"), Incident.objects.get(kind="fire")
    assert (fault.state, fault.verdict) == (IncidentState.CLOSED, Verdict.RESTORED)
    assert (fire.state, fire.restored_at) == (IncidentState.RECEIVED, b.at(20))


def test_a_reset_takes_the_fire_of_all_points_back_and_is_told_to_the_incident() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0]))
    b.tell(b.pending(people.device, PointKey(1, 1), K.RESET, after=30))
    assert PointState.objects.get(point=people.points[0]).kinds == []
    incident = Incident.objects.get()
    assert incident.steps.filter(action="reset").count() == 1
    assert (incident.state, incident.restored_at) == (IncidentState.RECEIVED, b.at(30))
    # The page says so of the point, and a verdict of before does not cover what it tells next.
    assert not incident.points.get().is_active
    first = b.actor(people.first)
    b.tell(b.pending(people.device, people.points[0], after=40))
    handling.acknowledge(incident=incident, actor=first, now=b.at(50))
    handling.verify(incident=incident, actor=first, now=b.at(51))
    handling.judge_false(incident=incident, cause="steam", heard="水汽", actor=first, now=b.at(60))
    b.tell(b.pending(people.device, PointKey(1, 1), K.RESET, after=70))
    b.tell(b.pending(people.device, people.points[0], after=90))
    assert Incident.objects.count() == 2


def test_a_test_window_labels_and_a_second_zone_breaks_through() -> None:
    people = b.cast()
    window = models.TestWindow.objects.create(
        organ=people.organ,
        building=people.building,
        since=b.at(-600),
        until=b.at(600),
        reason="年度联动测试",
        responsible="示例维保",
        recorded_at=b.at(-900),
        recorded_by_id="1",
        recorded_by_name="示例值班甲",
        rule_version=1,
    )
    b.tell(b.pending(people.device, people.points[0]))
    test = Incident.objects.get()
    assert (test.state, test.verdict, test.window) == ("test", "test", window)
    # Another storey, in a batch of its own, within ninety seconds.
    b.tell(b.pending(people.device, people.points[2], after=60))
    real = Incident.objects.get(window=None)
    assert real.state == IncidentState.RECEIVED
    assert real.steps.filter(action="broke_through").count() == 1


def test_a_fire_found_in_a_test_ends_the_test_and_takes_every_signal_of_its_building() -> None:
    people = b.cast()
    first = b.actor(people.first)
    window = windows.open_test_window(
        organ=people.organ,
        device=people.device,
        since=b.at(0),
        until=b.at(3600),
        reason="年度联动测试",
        responsible="示例维保",
        actor=first,
        now=b.at(0),
    )
    b.tell(b.pending(people.device, people.points[0], after=5))
    handling.judge_true(incident=Incident.objects.get(), actor=first, now=b.at(60), heard="三层起火，不是测试")
    window.refresh_from_db()
    assert window.until == b.at(60)
    # The same point, another storey, and long after the test was to end: all of it is the fire.
    for after, point in ((70, 0), (300, 2), (4000, 0), (4100, 3)):
        b.tell(b.pending(people.device, people.points[point], after=after))
    fire = Incident.objects.get()
    assert (fire.handler, fire.points_count, fire.signals_count) == (people.first, 3, 5)
    assert showing.kind_word(fire) == "真实火警"
    handling.forward(incident=fire, actor=first, now=b.at(4200), heard="119 已受理")
    handling.handle(incident=fire, actor=first, now=b.at(4300), heard="已扑灭")
    # When it is over, the next alarm is nobody's test.
    b.tell(b.pending(people.device, people.points[0], after=4400))
    assert Incident.objects.latest("pk").state == IncidentState.RECEIVED


def test_the_database_keeps_one_open_incident_a_cause() -> None:
    people = b.cast()
    incident = b.an_incident(people)
    with pytest.raises(IntegrityError, match="one_open_incident_per_cause"), transaction.atomic():
        Incident.objects.create(
            organ=people.organ,
            device=people.device,
            kind=incident.kind,
            cause_key=incident.cause_key,
            rank=1,
            opened_at=b.at(1),
            last_signal_at=b.at(1),
            rule_version=1,
        )


@pytest.mark.django_db(transaction=True)
def test_evaluators_that_race_do_each_thing_once() -> None:
    people = b.cast(0)
    rounds, copies = 25, 8
    devices = [b.a_device(people, building=None) for _ in range(rounds)]
    Pending.objects.bulk_create(
        b.pending(device, PointKey(1, 1, 40, 1), start=copy) for copy in range(copies) for device in devices
    )
    errors: list[Exception] = []

    def work() -> None:
        try:
            idle = 0
            while idle < 3:
                idle = 0 if evaluate_pending(now=b.at(1), limit=7) else idle + 1
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while evaluate_pending(now=b.at(1)):
        pass
    assert errors == []
    assert Pending.objects.count() == 0
    assert sorted(Incident.objects.values_list("signals_count", flat=True)) == [copies] * rounds
    assert IncidentSignal.objects.count() == rounds * copies


@pytest.mark.django_db(transaction=True)
def test_a_second_evaluator_stands_by_while_the_first_holds_the_lock() -> None:
    people = b.cast()
    Pending.objects.bulk_create([b.pending(people.device, people.points[0])])
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [evaluation._LOCK])
            held.set()
            done.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    assert evaluate_pending(now=b.at(1)) == 0
    done.set()
    thread.join()
    assert evaluate_pending(now=b.at(1)) == 1


def test_after_a_verdict_the_same_point_counts_up_for_a_while_and_then_is_a_new_incident() -> None:
    people = b.cast()
    incident = b.an_incident(people)
    first = b.actor(people.first)
    handling.acknowledge(incident=incident, actor=first, now=b.at(5))
    handling.verify(incident=incident, actor=first, now=b.at(6), what="电话联系控制室")
    handling.judge_false(incident=incident, cause="steam", heard="浴室水汽", actor=first, now=b.at(30))
    b.tell(b.pending(people.device, people.points[0], after=60))
    assert Incident.objects.get().signals_count == 2
    b.tell(b.pending(people.device, people.points[0], after=30 + 90))
    assert Incident.objects.count() == 2
    assert timedelta(0) < Incident.objects.latest("pk").opened_at - incident.opened_at


def test_a_signal_that_can_t_be_judged_holds_up_nobody_and_stays(caplog: pytest.LogCaptureFixture) -> None:
    people = b.cast()
    broken = b.pending(people.device, people.points[0])
    broken.observations = ["no observation at all"]
    rows = [broken, b.pending(people.device, people.points[0]), b.pending(people.device, people.points[1])]
    Pending.objects.bulk_create(rows)
    refused = Complaint(logging.getLogger("anguan.test"), "refused")
    assert _judge(refused) == 2
    assert Incident.objects.get().points_count == 2
    assert Pending.objects.get().urgency == SET_ASIDE
    # Looked at again it is no news, and what comes later goes before it.
    said = len(caplog.records)
    assert _judge(refused) == 0
    Pending.objects.bulk_create([b.pending(people.device, people.points[0], after=1)])
    assert _judge(refused) == 1
    assert len(caplog.records) == said
    assert Incident.objects.get().signals_count == 3


def test_a_fire_after_the_clock_was_put_back_is_an_incident_all_the_same() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0], K.NORMAL))
    b.tell(b.pending(people.device, people.points[0], after=-3600))
    incident = Incident.objects.get()
    assert (incident.kind, incident.signals_count) == ("fire", 1)
    # The one before the jump is still the same fire after it.
    b.tell(b.pending(people.device, people.points[0], after=-7200))
    assert Incident.objects.get().signals_count == 2


@pytest.mark.django_db(transaction=True)
def test_the_process_works_at_once_when_it_is_told_and_says_that_it_lives() -> None:
    people = b.cast()
    stop = threading.Event()
    thread = threading.Thread(target=run_until, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: Heartbeat.objects.filter(process="evaluator").exists())
        with transaction.atomic():
            Pending.objects.bulk_create([b.pending(people.device, people.points[0])])
            with connection.cursor() as cursor:
                cursor.execute("NOTIFY alarms_pending")
        wait_for(lambda: Incident.objects.exists())
        # Without a word it looks by itself.
        Pending.objects.bulk_create([b.pending(people.device, people.points[0], after=1)])
        wait_for(lambda: Incident.objects.get().signals_count == 2)
    finally:
        stop.set()
        thread.join()


def wait_for(happened: Callable[[], bool]) -> None:
    """Until it happened, for ten seconds at most."""
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_test_is_recorded_before_it_begins_and_its_incident_closed_after_it_ends() -> None:
    people = b.cast()
    first = b.actor(people.first)

    def record(since: float, until: float, who: Actor = first, **more: Any) -> models.TestWindow:
        fields = {"device": people.device, "reason": "季度测试", "responsible": "示例维保", **more}
        return windows.open_test_window(
            organ=people.organ, since=b.at(since), until=b.at(until), actor=who, now=b.at(0), **fields
        )

    for given, refusal in (
        ((-3600, 60), "事先登记"),
        ((60, 30), "早于开始"),
        ((60, 60 + 9 * 3600), "最长8小时"),
        ((60, 120, b.actor(people.stranger)), "值班人员登记"),
    ):
        with pytest.raises(NotAllowed, match=refusal):
            record(*given)
    with pytest.raises(NotAllowed, match="二者选一"):
        record(60, 120, building=people.building)
    window = record(60, 3600)
    b.tell(b.pending(people.device, people.points[0], after=100))
    assert windows.close_tests(b.at(200)) == 0
    windows.end_test_window(window=window, actor=first, now=b.at(300))
    assert windows.close_tests(b.at(300)) == 1
    incident = Incident.objects.get()
    assert (incident.state, incident.verdict) == (IncidentState.CLOSED, Verdict.TEST)
    assert incident.steps.latest("pk").by_name == "系统"
    # After the end an alarm is an alarm.
    b.tell(b.pending(people.device, people.points[0], after=400))
    assert Incident.objects.latest("pk").state == IncidentState.RECEIVED
