"""Many devices at once, at a given rate, for a given time."""

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final, Protocol

import uvloop

from anguan.ground.clock import CHINA
from anguan.simulator.day import Course, District
from anguan.simulator.devices import Device, Journal, Tally
from anguan.simulator.lines import check_deadlines, keep_line
from anguan.wire.gbt26875 import AnalogValue, ComponentState, SystemState, Timing, text_bytes, time_bytes
from anguan.wire.gbt26875.codes import AnalogType, ComponentType, SystemType, TypeFlag

TICK_S: Final = 0.005
SECONDS_TO_FINISH: Final = 60.0
FLOORS: Final = "一二三四五六七八九十"


@dataclass(frozen=True)
class Load:
    """What is asked for. `fires` is how many of ten thousand frames report a fire."""

    units: int
    rate: float
    host: str
    port: int
    seconds: float | None = None
    seed: int = 1
    fires: int = 0
    answer_s: float = 10.0
    resends: int = 3


class Words:
    """What devices have to say: mostly that they live, measured values, now and then a fault."""

    def __init__(self, seed: int, fires: int) -> None:
        self._chance: Final = random.Random(seed)  # noqa: S311 nothing secret depends on it
        self._fires: Final = fires

    def next(self) -> tuple[int | None, list[Any]]:
        """Type and objects of a device's next frame; (None, []) is the heartbeat."""
        chance = self._chance
        draw = chance.randrange(10_000)
        now = time_bytes(datetime.now(CHINA))
        if draw < self._fires:
            return TypeFlag.COMPONENT_STATE, [self._component(0x0002, now)]
        if draw < 4_500:
            return None, []
        if draw < 8_500:
            pressure = chance.randrange(3_000, 4_500)
            sensor = (SystemType.HYDRANT, 1, ComponentType.PRESSURE_SWITCH, chance.randrange(1, 20))
            return TypeFlag.ANALOG_VALUE, [AnalogValue(*sensor, AnalogType.PRESSURE_KPA, pressure, now)]
        if draw < 9_900:
            return TypeFlag.SYSTEM_STATE, [SystemState(SystemType.FIRE_ALARM, 1, 0x0001, now)]
        return TypeFlag.COMPONENT_STATE, [self._component(0x0004, now)]

    def _component(self, state: int, now: bytes) -> ComponentState:
        chance = self._chance
        loop, point = chance.randrange(1, 9), chance.randrange(1, 200)
        text = f"{chance.choice(FLOORS)}层{point}号感烟探测器"
        kind = (SystemType.FIRE_ALARM, 1, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR)
        return ComponentState(*kind, point << 16 | loop, state, text_bytes(text), now)


class Simulator:
    """Devices at work; `stop` ends the sending, and `run` when the rest is confirmed."""

    def __init__(self, load: Load, journal: IO[str] | None = None) -> None:
        self.load: Final = load
        self.tally: Final = Tally()
        timing = Timing(answer_within=load.answer_s, resends=load.resends, resend_window=0)
        notes = Journal(journal)
        self.devices: Final = [Device(number, self.tally, notes, timing) for number in range(load.units)]
        self._words: Final = Words(load.seed, load.fires)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Say nothing new."""
        self._stopping.set()

    async def run(self) -> Tally:
        """Send at the rate asked for; afterwards wait for what is under way."""
        keepers = [asyncio.create_task(keep_line(device, self.load.host, self.load.port)) for device in self.devices]
        deadlines = asyncio.create_task(check_deadlines(self.devices))
        try:
            await self._send_all()
            end = time.monotonic() + SECONDS_TO_FINISH
            while any(device.waits_for for device in self.devices) and time.monotonic() < end:
                await asyncio.sleep(0.02)
        finally:
            for task in (*keepers, deadlines):
                task.cancel()
            await asyncio.gather(*keepers, deadlines, return_exceptions=True)
            for device in self.devices:
                if device.transport is not None:
                    device.transport.close()
        return self.tally

    async def _send_all(self) -> None:
        began = time.monotonic()
        said = 0.0
        turn = 0
        devices = self.devices
        while not self._stopping.is_set():
            now = time.monotonic() - began
            if self.load.seconds is not None and now >= self.load.seconds:
                return
            # What could not be said because all were busy is not made up for: the rate is a rate.
            due = int(min(now * self.load.rate - said, self.load.rate / 5 + 1))
            for _ in range(due):
                for _ in range(len(devices)):
                    device = devices[turn % len(devices)]
                    turn += 1
                    if not device.is_busy:
                        device.send(*self._words.next())
                        break
            said = max(said + due, now * self.load.rate - self.load.rate / 5)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), TICK_S)


class Play(Protocol):
    """What can be told to stop, and ends with a tally."""

    def stop(self) -> None: ...

    async def run(self) -> Tally: ...


def run(load: Load, journal: IO[str] | None, say: Callable[[dict[str, Any]], None]) -> None:
    """Play until the time is over or SIGINT or SIGTERM comes; `say` gets the last line."""
    work(lambda: Simulator(load, journal), say)


def run_day(course: Course, journal: IO[str] | None, say: Callable[[dict[str, Any]], None]) -> None:
    """The same for a day of the district."""
    work(lambda: District(course, Journal(journal)), say)


def work(make: Callable[[], Play], say: Callable[[dict[str, Any]], None]) -> None:
    """Do a work until it ends or is told to stop; `make` is called on its loop."""

    async def whole() -> None:
        play = make()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, play.stop)
        say((await play.run()).line())

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(whole())
