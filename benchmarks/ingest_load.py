"""`python -m benchmarks.ingest_load PORT SECONDS WINDOW RATE MIX`: devices that send as fast as they are answered.

100 connections. With RATE 0 each keeps WINDOW frames under way; else all together send RATE frames a second, whatever
is under way. Frames are cut from ready-made ones: serial and checksum are all that changes. One JSON line.
"""

import asyncio
import json
import sys
import time
from collections import deque
from datetime import datetime
from typing import cast

import uvloop

from anguan.ground.clock import CHINA
from anguan.simulator.running import Words
from anguan.wire.gbt26875 import Frame, address, encode, encode_unit, time_bytes

CONNECTIONS = 100
FIRST_ADDRESS = 700_001
CENTRE = address(88888)
ANSWER = 30
TICK_S = 0.002
WARM_UP_S = 1.0


def templates(number: int, mix: str) -> list[tuple[bytes, bytes, int]]:
    """Frames of one device without serial and checksum: what stands between, and the sum of it."""
    words = Words(number, 0)
    now = time_bytes(datetime.now(CHINA))
    made = []
    while len(made) < 64:
        type_flag, objects = words.next()
        if mix == "states" and type_flag != 2:
            continue
        unit = b"" if type_flag is None else encode_unit(type_flag, objects)
        command = 2
        frame = encode(Frame(0, 1, 1, now, address(FIRST_ADDRESS + number), CENTRE, command, unit))
        made.append((frame[4:-3], b"##", sum(frame[4:-3])))
    return made


class Device(asyncio.Protocol):
    """One connection; `due` is how many frames it may send now."""

    def __init__(self, load: "Load", number: int) -> None:
        self.load = load
        self.templates = load.templates[number]
        self.serial = 0
        self.sent_at: deque[float] = deque()
        self.rest = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send(self, count: int) -> None:
        """So many new frames in one piece."""
        parts = []
        serial, made = self.serial, self.templates
        for _ in range(count):
            middle, end, summed = made[serial & 63]
            low, high = serial & 0xFF, serial >> 8
            parts.append(b"@@%c%c%b%c%b" % (low, high, middle, summed + low + high & 0xFF, end))
            serial = serial + 1 & 0xFFFF
        self.serial = serial
        now = time.perf_counter()
        self.sent_at.extend([now] * count)
        assert self.transport is not None
        self.transport.write(b"".join(parts))

    def data_received(self, data: bytes) -> None:
        whole = self.rest + len(data)
        answers, self.rest = whole // ANSWER, whole % ANSWER
        self.load.answered(self, answers)


class Load:
    """All devices, and what came back."""

    def __init__(self, window: int, rate: float, mix: str) -> None:
        self.window, self.rate = window, rate
        self.templates = [templates(number, mix) for number in range(CONNECTIONS)]
        self.devices: list[Device] = []
        self.count = 0
        self.waits: list[float] = []
        self.counts_from = float("inf")
        self.ends = float("inf")

    def answered(self, device: Device, count: int) -> None:
        """So many frames of a device are confirmed, in the order of sending."""
        now = time.perf_counter()
        taken = [device.sent_at.popleft() for _ in range(count)]
        if self.counts_from <= now < self.ends:
            self.count += count
            self.waits += [now - at for at in taken if at >= self.counts_from]
        if not self.rate and now < self.ends:
            device.send(count)

    async def run(self, port: int, seconds: float) -> None:
        """Warm up, then count for so many seconds."""
        loop = asyncio.get_running_loop()
        for number in range(CONNECTIONS):
            device = Device(self, number)
            await loop.create_connection(lambda made=device: made, "127.0.0.1", port)
            self.devices.append(device)
        began = time.perf_counter()
        self.counts_from, self.ends = began + WARM_UP_S, began + WARM_UP_S + seconds
        if not self.rate:
            for device in self.devices:
                device.send(self.window)
            await asyncio.sleep(WARM_UP_S + seconds)
        said = turn = 0
        while self.rate and (now := time.perf_counter()) < self.ends:
            due = int((now - began) * self.rate) - said
            said += due
            share, more = divmod(due, CONNECTIONS)
            for offset, device in enumerate(self.devices):
                if count := share + ((offset - turn) % CONNECTIONS < more):
                    device.send(count)
            turn = (turn + more) % CONNECTIONS
            await asyncio.sleep(TICK_S)
        # Let what is under way come back, so that the next run starts from rest.
        end = time.perf_counter() + 10
        while any(device.sent_at for device in self.devices) and time.perf_counter() < end:
            await asyncio.sleep(0.01)


def main() -> None:
    """One run, one line."""
    port, seconds, window, rate, mix = sys.argv[1:6]
    load = Load(int(window), float(rate), mix)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(load.run(int(port), float(seconds)))
    waits = sorted(load.waits)
    line = {
        "rate": load.count / float(seconds),
        "p50_ms": waits[len(waits) // 2] * 1000 if waits else None,
        "p99_ms": waits[len(waits) * 99 // 100] * 1000 if waits else None,
        "unanswered": sum(len(device.sent_at) for device in load.devices),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
