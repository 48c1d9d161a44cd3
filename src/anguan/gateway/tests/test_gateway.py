"""The gateway over real sockets, on a real database."""

import asyncio
import socket
import time
from datetime import timedelta

import psycopg
import pytest

from anguan.alarms.intake import Arrival, parameters
from anguan.alarms.models import Command, Device, Frame, Pending, Transport
from anguan.alarms.rules.devices import CommandKind, CommandState, DeviceState, IdentifiedBy
from anguan.alarms.services.devices import NOTE_HEARD, admit_device, block_device, send_command
from anguan.alarms.tests.committed import an_organ, committed  # noqa: F401 a fixture
from anguan.gateway import server, sessions
from anguan.gateway.server import Values
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
from anguan.ground.access import SYSTEM
from anguan.wire.gbt26875 import PROFILES, Connection, DutyCheck, Role, SwitchValue, address, encode_unit
from anguan.wire.gbt26875.events import Received
from anguan.wire.gbt26875.frames import Frame as WireFrame
from anguan.wire.gbt26875.frames import encode

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert rows("SELECT count(*) FROM alarms_intakestart") is not None


def test_a_fire_is_stored_before_it_is_confirmed() -> None:
    device = our_device()

    async def script(running: Running) -> None:
        async with Line(running) as line:
            sent.append(line.upload(FIRE))
            line.heartbeat()
            await line.until_confirmed(2)
            # Whatever is confirmed can be read by anybody at that moment.
            stored.append(await in_database(Frame.objects.count))

    sent: list[bytes] = []
    stored: list[int] = []
    play(script)
    assert stored == [2]
    fire, heartbeat = Frame.objects.order_by("number")
    assert bytes(fire.raw) == sent[0]
    assert (fire.source, fire.device_id, fire.type, fire.transport) == (SOURCE.hex(), device.pk, 2, Transport.TCP)
    assert (heartbeat.type, heartbeat.is_routine) == (None, True)
    (waiting,) = Pending.objects.all()
    assert (waiting.device_id, waiting.urgency, waiting.observations[0]["kinds"]) == (device.pk, 0, ["fire"])
    device.refresh_from_db()
    assert device.is_online
    assert device.last_heard_at is not None


def test_a_resend_over_a_second_line_is_confirmed_again_and_adds_nothing() -> None:
    our_device()

    async def script(running: Running) -> None:
        async with Line(running) as first, Line(running) as second:
            data = first.upload(FIRE)
            await first.until_confirmed(1)
            second.upload(FIRE)
            second.write(data)
            await until(lambda: len(second.events) >= 2)

    play(script)
    assert Frame.objects.count() == Pending.objects.count() == 1


def test_a_stranger_is_stored_and_confirmed_and_judged_once_when_somebody_admits_it() -> None:
    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.upload(FIRE)
            await line.until_confirmed(1)
            await until(lambda: running.gateway.directory.find(SOURCE.hex()) is not None)
            assert await in_database(lambda: list(Pending.objects.values_list("device_id", flat=True))) == [None]
            # Polled a moment ago: the answer to its first poll is a frame, too, and may come before the end or not.
            await in_database(lambda: Device.objects.update(last_polled_at=clock.now()))
            stranger = await in_database(Device.objects.get)
            assert (stranger.state, stranger.organ_id) == (DeviceState.UNKNOWN, None)
            organ = await in_database(an_organ)
            await in_database(
                lambda: admit_device(device=stranger, organ=organ, place="示例大厦", actor=SYSTEM, now=clock.now())
            )
            assert await in_database(lambda: list(Pending.objects.values_list("device_id", flat=True))) == [stranger.pk]
            await until(lambda: running.gateway.directory.devices[SOURCE.hex()].is_admitted)
            line.upload(FAULT)
            await line.until_confirmed(2)

    play(script, housekeeping_s=0.1)
    assert Frame.objects.count() == 2
    assert set(Pending.objects.values_list("device_id", "urgency")) == {
        (Device.objects.get().pk, 0),
        (Device.objects.get().pk, 4),
    }


def test_frames_that_only_another_profile_can_read_are_read_again_when_it_is_chosen() -> None:
    profile = PROFILES["fb2024"]
    switch = SwitchValue(1, 1, 42, 7, 1, 2)

    async def script(running: Running) -> None:
        async with Line(running, profile=profile) as line:
            line.upload(switch)
            await line.until_confirmed(1)
            await until(lambda: running.gateway.directory.find(SOURCE.hex()) is not None)
            assert await in_database(Pending.objects.count) == 0
            stranger, organ = await in_database(Device.objects.get), await in_database(an_organ)
            await in_database(
                lambda: admit_device(device=stranger, organ=organ, profile="fb2024", actor=SYSTEM, now=clock.now())
            )
            while not await in_database(Pending.objects.filter(urgency=0).count):
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)

    play(script, housekeeping_s=0.1)
    frame, waiting = Frame.objects.get(command=2), Pending.objects.exclude(urgency=7).get()
    assert frame.problem
    assert (waiting.start_id, waiting.number, waiting.observations[0]["kinds"]) == (frame.start_id, 1, ["fire"])


def test_a_blocked_device_is_stored_and_confirmed_and_calls_nobody() -> None:
    device = our_device()
    block_device(device=device, actor=SYSTEM, now=clock.now(), reason="改造期间停用")

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.upload(FIRE)
            await line.until_confirmed(1)

    play(script)
    assert Frame.objects.get().is_routine is False
    assert Pending.objects.count() == 0


def test_a_device_without_an_address_is_known_by_where_it_calls_from() -> None:
    async def script(running: Running) -> None:
        async with Line(running, source=bytes(6)) as line:
            line.upload(FIRE)
            await line.until_confirmed(1)
            await until(lambda: running.gateway.directory.find("@127.0.0.1") is not None)

    play(script, housekeeping_s=0.1)
    assert Device.objects.get().identified_by == IdentifiedBy.SESSION
    assert Frame.objects.get().source == "@127.0.0.1"


def test_datagrams_are_answered_one_by_one() -> None:
    our_device()
    device = Connection(Role.DEVICE, address=SOURCE, peer=address(88888))
    now = clock.now().astimezone(clock.CHINA)
    frames = [device.send(2, [FIRE], now=0, at=now).data, device.heartbeat(now=0, at=now).data]

    async def script(running: Running) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.connect(("127.0.0.1", running.port))
            loop = asyncio.get_running_loop()
            for frame in [*frames, b"@@ rubbish", frames[0]]:
                await loop.sock_sendall(line, frame)
            async with asyncio.timeout(10):
                answers.extend([await loop.sock_recv(line, 2000) for _ in range(3)])

    answers: list[bytes] = []
    play(script)
    assert [len(answer) for answer in answers] == [30, 30, 30]
    assert sorted(answer[2] for answer in answers) == [0, 0, 1]
    assert list(Frame.objects.exclude(command=None).values_list("transport", flat=True)) == [Transport.UDP] * 2


async def speaks_after_silence(running: Running) -> None:
    """Wait until the silence of our device is known, then let it say that it lives."""
    await until(lambda: running.gateway.directory.devices[SOURCE.hex()].is_silent)
    async with Line(running) as line:
        line.heartbeat()
        await line.until_confirmed(1)


def test_silence_is_a_finding_and_so_is_its_end() -> None:
    device = our_device(heartbeat_s=1, is_online=True, last_heard_at=clock.now() - timedelta(seconds=60))

    async def script(running: Running) -> None:
        while not await in_database(Pending.objects.count):
            await asyncio.sleep(0.02)
        await speaks_after_silence(running)

    # Nobody is offline before the gateway itself has listened for as long.
    began = time.monotonic()
    play(script, Values(missed_heartbeats=1), housekeeping_s=0.1)
    assert time.monotonic() - began >= 1
    silence, back = Pending.objects.order_by("number")
    assert (silence.device_id, silence.observations[0]["kinds"]) == (device.pk, ["offline"])
    assert back.observations == [{"kinds": ["online"]}]
    assert sorted(Frame.objects.values_list("transport", flat=True)) == [Transport.INTERNAL] * 2 + [Transport.TCP]


def test_a_silence_ends_with_whatever_is_heard_first() -> None:
    device = our_device(heartbeat_s=1)

    def told() -> int:
        return Pending.objects.filter(observations=[{"kinds": ["online"]}]).count()

    async def script(running: Running) -> None:
        async def silent() -> None:
            await until(lambda: running.gateway.directory.devices[SOURCE.hex()].is_silent)

        async def back(times: int) -> None:
            async with asyncio.timeout(20):
                while (await in_database(told), await in_database(is_online)) != (times, True):
                    await asyncio.sleep(0.02)

        async with Line(running) as line:
            beat = line.heartbeat()
            await line.until_confirmed(1)
            await silent()
            # The same bytes within their window are a resend, and the device lives.
            line.write(beat)
            await back(1)
            await silent()
            await in_database(lambda: send_command(device=device, kind=CommandKind.SET_CLOCK, now=clock.now()))
            await back(2)

    def is_online() -> bool:
        return Device.objects.get().is_online

    play(script, Values(missed_heartbeats=1), housekeeping_s=0.1)


def test_who_speaks_while_its_silence_is_being_stored_is_told_to_be_back_all_the_same() -> None:
    device = our_device(heartbeat_s=1, is_online=True, last_heard_at=clock.now() - timedelta(seconds=60))

    async def script(running: Running) -> None:
        intake = running.gateway.intake
        put = intake.put

        def meanwhile(arrival: Arrival) -> None:
            put(arrival)
            # Another gateway hears it.
            with psycopg.connect(**parameters("test"), autocommit=True) as other:
                other.execute(NOTE_HEARD.encode(), ([device.pk], [clock.now()], [None], [None], [False]))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(intake, "put", meanwhile)
            while not await in_database(Pending.objects.count):
                await asyncio.sleep(0.02)
        await speaks_after_silence(running)

    play(script, Values(missed_heartbeats=1), housekeeping_s=0.1)
    assert [row.observations[0]["kinds"] for row in Pending.objects.order_by("number")] == [["offline"], ["online"]]


def test_orders_reach_the_device_and_come_back_with_their_outcome() -> None:
    device = our_device()
    gone = Device.objects.create(source="0e" * 6, organ=an_organ(), state="admitted")

    def ask(kind: CommandKind, **arguments: int) -> Command:
        return send_command(device=device, actor=SYSTEM, kind=kind, now=clock.now(), **arguments)

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.heartbeat()
            await line.until_confirmed(1)
            asked["check"] = await in_database(lambda: ask(CommandKind.DUTY_CHECK, minutes=3))
            asked["poll"] = await in_database(lambda: ask(CommandKind.POLL))
            asked["clock"] = await in_database(lambda: ask(CommandKind.SET_CLOCK))
            asked["bad"] = await in_database(lambda: ask(CommandKind.QUERY, type=62))
            late = clock.now() - timedelta(seconds=11)
            asked["gone"] = await in_database(lambda: send_command(device=gone, kind=CommandKind.POLL, now=late))
            while await in_database(lambda: Command.objects.filter(ended_at=None).count()):
                await asyncio.sleep(0.02)
            heard.extend(event for event in line.events if isinstance(event, Received))

    asked: dict[str, Command] = {}
    heard: list[Received] = []
    play(script, housekeeping_s=0.1)
    states = {name: Command.objects.get(pk=command.pk) for name, command in asked.items()}
    assert {name: command.state for name, command in states.items()} == {
        "check": CommandState.CONFIRMED,
        "poll": CommandState.ANSWERED,
        "clock": CommandState.CONFIRMED,
        "bad": CommandState.UNUSABLE,
        "gone": CommandState.NOT_CONNECTED,
    }
    assert states["poll"].outcome["observations"][0]["kinds"] == ["normal"]
    assert [event.frame.destination for event in heard] == [SOURCE] * 3
    assert (DutyCheck(3),) in [event.unit.objects for event in heard]


def test_a_wrong_clock_is_set_and_a_device_is_polled_in_its_time() -> None:
    device = our_device(poll_every_s=10, last_polled_at=None)

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.upload(FAULT, at=clock.now().astimezone(clock.CHINA) + timedelta(seconds=42))
            while await in_database(lambda: Command.objects.exclude(ended_at=None).count()) < 2:
                await asyncio.sleep(0.02)

    play(script, housekeeping_s=0.1)
    assert set(Command.objects.values_list("kind", "state")) == {("set_clock", "confirmed"), ("poll", "answered")}
    device.refresh_from_db()
    assert device.clock_offset == pytest.approx(42, abs=3)


def test_without_a_database_nobody_is_confirmed_and_afterwards_everybody_once() -> None:
    our_device()

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.upload(FAULT)
            await line.until_confirmed(1)
            await asyncio.to_thread(running.lose_database)
            sent = [line.upload(FIRE), line.heartbeat()]
            await asyncio.sleep(1)
            # The device loses patience and sends again; the line itself holds.
            line.write(sent[0])
            await asyncio.sleep(0.2)
            assert line.confirmed == [0]
            running.find_database()
            await until(lambda: len(line.events) >= 4)
            assert sorted(line.confirmed) == [0, 1, 2]

    play(script)
    assert list(Frame.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert Pending.objects.count() == 2


def test_a_peer_that_sends_without_end_is_read_no_faster_than_it_is_stored() -> None:
    our_device()
    many = 4000

    async def script(running: Running) -> None:
        async with Line(running) as flood, Line(running, source=address(2)) as calm:
            at = clock.now().astimezone(clock.CHINA)
            frames = [flood.device.send(2, [FAULT], now=time.monotonic(), at=at).data for _ in range(many)]
            flood.write(b"".join(frames))
            calm.upload(FIRE)
            while len(flood.confirmed) < many:
                sessions = [each for each in running.gateway.sessions if SOURCE.hex() in each.sources]
                most.append(max((each.under_way for each in sessions), default=0))
                if calm.confirmed and not ahead:
                    ahead.append(many - len(flood.confirmed))
                await asyncio.sleep(0.001)

    most: list[int] = []
    ahead: list[int] = []
    play(script)
    # One read may lie on top of the limit.
    assert max(most) <= 1000 + 16 * 1024 / 30
    assert ahead
    assert Frame.objects.count() == many + 1


def test_a_peer_that_never_frames_is_hung_up_on_and_one_that_dribbles_costs_the_others_nothing() -> None:
    our_device()

    async def script(running: Running) -> None:
        async with Line(running) as noisy, Line(running, source=address(3)) as slow, Line(running) as calm:
            assert noisy.reader is not None
            noisy.write(b"GET / HTTP/1.1\r\n" * 5000)
            data = slow.device.heartbeat(now=0, at=clock.now().astimezone(clock.CHINA)).data
            for byte in data[:-1]:
                slow.write(bytes([byte]))
                calm.heartbeat()
                await calm.until_confirmed(len(calm.confirmed) + 1)
            slow.write(data[-1:])
            await slow.until_confirmed(1)
            await until(lambda: noisy.reader is not None and noisy.reader.at_eof())

    gateway = play(script)
    assert gateway.damaged > 0
    # Of what was no frame a little is kept for whoever looks for the cause.
    assert 0 < Frame.objects.filter(command=None).count() <= 6


def test_a_peer_that_speaks_for_more_and_more_devices_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SOURCES", 3)

    async def script(running: Running) -> None:
        async with Line(running) as line:
            at = clock.now().astimezone(clock.CHINA)
            for number in range(6):
                peer = Connection(Role.DEVICE, address=address(number + 1), peer=address(88888))
                line.write(peer.heartbeat(now=0, at=at).data)
            assert line.reader is not None
            await until(line.reader.at_eof)
            assert len(running.gateway.sessions_by_source) <= 3

    play(script)
    assert Frame.objects.values("source").distinct().count() == 3


def test_who_sends_datagrams_and_frames_none_keeps_nobody_out_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    our_device()
    monkeypatch.setattr(server, "MOST_DATAGRAM_PEERS", 1)
    monkeypatch.setattr(server, "SECONDS_TO_FRAME", 0.5)
    device = Connection(Role.DEVICE, address=SOURCE, peer=address(88888))
    frame = device.send(2, [FIRE], now=0, at=clock.now().astimezone(clock.CHINA)).data

    async def script(running: Running) -> None:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noisy,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line,
        ):
            loop = asyncio.get_running_loop()
            for each in (noisy, line):
                each.setblocking(False)
                each.connect(("127.0.0.1", running.port))
            await loop.sock_sendall(noisy, b"noise")
            async with asyncio.timeout(10):
                while not await in_database(Pending.objects.count):
                    await loop.sock_sendall(line, frame)
                    await asyncio.sleep(0.1)

    play(script)


def test_a_frame_that_was_damaged_on_the_way_is_denied_and_not_stored_as_a_signal() -> None:
    our_device()

    async def script(running: Running) -> None:
        async with Line(running) as line:
            data = line.device.send(2, [FIRE], now=time.monotonic(), at=clock.now().astimezone(clock.CHINA)).data
            damaged = bytearray(data)
            damaged[40] ^= 1
            line.write(bytes(damaged))
            # The denial makes the device send again at once.
            await until(lambda: bool(line.events))
            line.write(data)
            await line.until_confirmed(1)

    gateway = play(script)
    assert gateway.denied == 1
    assert Pending.objects.count() == 1


def test_an_unreadable_unit_in_a_sound_frame_is_confirmed_and_kept_with_its_problem() -> None:
    our_device()
    unit = encode_unit(2, [FIRE])[:-1]
    frame = encode(WireFrame(5, 1, 1, bytes(6), SOURCE, address(88888), 2, unit))

    async def script(running: Running) -> None:
        async with Line(running) as line:
            line.write(frame)
            await until(lambda: bool(line.events))

    play(script)
    stored = Frame.objects.get()
    assert (stored.is_routine, stored.serial) == (False, 5)
    assert "46" in stored.problem
    assert Pending.objects.count() == 0
