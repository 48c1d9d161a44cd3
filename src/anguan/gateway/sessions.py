"""One peer of the gateway, over TCP or in datagrams: from its bytes to arrivals, and from what is durable to answers.

A peer is believed in what it frames and in nothing else. It may send as fast as we store: a peer with too much under
way is not read from until some of it is durable, and when the whole intake is full nobody is. What a peer can make us
hold is bounded by `MOST_UNDER_WAY` frames, one read, and what `FrameStream` keeps.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from anguan.alarms.intake.arrivals import Arrival, resend_key
from anguan.alarms.models import Transport
from anguan.alarms.rules.devices import IdentifiedBy
from anguan.gateway.directory import Known
from anguan.gateway.observing import observe
from anguan.wire.gbt26875 import (
    PROFILES,
    STANDARD,
    Connection,
    Damaged,
    Frame,
    Profile,
    Received,
    Role,
    Timing,
    read_frame,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.gbt26875.events import Answered, Event, Failed, Fault, Greeted, Resend, Stray, Unframed
from anguan.wire.gbt26875.frames import UNSET_ADDRESSES, confirmation

if TYPE_CHECKING:
    from anguan.gateway.server import Gateway

log = logging.getLogger(__name__)

MOST_UNDER_WAY: Final = 1_000
READ_SIZE: Final = 16 * 1024
# A concentrator speaks for many devices; who speaks for more is none.
MOST_SOURCES: Final = 1_000
# Where the source stands in a frame, whatever else a maker has changed.
SOURCE: Final = slice(12, 18)
# A text before the first frame names the dialect by itself; who sends it is only known from the frame after its answer.
GREETINGS: Final = {profile.greeting: profile for profile in PROFILES.values() if profile.greeting}
# Of damaged input so much is kept for whoever looks for the cause; the rest is only counted.
_DAMAGE_KEPT_A_MINUTE: Final = 6


class Session:
    """What is the same for all transports; `write` puts bytes on the way to the peer."""

    transport_kind: Transport = Transport.TCP

    def __init__(self, gateway: "Gateway", peer: str) -> None:
        self.gateway: Final = gateway
        self.peer = peer
        self.connection: Connection | None = None
        self.under_way = 0
        self.heard_tick = self.began_tick = gateway.tick()
        self.framed = False
        self.sources: set[str] = set()
        self._held = b""
        self._is_plain = False
        self._has_greeted = False
        # As the device writes them: its own address, and ours as it knows us.
        self.source_bytes = b""
        self.centre_address = b""
        self._source = ""
        self._known: Known | None = None
        self._version = -1
        self._answers: list[bytes] = []
        self._damage_since = 0.0
        self._damage_kept = 0
        self._skew_at: float = 0.0

    # What transports do.

    def write(self, data: bytes) -> None:
        raise NotImplementedError

    def write_all(self, answers: list[bytes]) -> None:
        """Put several answers on the way together."""
        self.write(b"".join(answers))

    def hang_up(self, why: str) -> None:
        raise NotImplementedError

    def pause(self) -> None:
        """Stop reading, where the transport can."""

    def resume(self) -> None:
        """Go on reading when there is room."""

    # From bytes to arrivals.

    def open_as(self, head: bytes) -> Connection:
        """The conversation in the dialect of the device that these first bytes, or where they come from, name."""
        known = self.gateway.directory.find(head[SOURCE].hex()) or self.gateway.directory.find(f"@{self.peer}")
        greeted = next((profile for text, profile in GREETINGS.items() if head.startswith(text)), None)
        self._has_greeted = greeted is not None
        profile: Profile = greeted or (STANDARD if known is None else known.profile)
        values = self.gateway.values
        self._is_plain = profile.plain_header and profile.handshake is None
        timing = Timing(answer_within=values.answer_s, resends=values.resends, resend_window=0)
        return Connection(Role.CENTRE, profile=profile, timing=timing)

    def take(self, data: bytes, receive: Callable[[bytes, float], list[Event]]) -> None:
        """Work off what came in."""
        gateway = self.gateway
        tick = gateway.tick()
        self.heard_tick = tick
        now = gateway.now()
        at = gateway.microseconds
        for event in receive(data, tick):
            if type(event) is Received:
                self._received(event, now, at)
            else:
                self._other(event, now, tick)
        if self._answers:
            # Resends of what is durable wait for no group.
            self.flush()
        self.check_room()

    def check_room(self) -> None:
        """Stop reading from a peer with too much under way, and from everybody when the intake is full."""
        if self.under_way > MOST_UNDER_WAY or self.gateway.intake.is_full:
            self.pause()

    def _recognise(self, frame: Frame, now: datetime) -> bool:
        """Know again who speaks, where it is somebody else or the ledger was read since; False for one too many."""
        if frame.source != self.source_bytes or self._version != self.gateway.directory.version:
            source = self._source_of(frame)
            if source not in self.sources and len(self.sources) >= MOST_SOURCES:
                self.hang_up(f"it speaks for more than {MOST_SOURCES} devices")
                return False
            self._identify(frame, source, now)
        return True

    def _source_of(self, frame: Frame) -> str:
        return f"@{self.peer}" if frame.source in UNSET_ADDRESSES else frame.source.hex()

    def _identify(self, frame: Frame, source: str, now: datetime) -> None:
        directory = self.gateway.directory
        self.source_bytes, self.centre_address = frame.source, frame.destination
        self._source = source
        self._known = directory.find(self._source)
        self._version = directory.version
        if self._known is None:
            is_set = frame.source not in UNSET_ADDRESSES
            directory.meet(source, IdentifiedBy.ADDRESS if is_set else IdentifiedBy.SESSION, now)
        elif (
            len(self.sources) <= 1
            and not self._has_greeted
            and self.connection
            and self._known.profile is not self.connection.profile
        ):
            self.hang_up("the device's profile was changed; it will call again")
        self.sources.add(self._source)
        self.gateway.sessions_by_source[self._source] = self

    def _received(self, event: Received, now: datetime, at: int) -> None:
        frame = event.frame
        if not self._recognise(frame, now):
            return
        self.framed = True
        known = self._known
        command = frame.command
        connection = self.connection
        assert connection is not None
        if known is not None and known.profile is not connection.profile:
            # The line is in another dialect: that of before a change, or of somebody else who shares it.
            again = read_frame(event.raw, known.profile)
            if type(again) is Received:
                event, frame = again, again.frame
        if command == Command.CONTROL and event.unit.type_flag == TypeFlag.SET_DEVICE_CLOCK:
            if known is not None:
                self.gateway.hear(known, now)
            if connection.profile.asks_clock:
                self.write(connection.give_clock(event, self.gateway.local))
            return
        observations = observe(event.unit, command, connection.profile if known is None else known.profile)
        device_id = None
        if known is not None:
            self.gateway.hear(known, now)
            if known.is_admitted:
                device_id = known.id
                self._watch_clock(frame, known)
            elif known.is_blocked:
                device_id = known.id
                observations = ()
        problem = event.unit.problem
        self.under_way += 1
        self.gateway.intake.put(
            Arrival(
                at=at,
                transport=self.transport_kind.value,
                source=self._source,
                raw=event.raw,
                key=resend_key(self._source.encode(), frame.resend_key),
                settled=self._settled,
                observations=observations,
                device_id=device_id,
                serial=frame.serial,
                command=command,
                type=event.unit.type_flag,
                problem="" if problem is None else str(problem),
                context=event,
            )
        )

    def _watch_clock(self, frame: Frame, known: Known) -> None:
        tick = self.heard_tick
        if tick - self._skew_at < 10:
            return
        self._skew_at = tick
        theirs = frame.time
        if theirs is not None:
            known.clock_offset = (theirs - self.gateway.local.replace(tzinfo=None)) / timedelta(seconds=1)

    def _other(self, event: Event, now: datetime, tick: float) -> None:
        gateway = self.gateway
        connection = self.connection
        assert connection is not None
        match event:
            case Answered() | Stray():
                if self._recognise(event.frame, now) and self._known is not None:
                    gateway.hear(self._known, now)
                if isinstance(event, Answered):
                    self._keep_reply(event)
                    gateway.orders.answered(event)
            case Resend():
                self.write(event.data)
                gateway.orders.sent_again(event)
            case Failed():
                gateway.orders.failed(event)
            case Greeted():
                self.write(event.answer)
            case Damaged():
                if event.fault is Fault.COMMAND and self._is_known_otherwise(event, now):
                    return
                gateway.damaged += 1
                if answer := connection.deny(event, now=tick, at=gateway.local):
                    self.write(answer)
                    gateway.denied += 1
                self._keep_damage(event, tick)
            case Unframed():
                self.hang_up(f"{event.skipped} bytes without a frame")

    def _is_known_otherwise(self, event: Damaged, now: datetime) -> bool:
        """Whose sound frame with a command unknown here it is; True where their own dialect has it, and it is taken."""
        frame = event.frame
        assert frame is not None
        if not self._recognise(frame, now) or self._known is None:
            return False
        again = read_frame(event.raw, self._known.profile)
        if not isinstance(again, Received):
            self.gateway.hear(self._known, now)
            return False
        self._received(again, now, self.gateway.microseconds)
        return True

    def _keep_reply(self, event: Answered) -> None:
        """A reply to a query says as much as an upload does; nobody waits for our answer to it."""
        if event.frame.command == Command.REPLY:
            known = self._known
            said = () if known is None or not known.is_admitted else observe(event.unit, Command.REPLY, known.profile)
            self.gateway.intake.put(
                Arrival(
                    at=self.gateway.microseconds,
                    transport=self.transport_kind.value,
                    source=self._source,
                    raw=event.raw,
                    key=resend_key(
                        self._source.encode(), event.frame.resend_key, str(self.gateway.microseconds).encode()
                    ),
                    settled=lambda _arrival: None,
                    observations=said,
                    device_id=None if known is None else known.id,
                    serial=event.frame.serial,
                    command=event.frame.command,
                    type=event.unit.type_flag,
                    problem="" if event.unit.problem is None else str(event.unit.problem),
                )
            )

    def _keep_damage(self, event: Damaged, tick: float) -> None:
        if tick - self._damage_since > 60:
            self._damage_since, self._damage_kept = tick, 0
        if self._damage_kept >= _DAMAGE_KEPT_A_MINUTE:
            return
        self._damage_kept += 1
        source = self._source or f"@{self.peer}"
        at = self.gateway.microseconds
        self.gateway.intake.put(
            Arrival(
                at=at,
                transport=self.transport_kind.value,
                source=source,
                raw=event.raw,
                key=resend_key(source.encode(), event.raw, str(at).encode()),
                settled=lambda _arrival: None,
                problem=f"{event.fault.value}: {event.detail}",
                is_routine=True,
            )
        )

    # From what is durable to answers.

    def _settled(self, arrival: Arrival) -> None:
        self.under_way -= 1
        connection = self.connection
        if arrival.is_durable and connection is not None and not connection.closed:
            if not self._answers:
                self.gateway.to_flush.append(self)
            if self._is_plain:
                self._answers.append(confirmation(arrival.context.frame, self.gateway.time_label))
            else:
                self._answers.append(connection.confirm(arrival.context, self.gateway.local))

    def flush(self) -> None:
        """Write the answers of a group together."""
        answers, self._answers = self._answers, []
        if answers:
            self.write_all(answers)
        if self.under_way <= MOST_UNDER_WAY:
            self.resume()

    def check_deadlines(self, tick: float) -> None:
        """What has become overdue meanwhile."""
        connection = self.connection
        if connection is None or connection.closed:
            return
        due = connection.next_deadline()
        if due is not None and tick >= due:
            now = self.gateway.now()
            for event in connection.check_deadlines(tick):
                if type(event) is Received:
                    self._received(event, now, self.gateway.microseconds)
                else:
                    self._other(event, now, tick)

    def end(self, tick: float) -> None:
        """The peer is gone: what we waited for has failed."""
        connection = self.connection
        if connection is not None and not connection.closed:
            for event in connection.receive_end(tick):
                if isinstance(event, Failed):
                    self.gateway.orders.failed(event)
        for source in self.sources:
            if self.gateway.sessions_by_source.get(source) is self:
                del self.gateway.sessions_by_source[source]


class TcpSession(Session, asyncio.BufferedProtocol):
    """A connection; all share one buffer, since each read is worked off before the next."""

    transport_kind = Transport.TCP
    _buffer = memoryview(bytearray(READ_SIZE))

    def __init__(self, gateway: "Gateway") -> None:
        Session.__init__(self, gateway, "")
        self.transport: asyncio.Transport | None = None
        self.is_paused = False
        # Since when the peer takes no answers, and since when we have been leaving it.
        self.congested_tick: float | None = None
        self.parting_tick: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        name: Any = transport.get_extra_info("peername")
        # Known by the address alone: the port is another one at each call.
        self.peer = str(name[0]) if name else ""
        if not self.gateway.admit(self):
            self.hang_up("too many connections")

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._buffer[:nbytes])
        connection = self.connection
        if connection is None:
            data = self._held + data
            is_begun = data.startswith(b"@") or any(text.startswith(data) for text in GREETINGS if text != data)
            if len(data) < SOURCE.stop and is_begun:
                self._held = data
                return
            self._held = b""
            connection = self.connection = self.open_as(data)
        self.take(data, connection.receive_data)

    def eof_received(self) -> bool | None:
        return False

    def connection_lost(self, _exc: Exception | None) -> None:
        self.end(self.gateway.tick())
        self.gateway.sessions.discard(self)
        self.gateway.paused.discard(self)
        self.transport = None

    def pause_writing(self) -> None:
        """A peer that takes no answers gets none made."""
        self.congested_tick = self.gateway.tick()
        self.pause()

    def resume_writing(self) -> None:
        self.congested_tick = None
        self.resume()

    def write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def hang_up(self, why: str) -> None:
        if self.transport is not None and not self.transport.is_closing():
            log.info("hanging up on %s: %s", self.peer, why)
            self.parting_tick = self.gateway.tick()
            self.transport.close()

    def abort(self) -> None:
        """Leave a peer that takes nothing any more."""
        if self.transport is not None:
            self.transport.abort()

    def pause(self) -> None:
        if not self.is_paused and self.transport is not None and not self.transport.is_closing():
            self.is_paused = True
            self.transport.pause_reading()
            self.gateway.paused.add(self)

    def resume(self) -> None:
        if not self.is_paused or self.congested_tick is not None or self.gateway.intake.is_full:
            return
        if self.under_way <= MOST_UNDER_WAY and self.transport is not None and not self.transport.is_closing():
            self.is_paused = False
            self.gateway.paused.discard(self)
            self.transport.resume_reading()


class UdpSession(Session):
    """One peer of the datagram socket."""

    transport_kind = Transport.UDP

    def __init__(self, gateway: "Gateway", transport: asyncio.DatagramTransport, address: Any) -> None:
        super().__init__(gateway, str(address[0]))
        self._transport = transport
        self._address = address

    def datagram(self, data: bytes) -> None:
        """One datagram; with too much under way it is left alone, and the device sends it again."""
        if self.under_way > MOST_UNDER_WAY or self.gateway.intake.is_full:
            return
        if self.connection is None:
            self.connection = self.open_as(data)
        self.take(data, self.connection.receive_datagram)

    def write(self, data: bytes) -> None:
        self._transport.sendto(data, self._address)

    def write_all(self, answers: list[bytes]) -> None:
        # A device reads one frame a datagram.
        for answer in answers:
            self._transport.sendto(answer, self._address)

    def hang_up(self, why: str) -> None:
        log.info("forgetting %s: %s", self.peer, why)
        self.gateway.forget_datagrams(self._address)


class Datagrams(asyncio.DatagramProtocol):
    """The UDP socket, shared by all who send to it."""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        assert self.transport is not None
        session = self.gateway.datagram_session(addr, self.transport)
        if session is not None:
            session.datagram(data)

    def error_received(self, exc: Exception) -> None:
        """An answer did not reach somebody; the device will send again."""
