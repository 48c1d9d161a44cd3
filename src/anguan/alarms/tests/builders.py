"""The cast of this room's tests: a duty room with two operators and a leader, a building with a device, its points."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from anguan.alarms.models import Device, Incident, Pending, Point
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind, as_json, urgency
from anguan.alarms.services.evaluation import evaluate_pending
from anguan.ground.access import Actor
from anguan.people.models import Organ, RoleGrant, User
from anguan.people.rules import OrganKind, Role
from anguan.people.viewers import UserViewer, viewer_of
from anguan.registry.models import Building, Enterprise
from anguan.registry.tests import builders as registry

T0 = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
_numbers = count(1)


def at(seconds: float) -> datetime:
    """So many seconds into the story."""
    return T0 + timedelta(seconds=seconds)


@dataclass
class Cast:
    """Who has to do with an alarm, and where."""

    organ: Organ
    firm: Enterprise
    building: Building
    device: Device
    first: User
    second: User
    leader: User
    stranger: User
    points: list[Point] = field(default_factory=list)


def user(name: str, organ: Organ | None = None, role: str = Role.DUTY_OFFICER, **fields: Any) -> User:
    """An account, with a role of the organ when one is given."""
    made = User.objects.create_user(username=f"u{next(_numbers)}", name=name, **fields)
    if organ is not None:
        RoleGrant.objects.create(user=made, role=role, organ=organ)
    return made


def actor(one: User, organ_id: int = 0) -> Actor:
    """A person as the cause of a write."""
    return Actor(kind="user", id=str(one.pk), name=one.name, organ_id=organ_id)


def viewer(one: User) -> UserViewer:
    """A person as somebody who asks."""
    return viewer_of(one)


def a_device(people: Cast | None = None, **fields: Any) -> Device:
    """An admitted device of its own source."""
    values: dict[str, Any] = {
        "source": f"{next(_numbers):012x}",
        "state": DeviceState.ADMITTED,
        "maker": "示例电子",
        **fields,
    }
    if people is not None:
        values = {"organ": people.organ, "building": people.building, "enterprise": people.firm, **values}
    return Device.objects.create(**values)


def cast(points: int = 4) -> Cast:
    """A duty room, and a building with a device and detectors on two storeys."""
    organ = Organ.objects.create(name=f"示例消防救援大队{next(_numbers)}", short_name="示消", kind=OrganKind.FIRE)
    firm = registry.an_enterprise()
    building = registry.a_building(manager=firm)
    made = Cast(
        organ=organ,
        firm=firm,
        building=building,
        device=a_device(organ=organ, building=building, enterprise=firm),
        first=user("示例值班甲", organ),
        second=user("示例值班乙", organ, phone="13900000002"),
        leader=user("示例负责人", organ, Role.LEADER, phone="13900000003", email="leader@example.org"),
        stranger=user("示例外人"),
    )
    made.points = [a_point(made.device, number, zone=f"{3 + number // 2}层") for number in range(points)]
    return made


def a_point(device: Device, address: int, component_type: int = 40, **fields: Any) -> Point:
    """A smoke detector, unless another type is given."""
    return Point.objects.create(
        device=device,
        system_type=1,
        system_address=1,
        component_type=component_type,
        component_address=address,
        text=f"{address}号探测器",
        **fields,
    )


def pending(
    device: Device, point: Point | PointKey | None, *kinds: SignalKind, after: float = 0, start: int = 1, **more: Any
) -> Pending:
    """What one frame says about one point, waiting to be judged."""
    key = (
        PointKey(point.system_type, point.system_address, point.component_type, point.component_address)
        if isinstance(point, Point)
        else point
    )
    told = Observation(point=key, kinds=frozenset(kinds or (SignalKind.FIRE,)), **more)
    return Pending(
        start_id=start,
        number=next(_numbers),
        received_at=at(after),
        urgency=urgency([told]),
        source=device.source,
        device_id=device.pk,
        observations=[as_json(told)],
    )


def tell(*rows: Pending, after: float | None = None) -> None:
    """Put what was said into the queue and judge all of it."""
    Pending.objects.bulk_create(rows)
    now = at(after) if after is not None else max(row.received_at for row in rows)
    while evaluate_pending(now=now):
        pass


def an_incident(people: Cast, *, after: float = 0, point: int = 0) -> Incident:
    """A fire alarm of one detector."""
    tell(pending(people.device, people.points[point], after=after))
    return Incident.objects.latest("pk")
