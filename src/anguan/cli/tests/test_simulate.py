"""`anguan simulate messages`: what the broker has confirmed is stored once."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from anguan.alarms.intake import checking
from anguan.alarms.models import Frame, Reading
from anguan.alarms.tests.committed import a_device, committed  # noqa: F401 a fixture
from anguan.gateway.tests.broker import MOSQUITTO, USERS, RunningBroker
from anguan.gateway.tests.builders import Running, in_database, play, until
from anguan.simulator.devices import Tally
from anguan.simulator.messages import Publisher, Traffic

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.skipif(MOSQUITTO is None, reason="no mosquitto is installed and none can be (apt needs root)"),
]


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert not Frame.objects.exists()


def test_what_the_broker_has_confirmed_is_stored_once(tmp_path: Path) -> None:
    running_broker = RunningBroker(tmp_path)
    running_broker.start()
    a_device("mqtt:panel-1")
    theirs = replace(running_broker.broker, user="panel-1", password=USERS["panel-1"], password_file="")
    tallies: list[Tally] = []

    async def script(running: Running) -> None:
        gateway = running.gateway
        await until(lambda: gateway.subscriber is not None and gateway.subscriber.is_connected)
        with (tmp_path / "journal").open("w", encoding="ascii") as journal:
            tallies.append(await Publisher(Traffic(theirs, 1, 200, 0.5, fires=500), journal).run())
        with pytest.raises(ConnectionRefusedError, match="Not authorized"):
            await Publisher(Traffic(replace(theirs, password="guessed"), 1, 10, 5)).run()
        async with asyncio.timeout(20):
            while await in_database(Frame.objects.count) < tallies[0].acknowledged:
                await asyncio.sleep(0.02)

    try:
        play(script, broker=running_broker.broker)
    finally:
        running_broker.end()
    (own,) = tallies
    assert (own.sent, own.denied, own.failed) == (own.acknowledged, 0, 0)
    assert Frame.objects.count() == own.acknowledged > 50
    assert not Frame.objects.exclude(problem="").exists()
    assert Reading.objects.exists()
    found = checking.check(tmp_path / "journal")
    assert (found.is_sound, found.journal) == (True, own.acknowledged)
