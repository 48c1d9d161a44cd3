"""点位状态 and 失效时段: how points stand now, and since when they protect nobody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db.models import F, Func, Value

from anguan.alarms.models import Device, Outage, Point, PointState
from anguan.alarms.rules.signals import Observation, SignalKind
from anguan.alarms.rules.truth import OutageKind

_OUT: Final[Mapping[SignalKind, OutageKind]] = MappingProxyType(
    {
        SignalKind.FAULT: OutageKind.FAULT,
        SignalKind.POWER_FAULT: OutageKind.FAULT,
        SignalKind.SHIELDED: OutageKind.SHIELDED,
        SignalKind.OFFLINE: OutageKind.OFFLINE,
        SignalKind.MANUAL_MODE: OutageKind.MANUAL,
    }
)
Told = tuple[Point, Device, Observation, datetime]


def keep_states(told: Sequence[Told]) -> None:
    """Set what points said last, in the order in which they said it; an older report changes nothing.

    A reset takes back the fire of every point of its device: what still burns reports again.
    """
    states = PointState.objects.in_bulk({point.pk for point, _device, _observation, _at in told})
    changed: dict[int, PointState] = {}
    newest: list[Told] = []
    for point, device, observation, at in told:
        row = states.get(point.pk)
        kinds = sorted(kind.value for kind in observation.kinds)
        if row is None:
            row = states[point.pk] = PointState(point=point, since=at, at=at)
        elif at < row.at:
            continue
        if row.kinds != kinds or row.state != observation.state:
            row.since = at
        row.kinds, row.state, row.at = kinds, observation.state, at
        changed[point.pk] = row
        newest.append((point, device, observation, at))
    PointState.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["point"],
        update_fields=["state", "kinds", "since", "at"],
        batch_size=2000,
    )
    for _point, device, observation, at in newest:
        if SignalKind.RESET in observation.kinds:
            fire = Value(SignalKind.FIRE.value)
            PointState.objects.filter(point__device=device, kinds__contains=[SignalKind.FIRE], at__lt=at).update(
                kinds=Func(F("kinds"), fire, function="array_remove"), state=None, since=at, at=at
            )
    _keep_outages(newest)


def _keep_outages(told: Iterable[Told]) -> None:
    """Open and end outages as the reports say, in their order."""
    rows = list(told)
    open_now = {
        (row.point_id, OutageKind(row.kind)): row
        for row in Outage.objects.filter(point__in={point.pk for point, *_rest in rows}, until__isnull=True)
    }
    made: list[Outage] = []
    ended: list[Outage] = []
    for point, _device, observation, at in rows:
        out = {_OUT[kind] for kind in observation.kinds if kind in _OUT}
        for kind in OutageKind:
            running = open_now.get((point.pk, kind))
            if kind in out and running is None:
                open_now[point.pk, kind] = Outage(point=point, kind=kind, since=at)
                made.append(open_now[point.pk, kind])
            elif kind not in out and running is not None:
                running.until = max(at, running.since)
                del open_now[point.pk, kind]
                if running.pk is not None:
                    ended.append(running)
    Outage.objects.bulk_create(
        ended, update_conflicts=True, unique_fields=["pk"], update_fields=["until"], batch_size=2000
    )
    Outage.objects.bulk_create(made, batch_size=2000)
