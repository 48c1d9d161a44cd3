"""`python -m benchmarks.ingest_floor`: the floor of `ingest`: read frames, COPY rows, answer. Prints its port.

The plainest server that keeps the promise: it cuts the stream by the length in each frame, copies a row of the same
columns into the same partitioned table with its indexes, and answers a frame with thirty bytes after the commit. It
decodes nothing, knows no resend, no device, no damage.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from struct import Struct
from typing import Any, cast

import psycopg
import uvloop

from anguan.cli.database import set_up_django

set_up_django()

from anguan.alarms.intake import rows  # noqa: E402 they read models, which need settings
from anguan.alarms.intake.arrivals import microseconds  # noqa: E402 as above

ANSWER = bytes(30)
# The columns of `rows.FRAMES`, up to the source.
HEAD = Struct(">hiqiqiqi?ihiqiiihih")
LENGTH = Struct(">i")


class Peer(asyncio.BufferedProtocol):
    """One connection; what it sent waits in the server's list."""

    buffer = memoryview(bytearray(16 * 1024))

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.held = b""
        self.transport: asyncio.Transport | None = None
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        data = self.held + bytes(self.buffer[:nbytes])
        at, waiting = 0, self.server.waiting
        while len(data) - at >= 30:
            size = 30 + data[at + 24] + (data[at + 25] << 8)
            if len(data) - at < size:
                break
            waiting.append((self, data[at : at + size]))
            at += size
        self.held = data[at:]
        self.server.something.set()


class Server:
    """Commits whatever gathered while the last commit was on its way."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Peer, bytes]] = []
        self.something = asyncio.Event()
        self.number = 0

    async def run(self, url: str) -> None:
        connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(url, autocommit=True)
        while True:
            await self.something.wait()
            self.something.clear()
            while self.waiting:
                group, self.waiting = self.waiting, []
                await self.write(connection, group)

    async def write(self, connection: psycopg.AsyncConnection[Any], group: list[tuple[Peer, bytes]]) -> None:
        at = microseconds(datetime.now(UTC))
        parts = [rows.HEADER]
        add, head, length = parts.append, HEAD.pack, LENGTH.pack
        number = self.number
        problem = length(0)
        null = b"\xff\xff\xff\xff"
        for _peer, raw in group:
            number += 1
            routine = len(raw) < 70
            add(head(13, 8, 1, 8, number, 8, at, 1, routine, 2, 1, 8, 7, 4, raw[2] + (raw[3] << 8), 2, 2, 2, 2))
            source = raw[12:18].hex().encode()
            add(length(12))
            add(source)
            add(null)
            add(length(len(raw)))
            add(raw)
            add(problem)
        add(rows.TRAILER)
        self.number = number
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        async with cursor.copy(rows.FRAMES) as copy:
            await copy.write(b"".join(parts))
        await cursor.execute("COMMIT")
        peers = []
        for peer, _raw in group:
            if not peer.answers:
                peers.append(peer)
            peer.answers += 1
        for peer in peers:
            if peer.transport is not None:
                peer.transport.write(ANSWER * peer.answers)
            peer.answers = 0


async def work() -> None:
    """Serve until SIGTERM."""
    server = Server()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Peer(server), "127.0.0.1", 0)
    task = asyncio.create_task(server.run(os.environ["DATABASE_URL"]))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    print(f"listening on 127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.gather(task, return_exceptions=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())
    sys.exit(0)
