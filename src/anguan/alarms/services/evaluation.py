"""研判: what waits is worked into point states, outages and incidents, in batches, fire first, each exactly once.

A batch is one transaction: it takes the rows away and writes everything that follows from them, so nothing is lost and
nothing is done twice, wherever it is interrupted. Only one evaluator works at a time, whoever holds the lock; another
one finds the lock taken, does nothing and comes again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from anguan.alarms.models import Incident, TestWindow
from anguan.alarms.rules.grouping import Book, Cause, Happening, Limits, Member, Signal, Trigger, Window
from anguan.alarms.rules.incidents import JOINABLE, IncidentKind, IncidentState, Timer, Verdict, rank
from anguan.alarms.rules.signals import SignalKind
from anguan.alarms.services import sets
from anguan.alarms.services.duty_checks import take_answers
from anguan.alarms.services.forwarding import forward_presumed
from anguan.alarms.services.hearing import Heard, Speaker, hear, most_urgent
from anguan.alarms.services.notices import announce
from anguan.alarms.services.states import keep_states
from anguan.alarms.services.timers import start_timers
from anguan.alarms.services.writing import STEP
from anguan.core.words import N_
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


@transaction.atomic
def evaluate_pending(*, now: datetime, limit: int = 500) -> int:
    """Work in the most urgent of what waits; returns how many rows, 0 also where another evaluator is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    rows = most_urgent(limit)
    if not rows:
        return 0
    if rows[0].urgency == FIRE:
        # A fire waits for nothing but the batch that is being worked; what is less urgent comes with the next one.
        rows = [row for row in rows if row.urgency == FIRE]
    heard = hear(rows)
    if heard:
        _work_in(heard, now)
    sets.execute("DELETE FROM alarms_pending WHERE id = ANY(%s)", ([row.id for row in rows],))
    return len(rows)


# What signals change about an incident; the rest belongs to whoever handles it.
_OF_SIGNALS: Final = {
    "id": "bigint",
    "rank": "smallint",
    "is_presumed": "boolean",
    "is_grouped": "boolean",
    "is_flapping": "boolean",
    "last_signal_at": "timestamptz",
    "points_count": "integer",
    "signals_count": "integer",
    "restored_at": "timestamptz",
}
_NEW: Final = {
    **_OF_SIGNALS,
    "organ_id": "bigint",
    "device_id": "bigint",
    "building_id": "bigint",
    "enterprise_id": "bigint",
    "window_id": "bigint",
    "kind": "varchar",
    "state": "varchar",
    "cause_key": "varchar",
    "opened_at": "timestamptz",
    "verdict": "varchar",
    "verdict_at": "timestamptz",
    "verdict_by_name": "varchar",
    "false_cause": "varchar",
    "rule_version": "integer",
}
_NEW_POINT: Final = {
    "incident_id": "bigint",
    "point_id": "bigint",
    "kind": "varchar",
    "zone_key": "varchar",
    "trigger": "varchar",
    "first_at": "timestamptz",
    "last_at": "timestamptz",
    "times": "integer",
    "returns": "integer",
    "is_active": "boolean",
    "is_open": "boolean",
}
_REPEATED_POINT: Final = {
    "id": "bigint",
    "last_at": "timestamptz",
    "times": "integer",
    "returns": "integer",
    "is_active": "boolean",
}
_SIGNAL: Final = {
    "incident_id": "bigint",
    "start_id": "bigint",
    "number": "bigint",
    "index": "smallint",
    "point_id": "bigint",
    "kinds": "varchar[]",
    "occurred_at": "timestamptz",
    "received_at": "timestamptz",
}
_MEMBERS: Final = (
    "SELECT i.incident_id, i.point_id, i.zone_key, i.trigger, p.device_id, i.first_at, i.last_at, i.is_active, i.times,"
    " i.returns, i.id FROM alarms_incidentpoint i JOIN alarms_point p ON p.id = i.point_id"
    " WHERE i.incident_id = ANY(%s)"
)
_TRIGGERS: Final = {trigger.value: trigger for trigger in Trigger}


def _work_in(heard: Sequence[Heard], now: datetime) -> None:
    today = clock.local_day(now)
    grouping, presumed = rule("alarm-grouping", today), rule("presumed-fire", today)
    limits = Limits(
        window=timedelta(seconds=grouping.values["window_s"]),
        storm_points=grouping.values["storm_points"],
        settle=timedelta(seconds=grouping.values["settle_s"]),
        flaps=grouping.values["flaps"],
        flaps_within=timedelta(seconds=grouping.values["flaps_in_s"]),
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
        keep_states(list(told.values()))
        _write([cause for cause in book.causes if cause.is_touched], incidents, devices, told, grouping.version, now)
    take_answers(
        [(one.device.pk, one.at) for one in heard if SignalKind.CHECK_ANSWERED in one.observation.kinds], now=now
    )


def _open_causes(devices: Iterable[Speaker], since: datetime) -> tuple[list[Cause], dict[int, Incident]]:
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
    for incident_id, point_id, zone_key, trigger, device_id, first_at, last_at, is_active, times, returns, pk in (
        sets.fetch(_MEMBERS, (list(incidents),)) if incidents else ()
    ):
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


def _windows(devices: Iterable[Speaker], signals: Iterable[Signal], causes: Iterable[Cause]) -> list[Window]:
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
    devices: Mapping[int, Speaker],
    told: Mapping[tuple[int, int, int], Heard],
    rule_version: int,
    now: datetime,
) -> None:
    """Write what the signals did: incidents, points, signals, steps, timers, records, what goes out, notices."""
    rows = [_row(cause, incidents, devices, rule_version) for cause in causes]
    new = [row for row in rows if row.pk is None]
    _open(new)
    known = [row for row in rows if row.pk in incidents]
    sets.update("alarms_incident", "id", _OF_SIGNALS, ([getattr(row, name) for name in _OF_SIGNALS] for row in known))
    pairs = list(zip(causes, rows, strict=True))
    _write_points(pairs)
    sets.insert(
        "alarms_incidentsignal",
        _SIGNAL,
        (
            (row.pk, *ref, one.point.pk, _names(one.observation.kinds), one.observation.occurred_at, one.at)
            for cause, row in pairs
            for ref in dict.fromkeys(signal.ref for signal in cause.joined)
            for one in (told[ref],)
        ),
    )
    sets.insert(
        "alarms_incidentstep",
        STEP,
        (
            (
                row.pk,
                cause.joined[0].at if what is Happening.OPENED and cause.joined else now,
                what.value,
                _in_words(cause, what),
                *("", "", _PLATFORM, ""),
                row.state,
            )
            for cause, row in pairs
            for what in _TOLD
            if what in cause.happened
        ),
    )
    start_timers(
        [
            (row.pk, IncidentKind(row.kind), Timer.PRESENT, row.opened_at)
            for row in new
            if row.state == IncidentState.RECEIVED
        ],
        now,
    )
    _record(pairs, now)
    for cause, row in pairs:
        if Happening.PRESUMED in cause.happened:
            forward_presumed(incident=row, now=now)
    announce([(row.organ_id, row.pk, _most_telling(cause)) for cause, row in pairs], now)


def _open(rows: Sequence[Incident]) -> None:
    if not rows:
        return
    # Numbers first: what an INSERT returns has no promised order.
    numbers = sets.fetch(
        "SELECT nextval(pg_get_serial_sequence('alarms_incident', 'id')) FROM generate_series(1, %s)", (len(rows),)
    )
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding = False
    sets.insert("alarms_incident", _NEW, ([getattr(row, name) for name in _NEW] for row in rows))


def _row(
    cause: Cause, incidents: Mapping[int, Incident], devices: Mapping[int, Speaker], rule_version: int
) -> Incident:
    if cause.id is None:
        device = devices[cause.device_id]
        row = Incident(
            organ_id=device.organ_id,
            device_id=device.pk,
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


def _names(kinds: Iterable[SignalKind]) -> list[str]:
    return sorted(kind.value for kind in kinds)


def _write_points(pairs: Sequence[tuple[Cause, Incident]]) -> None:
    touched = [
        (cause, row, point_id, member)
        for cause, row in pairs
        for point_id, member in cause.members.items()
        if member.is_touched
    ]
    sets.insert(
        "alarms_incidentpoint",
        _NEW_POINT,
        (
            (
                *(row.pk, point_id, cause.kind.value, member.zone_key, member.trigger.value),
                *(member.first_at, member.last_at, member.times, member.returns, member.is_active),
                cause.is_joinable,
            )
            for cause, row, point_id, member in touched
            if member.id is None
        ),
    )
    sets.update(
        "alarms_incidentpoint",
        "id",
        _REPEATED_POINT,
        (
            (member.id, member.last_at, member.times, member.returns, member.is_active)
            for _cause, _row, _point_id, member in touched
            if member.id is not None
        ),
    )


def _in_words(cause: Cause, what: Happening) -> str:
    count = len(cause.members)
    if what is Happening.GROUPED:
        return N_("已有%(count)d个部位报警") % {"count": count}
    if what is Happening.PRESUMED:
        return N_("两个独立探测器或者手动报警按钮报警，先行上报，注明未核实")
    return ""


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
