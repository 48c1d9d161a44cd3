"""研判: what waits is worked into point states, outages and incidents, in batches, fire first, each exactly once.

A batch is one transaction: it takes the rows away and writes everything that follows from them, so nothing is lost and
nothing is done twice, wherever it is interrupted. Only one evaluator works at a time, whoever holds the lock; another
one finds the lock taken, does nothing and comes again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.models import (
    Device,
    Incident,
    IncidentPoint,
    IncidentSignal,
    IncidentStep,
    IncidentTimer,
    Pending,
    Point,
    TestWindow,
)
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.grouping import (
    CALL_POINT_TYPE,
    Book,
    Cause,
    Happening,
    Limits,
    Member,
    Signal,
    Trigger,
    Window,
)
from anguan.alarms.rules.incidents import (
    JOINABLE,
    IncidentKind,
    IncidentState,
    Timer,
    Verdict,
    rank,
)
from anguan.alarms.rules.signals import DEVICE_ITSELF, NO_COMPONENT, Observation, PointKey, SignalKind, from_json
from anguan.alarms.services.duty_checks import take_answers
from anguan.alarms.services.forwarding import forward_presumed
from anguan.alarms.services.notices import announce
from anguan.alarms.services.states import keep_states
from anguan.alarms.services.timers import seconds_on
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rules.selectors import rule

# Any number nobody else uses. Held by the one transaction that works.
_LOCK: Final = 0x616C6576
_PLATFORM: Final = "系统"
# The urgency of what tells of fire (`rules.signals.urgency`).
FIRE: Final = 0
# What is worth a line in the story; the others are in the counts.
_TOLD: Final = (
    Happening.OPENED,
    Happening.BROKE_THROUGH,
    Happening.PRESUMED,
    Happening.GROUPED,
    Happening.FLAPPING,
    Happening.RESET,
    Happening.RETURNED,
    Happening.RESTORED,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One observation of an admitted device: where it stood in the intake, and the point it is about."""

    ref: tuple[int, int, int]
    device: Device
    point: Point
    observation: Observation
    at: datetime

    def signal(self) -> Signal:
        """As grouping sees it."""
        return Signal(
            ref=self.ref,
            point_id=self.point.pk,
            device_id=self.device.pk,
            place=place_of(self.device),
            zone=self.point.zone,
            trigger=trigger_of(self.point.component_type),
            kinds=self.observation.kinds,
            at=self.at,
        )


def place_of(device: Device) -> str:
    """The building, or the device where none is known."""
    return f"b{device.building_id}" if device.building_id else f"d{device.pk}"


def trigger_of(component_type: int) -> Trigger:
    """What kind of thing a component is, as far as a presumption asks."""
    if component_type == NO_COMPONENT:
        return Trigger.OWN
    return Trigger.CALL_POINT if component_type == CALL_POINT_TYPE else Trigger.DETECTOR


@transaction.atomic
def evaluate_pending(*, now: datetime, limit: int = 500) -> int:
    """Work in the most urgent of what waits; returns how many rows, 0 also where another evaluator is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    rows = list(Pending.objects.filter(device_id__isnull=False).order_by("urgency", "id")[:limit])
    if not rows:
        return 0
    if rows[0].urgency == FIRE:
        # A fire waits for nothing but the batch that is being worked; what is less urgent comes with the next one.
        rows = [row for row in rows if row.urgency == FIRE]
    heard = _heard(rows)
    # Within a batch in the order of their reception, whatever was more urgent.
    heard.sort(key=lambda one: (one.at, one.ref))
    if heard:
        _work_in(heard, now)
    Pending.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _heard(rows: Sequence[Pending]) -> list[Heard]:
    """What admitted devices said, with the points made that are new."""
    devices = Device.objects.filter(state=DeviceState.ADMITTED).in_bulk({row.device_id for row in rows})
    told = [
        (row, index, from_json(stored))
        for row in rows
        if row.device_id in devices
        for index, stored in enumerate(row.observations)
    ]
    points = _points(
        {
            (int(row.device_id or 0), one.point or DEVICE_ITSELF): one.text
            for row, _index, one in reversed(told)
            if not one.kinds <= {SignalKind.HEARTBEAT}
        }
    )
    return [
        Heard((row.start_id, row.number, index), devices[row.device_id], point, one, row.received_at)
        for row, index, one in told
        if row.device_id and (point := points.get((row.device_id, one.point or DEVICE_ITSELF)))
    ]


_Named = tuple[int, PointKey]
# What signals change about an incident; the rest belongs to whoever handles it.
_OF_SIGNALS: Final = (
    "rank",
    "is_presumed",
    "is_grouped",
    "is_flapping",
    "last_signal_at",
    "points_count",
    "signals_count",
    "restored_at",
)
_OF_REPEATS: Final = ("last_at", "times", "returns", "is_active")
_OF_MEMBER: Final = (
    "zone_key",
    "trigger",
    "point__device",
    "first_at",
    "last_at",
    "is_active",
    "times",
    "returns",
    "pk",
)
_TRIGGERS: Final = {trigger.value: trigger for trigger in Trigger}


def _points(wanted: Mapping[_Named, str]) -> dict[_Named, Point]:
    found = _find_points(wanted)
    missing = [
        Point(
            device_id=device_id,
            system_type=key.system_type,
            system_address=key.system_address,
            component_type=key.component_type,
            component_address=key.component_address,
            text=text[:100],
        )
        for (device_id, key), text in wanted.items()
        if (device_id, key) not in found
    ]
    if missing:
        Point.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _find_points({named: "" for named in wanted if named not in found})
    return found


def _find_points(wanted: Iterable[_Named]) -> dict[_Named, Point]:
    """The points that exist, looked up by their names in one statement, however many a device has."""
    columns: list[list[int]] = [[], [], [], [], []]
    for device_id, key in wanted:
        numbers = (device_id, key.system_type, key.system_address, key.component_type, key.component_address)
        for column, number in zip(columns, numbers, strict=True):
            column.append(number)
    rows = Point.objects.raw(
        "SELECT p.* FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[])"
        " AS w(device_id, system_type, system_address, component_type, component_address)"
        " JOIN alarms_point p USING (device_id, system_type, system_address, component_type, component_address)",
        columns,
    )
    return {
        (
            row.device_id,
            PointKey(row.system_type, row.system_address, row.component_type, row.component_address),
        ): row
        for row in rows
    }


def _work_in(heard: Sequence[Heard], now: datetime) -> None:
    today = clock.local_day(now)
    grouping, presumed = rule("alarm-grouping", today), rule("presumed-fire", today)
    limits = Limits(
        window=timedelta(seconds=grouping.values["window_s"]),
        storm_points=grouping.values["storm_points"],
        settle=timedelta(seconds=grouping.values["settle_s"]),
        flaps=grouping.values["flaps"],
        detectors=presumed.values["detectors"],
    )
    devices = {one.device.pk: one.device for one in heard}
    signals = {signal.ref: signal for signal in (one.signal() for one in heard) if signal.tells_state}
    told = {one.ref: one for one in heard if one.ref in signals}
    if signals:
        causes, incidents = _open_causes(devices.values(), min(one.at for one in signals.values()) - limits.window)
        book = Book(causes, _windows(devices.values(), signals.values(), causes), limits)
        for signal in signals.values():
            book.take(signal)
        keep_states([(one.point, one.device, one.observation, one.at) for one in told.values()])
        _write([cause for cause in book.causes if cause.is_touched], incidents, devices, told, grouping.version, now)
    take_answers([(one.device, one.at) for one in heard if SignalKind.CHECK_ANSWERED in one.observation.kinds], now=now)


def _open_causes(devices: Iterable[Device], since: datetime) -> tuple[list[Cause], dict[int, Incident]]:
    """The incidents of these devices and their buildings that signals may still concern, held until the batch ends."""
    of_place = Q(device__in=[device.pk for device in devices])
    of_place |= Q(building__in={device.building_id for device in devices if device.building_id})
    running = Q(state__in=sorted(JOINABLE)) | Q(verdict_at__gte=since) | Q(window__until__gt=since)
    locked = list(
        Incident.objects.select_for_update(no_key=True, of=("self",)).filter(of_place, running).order_by("pk")
    )
    incidents = {incident.pk: incident for incident in locked}
    causes = {
        incident.pk: Cause(
            id=incident.pk,
            kind=IncidentKind(incident.kind),
            place=f"b{incident.building_id}" if incident.building_id else f"d{incident.device_id}",
            device_id=incident.device_id,
            key=incident.cause_key,
            state=IncidentState(incident.state),
            opened_at=incident.opened_at,
            last_at=incident.last_signal_at,
            verdict_at=incident.verdict_at,
            restored_at=incident.restored_at,
            window_id=incident.window_id,
            is_presumed=incident.is_presumed,
            is_grouped=incident.is_grouped,
            is_flapping=incident.is_flapping,
        )
        for incident in locked
    }
    # Plain tuples: a storm has thousands of points, and each batch looks at all of them.
    for incident_id, point_id, *told in IncidentPoint.objects.filter(incident__in=incidents).values_list(
        "incident", "point", *_OF_MEMBER
    ):
        zone_key, trigger, device_id, first_at, last_at, is_active, times, returns, pk = told
        causes[incident_id].members[point_id] = Member(
            zone_key=zone_key,
            trigger=_TRIGGERS[trigger],
            device_id=device_id,
            first_at=first_at,
            last_at=last_at,
            is_active=is_active,
            times=times,
            returns=returns,
            id=pk,
            is_touched=False,
        )
    return list(causes.values()), incidents


def _windows(devices: Iterable[Device], signals: Iterable[Signal], causes: Iterable[Cause]) -> list[Window]:
    """The test windows in force, with what each zone in them told already."""
    moments = [signal.at for signal in signals]
    covers = Q(device__in=[device.pk for device in devices])
    covers |= Q(building__in={device.building_id for device in devices if device.building_id})
    rows = TestWindow.objects.filter(covers, since__lte=max(moments), until__gt=min(moments)).order_by("pk")
    told: dict[int, dict[str, datetime]] = defaultdict(dict)
    for cause in causes:
        if cause.window_id is not None:
            zones = told[cause.window_id]
            for member in cause.members.values():
                zones[member.zone_key] = max(member.last_at, zones.get(member.zone_key, member.last_at))
    return [
        Window(
            id=row.pk,
            place=f"b{row.building_id}",
            device_id=row.device_id,
            zones=frozenset(row.zones),
            since=row.since,
            until=row.until,
            zones_told=told[row.pk],
        )
        for row in rows
    ]


def _write(
    causes: Sequence[Cause],
    incidents: dict[int, Incident],
    devices: Mapping[int, Device],
    told: Mapping[tuple[int, int, int], Heard],
    rule_version: int,
    now: datetime,
) -> None:
    """Write what the signals did: incidents, points, signals, steps, timers, records, what goes out, notices."""
    rows = [_row(cause, incidents, devices, rule_version) for cause in causes]
    new = [row for row in rows if row.pk is None]
    Incident.objects.bulk_create(new)
    _rewrite(Incident, [row for row in rows if row.pk in incidents], _OF_SIGNALS)
    pairs = list(zip(causes, rows, strict=True))
    _write_points(pairs)
    IncidentSignal.objects.bulk_create(
        [
            IncidentSignal(
                incident=row,
                start_id=ref[0],
                number=ref[1],
                index=ref[2],
                point_id=told[ref].point.pk,
                kinds=sorted(kind.value for kind in told[ref].observation.kinds),
                occurred_at=told[ref].observation.occurred_at,
                received_at=told[ref].at,
            )
            for cause, row in pairs
            for ref in dict.fromkeys(signal.ref for signal in cause.joined)
        ],
        batch_size=2000,
    )
    IncidentStep.objects.bulk_create(
        IncidentStep(
            incident=row,
            at=cause.joined[0].at if what is Happening.OPENED and cause.joined else now,
            action=what.value,
            what=_in_words(cause, what),
            by_name=_PLATFORM,
            after=row.state,
        )
        for cause, row in pairs
        for what in _TOLD
        if what in cause.happened
    )
    _start_timers([row for row in new if row.state == IncidentState.RECEIVED], now)
    _record(pairs, now)
    for cause, row in pairs:
        if Happening.PRESUMED in cause.happened:
            forward_presumed(incident=row, now=now)
    announce([(row.organ_id, row.pk, _most_telling(cause)) for cause, row in pairs], now)


def _row(cause: Cause, incidents: Mapping[int, Incident], devices: Mapping[int, Device], rule_version: int) -> Incident:
    if cause.id is None:
        device = devices[cause.device_id]
        row = Incident(
            organ_id=device.organ_id or 0,
            device=device,
            building_id=device.building_id,
            enterprise_id=device.enterprise_id,
            kind=cause.kind,
            state=cause.state,
            cause_key=cause.key,
            opened_at=cause.opened_at,
            window_id=cause.window_id,
            rule_version=rule_version,
        )
        if cause.window_id is not None:
            row.verdict, row.verdict_at, row.verdict_by_name = Verdict.TEST, cause.verdict_at, _PLATFORM
    else:
        row = incidents[cause.id]
    row.rank = rank(cause.kind, cause.state, is_presumed=cause.is_presumed)
    row.is_presumed, row.is_grouped, row.is_flapping = cause.is_presumed, cause.is_grouped, cause.is_flapping
    row.last_signal_at, row.restored_at = cause.last_at, cause.restored_at
    row.points_count = len(cause.members)
    row.signals_count += len({signal.ref for signal in cause.joined})
    return row


def _rewrite(model: type[Model], rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Write these fields of rows that exist; far quicker than `bulk_update`, which builds a CASE for each row."""
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=fields, batch_size=2000
    )


def _write_points(pairs: Sequence[tuple[Cause, Incident]]) -> None:
    rows = [
        IncidentPoint(
            pk=member.id,
            incident=row,
            point_id=point_id,
            kind=cause.kind,
            zone_key=member.zone_key,
            trigger=member.trigger,
            first_at=member.first_at,
            last_at=member.last_at,
            times=member.times,
            returns=member.returns,
            is_active=member.is_active,
            is_open=cause.is_joinable,
        )
        for cause, row in pairs
        for point_id, member in cause.members.items()
        if member.is_touched
    ]
    IncidentPoint.objects.bulk_create([row for row in rows if row.pk is None], batch_size=2000)
    _rewrite(IncidentPoint, [row for row in rows if row.pk is not None], _OF_REPEATS)


def _in_words(cause: Cause, what: Happening) -> str:
    count = len(cause.members)
    if what is Happening.GROUPED:
        return str(_("已有%(count)d个部位报警") % {"count": count})
    if what is Happening.PRESUMED:
        return str(_("两个独立探测器或者手动报警按钮报警，先行上报，注明未核实"))
    return ""


def _start_timers(rows: Sequence[Incident], now: datetime) -> None:
    seconds = seconds_on(now)
    IncidentTimer.objects.bulk_create(
        IncidentTimer(
            incident=row,
            timer=Timer.PRESENT,
            started_at=row.opened_at,
            due_at=row.opened_at + timedelta(seconds=allowed),
            rule_version=seconds.version,
        )
        for row in rows
        if (allowed := seconds.of(IncidentKind(row.kind), Timer.PRESENT)) is not None
    )


def _record(pairs: Sequence[tuple[Cause, Incident]], now: datetime) -> None:
    """The audit records of what a rule decided: that an incident exists, and that it is taken for a fire."""
    entries: dict[int, list[audit.Entry]] = defaultdict(list)
    for cause, row in pairs:
        for what, action in ((Happening.OPENED, "alarms.open_incident"), (Happening.PRESUMED, "alarms.presume_fire")):
            if what in cause.happened:
                after = audit.snapshot(row, "kind", "state", "cause_key", "device_id", "building_id", "opened_at")
                entries[row.organ_id].append(audit.Entry(action=action, subject_id=str(row.pk), after=after))
    for organ_id, some in entries.items():
        actor = Actor(kind="rule", id="alarm-grouping", name="alarm-grouping", organ_id=organ_id)
        audit.record_many(actor=actor, subject_type=Incident, entries=some, now=now)


def _most_telling(cause: Cause) -> str:
    order = (Happening.OPENED, Happening.PRESUMED, Happening.BROKE_THROUGH, Happening.GROUPED, Happening.JOINED)
    return next((what.value for what in order if what in cause.happened), Happening.REPEATED.value)
