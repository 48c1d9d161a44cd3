"""Whose token a signal comes with, and when its device was heard: asked and told for many at once.

No timer on the way in: what is asked while a question is under way goes together into the next one, so that a lone
signal waits for nothing and three thousand in a second make some dozens of questions.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import psycopg

from anguan.alarms.services.devices import DEVICE_CHANNEL, devices_of_tokens, hash_of, note_heard
from anguan.ground.complaints import Complaint
from anguan.ground.listening import connect
from anguan.live.notices import in_thread

log = logging.getLogger(__name__)

# How long a token is believed without asking: while the database tells of every changed device, and while it can't be
# heard, when one that was taken back opens for so long at most.
KEPT_WHILE_TOLD_S: Final = 60.0
KEPT_S: Final = 2.0
MOST_TOKENS: Final = 10_000
HEARD_EVERY_S: Final = 30.0
# Between two tellings, so that a busy second is one write.
TELL_EVERY_S: Final = 0.5
# For an answer of the database.
PATIENCE_S: Final = 10.0


@dataclass(slots=True)
class Sender:
    """Whose token it is; `until` is when it is looked up again.

    `is_silent`: its silence was noticed, so that its next heartbeat is news.
    """

    device_id: int
    source: str
    is_silent: bool
    until: float
    heard_at: float = 0.0


class Senders:
    """The devices that send to this process."""

    def __init__(self) -> None:
        self._known: dict[str, Sender | float] = {}
        self._asked: dict[str, asyncio.Future[Sender | None]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._questions: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._is_told = False
        # Counts what the database told, so that an answer from before it is not believed for long.
        self._changes = 0
        self._heard: dict[int, tuple[datetime, bool, bool]] = {}
        self._telling: asyncio.Task[None] | None = None

    async def of(self, token: str) -> Sender | None:
        """The device whose token that is; None where there is none, or none that is admitted.

        Raises `psycopg.Error` or `OSError`, of which a `TimeoutError` is one, where the database can't be asked.
        """
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        key, now = hash_of(token), time.monotonic()
        known = self._known.get(key)
        if isinstance(known, float) and known > now:
            return None
        if isinstance(known, Sender) and known.until > now:
            return known
        answer = self._asked.get(key)
        if answer is None:
            answer = self._asked[key] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            changes = self._changes
            try:
                found = await self._look_up(tuple(asked))
            except BaseException as error:
                # Whatever it is, it is raised where somebody waits; none of them may wait for ever.
                told = error if isinstance(error, Exception) else ConnectionError("this process stops")
                for answer in asked.values():
                    answer.set_exception(told)
                    # Whoever asked may have gone; then nobody misses it.
                    answer.exception()
                if told is not error:
                    raise
                continue
            if len(self._known) >= MOST_TOKENS:
                self._known.clear()
            is_current = self._is_told and changes == self._changes
            until = time.monotonic() + (KEPT_WHILE_TOLD_S if is_current else KEPT_S)
            for key, answer in asked.items():
                answer.set_result(self._remember(key, found.get(key), until))

    async def _look_up(self, hashes: tuple[str, ...]) -> dict[str, tuple[int, str, bool]]:
        """Asked over a connection that is kept, and over a new one where that turns out to be lost."""
        async with asyncio.timeout(PATIENCE_S):
            if self._questions is not None and not self._questions.closed:
                with suppress(psycopg.OperationalError):
                    return await devices_of_tokens(self._questions, hashes)
                await self._questions.close()
            self._questions = await connect("anguan live senders")
            return await devices_of_tokens(self._questions, hashes)

    def _remember(self, key: str, row: tuple[int, str, bool] | None, until: float) -> Sender | None:
        if row is None:
            self._known[key] = until
            return None
        before = self._known.get(key)
        heard_at = before.heard_at if isinstance(before, Sender) else 0.0
        sender = self._known[key] = Sender(*row, until, heard_at)
        return sender

    async def _listen(self) -> None:
        """Forget whose token is whose as soon as a device is changed."""
        complaint = Complaint(log, "changed devices can't be heard of")
        while True:
            try:
                async with await connect("anguan live tokens") as connection:
                    await connection.execute(f"LISTEN {DEVICE_CHANNEL}")
                    self._forget()
                    self._is_told = True
                    complaint.over()
                    async for _notice in connection.notifies():
                        self._forget()
            except (psycopg.Error, OSError) as error:
                complaint.about(error)
            finally:
                self._is_told = False
                self._forget()
            await asyncio.sleep(1)

    def _forget(self) -> None:
        self._changes += 1
        self._known.clear()

    def heard(self, sender: Sender, now: datetime, beats: bool, *, is_back: bool = False) -> None:
        """Note that a device spoke; it is told within half a second, or by its next signal where that fails."""
        tick = time.monotonic()
        if not beats and tick - sender.heard_at <= HEARD_EVERY_S:
            return
        sender.heard_at = tick
        _, has_beaten, was_back = self._heard.get(sender.device_id, (now, False, False))
        self._heard[sender.device_id] = (now, beats or has_beaten, is_back or was_back)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())

    async def _tell_soon(self) -> None:
        while self._heard:
            await asyncio.sleep(TELL_EVERY_S)
            await self.tell()

    async def tell(self) -> None:
        """Write down who was heard."""
        heard, self._heard = self._heard, {}
        if heard:
            await in_thread(partial(note_heard, heard))

    async def stop(self) -> None:
        """Tell what is left to tell."""
        tasks = [task for task in (self._telling, self._listening, self._asking) if task is not None]
        for task in tasks:
            task.cancel()
        # One that is just connecting closes its connection only when it is let run.
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._questions is not None:
            await self._questions.close()
        await self.tell()
