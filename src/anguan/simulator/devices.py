"""Simulated devices: each holds one line to the centre, sends, waits, sends again, and answers orders.

Together they send at a given rate. A device has several frames under way, as a real one with a queue would; a frame
that is not confirmed in time, or was under way when the line broke, is sent again with the same bytes.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Final, cast

from anguan.ground.clock import CHINA
from anguan.wire.gbt26875 import (
    Connection,
    DeviceState,
    Received,
    Role,
    Timing,
    Transaction,
    address,
    time_bytes,
)
from anguan.wire.gbt26875.codes import TypeFlag
from anguan.wire.gbt26875.events import Answered, Failed, Reason, Resend

CENTRE: Final = address(88888)
FIRST_ADDRESS: Final = 700_001
MOST_UNDER_WAY: Final = 200
READ_SIZE: Final = 256 * 1024


@dataclass
class Tally:
    """What all devices together have sent and heard; `waits` are seconds from sending to confirmation."""

    sent: int = 0
    acknowledged: int = 0
    denied: int = 0
    resent: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)

    def line(self) -> dict[str, Any]:
        """The last line of `anguan simulate devices`."""
        ordered = sorted(self.waits)
        return {
            "sent": self.sent,
            "acknowledged": self.acknowledged,
            "denied": self.denied,
            "resent": self.resent,
            "failed": self.failed,
            "p50_ms": _percentile(ordered, 0.50),
            "p99_ms": _percentile(ordered, 0.99),
        }


def _percentile(ordered: list[float], part: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 2)


class Journal:
    """One JSON line for each acknowledged frame or message."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    def note(self, source: str, serial: int | None, raw: bytes, sent_at: float) -> None:
        if self._file is not None:
            line = {
                "source": source,
                "serial": serial,
                "sent_at": sent_at,
                "acknowledged_at": time.time(),
                "hex": raw.hex(),
            }
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


class Device(asyncio.Protocol):
    """One device on one line; `send` gives it something to say."""

    def __init__(self, number: int, tally: Tally, journal: Journal, timing: Timing) -> None:
        self.address: Final = address(FIRST_ADDRESS + number)
        self.source: Final = self.address.hex()
        self.tally: Final = tally
        self.journal: Final = journal
        self.lost = asyncio.Event()
        self.transport: asyncio.Transport | None = None
        self.connection = Connection(Role.DEVICE, address=self.address, peer=CENTRE, timing=timing)
        self._under_way: dict[Transaction, tuple[float, float]] = {}

    # The line.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.lost.clear()

    def connection_lost(self, _exc: Exception | None) -> None:
        self.transport = None
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        for event in self.connection.receive_data(data, time.monotonic()):
            match event:
                case Answered():
                    self._confirmed(event.transaction)
                case Received():
                    self._obey(event)
                case Resend():
                    self._sent_again(event)
                case Failed():
                    self._failed(event)

    def check_deadlines(self) -> None:
        """Send again what was not confirmed in time."""
        for event in self.connection.check_deadlines(time.monotonic()):
            if isinstance(event, Resend):
                self._sent_again(event)
            elif isinstance(event, Failed):
                self._failed(event)

    # What it says.

    @property
    def waits_for(self) -> int:
        """How many frames are under way."""
        return len(self._under_way)

    @property
    def is_busy(self) -> bool:
        return self.transport is None or len(self._under_way) >= MOST_UNDER_WAY

    def send(self, type_flag: int | None, objects: list[Any]) -> None:
        """Say something new; None is the heartbeat."""
        now, at = time.monotonic(), datetime.now(CHINA)
        if type_flag is None:
            transaction = self.connection.heartbeat(now=now, at=at)
        else:
            transaction = self.connection.send(type_flag, objects, now=now, at=at)
        self.tally.sent += 1
        self._under_way[transaction] = (now, time.time())
        self._write(transaction.data)

    def _write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def _confirmed(self, transaction: Transaction) -> None:
        began, sent_at = self._under_way.pop(transaction, (0.0, 0.0))
        if sent_at:
            self.tally.acknowledged += 1
            self.tally.waits.append(time.monotonic() - began)
            self.journal.note(self.source, transaction.serial, transaction.data, sent_at)

    def _sent_again(self, event: Resend) -> None:
        if event.reason is Reason.DENIED:
            self.tally.denied += 1
        self.tally.resent += 1
        self._write(event.data)

    def _failed(self, event: Failed) -> None:
        if self._under_way.pop(event.transaction, None) is not None:
            self.tally.failed += 1

    def resume(self) -> None:
        """The line is there again: what was not confirmed goes first, by the same bytes."""
        for transaction in self._under_way:
            self.tally.resent += 1
            self._write(transaction.data)

    def _obey(self, event: Received) -> None:
        at = datetime.now(CHINA)
        if event.unit.type_flag == TypeFlag.READ_DEVICE_STATE:
            self._write(self.connection.reply(event, [DeviceState(1, time_bytes(at))], at))
        elif event.unit.type_flag in {TypeFlag.SET_DEVICE_CLOCK, TypeFlag.DUTY_CHECK, TypeFlag.INITIALISE_DEVICE}:
            self._write(self.connection.confirm(event, at))
        else:
            self._write(self.connection.deny(event, now=time.monotonic(), at=at))
