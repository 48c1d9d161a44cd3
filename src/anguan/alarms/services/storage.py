"""存储: partitions of frames and readings, made ahead of the time they are for and dropped when it is long past.

Whatever matters is kept in monthly partitions for more than a year, heartbeats and readings in smaller ones for less;
how long is the rule `alarm-retention`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from anguan.alarms.models import Command, Device, Pending
from anguan.alarms.rules.devices import DeviceState
from anguan.ground import clock
from anguan.ground.rules.selectors import rule

DAYS_AHEAD = 3


@dataclass(frozen=True)
class Partition:
    """One partition: the table it belongs to, its own name, from when until before when."""

    parent: str
    name: str
    since: date
    until: date

    @property
    def statement(self) -> str:
        """Safe to run again, and to run while somebody else does."""
        return (
            f"CREATE TABLE IF NOT EXISTS {self.name} PARTITION OF {self.parent}"
            f" FOR VALUES FROM ('{self.since} 00:00:00+00') TO ('{self.until} 00:00:00+00')"
        )


BY_MONTH = ("alarms_frame_kept",)
BY_DAY = ("alarms_frame_routine", "alarms_reading")


def partitions_for(day: date) -> Iterator[Partition]:
    """Those into which rows received on that day (in UTC) go."""
    month = day.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    for parent in BY_MONTH:
        yield Partition(parent, f"{parent}_{month:%Y%m}", month, following)
    for parent in BY_DAY:
        yield Partition(parent, f"{parent}_{day:%Y%m%d}", day, day + timedelta(days=1))


def make_partitions(now: datetime) -> int:
    """Have the partitions of today and the coming days; how many were missing."""
    today = now.astimezone(UTC).date()
    wanted = {each.name: each for ahead in range(DAYS_AHEAD + 1) for each in partitions_for(today + timedelta(ahead))}
    missing = wanted.keys() - _there()
    with connection.cursor() as cursor:
        for name in sorted(missing):
            cursor.execute(wanted[name].statement)
    return len(missing)


def drop_old_partitions(now: datetime) -> list[str]:
    """Drop what has been kept long enough, whole partitions only; their names."""
    values = rule("alarm-retention", clock.local_day(now)).values
    days = {
        "alarms_frame_kept": values["kept_days"],
        "alarms_frame_routine": values["routine_days"],
        "alarms_reading": values["reading_days"],
    }
    today = now.astimezone(UTC).date()
    old = []
    for name in sorted(_there()):
        parent, _, stamp = name.rpartition("_")
        last = _last_day(stamp)
        if parent in days and last is not None and last < today - timedelta(days=days[parent]):
            old.append(name)
    with connection.cursor() as cursor:
        for name in old:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
    return old


def forget_strangers(now: datetime) -> int:
    """Drop what waits for an admission that did not come, and sources not heard again; the frames stay as they are."""
    days = rule("alarm-retention", clock.local_day(now)).values["stranger_days"]
    before = now - timedelta(days=days)
    gone, _ = Pending.objects.filter(device_id=None, received_at__lt=before).delete()
    strangers = Device.objects.filter(state=DeviceState.UNKNOWN.value, last_heard_at__lt=before, organ=None)
    # Somebody may have placed points on it already.
    for device in strangers.filter(points=None, commands=None):
        device.delete()
        gone += 1
    return gone


def forget_commands(now: datetime, limit: int = 20_000) -> int:
    """Drop what the platform itself asked devices, and their answers, when alarms of that time are dropped, too."""
    days = rule("alarm-retention", clock.local_day(now)).values["kept_days"]
    old = Command.objects.filter(asked_by_id="", duty_check=None, ended_at__lt=now - timedelta(days=days))
    return Command.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def _last_day(stamp: str) -> date | None:
    """The last day of a partition by the digits that its name ends with."""
    if len(stamp) == 8 and stamp.isdecimal():
        return datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC).date()
    if len(stamp) == 6 and stamp.isdecimal():
        month = datetime.strptime(stamp, "%Y%m").replace(tzinfo=UTC).date()
        return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return None


def _there() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid"
            " JOIN pg_class parent ON parent.oid = inhparent WHERE parent.relname = ANY(%s)",
            [[*BY_MONTH, *BY_DAY]],
        )
        return {name for (name,) in cursor.fetchall()}
