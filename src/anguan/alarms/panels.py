"""What this room shows on other pages: fires on the desk, alarms and devices of a building, points on a plan."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.alarms import showing
from anguan.alarms.models import Point
from anguan.alarms.rules.duty_checks import ASKS_OPERATOR
from anguan.alarms.rules.incidents import UNTAKEN
from anguan.alarms.selectors.devices import devices_visible_to, strangers
from anguan.alarms.selectors.duty_room import WATCHERS, in_hand, incidents_visible_to
from anguan.alarms.selectors.settings import duty_checks_visible_to
from anguan.alarms.selectors.truth import agreements_waiting, open_repairs
from anguan.ground.access import Viewer
from anguan.registry.models import Building, FloorPlan
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import register_panel

_MOST = 6
_MOST_ON_A_PLAN = 400


@desk_source
def alarms_of_the_duty_room(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    """What nobody has taken, what is in hand, who knocks unknown, and what follows from earlier alarms and checks."""
    del today
    if not viewer.has(*WATCHERS):
        return
    rows = in_hand(viewer)
    untaken = rows.filter(state__in=sorted(state.value for state in UNTAKEN)).count()
    if untaken:
        yield DeskRow(Group.DUE, _("值班室"), _("警情待受理"), reverse("alarms:room"), _("到值班室"), count=untaken)
    elif count := rows.count():
        yield DeskRow(Group.WAITING, _("值班室"), _("警情在处置"), reverse("alarms:room"), _("到值班室"), count=count)
    if waiting := strangers(viewer):
        yield DeskRow(
            Group.DUE,
            _("未接入的装置"),
            _("应选定建筑接入"),
            reverse("alarms:devices"),
            _("接入"),
            count=len(waiting),
        )
    watched = viewer.organs_as(*WATCHERS)
    if asks := duty_checks_visible_to(viewer).filter(state__in=sorted(ASKS_OPERATOR)).count():
        yield DeskRow(Group.DUE, _("查岗"), _("应电话查问并认定"), reverse("alarms:duty_checks"), _("办理"), count=asks)
    if units := agreements_waiting(viewer).filter(organ__in=watched).count():
        yield DeskRow(
            Group.DUE, _("约定处理"), _("应与误报过多的单位约定"), reverse("alarms:repairs"), _("办理"), count=units
        )
    if repairs := open_repairs(viewer).filter(point__device__organ__in=watched).count():
        yield DeskRow(Group.WAITING, _("维修申请"), _("等待维修"), reverse("alarms:repairs"), _("查看"), count=repairs)


def alarms_of_building(request: HttpRequest, subject: object) -> SafeString | None:
    """The devices in a building and its latest incidents, for whoever reads them."""
    assert isinstance(subject, Building)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # our ViewerRequest
    devices = list(devices_visible_to(viewer).filter(building=subject).order_by("place", "pk")[:_MOST])
    incidents = list(incidents_visible_to(viewer).filter(building=subject).order_by("-opened_at", "-pk")[:_MOST])
    if not devices and not incidents:
        return None
    context = {
        "devices": devices,
        "incidents": [(one, showing.kind_word(one), showing.verdict_words(one)) for one in incidents],
    }
    return SafeString(render_to_string("alarms/panel_building.html", context, request=request))


def points_on_plan(request: HttpRequest, subject: object) -> SafeString | None:
    """点位 on a plan, each with its state; whoever may not read alarms sees none."""
    assert isinstance(subject, FloorPlan)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # our ViewerRequest
    points = list(
        Point.objects.filter(plan=subject, device__in=devices_visible_to(viewer))
        .select_related("current", "device")
        .order_by("zone", "text", "pk")[:_MOST_ON_A_PLAN]
    )
    if not points:
        return None
    context = {
        "view": showing.plan_with(subject, points),
        "points": [(one, showing.state_words(one)) for one in points],
    }
    return SafeString(render_to_string("alarms/panel_plan.html", context, request=request))


register_panel("registry.building", order=5, render=alarms_of_building)
register_panel("registry.plan", order=10, render=points_on_plan)
