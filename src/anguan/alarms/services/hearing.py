"""What waits, read together with the devices and points it is about, and relieved of what says nothing new.

Most of what panels report is that a system is still as it was. Such a report is noted where the point stands and goes
no further.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.grouping import CALL_POINT_TYPE, Signal, Trigger
from anguan.alarms.rules.signals import DEVICE_ITSELF, NO_COMPONENT, Observation, PointKey, SignalKind, from_json
from anguan.alarms.services import sets


class Waiting(NamedTuple):
    """A row of `Pending` of a known device."""

    id: int
    start_id: int
    number: int
    received_at: datetime
    urgency: int
    device_id: int
    observations: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Speaker:
    """An admitted device, as far as judging asks."""

    pk: int
    organ_id: int
    building_id: int | None
    enterprise_id: int | None

    @property
    def place(self) -> str:
        """The building, or the device where none is known."""
        return f"b{self.building_id}" if self.building_id else f"d{self.pk}"


@dataclass(slots=True)
class Spot:
    """A point with how it stands; `kinds`, `since` and `at` are None before its first word."""

    pk: int
    zone: str
    component_type: int
    kinds: list[str] | None
    state: int | None
    since: datetime | None
    at: datetime | None
    is_alarming: bool

    def repeats(self, stored: Mapping[str, Any], at: datetime) -> bool:
        """Whether a report is the same harmless word again, with nothing open that it could end."""
        return (
            self.at is not None
            and self.kinds == stored["kinds"]
            and self.kinds in _HARMLESS
            and self.state == stored.get("state")
            and at >= self.at
            and not self.is_alarming
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """One observation of an admitted device: where it stood in the intake, and the point it is about."""

    ref: tuple[int, int, int]
    device: Speaker
    point: Spot
    observation: Observation
    at: datetime

    def signal(self) -> Signal:
        """As grouping sees it."""
        return Signal(
            ref=self.ref,
            point_id=self.point.pk,
            device_id=self.device.pk,
            place=self.device.place,
            zone=self.point.zone,
            trigger=trigger_of(self.point.component_type),
            kinds=self.observation.kinds,
            at=self.at,
        )


def trigger_of(component_type: int) -> Trigger:
    """What kind of thing a component is, as far as a presumption asks."""
    if component_type == NO_COMPONENT:
        return Trigger.OWN
    return Trigger.CALL_POINT if component_type == CALL_POINT_TYPE else Trigger.DETECTOR


# What tells of nothing wrong, alone in a report.
_HARMLESS: Final[tuple[list[str], ...]] = ([SignalKind.NORMAL.value], [SignalKind.TEST.value])
_NOTHING: Final[tuple[list[str], ...]] = ([], [SignalKind.HEARTBEAT.value])
_Named = tuple[int, PointKey]
_KEY: Final = {
    "device_id": "bigint",
    "system_type": "smallint",
    "system_address": "smallint",
    "component_type": "smallint",
    "component_address": "bigint",
}
_POINT: Final = {**_KEY, "text": "text", "zone": "text", "maker": "text", "is_critical": "boolean"}


def most_urgent(limit: int) -> list[Waiting]:
    """So many rows that wait, the most urgent first, then as they came in."""
    return [
        Waiting._make(row)
        for row in sets.fetch(
            "SELECT id, start_id, number, received_at, urgency, device_id, observations FROM alarms_pending"
            " WHERE device_id IS NOT NULL ORDER BY urgency, id LIMIT %s",
            (limit,),
        )
    ]


def hear(rows: Sequence[Waiting]) -> list[Heard]:
    """What admitted devices said that is new, in the order of its reception; points that are new are made."""
    devices = _speakers({row.device_id for row in rows})
    # Within a batch in the order of reception, whatever was more urgent.
    ordered = sorted((row for row in rows if row.device_id in devices), key=lambda row: (row.received_at, row[1:3]))
    told = [
        (row, index, _key(stored), stored)
        for row in ordered
        for index, stored in enumerate(row.observations)
        if stored["kinds"] not in _NOTHING
    ]
    points = _spots({(row.device_id, key): stored.get("text", "") for row, _index, key, stored in reversed(told)})
    repeated: dict[int, datetime] = {}
    # Once a point said something else, whatever it says next is news again.
    moved: set[int] = set()
    heard = []
    for row, index, key, stored in told:
        point = points[row.device_id, key]
        if point.pk not in moved and point.repeats(stored, row.received_at):
            repeated[point.pk] = row.received_at
            continue
        moved.add(point.pk)
        ref = (row.start_id, row.number, index)
        heard.append(Heard(ref, devices[row.device_id], point, from_json(stored), row.received_at))
    sets.update("alarms_pointstate", "point_id", {"point_id": "bigint", "at": "timestamptz"}, repeated.items())
    return heard


def _key(stored: Mapping[str, Any]) -> PointKey:
    return PointKey(*stored["point"]) if "point" in stored else DEVICE_ITSELF


def _speakers(ids: Iterable[int]) -> dict[int, Speaker]:
    rows = sets.fetch(
        "SELECT id, organ_id, building_id, enterprise_id FROM alarms_device WHERE id = ANY(%s) AND state = %s",
        (list(ids), DeviceState.ADMITTED.value),
    )
    return {row[0]: Speaker(*row) for row in rows}


def _spots(wanted: Mapping[_Named, str]) -> dict[_Named, Spot]:
    found = _find(wanted)
    missing = [named for named in wanted if named not in found]
    if missing:
        rows = [(*_numbers(named), wanted[named][:100], "", "", False) for named in missing]
        sets.insert("alarms_point", _POINT, rows, then="ON CONFLICT DO NOTHING")
        found |= _find(missing)
    return found


def _find(wanted: Iterable[_Named]) -> dict[_Named, Spot]:
    """The points that exist, looked up by their names in one statement, however many a device has."""
    names = list(wanted)
    rows = sets.fetch(
        "SELECT w.nth, p.id, p.zone, p.component_type, s.kinds, s.state, s.since, s.at, EXISTS (SELECT FROM"
        " alarms_incidentpoint i WHERE i.point_id = p.id AND i.is_open AND i.is_active)"
        " FROM jsonb_to_recordset(%s::jsonb) AS w (nth int, device_id bigint, system_type smallint,"
        " system_address smallint, component_type smallint, component_address bigint)"
        " JOIN alarms_point p USING (device_id, system_type, system_address, component_type, component_address)"
        " LEFT JOIN alarms_pointstate s ON s.point_id = p.id",
        (sets.as_given(("nth", *_KEY), [(nth, *_numbers(named)) for nth, named in enumerate(names)]),),
    )
    return {names[nth]: Spot(*rest) for nth, *rest in rows}


def _numbers(named: _Named) -> tuple[int, int, int, int, int]:
    device_id, key = named
    return device_id, key.system_type, key.system_address, key.component_type, key.component_address
