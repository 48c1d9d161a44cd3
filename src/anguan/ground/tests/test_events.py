"""Announcements: in the same transaction, in order, and an error stops everything."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from anguan.ground import events
from anguan.ground.events import on, publish
from anguan.ground.models import NumberSeries


@dataclass(frozen=True)
class DoorOpened:
    """Something happened."""

    number: int


@pytest.fixture(autouse=True)
def _no_other_listeners() -> None:
    events._handlers.pop(DoorOpened, None)


@pytest.mark.django_db
def test_reactions_run_in_the_order_they_were_registered() -> None:
    heard: list[str] = []
    on(DoorOpened)(lambda event: heard.append(f"lower {event.number}"))
    on(DoorOpened)(lambda event: heard.append(f"upper {event.number}"))
    publish(DoorOpened(7))
    assert heard == ["lower 7", "upper 7"]


@pytest.mark.django_db
def test_an_error_of_a_reaction_takes_the_act_back() -> None:
    def refuses(event: DoorOpened) -> None:
        raise ValueError("no")

    on(DoorOpened)(refuses)
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        NumberSeries.objects.create(organ_id=1, prefix="x", year=2026)
        publish(DoorOpened(1))
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_announcing_outside_a_transaction_is_a_fault_of_ours() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        publish(DoorOpened(1))


@pytest.mark.django_db
def test_registering_twice_reacts_once() -> None:
    heard: list[int] = []

    def note(event: DoorOpened) -> None:
        heard.append(event.number)

    on(DoorOpened)(note)
    on(DoorOpened)(note)
    publish(DoorOpened(3))
    assert heard == [3]
