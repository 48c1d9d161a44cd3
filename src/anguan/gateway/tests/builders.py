"""A gateway at work on the test's database, and devices that talk to it over real sockets."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

import psycopg
import uvloop
from django.db import connection

from anguan.alarms.intake import parameters
from anguan.alarms.models import Device
from anguan.alarms.tests.committed import a_device
from anguan.gateway.server import Gateway, Values
from anguan.ground import clock
from anguan.wire.gbt26875 import (
    STANDARD,
    ComponentState,
    Connection,
    DeviceState,
    Profile,
    Role,
    address,
    text_bytes,
    time_bytes,
)
from anguan.wire.gbt26875.events import Answered, Event, Received

T = TypeVar("T")
SOURCE = address(11111)
FIRE = ComponentState(1, 1, 42, 0x00070001, 0x0002, text_bytes("三层走道烟感"))
FAULT = ComponentState(1, 1, 42, 0x00080001, 0x0005)


class Line:
    """A device's end of a connection: what is written is awaited by nobody, what comes back gathers in `events`."""

    def __init__(self, gateway: "Running", source: bytes = SOURCE, profile: Profile = STANDARD) -> None:
        self.gateway = gateway
        self.device = Connection(Role.DEVICE, address=source, peer=address(88888), profile=profile)
        self.events: list[Event] = []
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.writer is not None
        self.writer.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        assert self.reader is not None
        while data := await self.reader.read(65536):
            for event in self.device.receive_data(data, time.monotonic()):
                self.events.append(event)
                if isinstance(event, Received):
                    self.obey(event)

    def obey(self, order: Received) -> None:
        """Queries are replied to, orders confirmed."""
        at = datetime.now(clock.CHINA)
        if order.frame.command == 4:
            self.write(self.device.reply(order, [DeviceState(1, time_bytes(at))], at))
        else:
            self.write(self.device.confirm(order, at))

    def write(self, data: bytes) -> None:
        assert self.writer is not None
        self.writer.write(data)

    def upload(self, *objects: Any, type_flag: int = 2, at: datetime | None = None) -> bytes:
        """Send a frame; returns its bytes."""
        at = at or datetime.now(clock.CHINA)
        data = self.device.send(type_flag, objects, now=time.monotonic(), at=at).data
        self.write(data)
        return data

    def heartbeat(self) -> bytes:
        """Send an empty frame; returns its bytes."""
        data = self.device.heartbeat(now=time.monotonic(), at=datetime.now(clock.CHINA)).data
        self.write(data)
        return data

    @property
    def confirmed(self) -> list[int]:
        """Serials of what was confirmed, in order."""
        return [event.transaction.serial for event in self.events if isinstance(event, Answered)]

    async def until_confirmed(self, count: int) -> None:
        await until(lambda: len(self.confirmed) >= count)


class Running:
    """A gateway that listens on `port`; `connect` reaches the database as it does."""

    def __init__(self, gateway: Gateway, port: int, away: set[str], connect: Callable[[str], dict[str, Any]]) -> None:
        self.gateway = gateway
        self.port = port
        self.connect = connect
        self._away = away

    def lose_database(self) -> None:
        """Break what there is, and let no new connection be made until `find_database`."""
        self._away.add("away")
        with psycopg.connect(**parameters("test breaker"), autocommit=True) as breaker:
            breaker.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'anguan %'"
            )

    def find_database(self) -> None:
        """From now on it can be reached again."""
        self._away.clear()


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it holds; TimeoutError when it does not."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


async def in_database(ask: Callable[[], T]) -> T:
    """Ask by Django from a loop: in a thread, over a connection that is closed afterwards."""

    def whole() -> T:
        try:
            return ask()
        finally:
            connection.close()

    return await asyncio.to_thread(whole)


def play(
    script: Callable[[Running], Awaitable[None]],
    values: Values | None = None,
    now: Callable[[], datetime] = clock.now,
    **more: Any,
) -> Gateway:
    """Run a gateway while the script plays, and stop it as Ctrl-C does."""
    reach = parameters("test")

    away: set[str] = set()

    def connect(name: str) -> dict[str, Any]:
        return reach | {"application_name": name} | ({"host": "/nowhere"} if away else {})

    async def whole() -> Gateway:
        gateway = Gateway(connect, "test", now, values or Values(), **more)
        port = await gateway.start("127.0.0.1", 0)
        work = asyncio.create_task(gateway.run())
        try:
            await until(lambda: gateway.directory.version > 0)
            await script(Running(gateway, port, away, connect))
        finally:
            gateway.stop()
            await asyncio.wait_for(work, 20)
        return gateway

    # In a thread of its own: where a browser is driven, its loop runs in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(_run, whole()).result()


def _run(work: Coroutine[Any, Any, Gateway]) -> Gateway:
    # The loop that the process has.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def our_device(**more: object) -> Device:
    """The admitted device whose address is `SOURCE`."""
    # Polled a moment ago, so that no order comes unasked.
    return a_device(SOURCE.hex(), **{"last_polled_at": clock.now(), **more})


def rows(statement: str, *values: Any) -> Sequence[Any]:
    """What a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
