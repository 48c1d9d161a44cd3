"""Signals over MQTT: a real broker, a real database, and whatever may go away between them."""

import asyncio
import gc
import json
import logging
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from anguan.alarms.intake import checking
from anguan.alarms.intake.messages import read
from anguan.alarms.models import Device, Frame, Pending, Transport
from anguan.alarms.rules.devices import DeviceState, IdentifiedBy
from anguan.alarms.rules.signals import SignalKind
from anguan.alarms.services.devices import admit_device
from anguan.alarms.tests.committed import a_device, an_organ, committed  # noqa: F401 a fixture
from anguan.gateway import mqtt, server
from anguan.gateway.mqtt import Line, Subscriber
from anguan.gateway.tests.broker import MOSQUITTO, RunningBroker, example
from anguan.gateway.tests.builders import Running, in_database, play, until
from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.ground.broker import Broker

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.skipif(MOSQUITTO is None, reason="no mosquitto is installed and none can be (apt needs root)"),
]

ID = "01938f4e-0000-7000-8000-0000000000{:02x}"


def body(number: int, **more: Any) -> bytes:
    said = {"id": ID.format(number), "kinds": ["fire"], "point": {"system_type": 1, "system_address": 1}, **more}
    return json.dumps(said).encode()


@pytest.fixture(scope="module")
def running_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    broker = RunningBroker(tmp_path_factory.mktemp("broker"))
    broker.start()
    yield broker
    broker.end()


def subscriber(running: Running) -> Subscriber:
    assert running.gateway.subscriber is not None
    return running.gateway.subscriber


async def connected(running: Running) -> None:
    await until(lambda: subscriber(running).is_connected)


async def stored(count: int) -> None:
    """Wait until so many frames are stored, and none of them is unconfirmed."""
    async with asyncio.timeout(20):
        while await in_database(Frame.objects.count) < count:
            await asyncio.sleep(0.02)


def unconfirmed(running: Running) -> int:
    line = subscriber(running).line
    return 0 if line is None else len(line._unconfirmed)


@pytest.mark.django_db
def test_the_manual_shows_a_signal_that_is_one() -> None:
    said = read(example().encode())[1]
    assert said.kinds == {SignalKind.FIRE}
    assert said.text == "三层走道烟感"


def test_a_message_is_what_a_frame_is_and_the_same_id_adds_nothing(running_broker: RunningBroker) -> None:
    ours, other = a_device("mqtt:panel-1"), a_device("mqtt:panel-2")

    async def script(running: Running) -> None:
        send = running_broker.send
        await connected(running)
        await asyncio.to_thread(send, "panel-1", body(1))
        await stored(1)
        for _ in range(2):
            await asyncio.to_thread(send, "panel-1", body(1))
        # In the name of another; to nobody; with what the broker keeps for later; as somebody nobody knows.
        await asyncio.to_thread(send, "panel-2", body(2), user="panel-1")
        await asyncio.to_thread(send, "panel-1", b'{"id": 7', qos=0)
        await asyncio.to_thread(send, "panel-1", b"x" * 20_000)
        await asyncio.to_thread(send, "new", body(3))
        await asyncio.to_thread(send, "panel-2", body(4, kinds=["heartbeat"]))
        await stored(5)
        await until(lambda: running.gateway.directory.find("mqtt:new") is not None)
        await in_database(
            lambda: admit_device(
                device=Device.objects.get(source="mqtt:new"),
                organ=an_organ(),
                actor=SYSTEM,
                now=clock.now(),
                profile="fb2024",
            )
        )
        assert running.gateway.intake.resends == 2
        assert unconfirmed(running) == subscriber(running).under_way == 0

    play(script, broker=running_broker.broker, housekeeping_s=0.1)
    fire, no_json, too_long, stranger, beat = Frame.objects.order_by("number")
    assert (fire.source, fire.device_id, fire.transport) == ("mqtt:panel-1", ours.pk, Transport.MQTT)
    assert (fire.client_id, bytes(fire.raw)) == (UUID(ID.format(1)), body(1))
    assert [row.problem for row in (fire, no_json, too_long)] == [
        "",
        "body: is no JSON",
        "body: must be at most 16384 bytes",
    ]
    assert (bytes(no_json.raw), len(too_long.raw), no_json.is_routine) == (b'{"id": 7', 16_384, False)
    assert (stranger.device_id, beat.device_id, beat.is_routine) == (None, other.pk, True)
    # The stranger was admitted: what it had said is judged now, whatever profile was chosen for it.
    new = Device.objects.get(source="mqtt:new")
    assert (new.state, new.identified_by, new.is_online) == (DeviceState.ADMITTED, IdentifiedBy.TOPIC, False)
    assert set(Pending.objects.values_list("source", "device_id")) == {("mqtt:panel-1", ours.pk), ("mqtt:new", new.pk)}
    ours.refresh_from_db()
    other.refresh_from_db()
    # Only who sends heartbeats can be missed.
    assert (ours.last_heard_at is not None, ours.is_online, other.is_online) == (True, False, True)
    assert checking.check().is_sound


def test_what_is_not_durable_is_not_confirmed_and_comes_again(
    running_broker: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_device("mqtt:panel-1")
    broker = replace(running_broker.broker, client_id="comes-again")
    monkeypatch.setattr(server, "SECONDS_TO_DRAIN", 0.2)

    async def without_database(running: Running) -> None:
        await connected(running)
        running.lose_database()
        await asyncio.to_thread(running_broker.send, "panel-1", body(1))
        await until(lambda: unconfirmed(running) == 1)

    play(without_database, broker=broker)
    assert Frame.objects.count() == 0

    async def without_confirmation(running: Running) -> None:
        # Another gateway process, with a database: what was not confirmed to the first one comes by itself.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Line, "settled", lambda *_: None)
            await stored(1)
            # The commit is there, its confirmation is not: the line breaks, and the broker sends it again.
            assert unconfirmed(running) == 1
            line = subscriber(running).line
            assert line is not None
        line.close()
        await until(lambda: running.gateway.intake.resends == 1)
        await until(lambda: unconfirmed(running) == 0)

    play(without_confirmation, broker=broker)

    async def nothing_is_left(running: Running) -> None:
        await connected(running)
        await asyncio.to_thread(running_broker.send, "panel-1", body(2))
        await stored(2)
        assert running.gateway.intake.resends == 0

    play(nothing_is_left, broker=broker)
    assert list(Frame.objects.order_by("received_at").values_list("client_id", flat=True)) == [
        UUID(ID.format(1)),
        UUID(ID.format(2)),
    ]
    assert checking.check().is_sound


def test_a_broker_that_was_killed_goes_on_where_it_was(
    running_broker: RunningBroker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_device("mqtt:panel-1")
    monkeypatch.setattr(mqtt, "FIRST_PAUSE_S", 0.1)

    async def script(running: Running) -> None:
        await connected(running)
        await asyncio.to_thread(running_broker.send, "panel-1", body(1))
        await stored(1)
        running.lose_database()
        for number in (2, 3, 4):
            await asyncio.to_thread(running_broker.send, "panel-1", body(number))
        await until(lambda: unconfirmed(running) == 3)
        await until(lambda: ID.format(4).encode() in running_broker.store.read_bytes())
        running_broker.end(signal.SIGKILL)
        await until(lambda: not subscriber(running).is_connected)
        # Before the database is back, nothing of an earlier line could be confirmed: no second copy is fetched.
        assert subscriber(running).under_way == 3
        running.find_database()
        await stored(4)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(running_broker.start)
        await connected(running)
        await asyncio.to_thread(running_broker.send, "panel-1", body(5))
        await stored(5)
        await until(lambda: unconfirmed(running) == 0)

    with caplog.at_level(logging.INFO, "anguan.gateway.mqtt"):
        play(script, broker=replace(running_broker.broker, client_id="killed"))
    assert Frame.objects.count() == len(set(Frame.objects.values_list("client_id", flat=True))) == 5
    told = [record.getMessage() for record in caplog.records if record.name == "anguan.gateway.mqtt"]
    assert len([line for line in told if "begins the session" in line]) == 1
    assert len([line for line in told if "goes on with the session" in line]) == 1
    # It hung up, then it refused the connection, several times: each is said once.
    assert len([line for line in told if "no line to the broker" in line]) == 2
    assert checking.check().is_sound


def test_a_broker_that_sends_more_than_was_agreed_on_has_to_wait(
    running_broker: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_device("mqtt:panel-1")

    async def script(running: Running) -> None:
        await connected(running)
        # The broker knows of two hundred.
        monkeypatch.setattr(mqtt, "RECEIVE_MAXIMUM", 2)
        running.lose_database()
        for number in range(1, 6):
            await asyncio.to_thread(running_broker.send, "panel-1", body(number))
        await until(lambda: unconfirmed(running) == 3)
        await asyncio.sleep(0.2)
        assert unconfirmed(running) == subscriber(running).under_way == 3
        running.find_database()
        await stored(5)
        await until(lambda: unconfirmed(running) == 0)
        assert subscriber(running).is_connected

    play(script, broker=replace(running_broker.broker, client_id="too-much"))
    assert Frame.objects.count() == 5


def test_a_line_that_was_reset_is_left_at_once_whatever_still_lies_in_it() -> None:
    """uvloop stops watching a connection that was reset; read once a second, what lies in it would last for minutes."""
    accepted: list[int] = []
    may_send = threading.Event()

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                accepted.append(connection.recv(4096)[0] >> 4)
                # CONNACK: the session goes on; then SUBACK with the number of their SUBSCRIBE.
                connection.sendall(bytes([0x20, 3, 1, 0, 0]))
                asked = connection.recv(4096)
                connection.sendall(bytes([0x90, 4, *asked[2:4], 0, 1]))
                topic = b"anguan/signals/panel-1"
                may_send.wait()
                rest = [len(topic).to_bytes(2) + topic + n.to_bytes(2) + b"\0" + body(n) for n in range(1, 61)]
                connection.sendall(
                    b"".join(bytes([0x32, 0x80 | len(each) & 0x7F, len(each) >> 7]) + each for each in rest)
                )
                # Closed like this it is reset, as by a broker that ends while we still have to confirm.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def script(running: Running) -> None:
        await connected(running)
        # Nothing can be confirmed yet, so nobody writes, who would notice.
        running.lose_database()
        may_send.set()
        await until(lambda: subscriber(running).under_way > 0)
        await asyncio.sleep(0.5)
        running.find_database()
        async with asyncio.timeout(10):
            while len(accepted) < 2:
                await asyncio.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        play(script, broker=Broker("127.0.0.1", listener.getsockname()[1]))
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    assert set(accepted) == {1}


# paho leaves the socket of a handshake that failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_does_not_let_us_in_is_told_of_once(
    running_broker: RunningBroker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mqtt, "FIRST_PAUSE_S", 0.05)
    ours = running_broker.broker
    wrong = {
        "Not authorized": replace(ours, password_file="", password="guessed"),
        "certificate verify failed": replace(ours, ca_file=""),
        "No such file": replace(ours, password_file="/nowhere"),
    }

    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "anguan.gateway.mqtt"]

    async def refused(subscriber: Subscriber, number: int) -> None:
        await until(lambda: len(told()) == number)
        # It tries again and has nothing new to say.
        lines = {subscriber.line}
        while len(lines) < 3:
            await asyncio.sleep(0.01)
            lines.add(subscriber.line)

    async def script(running: Running) -> None:
        for number, broker in enumerate(wrong.values(), 1):
            subscriber = Subscriber(running.gateway, broker)
            task = asyncio.create_task(subscriber.run())
            await refused(subscriber, number)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    play(script)
    # While this test bears its warning, and not a later one.
    gc.collect()
    assert [next(reason for reason in wrong if reason in line) for line in told()] == list(wrong)
