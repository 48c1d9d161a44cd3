"""取流: from the stream into the database, fires first, each batch acknowledged after the commit that holds it.

Two lanes work beside each other, each with its own consumer and its own connection: what is urgent waits for nothing
else. Whatever came while the last commit was on its way is stored together. Any number of workers may run; what one of
them holds when it dies comes to another within seconds.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import psycopg
from nats.aio.client import Client
from nats.aio.msg import Msg

from anguan.alarms.intake import streaming
from anguan.alarms.intake.batches import Batch, TooNew, Unreadable, decode
from anguan.alarms.intake.opening import StreamSettings
from anguan.alarms.intake.storing import Refused, Store
from anguan.alarms.intake.streaming import ACK_WAIT_S, LOST
from anguan.ground.complaints import Complaint
from anguan.ground.listening import beat

log = logging.getLogger(__name__)

MOST_IN_A_GROUP: Final = 5_000
# Messages that a lane asks for at once; each is a quarter of a megabyte at most.
_MOST_HELD: Final = 32
_ASK_FOR_S: Final = 2.0
# Answers that only say that nothing came in time.
_EXPIRED: Final = frozenset({"404", "408"})
_REFUSED_AGAIN_S: Final = 0.25
_REFUSALS_TO_LOOK: Final = 12
_LONGEST_PAUSE_S: Final = 2.0
_TOO_NEW_AGAIN_S: Final = 15.0
_REGULARLY_S: Final = 2.0
# A gateway may have held something for a while before the stream took it.
_KEPT_LONGER: Final = timedelta(seconds=60)


class Lane:
    """What one consumer brings: asks for more whenever it has worked off what came."""

    def __init__(self, client: Client, stream: StreamSettings, name: str) -> None:
        self.name: Final = name
        self.messages: deque[Msg] = deque()
        # Delivered and not acknowledged: kept from being delivered again for as long as we hold it.
        self.held: dict[int, Msg] = {}
        self._client: Final = client
        self._next: Final = f"$JS.API.CONSUMER.MSG.NEXT.{stream.name}.{name}"
        self._inbox: Final = client.new_inbox()
        self._asked = 0
        self._asked_until = 0.0
        # How often in a row our question was refused.
        self.refusals = 0
        self.complaint: Final = Complaint(log, f"{name}: the stream can't be drained")
        self._something = asyncio.Event()

    async def open(self) -> None:
        """Begin to listen."""
        await self._client.subscribe(self._inbox, cb=self._take)

    async def _take(self, message: Msg) -> None:
        if message.headers and (status := message.headers.get("Status")):
            self._asked = 0
            if status not in _EXPIRED:
                # Nobody leads just now, or the consumer is gone.
                self.refusals += 1
        elif message.reply:
            self._asked -= 1
            self.refusals = 0
            self.held[message.metadata.sequence.stream] = message
            self.messages.append(message)
        self._something.set()

    async def wait(self) -> None:
        """Return when something came, or a question has expired; asks where none is open."""
        loop = asyncio.get_running_loop()
        self._something.clear()
        if self.messages:
            return
        if self._asked <= 0 or loop.time() > self._asked_until:
            self._asked, self._asked_until = _MOST_HELD, loop.time() + _ASK_FOR_S + 1
            wanted = {"batch": _MOST_HELD, "expires": int(_ASK_FOR_S * 1e9)}
            await self._client.publish(self._next, json.dumps(wanted).encode(), self._inbox)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._something.wait(), _ASK_FOR_S + 1)

    def forget(self) -> None:
        """What we asked for was lost with the node that we asked."""
        self._asked = 0
        self._something.set()

    def wake(self) -> None:
        """Let `wait` return."""
        self._something.set()

    async def done(self, message: Msg) -> None:
        """It is stored; where the node does not hear of it, it comes again and adds nothing."""
        self.held.pop(message.metadata.sequence.stream, None)
        with contextlib.suppress(*LOST):
            await message.ack()

    async def end(self, message: Msg) -> None:
        """It is kept elsewhere, and must not come again."""
        self.held.pop(message.metadata.sequence.stream, None)
        with contextlib.suppress(*LOST):
            await message.term()

    async def give_back(self, message: Msg, seconds: float = 0) -> None:
        """Somebody else may have it."""
        self.held.pop(message.metadata.sequence.stream, None)
        with contextlib.suppress(*LOST):
            await message.nak(seconds or None)

    async def hold(self) -> None:
        """Tell the nodes, for as long as it goes on, that what we hold is being worked on."""
        while True:
            await asyncio.sleep(ACK_WAIT_S[self.name] / 3)
            for message in list(self.held.values()):
                with contextlib.suppress(*LOST):
                    await message.in_progress()


class Ingest:
    """Drains the stream until `stop`."""

    def __init__(
        self,
        connect: Callable[[str], dict[str, Any]],
        stream: StreamSettings,
        now: Callable[[], datetime],
        *,
        window_s: int = 60,
    ) -> None:
        """`connect` gives the parameters of a database connection of that name; `now` is the clock."""
        self.stores: Final[dict[str, Store]] = {}
        self._connect: Final = connect
        self._stream: Final = stream
        self._now: Final = now
        self._window_s: Final = window_s
        self._lanes: Final[list[Lane]] = []
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish what is begun, give the rest back."""
        self._stopping.set()
        for lane in self._lanes:
            lane.wake()

    async def run(self) -> None:
        """Work until `stop`; waits for the stream, and for the database, however long they are away."""
        stopping = asyncio.create_task(self._stopping.wait())
        opening = asyncio.create_task(self._open())
        await asyncio.wait({stopping, opening}, return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            return
        client = opening.result()
        beside = [asyncio.create_task(lane.hold()) for lane in self._lanes]
        beside.append(asyncio.create_task(self._regularly(client)))
        try:
            await asyncio.gather(*[self._drain(client, lane) for lane in self._lanes])
        finally:
            stopping.cancel()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            with contextlib.suppress(*LOST):
                await client.close()

    def _ask_again(self) -> None:
        for lane in self._lanes:
            lane.forget()

    async def _open(self) -> Client:
        client = await streaming.connect(self._stream, "anguan ingest", returned=self._ask_again)
        pause = 0.1
        while True:
            try:
                await streaming.prepare(client, self._stream)
                break
            except LOST as error:
                log.warning("the stream is not ready: %s", streaming.reason(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        for name in ACK_WAIT_S:
            lane = Lane(client, self._stream, name)
            await lane.open()
            self._lanes.append(lane)
            reach = f"anguan ingest {name}"
            self.stores[name] = Store(partial(self._connect, reach), self._window_s)
        return client

    async def _drain(self, client: Client, lane: Lane) -> None:
        store = self.stores[lane.name]
        try:
            while not self._stopping.is_set():
                try:
                    await lane.wait()
                    if lane.refusals:
                        await self._pause(_REFUSED_AGAIN_S)
                        if lane.refusals % _REFUSALS_TO_LOOK == 0:
                            # Somebody may have removed it.
                            await streaming.prepare(client, self._stream)
                except LOST as error:
                    lane.complaint.about(error)
                    await self._pause(0.5)
                    continue
                lane.complaint.over()
                await self._store_all(lane, store)
            for message in list(lane.held.values()):
                await lane.give_back(message)
        finally:
            await store.close()

    async def _store_all(self, lane: Lane, store: Store) -> None:
        """Store what has come, as much together as a transaction should hold."""
        while lane.messages and not self._stopping.is_set():
            group: list[tuple[Msg, Batch]] = []
            count = 0
            while lane.messages and count < MOST_IN_A_GROUP:
                message = lane.messages.popleft()
                try:
                    batch = decode(message.data)
                except TooNew as error:
                    log.error("a batch waits for a newer worker: %s", error)
                    await lane.give_back(message, _TOO_NEW_AGAIN_S)
                except Unreadable as error:
                    await self._keep_unreadable(lane, store, message, str(error))
                else:
                    group.append((message, batch))
                    count += len(batch.arrivals)
            await self._store(lane, store, group)

    async def _store(self, lane: Lane, store: Store, group: list[tuple[Msg, Batch]]) -> None:
        """However long it takes, unless we are to stop."""
        try:
            if group and await self._try(lambda: store.write([batch for _, batch in group]), store):
                for message, _ in group:
                    await lane.done(message)
        except Refused as error:
            if len(group) == 1:
                await self._keep_unreadable(lane, store, group[0][0], str(error))
            else:
                for each in group:
                    await self._store(lane, store, [each])

    async def _keep_unreadable(self, lane: Lane, store: Store, message: Msg, problem: str) -> None:
        told = message.metadata
        log.error("message %s of %s is kept aside: %s", told.sequence.stream, told.stream, problem)
        kept = (told.stream, told.sequence.stream, told.timestamp, problem, message.data)
        if await self._try(lambda: store.keep_unreadable(*kept), store):
            await lane.end(message)

    async def _try(self, act: Callable[[], Any], store: Store) -> bool:
        """Act until the database has taken it; False where we are to stop meanwhile."""
        pause = 0.05
        while True:
            try:
                await act()
                store.complaint.over()
                return True
            except (psycopg.Error, OSError) as error:
                store.complaint.about(error)
                await store.close()
            if self._stopping.is_set():
                return False
            await self._pause(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _regularly(self, client: Client) -> None:
        """Tell that we live, and forget keys that nothing in the stream can be a resend of any more."""
        complaint = Complaint(log, "ingest can't tell that it lives")
        while True:
            try:
                reach = self._connect("anguan ingest housekeeping")
                async with await psycopg.AsyncConnection.connect(**reach, autocommit=True) as connection:
                    while True:
                        now = self._now()
                        await beat(connection, "ingest", now)
                        oldest = await streaming.oldest(client, self._stream)
                        before = min(now, oldest or now) - _KEPT_LONGER
                        await connection.execute("DELETE FROM alarms_resendkey WHERE until < %s", (before,))
                        complaint.over()
                        await asyncio.sleep(_REGULARLY_S)
            except (psycopg.Error, *LOST) as error:
                complaint.about(error)
            await asyncio.sleep(1)
