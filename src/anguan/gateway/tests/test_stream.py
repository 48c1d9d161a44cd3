"""The gateway before a stream: a real node of NATS between it and the database, and a worker that drains it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from benchmarks.nodes import Nodes, nodes

from anguan.alarms.intake import StreamSettings, draining, streaming
from anguan.alarms.intake.checking import check
from anguan.alarms.intake.draining import Ingest
from anguan.alarms.intake.opening import OTHER, URGENT
from anguan.alarms.models import Frame, IntakeStart, Pending, UnreadableBatch
from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture
from anguan.gateway.tests.builders import FAULT, FIRE, Line, Running, in_database, our_device, play, until
from anguan.ground import clock

_NUMBERS = count(1)
pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert not Frame.objects.exists()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with nodes(tmp_path_factory.mktemp("nats")) as started:
        yield started


@pytest.fixture
def stream(node: Nodes) -> StreamSettings:
    """A stream of one's own on the node."""
    return StreamSettings((node.url,), f"stream{next(_NUMBERS)}", replicas=1, most_bytes=256 * 1024)


@asynccontextmanager
async def a_worker(running: Running, stream: StreamSettings) -> AsyncIterator[Ingest]:
    """`anguan ingest` in this loop."""
    ingest = Ingest(running.connect, stream, clock.now)
    work = asyncio.create_task(ingest.run())
    try:
        yield ingest
    finally:
        ingest.stop()
        await asyncio.wait_for(work, 10)


async def until_stored(frames: int) -> None:
    async with asyncio.timeout(20):
        while await in_database(Frame.objects.count) < frames:
            await asyncio.sleep(0.02)


def test_a_fire_is_confirmed_when_the_stream_has_it_and_stored_when_somebody_drains_it(stream: StreamSettings) -> None:
    device = our_device()

    async def script(running: Running) -> None:
        async with Line(running) as line, Line(running) as second:
            sent = line.upload(FIRE)
            line.heartbeat()
            await line.until_confirmed(2)
            assert await in_database(Frame.objects.count) == 0
            second.upload(FIRE)
            second.write(sent)
            await until(lambda: len(second.events) >= 2)
            async with a_worker(running, stream):
                await until_stored(2)

    play(script, stream=stream)
    fire = Frame.objects.get(type=2)
    assert (fire.device_id, fire.is_routine, fire.command) == (device.pk, False, 2)
    waiting = Pending.objects.get()
    assert (waiting.device_id, waiting.number, waiting.observations[0]["kinds"]) == (device.pk, fire.number, ["fire"])
    assert (IntakeStart.objects.get().gateway, check().is_sound) == ("test", True)


def test_without_a_database_devices_are_confirmed_and_everything_is_stored_afterwards(stream: StreamSettings) -> None:
    our_device()

    async def script(running: Running) -> None:
        async with a_worker(running, stream), Line(running) as line:
            line.upload(FAULT)
            await line.until_confirmed(1)
            await until_stored(1)
            await asyncio.to_thread(running.lose_database)
            line.upload(FIRE)
            line.heartbeat()
            await line.until_confirmed(3)
            running.find_database()
            await until_stored(3)

    gateway = play(script, stream=stream)
    # Which device it is the gateway still knew.
    assert Pending.objects.exclude(device_id=None).count() == 2
    assert gateway.directory.version > 0
    assert check().is_sound


def test_without_the_stream_nobody_is_confirmed_and_afterwards_everybody_once(
    stream: StreamSettings, node: Nodes
) -> None:
    our_device()

    async def script(running: Running) -> None:
        async with a_worker(running, stream), Line(running) as line:
            line.upload(FAULT)
            await line.until_confirmed(1)
            await asyncio.to_thread(node.kill, 0)
            sent = line.upload(FIRE)
            await asyncio.sleep(0.7)
            line.write(sent)
            assert line.confirmed == [0]
            node.start(0)
            await until(lambda: len(line.events) >= 3)
            assert line.confirmed == [0, 1]
            await until_stored(2)

    play(script, stream=stream)
    assert Frame.objects.count() == 2
    assert check().is_sound


def test_a_stream_that_is_full_confirms_nobody_until_it_is_drained(stream: StreamSettings) -> None:
    our_device()
    frames = 400

    async def script(running: Running) -> None:
        async with Line(running) as line:
            for number in range(frames):
                # A kilobyte each, a batch each.
                line.upload(*[FAULT] * 12)
                if number % 20 == 0:
                    await asyncio.sleep(0.005)
            await until(lambda: not running.gateway.intake.is_connected)
            confirmed = len(line.confirmed)
            await asyncio.sleep(0.3)
            assert len(line.confirmed) == confirmed < frames
            async with a_worker(running, stream):
                await line.until_confirmed(frames)
                await until_stored(frames)

    play(script, stream=stream)
    assert check().is_sound


def test_a_stream_that_somebody_removed_is_made_again(stream: StreamSettings) -> None:
    our_device()

    async def script(running: Running) -> None:
        client = await streaming.connect(stream, "test")
        async with a_worker(running, stream), Line(running) as line:
            line.upload(FAULT)
            await line.until_confirmed(1)
            await until_stored(1)
            await client.jetstream().delete_stream(stream.name)
            line.upload(FIRE)
            await asyncio.sleep(0.2)
            assert line.confirmed == [0]
            await line.until_confirmed(2)
            await until_stored(2)
        await client.close()

    play(script, stream=stream)
    assert check().is_sound


def test_what_is_no_batch_is_kept_aside_and_blocks_nobody(stream: StreamSettings) -> None:
    our_device()

    async def script(running: Running) -> None:
        client = await streaming.connect(stream, "test")
        context = await streaming.prepare(client, stream)
        published.extend([(await context.publish(stream.subject(lane), b"rubbish")).seq for lane in (URGENT, OTHER)])
        async with a_worker(running, stream), Line(running) as line:
            line.upload(FIRE)
            line.heartbeat()
            await line.until_confirmed(2)
            await until_stored(2)
            async with asyncio.timeout(10):
                while await streaming.oldest(client, stream) is not None:
                    await asyncio.sleep(0.02)
        await client.close()

    published: list[int] = []
    play(script, stream=stream)
    assert list(UnreadableBatch.objects.order_by("sequence").values_list("stream", "sequence")) == [
        (stream.name, sequence) for sequence in published
    ]
    found = check()
    assert (found.unreadable, found.is_sound) == (2, False)


def test_a_fire_is_drained_before_what_came_long_before_it(
    stream: StreamSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    our_device()
    monkeypatch.setattr(draining, "MOST_IN_A_GROUP", 10)

    async def script(running: Running) -> None:
        async with Line(running) as line:
            for number in range(1, 101):
                line.upload(FAULT)
                await line.until_confirmed(number)
            line.upload(FIRE)
            await line.until_confirmed(101)
            async with a_worker(running, stream):
                await until_stored(101)

    play(script, stream=stream)
    assert Pending.objects.get(urgency=0).number <= 31
    assert check().is_sound
