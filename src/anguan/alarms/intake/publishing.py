"""The sink that publishes into the stream: an arrival is settled when the nodes have confirmed the batch that holds it.

Batches are numbered from 1 within a start, and the next one is only published when the last is confirmed: no number is
missing in the stream, and the database sees by the numbers what it has. A batch whose confirmation got lost is
published again under its old name, as often as it takes.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from nats.aio.client import Client
from nats.js import JetStreamContext

from anguan.alarms.intake import streaming
from anguan.alarms.intake.arrivals import Arrival, microseconds
from anguan.alarms.intake.batches import Origin, encode, encode_arrival
from anguan.alarms.intake.opening import OTHER, URGENT, StreamSettings
from anguan.alarms.intake.sink import USUAL, IntakeSettings, Sink
from anguan.alarms.intake.streaming import LOST

log = logging.getLogger(__name__)

# A quarter of what a node takes in one message unless it is told otherwise.
MOST_BYTES: Final = 256 * 1024
# Asked again after so long; nodes need four to nine seconds to agree on a new leader.
_ANSWER_WITHIN_S: Final = 1.5
_SHORTEST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 0.5
_TRIES_TO_LOOK: Final = 10


class Publisher(Sink):
    """Hands groups to the stream; whoever drains it numbers them."""

    def __init__(
        self,
        stream: StreamSettings,
        gateway: str,
        now: Callable[[], datetime],
        settings: IntakeSettings = USUAL,
    ) -> None:
        """`now` is the clock."""
        super().__init__(now, settings)
        self.origin: Final = Origin(uuid4(), gateway, microseconds(now()))
        self.batches = 0
        self.published = 0
        self._stream: Final = stream
        self._client: Client | None = None
        self._context: JetStreamContext | None = None

    async def _prepare(self) -> None:
        if not self.batches:
            # An empty batch tells of the start, so that a silent gateway shows, too.
            await self._publish(OTHER, ())

    async def _write(self, group: list[Arrival]) -> None:
        for lane, arrivals in ((URGENT, [a for a in group if not a.urgency]), (OTHER, [a for a in group if a.urgency])):
            for piece, encoded in self._pieces(arrivals):
                await self._publish(lane, encoded)
                for arrival in piece:
                    self.published += 1
                    arrival.number = self.published
                self._settle(piece)

    async def _leave(self) -> None:
        client, self._client, self._context = self._client, None, None
        if client is not None:
            with contextlib.suppress(*LOST):
                await client.close()

    def _pieces(self, arrivals: Sequence[Arrival]) -> Iterator[tuple[list[Arrival], list[bytes]]]:
        """The arrivals with their bytes, as many together as one message takes."""
        piece: list[Arrival] = []
        encoded: list[bytes] = []
        size = 0
        for arrival in arrivals:
            try:
                data = encode_arrival(arrival)
                if len(data) > MOST_BYTES:
                    raise ValueError(f"{len(data)} bytes are more than a message takes")
            except ValueError as error:
                log.error("%s can't be published: %s (%s)", arrival.source, error, arrival.raw[:1024].hex())
                self._settle([arrival], lost=True)
                continue
            if size + len(data) > MOST_BYTES:
                yield piece, encoded
                piece, encoded, size = [], [], 0
            piece.append(arrival)
            encoded.append(data)
            size += len(data)
        if piece:
            yield piece, encoded

    async def _publish(self, lane: str, encoded: Sequence[bytes]) -> None:
        """Return when the nodes have the batch."""
        number = self.batches + 1
        payload = encode(self.origin, number, encoded)
        named = {"Nats-Msg-Id": f"{self.origin.token}-{number}"}
        pause, tries = _SHORTEST_PAUSE_S, 0
        while True:
            try:
                context = await self._reach(must_look=tries % _TRIES_TO_LOOK == _TRIES_TO_LOOK - 1)
                await context.publish(
                    self._stream.subject(lane),
                    payload,
                    timeout=_ANSWER_WITHIN_S,
                    stream=self._stream.name,
                    headers=dict(named),
                )
                break
            except LOST as error:
                self.is_connected = False
                self.complaint.about(error)
                await asyncio.sleep(pause)
                pause, tries = min(pause * 2, _LONGEST_PAUSE_S), tries + 1
        self.complaint.over()
        self.batches = number
        self.is_connected = True

    async def _reach(self, *, must_look: bool) -> JetStreamContext:
        """The stream, connected and, the first time, made where it is not there."""
        if self._client is None:
            self._client = await streaming.connect(self._stream, f"anguan gateway {self.origin.gateway}")
        if self._context is None or must_look:
            # After failures: somebody may have removed it.
            self._context = await streaming.prepare(self._client, self._stream)
        return self._context
