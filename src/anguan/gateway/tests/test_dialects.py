"""Devices that depart from the standard, over real sockets: what their profile changes must reach the line."""

import asyncio
import time

import pytest

from anguan.alarms.models import Device, Frame, Pending
from anguan.alarms.services.devices import admit_device
from anguan.alarms.services.points import describe_device
from anguan.alarms.tests.committed import an_organ, committed  # noqa: F401 a fixture
from anguan.gateway.tests.builders import FAULT, SOURCE, Line, Running, in_database, our_device, play, rows, until
from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.wire.gbt26875 import PROFILES, ComponentState, SwitchValue
from anguan.wire.gbt26875.codes import Command

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert rows("SELECT count(*) FROM alarms_intakestart") is not None


def speak(device: Device, profile: str) -> None:
    values = {name: getattr(device, name) for name in ("place", "maker", "model", "heartbeat_s", "poll_every_s")}
    describe_device(device=device, values={**values, "profile": profile}, actor=SYSTEM, now=clock.now())


async def hung_up(line: Line) -> None:
    assert line.reader is not None
    await until(line.reader.at_eof)


def test_the_fire_that_finds_out_that_the_profile_was_changed_is_judged_by_the_new_one() -> None:
    device = our_device()
    profile = PROFILES["fb2024"]

    async def script(running: Running) -> None:
        async with Line(running, profile=profile) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            await in_database(lambda: speak(device, "fb2024"))
            await until(lambda: running.gateway.directory.devices[SOURCE.hex()].profile is profile)
            fires = [line.upload(SwitchValue(1, 1, 42, number, 1, 2)) for number in (7, 8)]
            await hung_up(line)
        async with Line(running, profile=profile) as line:
            for fire in fires:
                line.write(fire)
            await until(lambda: len(line.events) == 2)

    play(script)
    assert [row.observations[0]["kinds"] for row in Pending.objects.all()] == [["fire"], ["fire"]]
    assert set(Frame.objects.values_list("problem", flat=True)) == {""}


def test_a_device_of_which_only_unknown_commands_are_heard_is_seen_and_gets_its_profile() -> None:
    async def script(running: Running) -> None:
        async with Line(running, profile=PROFILES["dahua"]) as line:

            def keep_alive() -> None:
                at = clock.now().astimezone(clock.CHINA)
                sent = line.device.heartbeat(now=time.monotonic(), at=at, command=Command.KEEP_ALIVE)
                line.write(sent.data)

            keep_alive()
            await until(lambda: running.gateway.directory.find(SOURCE.hex()) is not None)
            stranger, organ = await in_database(Device.objects.get), await in_database(an_organ)
            await in_database(
                lambda: admit_device(device=stranger, organ=organ, profile="dahua", actor=SYSTEM, now=clock.now())
            )
            await until(lambda: running.gateway.directory.devices[SOURCE.hex()].is_admitted)
            keep_alive()
            await hung_up(line)
        async with Line(running, profile=PROFILES["dahua"]) as line:
            keep_alive()
            # Removed: a fault that only this maker tells of.
            line.upload(ComponentState(1, 1, 42, 7, 0x1001))
            await line.until_confirmed(2)

    play(script, housekeeping_s=0.1)
    assert Device.objects.get().is_online
    assert Pending.objects.get(urgency=4).observations[0]["kinds"] == ["fault"]


def test_a_device_that_greets_is_answered_before_it_is_known_and_keeps_its_line() -> None:
    device = our_device(profile="eei")

    async def script(running: Running) -> None:
        async with Line(running, profile=PROFILES["eei"]) as line:
            assert line.reader is not None
            assert line._task is not None
            # The greeting is no frame.
            line._task.cancel()
            await asyncio.gather(line._task, return_exceptions=True)
            line.write(b"TD0001")
            async with asyncio.timeout(5):
                assert await line.reader.readexactly(3) == b"OK!"
            line._task = asyncio.create_task(line._read())
            line.upload(FAULT)
            line.heartbeat()
            await line.until_confirmed(2)

    play(script)
    assert Pending.objects.get().device_id == device.pk
