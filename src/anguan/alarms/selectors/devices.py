"""What the duty room reads of devices: whose they are, who knocks unknown, what was asked of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from anguan.alarms.models import Command, Device, Pending, Point, TestWindow
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.selectors.duty_room import READERS, WATCHERS
from anguan.ground.access import Viewer
from anguan.people.models import Organ
from anguan.people.rules import Role

# Who says what a device is and where its points stand: the duty room, and the clerk who keeps the ledger.
KEEPERS = (*WATCHERS, Role.CLERK)
MOST_STRANGERS = 100
MOST_COMMANDS = 20


def devices_visible_to(viewer: Viewer) -> QuerySet[Device]:
    """装置 of the organs whose alarms the viewer reads; those of nobody yet for whoever may admit them."""
    mine = Q(organ__in=viewer.organs_as(*READERS))
    if viewer.has(*KEEPERS):
        mine |= Q(organ__isnull=True)
    return Device.objects.filter(mine).select_related("organ", "building", "enterprise")


def devices_kept_by(viewer: Viewer) -> QuerySet[Device]:
    """The devices whose particulars, points and orders are the viewer's work."""
    mine = Q(organ__in=viewer.organs_as(*KEEPERS))
    if viewer.has(*KEEPERS):
        mine |= Q(organ__isnull=True)
    return Device.objects.filter(mine).select_related("organ", "building", "enterprise")


def points_kept_by(viewer: Viewer) -> QuerySet[Point]:
    """The points of admitted devices whose place is the viewer's work."""
    rows = Point.objects.filter(device__in=devices_kept_by(viewer), device__organ__isnull=False)
    return rows.select_related("device__building", "plan__evidence", "current")


def organs_kept_by(viewer: Viewer) -> QuerySet[Organ]:
    """The organs for which the viewer may admit a device."""
    return Organ.objects.filter(pk__in=viewer.organs_as(*KEEPERS)).order_by("name")


@dataclass(frozen=True)
class Stranger:
    """未接入的来源: a device nobody admitted, with what waits of it."""

    device: Device
    waiting: int
    fires: int
    since: datetime | None


def strangers(viewer: Viewer) -> list[Stranger]:
    """Unknown sources: those that tell of fire first, then whoever was heard last."""
    devices = list(
        devices_kept_by(viewer).filter(state=DeviceState.UNKNOWN).order_by("-last_heard_at", "pk")[:MOST_STRANGERS]
    )
    told = {
        row["source"]: row
        for row in Pending.objects.filter(device_id=None, source__in=[one.source for one in devices])
        .values("source")
        .annotate(waiting=Count("pk"), fires=Count("pk", filter=Q(urgency=0)), since=Min("received_at"))
    }
    found = [
        Stranger(one, row["waiting"], row["fires"], row["since"])
        if (row := told.get(one.source))
        else Stranger(one, 0, 0, None)
        for one in devices
    ]
    return sorted(found, key=lambda one: one.fires == 0)


def commands_of(device: Device) -> list[Command]:
    """下行命令 of a device, newest first."""
    return list(Command.objects.filter(device=device).order_by("-pk")[:MOST_COMMANDS])


def windows_visible_to(viewer: Viewer) -> QuerySet[TestWindow]:
    """测试时段 of the organs whose alarms the viewer reads, newest first."""
    rows = TestWindow.objects.filter(organ__in=viewer.organs_as(*READERS))
    return rows.select_related("organ", "device", "building").order_by("-until", "-pk")
