"""Systems that publish their signals as JSON to a broker, at a given rate, for a given time.

The client confirms nothing by itself: a message that the broker has not confirmed is sent again, by the same bytes,
when the line is back.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final
from uuid import UUID

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from anguan.ground.broker import Broker
from anguan.ground.clock import CHINA
from anguan.simulator.devices import Journal, Tally

TICK_S: Final = 0.02
SECONDS_TO_FINISH: Final = 60.0
MOST_UNDER_WAY: Final = 1_000
SESSION_KEPT_S: Final = 3_600


@dataclass(frozen=True)
class Traffic:
    """What is asked for. One unit is named like the broker's user, several are numbered after it."""

    broker: Broker
    units: int
    rate: float
    seconds: float | None = None
    seed: int = 1
    fires: int = 0

    @property
    def names(self) -> list[str]:
        """The last levels of the topics."""
        base = self.broker.user or "simulator"
        return [base] if self.units == 1 else [f"{base}-{number}" for number in range(1, self.units + 1)]


class Words:
    """What they have to say: mostly that they live, measured values, now and then a fault."""

    def __init__(self, seed: int, fires: int) -> None:
        self._chance: Final = random.Random(seed)  # noqa: S311 nothing secret depends on it
        self._fires: Final = fires

    def next(self, at: datetime) -> bytes:
        """The next message."""
        chance = self._chance
        draw = chance.randrange(10_000)
        said: dict[str, Any] = {"id": str(UUID(int=chance.getrandbits(128), version=4)), "occurred_at": at.isoformat()}
        point = {"system_type": 1, "system_address": 1}
        if draw < self._fires:
            said |= {"kinds": ["fire"], "point": point | self._component(42), "text": "烟感探测器"}
        elif draw < 4_500:
            said |= {"kinds": ["heartbeat"]}
        elif draw < 8_500:
            said |= {"kinds": ["reading"], "point": {"system_type": 11, "system_address": 1} | self._component(96)}
            said |= {"value": chance.randrange(3_000, 4_500) / 10, "unit": "kPa"}
        elif draw < 9_900:
            said |= {"kinds": ["normal"], "point": point}
        else:
            said |= {"kinds": ["fault"], "point": point | self._component(42), "text": "烟感探测器"}
        return json.dumps(said, ensure_ascii=False).encode()

    def _component(self, kind: int) -> dict[str, int]:
        return {"component_type": kind, "component_address": self._chance.randrange(1, 200)}


class Publisher:
    """The systems at work; `stop` ends the sending, and `run` when the rest is confirmed."""

    def __init__(self, traffic: Traffic, journal: IO[str] | None = None) -> None:
        self.traffic: Final = traffic
        self.tally: Final = Tally()
        self._journal: Final = Journal(journal)
        self._words: Final = Words(traffic.seed, traffic.fires)
        self._stopping = asyncio.Event()
        self._loop: Final = asyncio.get_running_loop()
        self._refusal = ""
        # By the client's number: name, bytes, and when it was sent.
        self._under_way: Final[dict[int, tuple[str, bytes, float]]] = {}
        client = self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"simulator-{traffic.broker.user}", protocol=paho.MQTTv5
        )
        # It calls from a thread of its own; what it tells is worked off in the loop.
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        client.max_inflight_messages_set(200)
        client.reconnect_delay_set(1, 2)

    def stop(self) -> None:
        """Say nothing new."""
        self._stopping.set()

    async def run(self) -> Tally:
        """Send at the rate asked for; afterwards wait for what is under way.

        Raises OSError where nobody listens or lets us in.
        """
        broker, client = self.traffic.broker, self._client
        if broker.user:
            client.username_pw_set(broker.user, broker.secret())
        if context := broker.tls():
            client.tls_set_context(context)
        kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives no types
        kept.SessionExpiryInterval = SESSION_KEPT_S
        await asyncio.to_thread(client.connect, broker.host, broker.port, 15, clean_start=True, properties=kept)
        client.loop_start()
        try:
            await self._send_all()
            end = time.monotonic() + SECONDS_TO_FINISH
            while self._under_way and not self._refusal and time.monotonic() < end:
                await asyncio.sleep(TICK_S)
        finally:
            client.disconnect()
            await asyncio.to_thread(client.loop_stop)
        if self._refusal:
            raise ConnectionRefusedError(self._refusal)
        self.tally.failed += len(self._under_way)
        return self.tally

    async def _send_all(self) -> None:
        traffic, names = self.traffic, self.traffic.names
        began = time.monotonic()
        sent = 0.0
        while not self._stopping.is_set():
            now = time.monotonic() - began
            if traffic.seconds is not None and now >= traffic.seconds:
                return
            # What could not be said because too much was under way is not made up for: the rate is a rate.
            due = int(now * traffic.rate - sent)
            for _ in range(min(due, MOST_UNDER_WAY - len(self._under_way))):
                self._send(names[self.tally.sent % len(names)])
            sent += due
            await asyncio.sleep(TICK_S)

    def _send(self, name: str) -> None:
        body = self._words.next(datetime.now(CHINA))
        sent = self._client.publish(f"{self.traffic.broker.topic}/{name}", body, qos=1)
        self._under_way[sent.mid] = (name, body, time.time())
        self.tally.sent += 1

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self._loop.call_soon_threadsafe(self._refused, str(reason))

    def _on_publish(self, _client: Any, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        self._loop.call_soon_threadsafe(self._confirmed, mid, time.time(), reason.is_failure)

    def _refused(self, why: str) -> None:
        self._refusal = why
        self.stop()

    def _confirmed(self, mid: int, at: float, is_denied: bool) -> None:
        name, body, sent_at = self._under_way.pop(mid)
        if is_denied:
            self.tally.denied += 1
            return
        self.tally.acknowledged += 1
        self.tally.waits.append(at - sent_at)
        self._journal.note(f"mqtt:{name}", None, body, sent_at)
