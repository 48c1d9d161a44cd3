"""登记资料: what a device and its points are called, and how they are asked."""

from datetime import datetime

from django.db import connection, transaction

from anguan.alarms.models import Device, Point
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.services.devices import DEVICE_CHANNEL
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor

_TOLD = ("text", "zone", "maker", "is_critical")
_DEVICE = ("place", "maker", "model", "profile", "heartbeat_s", "poll_every_s")


@transaction.atomic
def describe_point(
    *, point: Point, text: str, zone: str, maker: str, is_critical: bool, actor: Actor, now: datetime
) -> Point:
    """登记点位: the words of its page; the zone decides which detectors confirm each other."""
    row = Point.objects.select_for_update().get(pk=point.pk)
    before = audit.snapshot(row, *_TOLD)
    row.text, row.zone, row.maker, row.is_critical = text.strip(), zone.strip(), maker.strip(), is_critical
    row.save(update_fields=list(_TOLD))
    after = audit.snapshot(row, *_TOLD)
    if after != before:
        audit.record(actor=actor, action="alarms.describe_point", subject=row, now=now, before=before, after=after)
    return row


@transaction.atomic
def describe_device(*, device: Device, values: dict[str, object], actor: Actor, now: datetime) -> Device:
    """修改装置资料: place, make and how it speaks; the gateway hears of it. Raises `NotAllowed`."""
    row = Device.objects.select_for_update().get(pk=device.pk)
    if row.state != DeviceState.ADMITTED:
        raise NotAllowed(N_("只能修改已接入装置的资料；请先接入。"))
    before = audit.snapshot(row, *_DEVICE)
    for name in _DEVICE:
        setattr(row, name, values[name])
    row.save(update_fields=list(_DEVICE))
    after = audit.snapshot(row, *_DEVICE)
    if after != before:
        audit.record(actor=actor, action="alarms.describe_device", subject=row, now=now, before=before, after=after)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [DEVICE_CHANNEL, str(row.pk)])
    return row
