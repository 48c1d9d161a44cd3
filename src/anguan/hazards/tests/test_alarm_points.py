"""A detector that stays switched off becomes a hazard of whoever runs the building."""

import pytest

from anguan.alarms.rules.signals import SignalKind
from anguan.alarms.services.repairs import announce_long_shields
from anguan.alarms.tests import builders as alarms
from anguan.hazards.models import Hazard
from anguan.hazards.rules import Source, State

pytestmark = pytest.mark.django_db

DAY = 24 * 3600


def test_a_point_shielded_for_more_than_a_day_is_a_hazard_once_for_each_time() -> None:
    people = alarms.cast()
    point = people.points[0]
    alarms.tell(alarms.pending(people.device, point, SignalKind.SHIELDED))
    assert announce_long_shields(alarms.at(DAY - 1)) == 0
    assert announce_long_shields(alarms.at(DAY)) == 1
    assert announce_long_shields(alarms.at(2 * DAY)) == 0
    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.state, hazard.enterprise) == (Source.ALARM, State.FOUND, people.firm)
    assert "自2026年11月27日 09:00起屏蔽" in hazard.description

    alarms.tell(alarms.pending(people.device, point, SignalKind.NORMAL, after=2 * DAY))
    alarms.tell(alarms.pending(people.device, point, SignalKind.SHIELDED, after=2 * DAY + 60))
    assert announce_long_shields(alarms.at(2 * DAY + 3600)) == 0
    assert announce_long_shields(alarms.at(3 * DAY + 60)) == 1
    assert Hazard.objects.count() == 2


def test_where_nobody_is_known_to_run_the_building_there_is_no_hazard() -> None:
    people = alarms.cast()
    device = alarms.a_device(people, enterprise=None, building=None)
    alarms.tell(alarms.pending(device, alarms.a_point(device, 1), SignalKind.SHIELDED))
    assert announce_long_shields(alarms.at(DAY)) == 1
    assert Hazard.objects.count() == 0
