"""报警可信度: how often what was wrong, how available which system was, and whether people can keep up.

Everything is of the organs whose alarms the viewer reads, and of one stretch of time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from anguan.alarms.models import (
    Device,
    DutyCheck,
    HandlingAgreement,
    Incident,
    IncidentPoint,
    IncidentTimer,
    Outage,
    Point,
    PointState,
    RepairRequest,
)
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.duty_checks import COUNTED, DutyCheckState, score
from anguan.alarms.rules.incidents import IncidentKind, Timer, Verdict
from anguan.alarms.rules.signals import NO_COMPONENT, SignalKind
from anguan.alarms.rules.truth import (
    Load,
    OutageKind,
    SystemHealth,
    Tally,
    availability,
    shift_time,
    united,
    worst_first,
)
from anguan.alarms.selectors.duty_room import READERS
from anguan.ground.access import Viewer
from anguan.people.models import DutyShift
from anguan.people.rules import DutyPost
from anguan.wire.gbt26875.codes import SystemType, name_of

_LISTED: Final = 20
Stretch = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class TruthRow:
    """One point, maker or unit: how its fire alarms ended, against how many detectors it has."""

    name: str
    tally: Tally
    detectors: int
    per_hundred: Fraction | None


@dataclass(frozen=True)
class Kept:
    """How often a timer was met in time."""

    timer: Timer
    kept: int
    asked: int


@dataclass(frozen=True)
class OnlineRow:
    """A device: how much of the time it was heard of (None where never), and whether it is now."""

    device: Device
    share: Fraction | None
    is_online: bool


def _of_points(viewer: Viewer, start: datetime, end: datetime) -> QuerySet[IncidentPoint]:
    return IncidentPoint.objects.filter(
        kind=IncidentKind.FIRE,
        incident__organ__in=viewer.organs_as(*READERS),
        incident__opened_at__gte=start,
        incident__opened_at__lt=end,
    ).exclude(incident__verdict="")


def points_by_false_alarms(viewer: Viewer, start: datetime, end: datetime) -> list[TruthRow]:
    """误报最多的部位 first."""
    counted = (
        _of_points(viewer, start, end)
        .values("point", "incident__verdict")
        .annotate(count=Count("incident", distinct=True))
        .values_list("point", "incident__verdict", "count")
    )
    tallies = _tallies(counted)
    worst = sorted((key for key in tallies if tallies[key].false), key=lambda key: (-tallies[key].false, key))[:_LISTED]
    points = Point.objects.select_related("device__building").in_bulk(worst)
    return [
        TruthRow(
            name=f"{points[key].device.building or points[key].device} {points[key]}",
            tally=tallies[key],
            detectors=1,
            per_hundred=None,
        )
        for key in worst
    ]


def makers_by_false_alarms(viewer: Viewer, start: datetime, end: datetime) -> list[TruthRow]:
    """误报率 by maker: of the point where one is entered, else of the device it reports through."""
    own = Coalesce(NullIf(F("point__maker"), Value("")), F("point__device__maker"))
    counted = (
        _of_points(viewer, start, end)
        .annotate(maker=own)
        .values("maker", "incident__verdict")
        .annotate(count=Count("pk"))
        .values_list("maker", "incident__verdict", "count")
    )
    detectors = dict(
        Point.objects.filter(device__organ__in=viewer.organs_as(*READERS), component_type__gt=NO_COMPONENT)
        .annotate(made_by=Coalesce(NullIf(F("maker"), Value("")), F("device__maker")))
        .values("made_by")
        .annotate(count=Count("pk"))
        .values_list("made_by", "count")
    )
    return _rated(_tallies(counted), detectors, {}, end - start)


def units_by_false_alarms(viewer: Viewer, start: datetime, end: datetime) -> list[TruthRow]:
    """误报率 by unit; an incident counts once, however many points told of it."""
    counted = (
        Incident.objects.filter(
            kind=IncidentKind.FIRE,
            organ__in=viewer.organs_as(*READERS),
            opened_at__gte=start,
            opened_at__lt=end,
            enterprise__isnull=False,
        )
        .exclude(verdict="")
        .values("enterprise", "verdict")
        .annotate(count=Count("pk"))
        .values_list("enterprise", "verdict", "count")
    )
    tallies = _tallies(counted)
    of_units = Point.objects.filter(device__enterprise__in=tallies, component_type__gt=NO_COMPONENT)
    detectors = dict(
        of_units.values("device__enterprise").annotate(count=Count("pk")).values_list("device__enterprise", "count")
    )
    names = dict(Device.objects.filter(enterprise__in=tallies).values_list("enterprise", "enterprise__name").distinct())
    return _rated(tallies, detectors, names, end - start)


def _tallies(counted: Iterable[tuple[Any, str, int]]) -> dict[Any, Tally]:
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    for key, verdict, count in counted:
        found[key][verdict] = count
    return {
        key: Tally(
            true=row.get(Verdict.TRUE, 0),
            false=row.get(Verdict.FALSE, 0),
            test=row.get(Verdict.TEST, 0),
            fault=row.get(Verdict.FAULT, 0),
        )
        for key, row in found.items()
    }


def _rated(
    tallies: Mapping[Any, Tally], detectors: Mapping[Any, int], names: Mapping[Any, str], span: timedelta
) -> list[TruthRow]:
    rows = [
        TruthRow(
            name=str(names.get(key, key) or ""),
            tally=tally,
            detectors=detectors.get(key, 0),
            per_hundred=tally.false_per_hundred(detectors.get(key, 0), span),
        )
        for key, tally in tallies.items()
    ]
    return sorted(rows, key=lambda row: (-(row.per_hundred or 0), -row.tally.false, row.name))[:_LISTED]


def whole_tally(viewer: Viewer, start: datetime, end: datetime) -> Tally:
    """All fire incidents of the time by how they ended."""
    counted = (
        Incident.objects.filter(
            kind=IncidentKind.FIRE,
            organ__in=viewer.organs_as(*READERS),
            opened_at__gte=start,
            opened_at__lt=end,
        )
        .exclude(verdict="")
        .values("verdict")
        .annotate(count=Count("pk"))
    )
    return _tallies([(0, row["verdict"], row["count"]) for row in counted]).get(0, Tally())


def timers_kept(viewer: Viewer, start: datetime, end: datetime) -> list[Kept]:
    """How often each timer was met in time, of those that were met or ran out."""
    rows = (
        IncidentTimer.objects.filter(
            incident__organ__in=viewer.organs_as(*READERS), started_at__gte=start, started_at__lt=end
        )
        .filter(Q(met_at__isnull=False) | Q(due_at__lt=end))
        .values("timer")
        .annotate(asked=Count("pk"), kept=Count("pk", filter=Q(met_at__lte=F("due_at"))))
    )
    found = {row["timer"]: row for row in rows}
    return [Kept(timer, found[timer]["kept"], found[timer]["asked"]) for timer in Timer if timer in found]


def load_of_operators(viewer: Viewer, start: datetime, end: datetime, budget: int) -> Load:
    """工作负荷: incidents that somebody had to take, against the hours of whoever was on duty."""
    organs = viewer.organs_as(*READERS)
    shifts = DutyShift.objects.filter(organ__in=organs, post=DutyPost.OPERATOR, since__lt=end, until__gt=start)
    alarms = Incident.objects.filter(organ__in=organs, opened_at__gte=start, opened_at__lt=end, window__isnull=True)
    return Load(
        alarms=alarms.filter(kind=IncidentKind.FIRE).count()
        + alarms.exclude(kind=IncidentKind.FIRE).filter(acknowledged_at__isnull=False).count(),
        operator_time=shift_time(list(shifts.values_list("since", "until")), start, end),
        budget=budget,
    )


def _devices(viewer: Viewer) -> QuerySet[Device]:
    return Device.objects.filter(organ__in=viewer.organs_as(*READERS), state=DeviceState.ADMITTED).select_related(
        "building"
    )


def _outages(viewer: Viewer, start: datetime, end: datetime) -> QuerySet[Outage]:
    return Outage.objects.filter(
        Q(until__isnull=True) | Q(until__gt=start),
        point__device__organ__in=viewer.organs_as(*READERS),
        point__device__state=DeviceState.ADMITTED,
        since__lt=end,
    )


def devices_online(viewer: Viewer, start: datetime, end: datetime) -> list[OnlineRow]:
    """在线率 of each device, the worst first; time before it was first heard of doesn't count."""
    silent: dict[int, list[Stretch]] = defaultdict(list)
    rows = _outages(viewer, start, end).filter(kind=OutageKind.OFFLINE)
    for device_id, since, until in rows.values_list("point__device", "since", "until"):
        silent[device_id].append((since, until))
    found = []
    for device in _devices(viewer):
        begun = max(start, device.first_heard_at or end)
        share = availability(1, [united(silent[device.pk], begun, end)], end - begun)
        found.append(OnlineRow(device, share, device.is_online))
    return sorted(found, key=lambda row: (row.is_online, row.share or 0, row.device.pk))


def systems_worst_first(viewer: Viewer, start: datetime, end: datetime) -> list[SystemHealth]:
    """完好率 of each system of each building, weighted by time; what can't act by itself now comes first.

    A point is out while it is faulty or shielded, and while its device is silent.
    """
    span = end - start
    devices = {device.pk: device for device in _devices(viewer)}
    counts: dict[tuple[int, int], tuple[int, int]] = {
        (row["device"], row["system_type"]): (row["count"], row["critical"])
        for row in Point.objects.filter(device__in=devices, system_type__gt=0)
        .values("device", "system_type")
        .annotate(count=Count("pk"), critical=Count("pk", filter=Q(is_critical=True)))
    }
    silent: dict[int, list[Stretch]] = defaultdict(list)
    own: dict[tuple[int, int], dict[int, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    out_now: dict[tuple[int, int], set[int]] = defaultdict(set)
    critical: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in _outages(viewer, start, end).select_related("point").order_by("pk"):
        point, key = row.point, (row.point.device_id, row.point.system_type)
        if row.kind == OutageKind.OFFLINE:
            silent[point.device_id].append((row.since, row.until))
        elif row.kind != OutageKind.MANUAL:
            own[key][point.pk].append((row.since, row.until))
            if row.until is None:
                out_now[key].add(point.pk)
                if point.is_critical:
                    critical[key].add(point.pk)
    manual = set(
        PointState.objects.filter(
            point__device__in=devices, kinds__contains=[SignalKind.MANUAL_MODE], point__system_type__gt=0
        ).values_list("point__device", "point__system_type")
    )
    found = []
    for (device_id, system_type), (points, critical_points) in counts.items():
        key, device = (device_id, system_type), devices[device_id]
        dark = silent[device_id]
        is_dark = any(until is None for _since, until in dark)
        lost = [united([*stretches, *dark], start, end) for stretches in own[key].values()]
        lost += [united(dark, start, end)] * (points - len(lost))
        name = name_of(SystemType, system_type)
        system = _(name) if name else str(system_type)
        found.append(
            SystemHealth(
                name=f"{device.building or device} {system}",
                system_type=system_type,
                points=points,
                availability=availability(points, lost, span),
                out_now=points if is_dark else len(out_now[key]),
                critical_out=critical_points if is_dark else len(critical[key]),
                in_manual=int(key in manual),
            )
        )
    return worst_first(found)[:_LISTED]


def duty_check_score(viewer: Viewer, start: datetime, end: datetime) -> tuple[Fraction | None, int]:
    """查岗得分, and of how many it is."""
    states = [
        DutyCheckState(state)
        for state in DutyCheck.objects.filter(
            device__organ__in=viewer.organs_as(*READERS),
            planned_at__gte=start,
            planned_at__lt=end,
            sent_at__isnull=False,
        ).values_list("state", flat=True)
    ]
    return score(states), sum(state in COUNTED for state in states)


def open_repairs(viewer: Viewer) -> QuerySet[RepairRequest]:
    """维修申请 that wait, the oldest first."""
    return (
        RepairRequest.objects.filter(point__device__organ__in=viewer.organs_as(*READERS), closed_at__isnull=True)
        .select_related("point__device__building")
        .order_by("opened_at", "pk")
    )


def agreements_waiting(viewer: Viewer) -> QuerySet[HandlingAgreement]:
    """约定处理 that is still to be agreed on."""
    return (
        HandlingAgreement.objects.filter(organ__in=viewer.organs_as(*READERS), agreed_at__isnull=True)
        .select_related("enterprise", "device", "building")
        .order_by("-day", "pk")
    )
