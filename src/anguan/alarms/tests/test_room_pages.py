"""值班室的页面: what stands where, who may do what, and what a refusal says."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from uuid_utils.compat import uuid7

from anguan.alarms import models, showing
from anguan.alarms.models import Command, Device, Incident, Point
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind, as_json
from anguan.alarms.rules.truth import RepairReason
from anguan.alarms.selectors import duty_room
from anguan.alarms.services import duty_checks, handling, repairs
from anguan.alarms.services.devices import admit_device, block_device
from anguan.alarms.services.evaluation import evaluate_pending
from anguan.alarms.services.placing import lift_point, place_point
from anguan.alarms.tests import builders
from anguan.alarms.tests.builders import Cast, a_device, a_point, actor, at, pending, tell
from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.people.rules import Role
from anguan.people.tests.builders import an_organ, logged_in
from anguan.registry.models import Building, FloorPlan
from anguan.registry.services import Picture, add_plan
from anguan.registry.tests.builders import a_building, drawn

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "incident"}


@pytest.fixture
def cast() -> Cast:
    return builders.cast()


def a_plan(building: Building, storey: int = 3, uid: UUID | None = None) -> FloorPlan:
    picture = Picture(uid or uuid7(), drawn(800, 400), "plan.png")
    return add_plan(building=building, storey=storey, part="", picture=picture, actor=SYSTEM, now=at(0))


def act(client: Client, incident: Incident, action: str, **said: str) -> str:
    return client.post(reverse("alarms:act", args=[incident.pk, action]), said, **HTMX).content.decode()


def test_what_matters_first_stands_first(cast: Cast) -> None:
    faulty, button = a_device(cast, building=None), a_device(cast, building=None)
    tell(pending(faulty, a_point(faulty, 1), SignalKind.FAULT))
    tell(pending(cast.device, cast.points[0], after=1))
    # A manual call point is a presumed fire by itself, and goes before a fire that was there before.
    tell(pending(button, a_point(button, 1, 23), after=2))
    page = logged_in(cast.first).get(reverse("alarms:room")).content.decode()
    presumed, fire, fault = (page.index(f">{word}<") for word in ("推定火警", "火警", "故障"))
    assert presumed < fire < fault
    stranger = builders.user("邻区值班", an_organ("邻区应急管理局"))
    assert "没有待处置的警情" in logged_in(stranger).get(reverse("alarms:room")).content.decode()
    assert 'class="alarm ' not in logged_in(stranger).get(reverse("alarms:room")).content.decode()


def test_an_act_answers_with_the_incident_as_it_stands_and_a_refusal_in_its_sentence(cast: Cast) -> None:
    incident = builders.an_incident(cast)
    first, second = logged_in(cast.first), logged_in(cast.second)
    assert "应先联系现场核实" in act(first, incident, "acknowledge")
    refused = act(second, incident, "acknowledge")
    assert f"{cast.first.name}已于" in refused
    # What would be refused before anybody asked on the spot is not offered: a test, a fault.
    unheard = first.get(reverse("alarms:incident", args=[incident.pk])).content.decode()
    assert [key for key in "HDZLCGW" if f'data-key="{key}"' in unheard] == ["H", "D", "Z", "L"]
    # Of somebody else's incident nothing is offered but taking it over.
    assert 'data-key="Q"' in refused
    assert 'data-key="Z"' not in refused
    assert "请写明接手的理由" in act(second, incident, "take_over")
    # Whoever hears something writes it down, whoever handles it.
    assert 'data-key="F"' in refused
    assert "“物业称三楼有烟”" in act(second, incident, "note", heard="物业称三楼有烟")
    assert "没有核实" in act(first, incident, "judge_false", cause="dust", heard="x") or "不能" in act(
        first, incident, "judge_false", cause="dust", heard="x"
    )
    assert first.post(reverse("alarms:act", args=[incident.pk, "restore"])).status_code == 404
    clerk = logged_in(builders.user("示例内勤", cast.organ, Role.CLERK))
    assert clerk.post(reverse("alarms:act", args=[incident.pk, "acknowledge"])).status_code == 403
    page = clerk.get(reverse("alarms:incident", args=[incident.pk])).content.decode()
    assert "由接警机构的值班员和负责人处置" in page


def test_without_script_an_act_leads_back_to_the_room(cast: Cast) -> None:
    incident = builders.an_incident(cast)
    client = logged_in(cast.first)
    answer = client.post(reverse("alarms:act", args=[incident.pk, "acknowledge"]), follow=True)
    assert answer.redirect_chain[0][0] == f"{reverse('alarms:room')}?incident={incident.pk}"
    assert "应先联系现场核实" in answer.content.decode()


def test_a_row_that_is_closed_is_taken_off_the_screen_and_a_foreign_one_is_not_there(cast: Cast) -> None:
    incident = builders.an_incident(cast)
    client = logged_in(cast.first)
    url, row = f"{reverse('alarms:rows')}?only={incident.pk},nonsense", f'id="alarm-{incident.pk}"'
    assert row in client.get(url).content.decode()
    assert row not in client.get(f"{reverse('alarms:rows')}?only={incident.pk + 1}").content.decode()
    for action, said in (
        ("acknowledge", {}),
        ("verify", {"heard": "有烟"}),
        ("judge_false", {"cause": "cooking", "heard": "后厨油烟"}),
        ("close", {}),
    ):
        act(client, incident, action, **said)
    assert row not in client.get(url).content.decode()
    assert logged_in(cast.stranger).get(url).status_code == 403
    builders.an_incident(cast, after=4000, point=1)
    neighbour = builders.user("邻区值班", an_organ("邻区应急管理局"))
    assert 'class="alarm ' not in logged_in(neighbour).get(reverse("alarms:rows")).content.decode()


def test_a_screen_that_shows_an_incident_says_so_once(cast: Cast) -> None:
    incident = builders.an_incident(cast)
    client = logged_in(cast.first)
    ids = {"incident": [incident.pk, "nonsense", 10**30]}
    assert client.post(reverse("alarms:shown"), ids).status_code == 204
    incident.refresh_from_db()
    assert incident.state == "presented"
    seen = incident.presented_at
    client.post(reverse("alarms:shown"), ids)
    incident.refresh_from_db()
    assert incident.presented_at == seen


def test_the_desk_leads_to_what_nobody_has_taken(cast: Cast) -> None:
    builders.an_incident(cast)
    Device.objects.create(source="0102030405ff", first_heard_at=at(0), last_heard_at=at(0))
    desk = logged_in(cast.first).get("/").content.decode()
    assert "警情待受理" in desk
    assert "应选定建筑接入" in desk
    assert "应电话查问并认定" not in desk
    clerk = logged_in(builders.user("示例内勤", cast.organ, Role.CLERK))
    assert "警情待受理" not in clerk.get("/").content.decode()
    building = clerk.get(cast.building.get_absolute_url()).content.decode()
    assert "报警装置和警情" in building


def test_the_desk_leads_to_what_follows_from_checks_and_false_alarms(cast: Cast) -> None:
    first = actor(cast.first)
    check = duty_checks.check_now(device=cast.device, actor=first, now=at(0))
    Command.objects.filter(duty_check=check).update(state="confirmed", ended_at=at(1))
    duty_checks.run_out_due(at(121))
    repairs.request_repair(point=cast.points[0], reason=RepairReason.FAULT, actor=first, now=at(1))
    models.HandlingAgreement.objects.create(
        organ=cast.organ, device=cast.device, day=at(0).date(), false_alarms=6, opened_at=at(0), rule_version=1
    )
    words = ("应电话查问并认定", "应与误报过多的单位约定", "等待维修")
    desk = logged_in(cast.first).get("/").content.decode()
    assert [one for one in words if one in desk] == list(words)
    elsewhere = logged_in(builders.user("示例值班丙", an_organ("示例邻区大队"))).get("/").content.decode()
    assert not [one for one in words if one in elsewhere]


def test_the_list_asks_no_more_for_many_than_for_few(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        device = a_device(cast, building=None)
        tell(pending(device, a_point(device, number), SignalKind.FAULT, after=number))
    client = logged_in(cast.first)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("alarms:rows")).content.decode()
    assert page.count('class="alarm ') == 12


def test_the_panel_shows_the_place_the_people_and_what_came_before(cast: Cast) -> None:
    point = cast.points[0]
    place_point(point=point, plan=a_plan(cast.building), x=0.25, y=0.5, actor=actor(cast.first), now=at(0))
    old = builders.an_incident(cast)
    client = logged_in(cast.first)
    for action, said in (
        ("acknowledge", {}),
        ("verify", {"heard": "有烟"}),
        ("judge_false", {"cause": "cooking", "heard": "后厨油烟"}),
    ):
        act(client, old, action, **said)
    Incident.objects.filter(pk=old.pk).update(verdict_at=at(0))
    cast.firm.phone = "0000-1234567"
    cast.firm.save()
    new = builders.an_incident(cast, after=4000)
    assert new.pk != old.pk
    page = client.get(reverse("alarms:incident", args=[new.pk])).content.decode()
    # A quarter and a half of 800 × 400.
    assert 'cx="200.0" cy="200.0"' in page
    assert "tel:0000-1234567" in page
    assert "误报（烹饪油烟）" in page


def test_the_next_alarm_shows_what_was_agreed_with_the_unit_and_what_still_waits_for_repair(cast: Cast) -> None:
    client, incident = logged_in(cast.first), builders.an_incident(cast)
    page = reverse("alarms:incident", args=[incident.pk])
    assert "约定处理" not in client.get(page).content.decode()
    asked = models.HandlingAgreement.objects.create(
        organ=cast.organ,
        enterprise=cast.firm,
        building=cast.building,
        device=cast.device,
        day=at(0).date(),
        false_alarms=6,
        opened_at=at(0),
        rule_version=1,
    )
    repairs.request_repair(
        point=cast.points[0],
        reason=RepairReason.FALSE_ALARMS,
        text="7 天内误报 3 次",
        actor=actor(cast.first),
        now=at(1),
    )
    told = {"text": "后厨改造期间先派专人看守", "whom": "示例消防管理人"}
    client.post(reverse("alarms:agreement_record", args=[asked.pk]), told)
    shown = client.get(page).content.decode()
    for words in (*told.values(), "反复误报", "7 天内误报 3 次"):
        assert words in shown


def test_a_stranger_is_admitted_by_one_click_and_judged_once(cast: Cast) -> None:
    device = Device.objects.create(source="0102030405ff", first_heard_at=at(0), last_heard_at=at(0))
    waiting = pending(device, PointKey(1, 1, 40, 7))
    waiting.device_id = None
    waiting.save()
    client = logged_in(cast.first)
    assert "有火警" in client.get(reverse("alarms:devices")).content.decode()
    url = reverse("alarms:admit", args=[device.pk])
    value = f"building:{cast.building.pk}"
    assert value in client.get(url, {"find": cast.building.name}).content.decode()
    form = {"organ": cast.organ.pk, "place": "一层消防控制室", "profile": "standard"}
    assert "请先查找并选定" in client.post(url, form).content.decode()
    assert "请先查找并选定" in client.post(url, {**form, "where": "building:99999999999999999999"}).content.decode()
    neighbour = an_organ("邻区应急管理局")
    assert client.post(url, {**form, "organ": neighbour.pk, "where": value}).status_code == 422
    assert client.post(url, {**form, "where": value}).status_code == 302
    device.refresh_from_db()
    assert (device.state, device.building, device.enterprise) == (DeviceState.ADMITTED, cast.building, cast.firm)
    while evaluate_pending(now=at(5)):
        pass
    assert Incident.objects.get(device=device).signals_count == 1
    assert "已经接入" in client.post(url, {**form, "where": value}).content.decode()


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        pytest.param(0.5, 0.5, "", id="图上"),
        pytest.param(0, 1, "", id="图角"),
        pytest.param(-0.01, 0.5, "位置不在图上", id="左边之外"),
        pytest.param(0.5, 1.01, "位置不在图上", id="下边之外"),
        pytest.param(float("nan"), 0.5, "位置不在图上", id="不是数"),
    ],
)
def test_a_point_stands_on_a_plan_of_its_own_building(cast: Cast, x: float, y: float, says: str) -> None:
    told: dict[str, Any] = {"point": cast.points[0], "actor": actor(cast.first), "now": at(0)}
    plan = a_plan(cast.building)
    if says:
        with pytest.raises(NotAllowed, match=says):
            place_point(plan=plan, x=x, y=y, **told)
    else:
        assert place_point(plan=plan, x=x, y=y, **told).plan == plan
        assert lift_point(**told).x is None
    elsewhere = a_building("邻家大厦")
    elsewhere.address = "示例路2号"
    with pytest.raises(NotAllowed, match="不是装置所在建筑的"):
        place_point(plan=a_plan(elsewhere), x=0.5, y=0.5, **told)


def test_a_device_moves_only_when_nothing_of_it_is_open_and_leaves_the_plans(cast: Cast) -> None:
    incident, first, point = builders.an_incident(cast), actor(cast.first), cast.points[0]
    place_point(point=point, plan=a_plan(cast.building), x=0.5, y=0.5, actor=SYSTEM, now=at(0))
    block_device(device=cast.device, actor=first, now=at(5), reason="迁到别处")
    elsewhere = a_building(name="示例新楼")
    with pytest.raises(NotAllowed, match="先在值班室处置"):
        admit_device(device=cast.device, organ=cast.organ, building=elsewhere, actor=first, now=at(9))
    handling.acknowledge(incident=incident, actor=first, now=at(10))
    handling.verify(incident=incident, actor=first, now=at(11))
    handling.judge_false(incident=incident, cause="dust", heard="无火", actor=first, now=at(20))
    admit_device(device=cast.device, organ=cast.organ, building=elsewhere, actor=first, now=at(30))
    point.refresh_from_db()
    assert (point.plan, point.x, point.y) == (None, None, None)


def test_a_system_that_needs_its_token_before_it_can_send_is_registered_admitted_and_given_one(cast: Cast) -> None:
    client = logged_in(cast.first)
    url = reverse("alarms:register")
    assert url in client.get(reverse("alarms:devices")).content.decode()
    assert "来源写法不对" in client.post(url, {"source": "消防主机"}).content.decode()
    led = client.post(url, {"source": " fire-host-1 "})
    system = Device.objects.get(source="fire-host-1")
    assert led.headers["Location"] == reverse("alarms:admit", args=[system.pk])
    client.post(
        led.headers["Location"],
        {"organ": cast.organ.pk, "profile": "standard", "where": f"building:{cast.building.pk}"},
    )
    token = reverse("alarms:token", args=[system.pk])
    assert token in client.get(reverse("alarms:device", args=[system.pk])).content.decode()
    client.post(token)
    system.refresh_from_db()
    assert system.token_hash
    # Again: the one that is there.
    assert client.post(url, {"source": "fire-host-1"}).headers["Location"] == reverse("alarms:device", args=[system.pk])
    models.Device.objects.create(source="0b0000000000", state=DeviceState.ADMITTED, organ=an_organ("邻区消防控制中心"))
    assert "已由别的机构接入" in client.post(url, {"source": "0B0000000000"}).content.decode()


def test_a_point_is_placed_and_described_on_its_page(cast: Cast) -> None:
    plan, point = a_plan(cast.building), cast.points[0]
    client = logged_in(builders.user("示例内勤", cast.organ, Role.CLERK))
    page = reverse("alarms:point", args=[point.pk])
    assert f'name="plan" value="{plan.pk}"' in client.get(page).content.decode()
    place = reverse("alarms:place", args=[point.pk])
    client.post(place, {"plan": plan.pk, "x": "0.3", "y": "0.4"})
    client.post(place, {"plan": plan.pk, "x": "一", "y": "0.4"})
    client.post(place, {"plan": "9" * 30, "x": "0.1", "y": "0.1"})
    client.post(page, {"text": "烟感 3F-012", "zone": "3层东区", "maker": "", "is_critical": "on"})
    point = Point.objects.get(pk=point.pk)
    assert (point.x, point.y, point.text, point.is_critical) == (0.3, 0.4, "烟感 3F-012", True)
    assert "烟感 3F-012" in client.get(plan.get_absolute_url()).content.decode()


def test_a_device_s_particulars_are_changed_and_kept_within_what_it_can_be_asked(cast: Cast) -> None:
    client = logged_in(cast.first)
    url = reverse("alarms:device_edit", args=[cast.device.pk])
    form = {
        "place": "地下一层值班室",
        "maker": "示例电子",
        "profile": "standard",
        "heartbeat_s": "60",
        "poll_every_s": "",
    }
    assert client.post(url, {**form, "poll_every_s": "7201"}).status_code == 422
    assert client.post(url, {**form, "heartbeat_s": "0"}).status_code == 422
    assert client.post(url, form).status_code == 302
    cast.device.refresh_from_db()
    assert (cast.device.place, cast.device.heartbeat_s, cast.device.poll_every_s) == ("地下一层值班室", 60, None)
    blocked = a_device(cast, state=DeviceState.BLOCKED)
    refused = client.post(reverse("alarms:device_edit", args=[blocked.pk]), form).content.decode()
    assert "只能修改已接入装置的资料" in refused


def test_orders_are_given_by_the_duty_room_and_end_on_the_page(cast: Cast) -> None:
    client = logged_in(cast.first)
    for kind, more in (
        ("set_clock", {}),
        ("poll", {}),
        ("query", {"type": "85"}),
        ("query", {"type": "91"}),
        ("x", {}),
    ):
        client.post(reverse("alarms:command", args=[cast.device.pk, kind]), more)
    assert list(Command.objects.order_by("pk").values_list("kind", "arguments")) == [
        ("set_clock", {}),
        ("poll", {}),
        ("query", {"type": 85}),
    ]
    url = reverse("alarms:commands", args=[cast.device.pk])
    assert "busy-poll" in client.get(url).content.decode()
    when = datetime(2026, 11, 23, 22, 15, 30, tzinfo=clock.CHINA)
    answers = [
        Observation(None, frozenset({SignalKind.OTHER}), text="软件 1.2"),
        Observation(None, frozenset({SignalKind.POWER_FAULT}), state=8),
        Observation(None, frozenset({SignalKind.OTHER}), occurred_at=when),
    ]
    outcome = {"observations": [as_json(one) for one in answers]}
    Command.objects.update(state="answered", ended_at=at(1), outcome=outcome)
    page = client.get(url).content.decode()
    assert "busy-poll" not in page
    assert "软件 1.2；电源故障；2026-11-23 22:15:30" in page
    Command.objects.update(state="unanswered", outcome={"reason": "closed"})
    assert "连接中断" in client.get(url).content.decode()


def test_a_test_is_planned_ahead_and_ended_early(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = logged_in(cast.first)
    now = clock.now().astimezone(clock.CHINA)
    form = {
        "device": cast.device.pk,
        "whole_building": "on",
        "zones": "3层，4层、3层",
        "since": f"{now:%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "reason": "年度检测",
        "responsible": "示例维保",
    }
    url = reverse("alarms:window_new")
    assert (
        "一次测试最长"
        in client.post(url, {**form, "until": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"}).content.decode()
    )
    assert client.post(url, form).status_code == 302
    window = models.TestWindow.objects.get()
    assert (window.building, window.device, window.zones) == (cast.building, None, ["3层", "4层"])
    monkeypatch.setattr(builders, "T0", clock.now())
    assert "年度检测" in client.get(reverse("alarms:windows")).content.decode()
    client.post(reverse("alarms:window_end", args=[window.pk]))
    window.refresh_from_db()
    assert window.until <= clock.now()


def test_words_on_a_plan_that_would_run_into_each_other_stand_above_and_below(cast: Cast) -> None:
    plan = a_plan(cast.building)
    for point, x in zip(cast.points, (0.2, 0.3, 0.8), strict=False):
        place_point(point=point, plan=plan, x=x, y=0.5, actor=actor(cast.first), now=at(0))
    tell(*(pending(cast.device, point, after=second) for second, point in enumerate(cast.points[:3])))
    view = showing.plan_of(duty_room.points_of(Incident.objects.get()), None)
    assert view is not None
    assert [(mark.x, mark.dy) for mark in view.marks] == [(160, "-1.4em"), (240, "2.2em"), (640, "-1.4em")]


def test_a_confirmed_fire_is_called_one_and_a_page_in_english_names_no_state_in_chinese(cast: Cast) -> None:
    tell(pending(cast.device, a_point(cast.device, 40, 23)))
    incident, operator = Incident.objects.get(), actor(cast.first)
    assert showing.kind_word(incident) == "推定火警"
    handling.acknowledge(incident=incident, actor=operator, now=at(5))
    incident = handling.judge_true(incident=incident, actor=operator, now=at(6))
    assert showing.kind_word(incident) == "真实火警"
    client = logged_in(cast.first)
    for url in (reverse("alarms:incidents"), reverse("alarms:statistics")):
        # The page leaves its language behind in this thread.
        with translation.override("en"):
            page = client.get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        body = page[page.index("<main") : page.index("</main>")]
        assert "True fire" in body
        assert not {"真实火警", "已上报", "火灾报警系统"} & set(re.split(r"[<>\s]+", body))
