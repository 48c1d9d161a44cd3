"""One conversation with one peer, without a socket: bytes and the time go in, events and bytes to write come out.

    connection = Connection(Role.CENTRE, address=ours)
    for event in connection.receive_data(data, now):
        if isinstance(event, Received):
            …                                       # make it durable first
            write(connection.confirm(event, at))
    order = connection.send(TypeFlag.DUTY_CHECK, [DutyCheck(10)], now=now, at=at, destination=device)
    write(order.data)
    …                                               # by `connection.next_deadline()` at the latest:
    for event in connection.check_deadlines(now):
        …

`now` is a count of seconds that never runs backwards (`time.monotonic()`); `at` is the wall clock of the place, for
time labels. What the peer does wrong becomes an event; what we do wrong raises `LocalProtocolError`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.gbt26875.conversation import (
    ANSWERS,
    NEXT,
    ROLE_LABELS,
    STANDARD_TIMING,
    Kind,
    Role,
    State,
    Step,
    Timing,
    kind_of,
    reply_type,
)
from anguan.wire.gbt26875.events import (
    Answered,
    Damaged,
    Event,
    Failed,
    Greeted,
    Reason,
    Received,
    Resend,
    Stray,
    Unframed,
)
from anguan.wire.gbt26875.frames import NO_ADDRESS, Frame, encode
from anguan.wire.gbt26875.objects import Clock, Object
from anguan.wire.gbt26875.profiles import STANDARD, Profile
from anguan.wire.gbt26875.reading import FrameStream, read_frame
from anguan.wire.gbt26875.times import time_bytes
from anguan.wire.gbt26875.units import encode_unit

_SERIALS = 0x10000


class LocalProtocolError(Exception):
    """We tried to do what the protocol does not allow; the sentence says what would be right."""


class Transaction:
    """Something that we began: sent, and waited for. `data` are its bytes, the same for each resend."""

    __slots__ = ("command", "data", "deadline", "destination", "kind", "sent_count", "serial", "state", "type_flag")

    def __init__(
        self, serial: int, kind: Kind, command: int, type_flag: int | None, destination: bytes, data: bytes
    ) -> None:
        self.serial: Final = serial
        self.kind: Final = kind
        self.command: Final = command
        self.type_flag: Final = type_flag
        """None for a heartbeat."""
        self.destination: Final = destination
        self.data: Final = data
        self.deadline = 0.0
        self.sent_count = 1
        self.state = State.WAITING

    def __repr__(self) -> str:
        return f"<Transaction {self.serial} {self.kind.name} {self.type_flag} {self.state.value}>"

    def advance(self, step: Step) -> None:
        """Move on by the table; KeyError for what the table does not have would be our own mistake."""
        self.state = NEXT[self.state, step]


class Connection:
    """The protocol between us (`role`, `address`) and one peer, over a stream or in datagrams."""

    def __init__(
        self,
        role: Role,
        *,
        address: bytes = NO_ADDRESS,
        peer: bytes = NO_ADDRESS,
        profile: Profile = STANDARD,
        timing: Timing = STANDARD_TIMING,
        version: tuple[int, int] = (1, 1),
        first_serial: int = 0,
    ) -> None:
        self.role: Final = role
        self.address = address
        self.peer = peer
        """Where transactions go that name no destination of their own."""
        self.profile: Final = profile
        self.timing: Final = timing
        self.version: Final = version
        self.closed = False
        self._next_serial = first_serial
        self._stream = FrameStream(profile)
        self._waiting: dict[int, Transaction] = {}
        self._heard: dict[int, float] = {}
        self._holding_since: float | None = None
        self._skipped = 0
        self._framed = False
        self._denied_serial = -1
        self._may_deny_from = float("-inf")

    # -- what comes in ------------------------------------------------------------------------------------------------

    def receive_data(self, data: bytes, now: float) -> list[Event]:
        """What these bytes of the stream tell, in order."""
        if self.closed:
            return []
        found = self._stream.feed(data)
        if self.profile.greeting and not self._framed:
            found += self._stream.take_text(self.profile.greeting)
        if not self._stream.held:
            self._holding_since = None
        elif found or self._holding_since is None:
            # The events below may close us, and then nothing is held any more.
            self._holding_since = now
        return self._events(found, now)

    def receive_datagram(self, data: bytes, now: float) -> list[Event]:
        """What one datagram tells: it is one frame, or it is damaged."""
        return [] if self.closed else self._events([read_frame(data, self.profile)], now)

    def receive_end(self, now: float) -> list[Event]:
        """The peer has closed, or the line is gone: what was held back, and the end of all that we waited for."""
        if self.closed:
            return []
        events = self._events(self._stream.close(), now)
        return events if self.closed else events + self._close()

    # -- time ---------------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        """When `check_deadlines` must be called at the latest; None while nothing waits."""
        deadlines = []
        if self._holding_since is not None:
            deadlines.append(self._holding_since + self.timing.frame_within)
        for transaction in self._waiting.values():
            # All wait equally long and a resend goes to the end, so the first is the earliest.
            deadlines.append(transaction.deadline)
            break
        return min(deadlines, default=None)

    def check_deadlines(self, now: float) -> list[Event]:
        """What has become overdue: resends, failures, and frames that never became whole."""
        events: list[Event] = []
        if self._holding_since is not None and now >= self._holding_since + self.timing.frame_within:
            found = self._stream.give_up()
            self._holding_since = now if self._stream.held else None
            events += self._events(found, now)
        overdue = []
        for transaction in self._waiting.values():
            if transaction.deadline > now:
                break
            overdue.append(transaction)
        for transaction in overdue:
            events.append(self._again(transaction, Reason.TIMED_OUT, now))
        return events

    # -- what goes out ------------------------------------------------------------------------------------------------

    def send(
        self,
        type_flag: int,
        objects: Sequence[Object],
        *,
        now: float,
        at: datetime,
        destination: bytes | None = None,
    ) -> Transaction:
        """Begin a transaction; write its `data`. The type says whether it is an upload, an order or a query.

        ValueError where the objects are not those of the type, too many, or don't fit.
        """
        kind = kind_of(type_flag)
        if kind is None and type_flag in self.profile.layouts:
            kind = Kind.UPLOAD
        if kind is None:
            raise LocalProtocolError(f"类型标志 {type_flag} 不在标准之内，不能发送。")
        if kind.value.initiator is not self.role:
            raise LocalProtocolError(
                f"类型标志 {type_flag} 由{ROLE_LABELS[self.role.peer]}发起，{ROLE_LABELS[self.role]}不能发送。"
            )
        unit = encode_unit(type_flag, objects, self.profile)
        return self._begin(kind, kind.value.command, type_flag, unit, now, at, destination)

    def heartbeat(self, *, now: float, at: datetime, command: int = Command.SEND) -> Transaction:
        """Begin an empty upload, as devices do to show that they live; one maker's devices use command 7."""
        if self.role is not Role.DEVICE:
            raise LocalProtocolError("心跳由用户信息传输装置发出；监控中心用类型 81 巡检。")
        return self._begin(Kind.UPLOAD, command, None, b"", now, at, None)

    def confirm(self, received: Received, at: datetime) -> bytes:
        """The confirmation (3) of an upload or order. Write it only when what it confirms can't be lost any more."""
        unit = b""
        handshake = self.profile.handshake
        if handshake is not None and received.frame.unit == bytes(handshake[:1]):
            unit = bytes(handshake[1:])
        return self._answer(received.frame, Command.CONFIRM, unit, at)

    def reply(self, received: Received, objects: Sequence[Object], at: datetime) -> bytes:
        """The reply (5) to a query, with the objects it asked for."""
        asked = received.unit.type_flag
        if received.frame.command != Command.REQUEST or asked is None or kind_of(asked) is not Kind.QUERY:
            raise LocalProtocolError("只有标准所列的查询才用应答帧答复；上传和控制用确认帧，其余予以否认。")
        return self._answer(received.frame, Command.REPLY, encode_unit(reply_type(asked), objects, self.profile), at)

    def give_clock(self, received: Received, at: datetime) -> bytes:
        """The time, as devices of a profile with `asks_clock` expect it: an order of type 90 with their serial."""
        if not self.profile.asks_clock:
            raise LocalProtocolError("只有会索要时间的装置才这样答复；其他装置用类型 90 校时。")
        unit = encode_unit(TypeFlag.SET_DEVICE_CLOCK, [Clock(time_bytes(at))], self.profile)
        return self._answer(received.frame, Command.CONTROL, unit, at)

    def deny(self, event: Received | Damaged, *, now: float, at: datetime) -> bytes:
        """The denial (6) of a frame; empty where none may be sent.

        Damaged bytes are denied only as a frame with right ends that is no answer, once for each serial in a row and
        not more often than the timing says: a noisy line must not make us talk without end.
        """
        frame = event.frame
        if frame is None or frame.command in ANSWERS:
            return b""
        if isinstance(event, Damaged):
            if frame.serial == self._denied_serial or now < self._may_deny_from:
                return b""
            self._denied_serial = frame.serial
            self._may_deny_from = now + self.timing.deny_every
        else:
            # What we refused has not been done, so its resend is news.
            self._heard.pop(hash(frame.resend_key), None)
        return self._answer(frame, Command.DENY, b"", at)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _events(self, found: list[Received | Damaged], now: float) -> list[Event]:
        events: list[Event] = []
        for item in found:
            if isinstance(item, Received):
                self._skipped = 0
                self._framed = True
                self._denied_serial = -1
                if item.frame.command in ANSWERS:
                    events.append(self._answered(item, now))
                elif self.timing.resend_window and self._heard_before(item, now):
                    events.append(item._replace(repeated=True))
                else:
                    events.append(item)
                continue
            if self.profile.greeting and not self._framed and item.raw.startswith(self.profile.greeting):
                events.append(Greeted(item.raw, self.profile.greeting_answer))
                continue
            events.append(item)
            self._skipped += len(item.raw)
            if self._skipped > self.timing.most_unframed:
                events.append(Unframed(self._skipped))
                return events + self._close()
        return events

    def _close(self) -> list[Event]:
        """Read nothing more, hold nothing more, and wait for nothing more."""
        self.closed = True
        self._stream = FrameStream(self.profile)
        self._holding_since = None
        failed = list(self._waiting.values())
        self._waiting.clear()
        for transaction in failed:
            transaction.advance(Step.GIVEN_UP)
        return [Failed(transaction, Reason.CLOSED) for transaction in failed]

    def _answered(self, item: Received, now: float) -> Event:
        transaction = self._waiting.get(item.frame.serial)
        if transaction is not None and item.frame.command == Command.DENY:
            return self._again(transaction, Reason.DENIED, now)
        if transaction is None or item.frame.command != transaction.kind.value.answer:
            return Stray(item.frame, item.unit, item.raw)
        del self._waiting[transaction.serial]
        transaction.advance(Step.ANSWERED)
        return Answered(transaction, item.frame, item.unit, item.raw)

    def _again(self, transaction: Transaction, reason: Reason, now: float) -> Event:
        del self._waiting[transaction.serial]
        if transaction.sent_count > self.timing.resends:
            transaction.advance(Step.GIVEN_UP)
            return Failed(transaction, reason)
        transaction.advance(Step.SENT_AGAIN)
        transaction.sent_count += 1
        self._wait(transaction, now)
        return Resend(transaction, reason, transaction.data)

    def _wait(self, transaction: Transaction, now: float) -> None:
        transaction.deadline = now + self.timing.answer_within
        self._waiting[transaction.serial] = transaction

    def _heard_before(self, item: Received, now: float) -> bool:
        """True for a resend within the window; remembers the frame either way, by its hash alone.

        The window begins with the first of them: a device whose serial is stuck must not pass for silent.
        """
        key = hash(item.frame.resend_key)
        heard_at = self._heard.pop(key, None)
        is_resend = heard_at is not None and now - heard_at <= self.timing.resend_window
        self._heard[key] = heard_at if heard_at is not None and is_resend else now
        if len(self._heard) > self.timing.remembered:
            del self._heard[next(iter(self._heard))]
        return is_resend

    def _begin(
        self,
        kind: Kind,
        command: int,
        type_flag: int | None,
        unit: bytes,
        now: float,
        at: datetime,
        destination: bytes | None,
    ) -> Transaction:
        if self.closed:
            raise LocalProtocolError("连接已断开，不能再发送。")
        if len(self._waiting) == _SERIALS:
            raise LocalProtocolError("未应答的业务已占满全部流水号。")
        serial = self._next_serial
        while serial in self._waiting:
            serial = (serial + 1) % _SERIALS
        self._next_serial = (serial + 1) % _SERIALS
        to = self.peer if destination is None else destination
        frame = Frame(serial, *self.version, time_bytes(at), self.address, to, command, unit)
        transaction = Transaction(serial, kind, command, type_flag, to, encode(frame, self.profile))
        self._wait(transaction, now)
        return transaction

    def _answer(self, asked: Frame, command: int, unit: bytes, at: datetime) -> bytes:
        """An answer keeps serial and version, swaps the addresses, and says when it was made."""
        frame = Frame(
            asked.serial,
            asked.main_version,
            asked.user_version,
            time_bytes(at),
            asked.destination,
            asked.source,
            command,
            unit,
        )
        return encode(frame, self.profile)
