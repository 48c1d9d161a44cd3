"""The figures of the truth table from rows, and the pages that show and change what a duty room settles."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from anguan.alarms.models import (
    ForwardTarget,
    HandlingAgreement,
    Incident,
    Outage,
    Point,
    PointState,
    RepairRequest,
)
from anguan.alarms.rules.incidents import Timer
from anguan.alarms.rules.signals import NO_COMPONENT, PointKey
from anguan.alarms.rules.signals import SignalKind as K
from anguan.alarms.rules.truth import Tally
from anguan.alarms.selectors import truth
from anguan.alarms.services import handling, sets
from anguan.alarms.services.states import FORGET_THE_FUTURE
from anguan.alarms.statistics_views import percent
from anguan.alarms.tests import builders as b
from anguan.people.models import DutyShift
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db

HOUR = 3600
DAY = 24 * HOUR


def ended(people: b.Cast, after: float, how: str, point: int = 0) -> None:
    """A fire alarm that got its verdict."""
    incident = b.an_incident(people, after=after, point=point)
    first, now = b.actor(people.first), b.at(after + 20)
    handling.acknowledge(incident=incident, actor=first, now=b.at(after + 5))
    if how == "true":
        handling.judge_true(incident=incident, actor=first, now=now, heard="明火")
        handling.forward(incident=incident, actor=first, now=now, heard="119 已受理")
        handling.handle(incident=incident, actor=first, now=now, heard="已扑灭")
        handling.close(incident=incident, actor=first, now=now)
        return
    handling.verify(incident=incident, actor=first, now=now)
    if how == "false":
        handling.judge_false(incident=incident, cause="dust", heard="无火", actor=first, now=now)
    else:
        handling.judge_test(incident=incident, heard="维保在测", actor=first, now=now)


def test_false_alarms_by_point_maker_and_unit() -> None:
    people = b.cast()
    people.points[1].maker = "示例传感"
    people.points[1].save()
    for number, (how, point) in enumerate(
        [("false", 0), ("false", 0), ("false", 1), ("true", 2), ("test", 0), ("false", 1)]
    ):
        ended(people, number * HOUR, how, point)
    viewer, start, end = b.viewer(people.first), b.at(-1), b.at(-1) + timedelta(days=30)
    assert truth.whole_tally(viewer, start, end) == Tally(true=1, false=4, test=1)
    points = truth.points_by_false_alarms(viewer, start, end)
    assert [(row.name.split()[-1], row.tally.false, row.tally.test) for row in points] == [
        ("0号探测器", 2, 1),
        ("1号探测器", 2, 0),
    ]
    makers = {row.name: row for row in truth.makers_by_false_alarms(viewer, start, end)}
    assert (makers["示例传感"].tally, makers["示例传感"].detectors) == (Tally(false=2), 1)
    assert makers["示例电子"].tally == Tally(true=1, false=2, test=1)
    # Two in a month from three detectors.
    assert makers["示例电子"].per_hundred == Fraction(200, 3)
    (unit,) = truth.units_by_false_alarms(viewer, start, end)
    assert (unit.name, unit.detectors, unit.per_hundred) == (people.firm.name, 4, Fraction(100))
    assert truth.whole_tally(b.viewer(people.stranger), start, end) == Tally()


def test_a_pump_in_manual_stands_before_a_dead_detector_and_silence_counts_for_every_point() -> None:
    people = b.cast()
    pump = b.a_point(people.device, 1, 92)
    pump.system_type = 11
    pump.save()
    b.tell(
        b.pending(people.device, people.points[0], K.FAULT, after=0),
        b.pending(people.device, PointKey(11, 1), K.MANUAL_MODE, after=0),
    )
    b.tell(
        b.pending(people.device, people.points[0], K.NORMAL, after=6 * HOUR),
        b.pending(people.device, None, K.OFFLINE, after=4 * HOUR),
    )
    b.tell(b.pending(people.device, None, K.NORMAL, after=8 * HOUR))
    viewer, start, end = b.viewer(people.first), b.at(0), b.at(10 * HOUR)
    hydrants, detectors = truth.systems_worst_first(viewer, start, end)
    assert (hydrants.system_type, hydrants.in_manual, hydrants.is_defenceless) == (11, 1, True)
    assert hydrants.availability == Fraction(6, 10)
    # One of four was out for eight hours (six faulty, four silent, two of them at once), three for four.
    assert detectors.availability == 1 - Fraction(8 + 3 * 4, 4 * 10)
    people.device.first_heard_at = b.at(-DAY)
    people.device.save()
    (online,) = truth.devices_online(viewer, start, end)
    assert online.share == Fraction(6, 10)


def test_silence_of_a_device_neither_ends_its_fault_nor_outlasts_its_return() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, None, K.POWER_FAULT, after=0))
    b.tell(b.pending(people.device, None, K.OFFLINE, after=10))
    point = Point.objects.get(device=people.device, component_type=NO_COMPONENT)
    assert PointState.objects.get(point=point).kinds == ["offline", "power_fault"]
    b.tell(b.pending(people.device, None, K.ONLINE, after=70))
    assert PointState.objects.get(point=point).kinds == ["power_fault"]
    assert sorted(Outage.objects.values_list("kind", "until")) == [("fault", None), ("offline", b.at(70))]
    b.tell(b.pending(people.device, None, K.NORMAL, after=80))
    assert not Outage.objects.filter(until=None).exists()


def test_while_a_device_is_silent_nobody_says_that_its_system_works() -> None:
    people = b.cast()
    Point.objects.filter(pk=people.points[0].pk).update(is_critical=True)
    b.tell(b.pending(people.device, None, K.OFFLINE))

    def system(after: float) -> tuple[int, int, bool]:
        (row,) = truth.systems_worst_first(b.viewer(people.first), b.at(-DAY), b.at(after))
        return row.out_now, row.critical_out, row.is_defenceless

    assert system(60) == (4, 1, True)
    b.tell(b.pending(people.device, None, K.ONLINE, after=70))
    assert system(120) == (0, 0, False)


def test_what_was_said_before_the_clock_was_put_back_hides_nothing_that_is_said_afterwards() -> None:
    people = b.cast()
    b.tell(b.pending(people.device, people.points[0], K.FAULT, after=HOUR))
    sets.execute(FORGET_THE_FUTURE, {"now": b.at(0), "slack": timedelta(seconds=15)})
    b.tell(b.pending(people.device, people.points[0], K.NORMAL, after=5))
    assert PointState.objects.get(point=people.points[0]).kinds == ["normal"]
    assert not Outage.objects.filter(until=None).exists()
    assert Incident.objects.get().restored_at == b.at(5)


def test_whether_people_can_keep_up_and_kept_the_times() -> None:
    people = b.cast()
    DutyShift.objects.create(organ=people.organ, user=people.first, post="operator", since=b.at(0), until=b.at(HOUR))
    for number in range(7):
        ended(people, 300 * number, "false")
    viewer, start, end = b.viewer(people.first), b.at(-1), b.at(DAY)
    load = truth.load_of_operators(viewer, start, end, budget=6)
    assert (load.per_hour, load.is_over_budget) == (Fraction(7), True)
    kept = {row.timer: (row.kept, row.asked) for row in truth.timers_kept(viewer, start, end)}
    assert kept[Timer.PRESENT] == (7, 7)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert percent(Fraction(1)) == "100.0%"
    assert percent(Fraction(99999, 100000)) == "99.9%"
    assert percent(Fraction(99996, 100000), 2) == "99.99%"
    assert percent(None) == "—"


def test_the_page_of_figures_says_what_is_worst() -> None:
    people = b.cast()
    ended(people, 0, "false")
    b.tell(b.pending(people.device, PointKey(11, 1), K.MANUAL_MODE, after=60))
    Incident.objects.update(opened_at=b.at(0))
    client = logged_in(people.leader)
    page = client.get(reverse("alarms:statistics"), {"days": "365"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "最近 365 天" in text
    assert "手动" in text
    assert "值班 0.0 小时" in text


def test_the_leader_says_where_fires_go_and_a_wrong_address_is_told() -> None:
    people = b.cast()
    url = reverse("alarms:forward_targets")
    client = logged_in(people.leader)
    given = {"organ": people.organ.pk, "name": "示例支队", "channel": "webhook", "address": "ftp://example.org/"}
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "http:// 或者 https:// 开头" in refused.content.decode()
    assert client.post(url, {**given, "address": "https://example.org/cap"}).status_code == 302
    target = ForwardTarget.objects.get()
    assert not target.takes_unverified
    client.post(reverse("alarms:forward_target_switch", args=[target.pk]))
    target.refresh_from_db()
    assert not target.is_active
    client = logged_in(people.first)
    assert "由机关负责人登记" in client.get(url).content.decode()
    assert client.post(reverse("alarms:forward_target_switch", args=[target.pk])).status_code == 403


def test_repairs_and_agreements_are_settled_in_words() -> None:
    people = b.cast()
    repair = RepairRequest.objects.create(
        point=people.points[0], reason="fault", opened_at=b.at(0), opened_by_name="示例"
    )
    agreement = HandlingAgreement.objects.create(
        organ=people.organ,
        device=people.device,
        day=b.at(0).date(),
        false_alarms=6,
        opened_at=b.at(0),
        rule_version=1,
    )
    client = logged_in(people.first)
    close = reverse("alarms:repair_close", args=[repair.pk])
    assert "请写明维修的结果" in client.post(close, {"text": " "}, follow=True).content.decode()
    client.post(close, {"text": "更换探测器"})
    client.post(reverse("alarms:agreement_record", args=[agreement.pk]), {"text": "加派看守", "whom": "示例消防管理人"})
    repair.refresh_from_db()
    agreement.refresh_from_db()
    assert (repair.outcome, agreement.agreed) == ("更换探测器", "加派看守")


def test_a_missed_duty_check_is_settled_on_its_page() -> None:
    people = b.cast()
    client = logged_in(people.first)
    client.post(reverse("alarms:duty_check_now"), {"device": people.device.pk})
    check = people.device.duty_checks.get()
    assert check.state == "sent"
    assert "请先选定" in client.post(reverse("alarms:duty_check_now"), {"device": "x"}, follow=True).content.decode()
    people.device.duty_checks.update(state="missed")
    act = reverse("alarms:duty_check_act", args=[check.pk, "call"])
    client.post(act, {"text": "示例保安接听"})
    client.post(reverse("alarms:duty_check_act", args=[check.pk, "explain"]), {"text": "巡查未归"})
    check.refresh_from_db()
    assert (check.state, check.heard, check.reason) == ("explained", "示例保安接听", "巡查未归")
