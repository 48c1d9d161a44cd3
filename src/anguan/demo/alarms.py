"""示例区的值班室: four units with admitted devices, a floor plan with its points, the roster, and who hears of a fire.

The simulated devices report from these addresses; a fifth one does too, which nobody has admitted yet. Short messages
go to the simulated provider, which sends none (`simulator/provider.py`).
"""

from datetime import datetime, time, timedelta

from uuid_utils.compat import uuid7

from anguan.alarms.models import Device, Point
from anguan.alarms.rules.forwarding import Channel
from anguan.alarms.services.devices import admit_device, register_device
from anguan.alarms.services.placing import place_point
from anguan.alarms.services.targets import add_target
from anguan.demo.acts import acting
from anguan.demo.people import BRANCH, SEEDER
from anguan.demo.pictures import floor_plan
from anguan.ground import clock
from anguan.people.models import Organ, User
from anguan.people.rules import DutyPost
from anguan.people.services.duty import plan_shifts
from anguan.registry.models import Building, FloorPlan
from anguan.registry.rules import BuildingUse
from anguan.registry.services import Picture, add_plan

FIRST_ADDRESS = 700_001
UNITS = ["示例商场", "示例大厦", "示例酒店", "示例工厂"]
HEARTBEAT_S = 20
CINEMA_STOREY = 4
# Who hears of a fire: name, number that nobody has, whether already of one that is only presumed.
ADDRESSEES = [
    ("示例市消防救援支队指挥中心", "19900000119", True),
    ("示例区应急管理分局带班负责人", "19900000100", False),
]
# loop, point, type of component, words, where on the plan
CINEMA = [
    (4, 21, 42, "四层影院2号厅感烟", 0.30, 0.30),
    (4, 22, 42, "四层影院走道感烟", 0.52, 0.52),
    (4, 40, 23, "四层影院出口手报", 0.74, 0.52),
]


def plant_alarms(now: datetime) -> None:
    """Devices, plan, shifts and addressees; needs the ledger and the people."""
    organ = Organ.objects.get(name=BRANCH)
    devices = [_admitted(number, building, organ, now) for number, building in enumerate(_buildings_of_units())]
    plan_of_cinema(devices[0], now)
    today = clock.local_day(now)
    for username, post in (("duty", DutyPost.OPERATOR), ("leader", DutyPost.LEADER)):
        plan_shifts(
            organ=organ,
            user=User.objects.get(username=username),
            post=post,
            days=[today + timedelta(days=number) for number in range(7)],
            starts=time(0),
            ends=time(0),
            actor=SEEDER,
            now=now,
        )
    for name, number, takes_unverified in ADDRESSEES:
        add_target(
            organ=organ,
            name=name,
            channel=Channel.SMS,
            address=number,
            takes_unverified=takes_unverified,
            actor=acting("leader"),
            now=now,
        )


def source_of(number: int) -> str:
    """源地址 of a simulated device: its number, low byte first, as it stands on the wire."""
    return (FIRST_ADDRESS + number).to_bytes(6, "little").hex()


def _buildings_of_units() -> list[Building]:
    """A building for each unit, all of them different."""
    public = Building.objects.filter(use=BuildingUse.PUBLIC, manager__isnull=False).order_by("pk")
    mall = public.filter(is_high_rise=False, storeys_above__gte=CINEMA_STOREY)[0]
    tower, hotel = public.filter(is_high_rise=True, storeys_above__gte=11)[:2]
    works = Building.objects.filter(use=BuildingUse.FACTORY, manager__isnull=False).order_by("pk")[0]
    return [mall, tower, hotel, works]


def _admitted(number: int, building: Building, organ: Organ, now: datetime) -> Device:
    device = register_device(source=source_of(number), actor=SEEDER, now=now)
    return admit_device(
        device=device,
        organ=organ,
        building=building,
        enterprise=building.manager,
        place=f"{UNITS[number]}消防控制室",
        heartbeat_s=HEARTBEAT_S,
        actor=SEEDER,
        now=now,
    )


def plan_of_cinema(device: Device, now: datetime) -> FloorPlan:
    """The storey that burns in the evening, and where its detectors stand on it."""
    assert device.building is not None
    picture = Picture(uuid7(), floor_plan(), "plan.png")
    plan = add_plan(building=device.building, storey=CINEMA_STOREY, part="", picture=picture, actor=SEEDER, now=now)
    for loop, number, kind, text, x, y in CINEMA:
        point = Point.objects.create(
            device=device,
            system_type=1,
            system_address=1,
            component_type=kind,
            component_address=number << 16 | loop,
            text=text,
            zone="四层影院",
        )
        place_point(point=point, plan=plan, x=x, y=y, actor=SEEDER, now=now)
    return plan
