"""What the duty room adds to the world: rosters, plans of buildings, devices with an incident; own and foreign."""

from datetime import timedelta
from typing import Any

from uuid_utils.compat import uuid7

from anguan.alarms.models import DutyCheck, ForwardTarget, HandlingAgreement, Incident, RepairRequest, TestWindow
from anguan.alarms.tests import builders as alarms
from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.people.models import DutyShift, Organ
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user
from anguan.registry.models import Building
from anguan.registry.services import Picture, add_plan
from anguan.registry.tests.builders import drawn

Args = tuple[Any, ...]


def duty_objects(organ: Organ) -> dict[str, list[Args]]:
    """The arguments of the duty room's addresses, for one organ."""
    now = clock.now()
    shift = DutyShift.objects.create(
        organ=organ, user=a_user(f"watch-{organ.pk}", Role.DUTY_OFFICER, organ=organ), since=now,
        until=now + timedelta(hours=12),
    )  # fmt: skip
    device = alarms.a_device(organ=organ, place="消防控制室")
    point = alarms.a_point(device, 1)
    alarms.tell(alarms.pending(device, point))
    incident = Incident.objects.get(device=device)
    window = TestWindow.objects.create(
        organ=organ, device=device, since=now, until=now + timedelta(hours=1), reason="年度检测", responsible="示例",
        recorded_at=now, recorded_by_id="0", recorded_by_name="示例", rule_version=1,
    )  # fmt: skip
    check = DutyCheck.objects.create(
        device=device, state="missed", planned_at=now, sent_at=now, due_at=now + timedelta(minutes=2), minutes=2,
        rule_version=1,
    )  # fmt: skip
    repair = RepairRequest.objects.create(point=point, reason="fault", opened_at=now, opened_by_name="示例")
    agreement = HandlingAgreement.objects.create(
        organ=organ, device=device, day=clock.local_day(now), false_alarms=6, opened_at=now, rule_version=1
    )
    target = ForwardTarget.objects.create(organ=organ, name="示例指挥中心", channel="sms", address="13900000000")
    return {
        "agreement": [(agreement.pk,)],
        "device": [(device.pk,)],
        "device_command": [(device.pk, "poll")],
        "duty_check": [(check.pk, "call")],
        "forward_target": [(target.pk,)],
        "point": [(point.pk,)],
        "repair": [(repair.pk,)],
        "test_window": [(window.pk,)],
        "roster": [(organ.pk,)],
        "shift": [(organ.pk, shift.pk)],
        "incident": [(incident.pk,)],
        "incident_act": [(incident.pk, "acknowledge")],
    }


def plan_objects(building: Building) -> dict[str, list[Args]]:
    """A building with the plan of its third storey."""
    plan = add_plan(
        building=building, storey=3, part="", picture=Picture(uuid7(), drawn(), "三层.png"), actor=SYSTEM,
        now=clock.now(),
    )  # fmt: skip
    return {"building_row": [(building.pk,)], "plan": [(building.pk, plan.pk)]}
