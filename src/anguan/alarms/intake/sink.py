"""The port of the alarm path: what takes arrivals, and settles each exactly once when it is durable.

Whatever gathered while the last group was being made durable goes together into the next. No timer: a lone arrival goes
at once, and the busier it gets the larger the groups become. What "durable" means is told by those who make it so:
`writing.Intake` commits to the database.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anguan.alarms.intake.arrivals import Arrival
from anguan.ground.complaints import Complaint

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IntakeSettings:
    """What an intake goes by; the window is rule data (`resend-window`)."""

    window_s: int = 60
    most_in_a_group: int = 5_000
    # Above `high` waiting arrivals whoever feeds the intake should stop reading, until `low` is reached.
    high: int = 20_000
    low: int = 5_000
    # How many settled signals are remembered here; older resends are found by the database.
    remembered: int = 200_000


USUAL: Final = IntakeSettings()


class Sink:
    """Takes arrivals, settles each exactly once; `run` works until `stop`.

    One group at a time: `_write` returns when a group is settled, however long that takes.
    """

    def __init__(
        self, now: Callable[[], datetime], settings: IntakeSettings, tick: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` is the clock, `tick` one that never jumps: what counts as a resend must not hang on the time of day."""
        self.settings: Final = settings
        self.resends = 0
        self.is_connected = False
        # Its `since` tells for how long nothing could be made durable.
        self.complaint: Final = Complaint(log, "the intake can't write, so nobody is confirmed")
        # Called after each group, when all of it is settled.
        self.after_group: Callable[[], None] = lambda: None
        self._now: Final = now
        self._tick: Final = tick
        self._urgent: deque[Arrival] = deque()
        self._waiting: deque[Arrival] = deque()
        # What is on its way, and until when, by the tick, a settled signal is known again.
        self._known: dict[bytes, Arrival | float] = {}
        # Resends of what is on its way: they wait, too, and take as much room.
        self._following = 0
        self._remembered: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._low = asyncio.Event()
        self._low.set()
        self._stopping = False

    # What those do who make things durable.

    async def _prepare(self) -> None:
        """Called before the first group, and again whenever there is nothing to write."""
        raise NotImplementedError

    async def _write(self, group: list[Arrival]) -> None:
        """Make a group durable however long it takes, then `_settle` it."""
        raise NotImplementedError

    async def _leave(self) -> None:
        """Leave nothing open."""
        raise NotImplementedError

    # Feeding it.

    def put(self, arrival: Arrival) -> None:
        """Take one in; it is settled at once where it is a resend of something durable, else after a commit."""
        known = self._known.get(arrival.key)
        if known is not None:
            if isinstance(known, Arrival):
                self.resends += 1
                self._following += 1
                if known.followers is None:
                    known.followers = []
                known.followers.append(arrival)
                return
            if self._tick() < known:
                self.resends += 1
                arrival.is_durable = True
                arrival.settled(arrival)
                return
        self._known[arrival.key] = arrival
        # Fire before everything else.
        (self._waiting if arrival.urgency else self._urgent).append(arrival)
        self._something.set()

    @property
    def waiting(self) -> int:
        """How many have not been written yet."""
        return len(self._waiting) + len(self._urgent)

    @property
    def is_full(self) -> bool:
        """True when whoever reads from outside should stop for a while; `until_low` tells when to go on."""
        if self.waiting + self._following < self.settings.high:
            return False
        self._low.clear()
        return True

    async def until_low(self) -> None:
        """Return when there is room again."""
        await self._low.wait()

    # Working.

    async def run(self) -> None:
        """Write groups until `stop` is called and everything that waited is written."""
        try:
            while not (self._stopping and not self.waiting):
                if not self.waiting:
                    self._something.clear()
                    await self._prepare()
                    await self._something.wait()
                    continue
                await self._write(self._take())
        finally:
            await self._leave()

    def stop(self) -> None:
        """Let `run` end when what waits is written."""
        self._stopping = True
        self._something.set()

    def _take(self) -> list[Arrival]:
        most = self.settings.most_in_a_group
        urgent, waiting = self._urgent, self._waiting
        if len(urgent) + len(waiting) <= most:
            group = [*urgent, *waiting]
            urgent.clear()
            waiting.clear()
        else:
            group = [urgent.popleft() for _ in range(min(most, len(urgent)))]
            group += [waiting.popleft() for _ in range(min(most - len(group), len(waiting)))]
        if not self._low.is_set() and self.waiting <= self.settings.low:
            self._low.set()
        return group

    def _settle(self, group: Sequence[Arrival], *, lost: bool = False) -> None:
        known, remembered = self._known, self._remembered
        tick = self._tick()
        for arrival in group:
            if lost:
                arrival.lost = True
                known.pop(arrival.key, None)
            else:
                arrival.is_durable = True
                known[arrival.key] = tick + (arrival.window_s or self.settings.window_s)
                remembered.append(arrival.key)
            if arrival.followers:
                self._following -= len(arrival.followers)
            arrival.settle()
        while len(remembered) > self.settings.remembered:
            self._forget(remembered.popleft())
        while remembered:
            until = known.get(remembered[0], 0.0)
            if not isinstance(until, Arrival) and until > tick:
                break
            self._forget(remembered.popleft())
        self.after_group()

    def _forget(self, key: bytes) -> None:
        if not isinstance(self._known.get(key), Arrival):
            self._known.pop(key, None)
