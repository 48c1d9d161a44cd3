"""What goes wrong around a gateway: half-open lines, a database that is gone, a clock that jumps."""

import asyncio
import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from anguan.alarms.intake import parameters
from anguan.alarms.models import Device, Frame, Pending, Transport
from anguan.alarms.services.storage import partitions_for
from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture
from anguan.gateway import server
from anguan.gateway.server import Values
from anguan.gateway.sessions import READ_SIZE, TcpSession
from anguan.gateway.tests.builders import (
    FAULT,
    FIRE,
    SOURCE,
    Line,
    Running,
    in_database,
    our_device,
    play,
    rows,
    until,
)
from anguan.ground import clock
from anguan.ground.models import Heartbeat
from anguan.wire.gbt26875 import address

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert rows("SELECT count(*) FROM alarms_intakestart") is not None


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_lines_whose_other_end_is_gone_give_way_and_keep_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that lost its network calls again and again; none of its earlier lines ever says good-bye."""
    monkeypatch.setattr(server, "SECONDS_TO_FRAME", 0.5)
    our_device()

    async def script(running: Running) -> None:
        gateway = running.gateway
        before = descriptors()
        gone = [Line(running) for _ in range(20)]
        for line in gone:
            await line.__aenter__()
            line.heartbeat()
            await line.until_confirmed(1)
        async with Line(running) as alive:
            alive.upload(FIRE)
            await alive.until_confirmed(1)
            (newest,) = [each for each in gateway.sessions if gateway.sessions_by_source[SOURCE.hex()] is each]
            while len(gateway.sessions) > 1:
                alive.heartbeat()
                await asyncio.sleep(0.1)
            assert gateway.sessions == {newest}
        for line in gone:
            await line.__aexit__()
        await until(lambda: descriptors() <= before)

    play(script)
    assert Frame.objects.filter(type=2).count() == 1


def test_the_kernel_looks_after_lines_that_say_nothing() -> None:
    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            (session,) = running.gateway.sessions
            assert session.transport is not None
            ours = session.transport.get_extra_info("socket")
            found.append(ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
            found.append(ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))

    found: list[int] = []
    play(script)
    assert found == [1, 60_000]


def test_a_peer_that_takes_no_answers_is_left_and_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS_CONGESTED", 0.5)
    our_device()

    async def script(running: Running) -> None:
        loop = asyncio.get_running_loop()
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        await loop.sock_connect(deaf, ("127.0.0.1", running.port))
        async with Line(running, source=address(2)) as calm:
            device = Line(running).device
            at = clock.now().astimezone(clock.CHINA)
            sent = b"".join(device.heartbeat(now=time.monotonic(), at=at).data for _ in range(30_000))
            flood = asyncio.create_task(loop.sock_sendall(deaf, sent))
            await until(lambda: any(each.congested_tick is not None for each in running.gateway.sessions))
            (session,) = [each for each in running.gateway.sessions if each.congested_tick is not None]
            began = time.monotonic()
            calm.upload(FIRE)
            await calm.until_confirmed(1)
            waited.append(time.monotonic() - began)
            kept.append(_kept_for(session))
            await until(lambda: session not in running.gateway.sessions)
            assert not running.gateway.paused
            calm.heartbeat()
            await calm.until_confirmed(2)
            flood.cancel()
            await asyncio.gather(flood, return_exceptions=True)
        deaf.close()

    waited: list[float] = []
    kept: list[int] = []
    play(script)
    assert waited[0] < 5
    assert kept[0] < 200_000


def _kept_for(session: TcpSession) -> int:
    """Bytes of answers that wait in this process."""
    assert session.transport is not None
    return session.transport.get_write_buffer_size()


def test_a_database_that_is_gone_for_a_while_is_waited_for_in_bounded_room(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is confirmed; devices lose patience, call again and resend; another floods. Then each counts once."""
    our_device()
    many, room, longest = 3000, 500, READ_SIZE // 30

    async def script(running: Running) -> None:
        gateway = running.gateway
        vars(gateway.intake)["settings"] = replace(gateway.intake.settings, high=room, low=100)
        async with Line(running, source=address(2)) as flood, Line(running) as first, Line(running) as second:
            first.heartbeat()
            await first.until_confirmed(1)
            await asyncio.to_thread(running.lose_database)
            fire = first.upload(FIRE)
            at = clock.now().astimezone(clock.CHINA)
            flood.write(b"".join(flood.device.heartbeat(now=0, at=at).data for _ in range(many)))
            end = time.monotonic() + 3
            while time.monotonic() < end:
                first.write(fire)
                second.upload(FIRE)
                second.write(fire)
                await asyncio.sleep(0.2)
                most.append(sum(each.under_way for each in gateway.sessions))
            assert (first.confirmed, second.confirmed, flood.confirmed) == ([0], [], [])
            assert gateway.intake.complaint.since is not None
            running.find_database()
            await flood.until_confirmed(many)
            await first.until_confirmed(2)
            await second.until_confirmed(1)
            assert gateway.intake.complaint.since is None

    most: list[int] = []
    with caplog.at_level(logging.WARNING, logger="anguan.alarms.intake"):
        play(script)
    # What one read brings lies on top of what there is room for.
    assert max(most) <= room + 3 * longest
    numbers = list(Frame.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Frame.objects.filter(command=2, type=None).count() == many + 1
    told = [record.getMessage() for record in caplog.records if ".intake." in record.name]
    assert len(told) <= 3
    assert "nobody is confirmed" in told[0]
    assert "over after" in told[-1]


def test_a_gateway_that_can_no_longer_do_all_of_its_work_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor begins it anew; half a gateway would say nothing of devices that fall silent."""

    async def fails(*_: object) -> None:
        raise LookupError("a fault of our own")

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            monkeypatch.setattr(running.gateway, "_notice_silence", fails)
            await until(lambda: line.reader is not None and line.reader.at_eof())

    with pytest.raises(LookupError, match="a fault of our own"):
        play(script, housekeeping_s=0.1)
    assert Frame.objects.count() == 1


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_reports_no_silence_and_hides_none(hours: int) -> None:
    # Long enough that a busy machine does not make a silence of it.
    our_device(heartbeat_s=4)
    jumps = [timedelta()]

    async def script(running: Running) -> None:
        gateway = running.gateway
        async with Line(running) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            await until(lambda: not any(each.heard_at for each in gateway.directory.devices.values()))
            # A gateway that has listened for long.
            gateway._listening_tick -= 3600
            jumps.append(timedelta(hours=hours))
            began = time.monotonic()
            line.upload(FIRE)
            await line.until_confirmed(2)
            await until(lambda: gateway._listening_tick > began)
            await asyncio.sleep(0.5)
            assert await in_database(Frame.objects.filter(transport=Transport.INTERNAL).count) == 0
            # From now on it says nothing, and that is noticed in its time.
            while not await in_database(Frame.objects.filter(transport=Transport.INTERNAL).exists):
                await asyncio.sleep(0.05)
                assert time.monotonic() < began + 20

    play(script, Values(missed_heartbeats=1), now=lambda: clock.now() + jumps[-1], housekeeping_s=0.1)
    # Put back by an hour, it also asks anew whom it asked in what is now the future; that answer is no news here.
    heartbeat, fire, silence = Frame.objects.exclude(command=5).order_by("number")
    assert (heartbeat.number, fire.number, silence.device_id) == (1, 2, fire.device_id)
    assert abs(fire.received_at - heartbeat.received_at - timedelta(hours=hours)) < timedelta(seconds=60)
    assert {kind for (said,) in Pending.objects.values_list("observations") for kind in said[0]["kinds"]} >= {
        "fire",
        "offline",
    }
    heard_at = Device.objects.get().last_heard_at
    assert heard_at is not None
    assert abs(heard_at - clock.now() - timedelta(hours=hours)) < timedelta(seconds=60)


def test_a_resend_across_a_jump_is_confirmed_again_and_adds_nothing() -> None:
    our_device()
    jumps = [timedelta()]

    async def script(running: Running) -> None:
        async with Line(running) as first, Line(running) as second:
            data = first.upload(FAULT)
            await first.until_confirmed(1)
            for hours in (1, -1):
                jumps.append(timedelta(hours=hours))
                second.write(data)
            await until(lambda: len(second.events) >= 2)

    play(script, now=lambda: clock.now() + jumps[-1])
    assert Frame.objects.count() == Pending.objects.count() == 1


class SmallDisk:
    """A file system of a megabyte, mounted for the length of the block, that can be filled up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    def __enter__(self) -> "SmallDisk":
        self.folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(self.folder)]
        subprocess.run(mount, check=True, capture_output=True)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", str(self.folder)], check=True)

    def fill(self) -> None:
        """Leave no room."""
        with suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def clear(self) -> None:
        """Give the room back."""
        self.ballast.unlink()


@contextmanager
def partition_on(place: Path) -> Iterator[None]:
    """Today's partition of what is no routine lies on that disk."""
    partition = next(partitions_for(clock.now().astimezone(UTC).date()))
    with psycopg.connect(**parameters("test disk"), autocommit=True) as other:
        other.execute(partition.statement.encode())
        other.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
        other.execute(f"ALTER TABLE {partition.name} SET TABLESPACE small".encode())
        try:
            yield
        finally:
            other.execute(f"ALTER TABLE {partition.name} SET TABLESPACE pg_default".encode())
            other.execute("DROP TABLESPACE small")


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may mount a small disk; `make soak ONLY=outages` needs no root"
)
def test_a_full_disk_confirms_nobody_and_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    our_device()

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            await asyncio.to_thread(disk.fill)
            fire = line.upload(FIRE)
            await until(lambda: running.gateway.intake.complaint.since is not None)
            beats.append(await in_database(_last_beat))
            for _ in range(10):
                await asyncio.sleep(0.15)
                line.write(fire)
            # The one thing that can still be written is the word that all is well, so it must not be.
            beats.append(await in_database(_last_beat))
            assert line.confirmed == [0]
            disk.clear()
            await line.until_confirmed(2)
            await until(lambda: len(line.events) >= 12)
            while await in_database(_last_beat) == beats[0]:
                await asyncio.sleep(0.05)

    beats: list[datetime] = []
    with (
        SmallDisk(tmp_path / "disk") as disk,
        partition_on(disk.folder),
        caplog.at_level(logging.WARNING, logger="anguan.alarms.intake"),
    ):
        play(script, housekeeping_s=0.1)
        assert list(Frame.objects.order_by("number").values_list("number", "type")) == [(1, None), (2, 2)]
        connection.close()
    assert beats[0] == beats[1]
    told = [record.getMessage() for record in caplog.records if ".intake." in record.name]
    assert len(told) == 2
    assert "No space left on device" in told[0]
    assert "over after" in told[1]


def _last_beat() -> datetime:
    return Heartbeat.objects.get(process="gateway").at
