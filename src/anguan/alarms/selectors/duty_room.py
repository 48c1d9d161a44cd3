"""What the duty room reads: incidents in hand, one incident with its place, who else told of it before."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from anguan.alarms.models import (
    Forwarding,
    HandlingAgreement,
    Incident,
    IncidentPoint,
    IncidentTimer,
    Notice,
    Point,
    RepairRequest,
    TestWindow,
)
from anguan.alarms.rules.incidents import UNCLOSED
from anguan.ground.access import Viewer
from anguan.people.rules import Role
from anguan.people.selectors import on_duty

# Who watches the alarms of an organ, and who may read what came of them.
WATCHERS = (Role.DUTY_OFFICER, Role.LEADER)
READERS = (*WATCHERS, Role.CLERK, Role.OFFICER)
# A storm of thousands is one row; its page names so many points and says how many there are.
MOST_POINTS = 30
MOST_STEPS = 60
MOST_EARLIER = 8


def incidents_visible_to(viewer: Viewer) -> QuerySet[Incident]:
    """The incidents of the organs whose alarms the viewer reads, ended ones included."""
    rows = Incident.objects.filter(organ__in=viewer.organs_as(*READERS))
    return rows.select_related("building", "device", "enterprise", "handler", "organ", "window")


def in_hand(viewer: Viewer) -> QuerySet[Incident]:
    """待处置警情 of the organs that the viewer watches: what matters first, then what waits longest."""
    running = IncidentTimer.objects.filter(met_at__isnull=True).order_by("due_at")
    rows = incidents_visible_to(viewer).filter(
        organ__in=viewer.organs_as(*WATCHERS), state__in=sorted(state.value for state in UNCLOSED)
    )
    return rows.prefetch_related(Prefetch("timers", running, to_attr="running")).order_by("rank", "opened_at", "pk")


def last_notice() -> int:
    """The number of the newest notice: what a page that is rendered now has seen."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def first_points(incidents: list[Incident]) -> dict[int, IncidentPoint]:
    """The point that told first, for each of these incidents that has one; in one query."""
    rows = (
        IncidentPoint.objects.filter(incident__in=incidents)
        .select_related("point__plan")
        .order_by("incident", "first_at", "pk")
    )
    return {row.incident_id: row for row in rows.distinct("incident")}


def points_of(incident: Incident) -> list[IncidentPoint]:
    """The points an incident is about, those that still tell of it first; cut at `MOST_POINTS`."""
    rows = IncidentPoint.objects.filter(incident=incident).select_related("point__plan__evidence", "point__device")
    return list(rows.order_by("-is_active", "first_at", "pk")[:MOST_POINTS])


def earlier_alarms(incident: Incident) -> list[Incident]:
    """此前的警情 of the same kind at the same points, newest first."""
    points = IncidentPoint.objects.filter(incident=incident).values("point")
    rows = Incident.objects.filter(points__point__in=points, kind=incident.kind, opened_at__lt=incident.opened_at)
    return list(rows.exclude(pk=incident.pk).distinct().order_by("-opened_at")[:MOST_EARLIER])


def windows_over(incident: Incident, now: datetime) -> list[TestWindow]:
    """测试时段 that run now over the incident's device or building."""
    rows = TestWindow.objects.filter(organ=incident.organ_id, since__lte=now, until__gt=now)
    place = Q(device=incident.device_id)
    if incident.building_id is not None:
        place |= Q(building=incident.building_id)
    return list(rows.filter(place))


def agreement_with(incident: Incident) -> HandlingAgreement | None:
    """约定处理 with the incident's unit: what was agreed on last; where no unit is known, about its device."""
    rows = HandlingAgreement.objects.filter(organ=incident.organ_id, agreed_at__isnull=False)
    if incident.enterprise_id is not None:
        rows = rows.filter(enterprise=incident.enterprise_id)
    else:
        rows = rows.filter(device=incident.device_id)
    return rows.order_by("-agreed_at", "-pk").first()


def repairs_of(incident: Incident) -> list[RepairRequest]:
    """维修申请 of the incident's points that nobody has closed: what they tell now may be the old fault."""
    rows = RepairRequest.objects.filter(closed_at__isnull=True, point__incident_points__incident=incident)
    return list(rows.select_related("point").order_by("opened_at", "pk")[:MOST_EARLIER])


def forwardings_of(incident: Incident) -> list[Forwarding]:
    """上报 of an incident, in the order it was sent."""
    return list(Forwarding.objects.filter(incident=incident).select_related("target").order_by("posted_at", "pk"))


def critical_points(incident: Incident) -> list[Point]:
    """关键点位 of the building: pumps, panels, linkage, with their state."""
    if incident.building_id is None:
        rows = Point.objects.filter(device=incident.device_id)
    else:
        rows = Point.objects.filter(device__building=incident.building_id)
    return list(rows.filter(is_critical=True).select_related("current", "plan").order_by("text", "pk")[:12])


def operators_on_duty(viewer: Viewer, now: datetime) -> list[str]:
    """The names of whoever is on duty for the organs that the viewer watches."""
    return list(dict.fromkeys(shift.user.name for shift in on_duty(viewer.organs_as(*WATCHERS), now)))
