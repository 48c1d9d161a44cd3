"""What a duty room settles beforehand and follows up: forwarding and duty checks."""

from django.db.models import QuerySet

from anguan.alarms.models import Device, DutyCheck, ForwardTarget
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.selectors.duty_room import WATCHERS
from anguan.ground.access import Viewer
from anguan.people.models import Organ
from anguan.people.rules import Role


def organs_led(viewer: Viewer) -> QuerySet[Organ]:
    """The organs for which the viewer says whom fires are forwarded to."""
    return Organ.objects.filter(pk__in=viewer.organs_as(Role.LEADER)).order_by("name")


def devices_watched(viewer: Viewer) -> QuerySet[Device]:
    """The admitted devices of the viewer's duty rooms."""
    return (
        Device.objects.filter(organ__in=viewer.organs_as(*WATCHERS), state=DeviceState.ADMITTED)
        .select_related("building", "organ")
        .order_by("building__name", "place", "pk")
    )


def forward_targets_visible_to(viewer: Viewer) -> QuerySet[ForwardTarget]:
    """上报对象 of the viewer's organs."""
    rows = ForwardTarget.objects.filter(organ__in=viewer.organs_as(*WATCHERS))
    return rows.select_related("organ").order_by("organ__name", "-is_active", "name", "pk")


def duty_checks_visible_to(viewer: Viewer) -> QuerySet[DutyCheck]:
    """查岗 whose time has come, of the viewer's organs, the latest first; before that it is nobody's knowledge.

    One that did not reach its device is there as well: whoever asked has to see that nobody was asked.
    """
    rows = DutyCheck.objects.filter(device__organ__in=viewer.organs_as(*WATCHERS), sent_at__isnull=False)
    return rows.select_related("device__building").order_by("-sent_at", "-pk")
