"""点位状态 and 失效时段: how points stand now, and since when they protect nobody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.signals import PRESENCE, SignalKind
from anguan.alarms.rules.truth import OutageKind
from anguan.alarms.services import sets
from anguan.alarms.services.hearing import Heard, Spot

_OUT: Final[Mapping[SignalKind, OutageKind]] = MappingProxyType(
    {
        SignalKind.FAULT: OutageKind.FAULT,
        SignalKind.POWER_FAULT: OutageKind.FAULT,
        SignalKind.SHIELDED: OutageKind.SHIELDED,
        SignalKind.OFFLINE: OutageKind.OFFLINE,
        SignalKind.MANUAL_MODE: OutageKind.MANUAL,
    }
)
_STATE: Final = {
    "point_id": "bigint",
    "state": "integer",
    "kinds": "varchar[]",
    "since": "timestamptz",
    "at": "timestamptz",
}
_OUTAGE: Final = {"point_id": "bigint", "kind": "varchar", "since": "timestamptz", "until": "timestamptz"}
FORGET_THE_FUTURE: Final = """
    WITH told AS (
        UPDATE alarms_pointstate SET at = %(now)s, since = least(since, %(now)s) WHERE at > %(now)s + %(slack)s)
    UPDATE alarms_incidentpoint SET last_at = %(now)s, first_at = least(first_at, %(now)s)
    WHERE is_open AND last_at > %(now)s + %(slack)s
"""
"""For a clock that was put back: an older report changes nothing, so what points said in what is now the future would
hide whatever they say until then, and the end of a fault is said but once."""
_ENDED: Final = {"id": "bigint", "until": "timestamptz"}


def keep_states(told: Sequence[Heard]) -> None:
    """Set what points said last, in the order in which they said it; an older report changes nothing.

    A reset takes back the fire of every point of its device: what still burns reports again.
    """
    newest = [one for one in told if _is_taken(one)]
    changed: dict[int, Spot] = {one.point.pk: one.point for one in newest}
    sets.insert(
        "alarms_pointstate",
        _STATE,
        ((point.pk, point.state, point.kinds, point.since, point.at) for point in changed.values()),
        then="ON CONFLICT (point_id) DO UPDATE SET state = excluded.state, kinds = excluded.kinds,"
        " since = excluded.since, at = excluded.at",
    )
    for one in newest:
        if SignalKind.RESET in one.observation.kinds:
            sets.execute(
                "UPDATE alarms_pointstate s SET kinds = array_remove(s.kinds, %(fire)s), state = NULL, since = %(at)s,"
                " at = %(at)s FROM alarms_point p WHERE p.id = s.point_id AND p.device_id = %(device)s"
                " AND %(fire)s = ANY (s.kinds) AND s.at < %(at)s",
                {"fire": SignalKind.FIRE.value, "at": one.at, "device": one.device.pk},
            )
    _keep_outages(newest)


def _is_taken(one: Heard) -> bool:
    """Write a report down at its point; False for one that is older than what stands there."""
    point, observation, at = one.point, one.observation, one.at
    if point.at is not None and at < point.at:
        return False
    if observation.kinds <= PRESENCE:
        # Silence hides what was said last and takes nothing of it back.
        told = {SignalKind(kind) for kind in point.kinds or ()} - PRESENCE - {SignalKind.NORMAL}
        told |= observation.kinds - {SignalKind.ONLINE}
        kinds, state = sorted(kind.value for kind in told or {SignalKind.NORMAL}), point.state
    else:
        kinds, state = sorted(kind.value for kind in observation.kinds), observation.state
    if point.kinds != kinds or point.state != state or point.since is None:
        point.since = at
    point.kinds, point.state, point.at = kinds, state, at
    return True


def _keep_outages(told: Iterable[Heard]) -> None:
    """Open and end outages as the reports say, in their order."""
    rows = list(told)
    # Number (None for one that begins here), beginning.
    running: dict[tuple[int, OutageKind], tuple[int | None, datetime]] = {
        (point_id, OutageKind(kind)): (number, since)
        for number, point_id, kind, since in sets.fetch(
            "SELECT id, point_id, kind, since FROM alarms_outage WHERE point_id = ANY(%s) AND until IS NULL",
            (list({one.point.pk for one in rows}),),
        )
    }
    over: list[tuple[int, datetime]] = []
    brief: list[tuple[int, str, datetime, datetime]] = []
    for one in rows:
        out = {_OUT[kind] for kind in one.observation.kinds if kind in _OUT}
        for kind in (OutageKind.OFFLINE,) if one.observation.kinds <= PRESENCE else OutageKind:
            named = (one.point.pk, kind)
            if kind in out and named not in running:
                running[named] = (None, one.at)
            elif kind not in out and named in running:
                number, since = running.pop(named)
                until = max(one.at, since)
                if number is None:
                    brief.append((one.point.pk, kind.value, since, until))
                else:
                    over.append((number, until))
    sets.update("alarms_outage", "id", _ENDED, over)
    begun = [(pk, kind.value, since, None) for (pk, kind), (number, since) in running.items() if number is None]
    sets.insert("alarms_outage", _OUTAGE, [*brief, *begun])
