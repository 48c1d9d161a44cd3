"""Signals over MQTT: a subscription at somebody's broker, whose messages go the way of frames.

A message is confirmed (PUBACK) when it is durable, never before; what was not confirmed the broker sends again, also
to our next start, since the session outlives its connection. How much it may send ahead of our confirmations is agreed
at the connection (`RECEIVE_MAXIMUM`), which bounds what we hold whatever happens to the database.

paho-mqtt speaks the protocol, each line by a client of its own. The gateway's loop tells it when to read and write, so
that no second thread takes turns with the loop; only the blocking connect has a thread.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections import deque
from socket import SO_ERROR, SOL_SOCKET
from typing import TYPE_CHECKING, Any, Final

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from anguan.alarms.intake.arrivals import Arrival, resend_key
from anguan.alarms.intake.messages import LARGEST_BODY, LONGEST_NAME, NAMELESS, Unreadable, message_key, read, source_of
from anguan.alarms.models import Transport
from anguan.alarms.rules.devices import IdentifiedBy
from anguan.alarms.rules.signals import Observation, SignalKind
from anguan.ground.broker import Broker

if TYPE_CHECKING:
    from anguan.gateway.server import Gateway

log = logging.getLogger(__name__)

# How many messages may be under way to us without our confirmation.
RECEIVE_MAXIMUM: Final = 200
# What is larger the broker keeps from us; what is larger than a signal may be is kept as far as it may be long.
LARGEST_PACKET: Final = 256 * 1024
# How long the broker keeps for us what it could not deliver.
SESSION_KEPT_S: Final = 30 * 86_400
KEEPALIVE_S: Final = 15
CONNECT_WITHIN_S: Final = 5.0
ANSWER_WITHIN_S: Final = 10.0
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
# A line that held so long begins the next pauses anew.
HELD_S: Final = 30.0
# Of what can't be read so much is kept for whoever looks for the cause; the rest is only counted.
UNREADABLE_KEPT_A_MINUTE: Final = 60


class Lost(ConnectionError):
    """Why there is no line to the broker, or none any more."""


class Subscriber:
    """Keeps a line to the broker; `run` works until it is cancelled."""

    def __init__(self, gateway: "Gateway", broker: Broker) -> None:
        self.gateway: Final = gateway
        self.broker: Final = broker
        self.client_id: Final = broker.client_id or f"anguan-{gateway.name}"
        self.line: Line | None = None
        # Messages that are not durable yet, of this line and earlier ones.
        self.under_way = 0
        self.unreadable = 0
        self.dropped = 0
        self._nothing_under_way = asyncio.Event()
        self._nothing_under_way.set()
        self.is_stopping = False
        self._told: set[str] = set()
        self._was_connected = False
        self._unreadable_since = 0.0
        self._unreadable_kept = 0

    async def run(self) -> None:
        """Connect, work, and connect again, after pauses that double up to `LONGEST_PAUSE_S`."""
        pause = FIRST_PAUSE_S
        while not self.is_stopping:
            # What an earlier line brought can't be confirmed any more, and the broker will send it again: it would only
            # be held twice.
            await self._nothing_under_way.wait()
            began = time.monotonic()
            line = self.line = Line(self)
            try:
                self._tell_connected(await line.open())
                await line.until_lost()
            except (OSError, ValueError) as error:
                self._tell_lost(str(error) or type(error).__name__)
            except Exception as error:
                # Whatever it is, devices must not fall silent for it.
                log.exception("the line to the broker %s has failed", self.broker)
                self._tell_lost(type(error).__name__)
            finally:
                line.close()
            if time.monotonic() - began > HELD_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def pause(self) -> None:
        """Take nothing more; what is under way is still confirmed."""
        self.is_stopping = True
        if self.line is not None:
            self.line.stop_reading()

    def close(self) -> None:
        """Say goodbye; the session stays."""
        if self.line is not None:
            self.line.close()

    @property
    def is_connected(self) -> bool:
        """True while the broker knows that we listen."""
        return self.line is not None and self.line.is_open

    def _tell_connected(self, has_session: bool) -> None:
        self._told.clear()
        if self._was_connected and not has_session:
            log.warning("the broker %s has lost our session, and with it what it had not delivered", self.broker)
        else:
            kept = "goes on with" if has_session else "begins"
            log.info("the broker %s %s the session of %s", self.broker, kept, self.client_id)
        self._was_connected = True

    def _tell_lost(self, why: str) -> None:
        """Each reason once, until the broker is back."""
        if why not in self._told and not self.is_stopping:
            self._told.add(why)
            log.warning("no line to the broker %s: %s; trying again", self.broker, why)

    # From messages to arrivals.

    def take(self, line: "Line", topic: str, body: bytes, parcel: "Parcel") -> None:
        """Hand a message over to the intake."""
        gateway = self.gateway
        now = gateway.now()
        source = source_of(topic.removeprefix(f"{self.broker.topic}/"))
        is_named = source != NAMELESS
        problem, id_, said, window_s = "", None, None, 0
        try:
            if not is_named:
                raise Unreadable(
                    "topic", f"must be {self.broker.topic}/NAME, NAME of at most {LONGEST_NAME} characters"
                )
            if len(body) > LARGEST_BODY:
                raise Unreadable("body", f"must be at most {LARGEST_BODY} bytes")
            id_, said = read(body)
            key, window_s = message_key(source, id_), gateway.values.message_window_s
        except Unreadable as error:
            problem = str(error)
            body = body[:LARGEST_BODY]
            if not self._may_keep_unreadable():
                line.settled(parcel)
                return
            key = resend_key(b"unreadable", topic.encode(), body)
        observations: tuple[Observation, ...] = () if said is None else (said,)
        beats = said is not None and SignalKind.HEARTBEAT in said.kinds
        device_id = None
        known = gateway.directory.find(source)
        if known is None:
            if is_named:
                gateway.directory.meet(source, IdentifiedBy.TOPIC, now, beats=beats)
        else:
            known.told_at = now
            if beats:
                gateway.hear(known, now)
            if known.is_admitted:
                device_id = known.id
            elif known.is_blocked:
                device_id, observations = known.id, ()
        self.under_way += 1
        self._nothing_under_way.clear()

        def settled(_arrival: Arrival) -> None:
            # Durable, or such that no database will ever take it; sending it again would change nothing.
            self.under_way -= 1
            if not self.under_way:
                self._nothing_under_way.set()
            line.settled(parcel)

        gateway.intake.put(
            Arrival(
                at=gateway.microseconds,
                transport=Transport.MQTT.value,
                source=source,
                raw=body,
                key=key,
                settled=settled,
                observations=observations,
                device_id=device_id,
                client_id=id_,
                problem=problem,
                window_s=window_s,
            )
        )

    def _may_keep_unreadable(self) -> bool:
        self.unreadable += 1
        tick = time.monotonic()
        if tick - self._unreadable_since > 60:
            self._unreadable_since, self._unreadable_kept = tick, 0
        self._unreadable_kept += 1
        if self._unreadable_kept == UNREADABLE_KEPT_A_MINUTE + 1:
            log.warning("more than %s unreadable messages a minute: no more of them are kept", UNREADABLE_KEPT_A_MINUTE)
        return self._unreadable_kept <= UNREADABLE_KEPT_A_MINUTE


class Parcel:
    """A message that waits for its confirmation."""

    __slots__ = ("is_durable", "mid")

    def __init__(self, mid: int) -> None:
        self.mid = mid
        self.is_durable = False


class Line:
    """One connection to the broker; numbers of its messages mean nothing on another."""

    def __init__(self, subscriber: Subscriber) -> None:
        self.is_open = False
        self._is_reading = True
        self._subscriber: Final = subscriber
        self._broker: Final = subscriber.broker
        self._loop: Final = asyncio.get_running_loop()
        self._unconfirmed: Final[deque[Parcel]] = deque()
        self._accepted: Final[asyncio.Future[bool]] = self._loop.create_future()
        self._subscribed: Final[asyncio.Future[None]] = self._loop.create_future()
        self._lost: Final[asyncio.Future[str]] = self._loop.create_future()
        self._socket: Any = None
        client = self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=subscriber.client_id,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = CONNECT_WITHIN_S
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect

    # Life.

    async def open(self) -> bool:
        """Connect and subscribe; whether the broker still had our session. Raises OSError with the reason."""
        await self._loop.run_in_executor(None, self._connect)
        socket = self._socket = self._client.socket()
        if socket is None:
            raise Lost("it hung up at once")
        self._client.on_socket_register_write = self._watch_for_room
        self._client.on_socket_unregister_write = self._watch_no_more
        self._client.on_socket_close = self._forget_socket
        self._loop.add_reader(socket, self._read)
        if self._client.want_write():
            self._watch_for_room()
        has_session = bool(await self._answered(self._accepted))
        # What a broker retains is old news; a session that goes on brings what came meanwhile.
        options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        self._client.subscribe(f"{self._broker.topic}/+", options=options)
        await self._answered(self._subscribed)
        self.is_open = True
        return has_session

    def _connect(self) -> None:
        """In a thread: names are looked up and TLS agreed on, which may take a while."""
        broker, client = self._broker, self._client
        if broker.user:
            client.username_pw_set(broker.user, broker.secret())
        if context := broker.tls():
            client.tls_set_context(context)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives no types
        properties.SessionExpiryInterval = SESSION_KEPT_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        properties.MaximumPacketSize = LARGEST_PACKET
        client.connect(broker.host, broker.port, KEEPALIVE_S, clean_start=False, properties=properties)

    async def _answered(self, answer: asyncio.Future[Any]) -> Any:
        await asyncio.wait({answer, self._lost}, timeout=ANSWER_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise Lost(self._lost.result() if self._lost.done() else f"no answer within {ANSWER_WITHIN_S:.0f} s")

    async def until_lost(self) -> None:
        """Keep the line alive; raises `Lost` with the reason when it is gone."""
        while not self._lost.done():
            self._client.loop_misc()
            await asyncio.wait({self._lost}, timeout=1)
            self._look_for_reset()
        raise Lost(self._lost.result())

    def _look_for_reset(self) -> None:
        """uvloop stops watching a connection that was reset, and says nothing.

        Nor is it enough to read: what still lies in it would be read first, one message at a time, with nobody left to
        confirm it to. The broker will send it again.
        """
        if self._socket is not None and (error := self._socket.getsockopt(SOL_SOCKET, SO_ERROR)):
            self._lose(os.strerror(error))
        self._read()

    def stop_reading(self) -> None:
        """Take nothing more in."""
        self._is_reading = False
        if self._socket is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.remove_reader(self._socket)

    def _go_on_reading(self) -> None:
        self._is_reading = True
        if self._socket is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.add_reader(self._socket, self._read)
            self._loop.call_soon(self._read)

    def close(self) -> None:
        """Confirm what is durable, say goodbye, and let go of the socket."""
        if self._client.socket() is not None and self._socket is not None:
            self._client.disconnect()
            self._write()
        self._lose("closed")
        self._forget_socket()
        if (socket := self._client.socket()) is not None:
            socket.close()

    def _lose(self, why: str) -> None:
        self.is_open = False
        if not self._lost.done():
            self._lost.set_result(why)

    def _watch_for_room(self, *_about: Any) -> None:
        if self._socket is None:
            return
        try:
            self._loop.add_writer(self._socket, self._write)
        except RuntimeError:
            # uvloop has given the socket up: it is broken.
            self._loop.call_soon(self._look_for_reset)

    def _watch_no_more(self, *_about: Any) -> None:
        if self._socket is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.remove_writer(self._socket)

    def _forget_socket(self, *_about: Any) -> None:
        if self._socket is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.remove_reader(self._socket)
                self._loop.remove_writer(self._socket)
            self._socket = None

    # When there is something to read or room to write.

    def _read(self) -> None:
        if not self._is_reading:
            return
        try:
            self._client.loop_read()
            if len(self._unconfirmed) > RECEIVE_MAXIMUM:
                # Not all brokers keep to what was agreed on; this one has to wait.
                self.stop_reading()
                return
            socket = self._client.socket()
            if self._socket is not None and socket is not None and getattr(socket, "pending", int)():
                # TLS has taken more from the line than one message: nothing would wake us for the rest.
                self._loop.call_soon(self._read)
        except Exception as error:
            log.exception("a packet of the broker could not be worked off")
            self._lose(f"{type(error).__name__}: {error}")

    def _write(self) -> None:
        try:
            self._client.loop_write()
        except Exception as error:
            log.exception("nothing can be written to the broker")
            self._lose(f"{type(error).__name__}: {error}")

    # What paho tells.

    def _on_connect(self, _client: Any, _data: Any, flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self._lose(f"it refuses us: {reason}")
        elif not self._accepted.done():
            self._accepted.set_result(bool(flags.session_present))

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any) -> None:
        if reasons[0].is_failure:
            self._lose(f"it refuses the subscription to {self._broker.topic}/+: {reasons[0]}")
        elif not self._subscribed.done():
            self._subscribed.set_result(None)

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        self._lose(f"it hung up: {reason}")

    def _on_message(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        subscriber = self._subscriber
        parcel = Parcel(message.mid)
        if message.qos:
            self._unconfirmed.append(parcel)
        elif subscriber.under_way >= RECEIVE_MAXIMUM:
            # Nobody was promised anything for it.
            subscriber.dropped += 1
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        subscriber.take(self, topic, bytes(message.payload), parcel)

    # From what is durable to confirmations.

    def settled(self, parcel: Parcel) -> None:
        """Confirm what is durable, in the order in which it came, as the protocol asks for."""
        parcel.is_durable = True
        unconfirmed = self._unconfirmed
        while unconfirmed and unconfirmed[0].is_durable:
            done = unconfirmed.popleft()
            if self._socket is not None:
                self._client.ack(done.mid, 1)
        if not self._is_reading and len(unconfirmed) <= RECEIVE_MAXIMUM and not self._subscriber.is_stopping:
            self._go_on_reading()
