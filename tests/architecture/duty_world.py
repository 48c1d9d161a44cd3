"""What the duty room adds to the world: rosters with a shift each, the organ's own and the neighbour's."""

from datetime import timedelta
from typing import Any

from anguan.ground import clock
from anguan.people.models import DutyShift, Organ
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user

Args = tuple[Any, ...]


def duty_objects(organ: Organ) -> dict[str, list[Args]]:
    """The arguments of the duty room's addresses, for one organ."""
    now = clock.now()
    shift = DutyShift.objects.create(
        organ=organ, user=a_user(f"watch-{organ.pk}", Role.DUTY_OFFICER, organ=organ), since=now,
        until=now + timedelta(hours=12),
    )  # fmt: skip
    return {"roster": [(organ.pk,)], "shift": [(organ.pk, shift.pk)]}
