"""Fan-out: one connection that listens, many streams that are told.

The database announces each notice (`alarms_notice`); what was announced is read from the table by its number, so that
an announcement that got lost costs seconds and no notice. Numbers become visible in their order (the writer holds a
lock), so everything up to the last number read has been told.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from anguan.alarms.services.notices import CHANNEL
from anguan.ground.listening import connect

log = logging.getLogger(__name__)

# Looked at even when nothing was announced.
SECONDS_BETWEEN_LOOKS = 5
SECONDS_FOR_A_QUERY = 10
LONGEST_WAIT_S = 5.0
NOTICES_AT_ONCE = 1000
# A stream that has so many untold is too slow to follow; it is told to look at everything anew.
LONGEST_QUEUE = 256

Connect = Callable[[str], Awaitable[psycopg.AsyncConnection[tuple[Any, ...]]]]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that screens of an organ have to show."""

    id: int
    organ_id: int
    incident_id: int
    what: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the database can be heard; while it can't, silence means nothing."""

    is_heard: bool


@dataclass(eq=False)
class Subscriber:
    """One open stream and what it has not been told yet."""

    organ_ids: frozenset[int]
    queue: "asyncio.Queue[Notice | Reach]" = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))
    is_too_slow: bool = False

    def tell(self, item: Notice | Reach) -> None:
        """Put it into the queue; a full queue is given up, and the stream ends when it next looks."""
        if self.is_too_slow:
            return
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            self.is_too_slow = True


class Hub:
    """All streams of this process. Begins to listen with the first of them."""

    def __init__(self, connect: Connect = connect) -> None:
        self._connect = connect
        self._subscribers: set[Subscriber] = set()
        self._task: asyncio.Task[None] | None = None
        self._last: int | None = None
        # Set once the first number is known: before that nobody could say what "from now on" means.
        self._ready = asyncio.Event()
        self.is_heard = False
        self.is_stopping = False

    def __len__(self) -> int:
        return len(self._subscribers)

    async def join(self, organ_ids: frozenset[int]) -> Subscriber:
        """A new stream; whatever is announced from now on waits in its queue.

        Raises TimeoutError when the database can't be heard.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen(), name="live-hub")
        async with asyncio.timeout(SECONDS_FOR_A_QUERY):
            await self._ready.wait()
        subscriber = Subscriber(organ_ids)
        self._subscribers.add(subscriber)
        if not self.is_heard:
            subscriber.tell(Reach(False))
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """The stream is over."""
        self._subscribers.discard(subscriber)

    async def stop(self) -> None:
        """Let every stream end, and stop listening."""
        self.is_stopping = True
        for subscriber in self._subscribers:
            subscriber.tell(Reach(self.is_heard))
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen(self) -> None:
        wait = 0.2
        while True:
            try:
                async with await self._connect("anguan live") as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._catch_up(connection)
                    self._reach(True)
                    wait = 0.2
                    while True:
                        async for _ in connection.notifies(timeout=SECONDS_BETWEEN_LOOKS, stop_after=1):
                            pass
                        await self._catch_up(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.is_heard:
                    log.warning("the database can't be heard (%s); streams wait", str(error).strip() or "time-out")
                self._reach(False)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)

    async def _catch_up(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        async with asyncio.timeout(SECONDS_FOR_A_QUERY):
            if self._last is None:
                cursor = await connection.execute("SELECT coalesce(max(id), 0) FROM alarms_notice")
                row = await cursor.fetchone()
                self._last = int(row[0]) if row else 0
                self._ready.set()
                return
            while True:
                cursor = await connection.execute(
                    "SELECT id, organ_id, incident_id, what FROM alarms_notice WHERE id > %s ORDER BY id LIMIT %s",
                    (self._last, NOTICES_AT_ONCE),
                )
                rows = await cursor.fetchall()
                for row in rows:
                    self._announce(Notice(*row))
                if len(rows) < NOTICES_AT_ONCE:
                    return

    def _announce(self, notice: Notice) -> None:
        self._last = notice.id
        for subscriber in self._subscribers:
            if notice.organ_id in subscriber.organ_ids:
                subscriber.tell(notice)

    def _reach(self, is_heard: bool) -> None:
        if is_heard != self.is_heard:
            self.is_heard = is_heard
            for subscriber in self._subscribers:
                subscriber.tell(Reach(is_heard))
