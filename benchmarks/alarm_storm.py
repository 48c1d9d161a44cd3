"""`alarm-storm`: alarms that come all at once by `POST /live/signals`, against as many bare commits."""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import uvloop

from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from benchmarks.report import report
from benchmarks.running import free_port, running

CONNECTIONS = 16
ALARMS, STORM, DUPLICATED, AT_ONCE = 3_000, 3_000, 150, 8
ROUNDS = 3
SECONDS_TO_JUDGE = 600

Request = tuple[str, dict[str, Any]]


def alarm(point: int) -> dict[str, Any]:
    """A fire at one point, with an id of its own."""
    place = {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": point}
    return {"id": str(uuid.uuid4()), "kinds": ["fire"], "point": place, "text": f"{point}号点位"}


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, token: str, said: dict[str, Any]) -> tuple[int, float]:
        """Status, and seconds until it was there."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = json.dumps(said).encode()
        head = (
            f"POST /live/signals HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:")), None
        )
        if length is not None:
            await self.reader.readexactly(length)
        else:
            while (size := int(await self.reader.readline(), 16)) or not await self.reader.readline():
                await self.reader.readexactly(size + 2)
        return int(answer.split(None, 2)[1]), time.perf_counter() - began


async def send(port: int, requests: Sequence[Request], at_once: int = 1) -> tuple[float, list[float], int]:
    """All requests over sixteen connections: seconds, waits, and how many answers were errors.

    With `at_once` so many neighbours in the list are sent at the same moment.
    """
    clients = [Client(port) for _ in range(CONNECTIONS)]
    waits: list[float] = []
    errors = 0
    queue = iter(range(0, len(requests), at_once))

    async def work(group: list[Client]) -> None:
        nonlocal errors
        for first in queue:
            batch = requests[first : first + at_once]
            for status, wait in await asyncio.gather(
                *(client.post(*request) for client, request in zip(group, batch, strict=True))
            ):
                waits.append(wait)
                errors += status != 200
        for client in group:
            if client.writer is not None:
                client.writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(work(clients[at : at + at_once]) for at in range(0, CONNECTIONS, at_once)))
    return time.perf_counter() - began, waits, errors


async def bare(url: str, requests: Sequence[Request]) -> float:
    """Seconds for one commit of one row for each request, over as many connections of psycopg alone."""
    queue = iter([json.dumps(said) for _token, said in requests])

    async def work() -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            for said in queue:
                await connection.execute("INSERT INTO bare_commit (said) VALUES (%s)", (said,))

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


def devices(connection: "psycopg.Connection[Any]", name: str, count: int) -> list[str]:
    """Admitted devices and their tokens."""
    tokens = [f"{name}-{number}-{uuid.uuid4()}" for number in range(count)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO alarms_device (source, identified_by, state, organ_id, place, profile, maker, model,"
            " heartbeat_s, token_hash, is_online)"
            " SELECT %s, 'address', 'admitted', min(id), '', 'standard', '', '', 3600, %s, false FROM people_organ",
            [(f"{name}-{at}", sha256(token.encode()).hexdigest()) for at, token in enumerate(tokens)],
        )
    connection.commit()
    return tokens


def judged(connection: "psycopg.Connection[Any]", name: str) -> list[int]:
    """When all is judged: how many incidents each device of that name has."""
    end = time.monotonic() + SECONDS_TO_JUDGE
    while connection.execute("SELECT EXISTS (SELECT FROM alarms_pending)").fetchone() == (True,):
        if time.monotonic() > end:
            raise SystemExit("the evaluator did not come to an end")
        connection.commit()
        time.sleep(0.2)
    rows = connection.execute(
        "SELECT count(i.id) FROM alarms_device d LEFT JOIN alarms_incident i ON i.device_id = d.id"
        " WHERE d.source LIKE %s GROUP BY d.id",
        (f"{name}-%",),
    ).fetchall()
    connection.commit()
    return [count for (count,) in rows]


def client(port: int, url: str) -> None:
    """What is asked of the platform, in a process of its own; prints what came of it."""
    with psycopg.connect(url) as connection, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if connection.execute("SELECT FROM people_organ LIMIT 1").fetchone() is None:
            connection.execute(
                "INSERT INTO people_organ (name, short_name, kind, review_body, court, address, phone)"
                " VALUES ('示例消防救援大队', '示消', 'fire', '', '', '', '')"
            )
        connection.execute("CREATE TABLE IF NOT EXISTS bare_commit (id bigserial PRIMARY KEY, said jsonb)")
        connection.commit()
        found: dict[str, Any] = {"rates": [], "floors": [], "waits": [], "errors": 0, "wrong": 0}
        for number in range(ROUNDS):
            tokens = devices(connection, f"new{number}", ALARMS)
            runner.run(send(port, [(token, alarm(1) | {"kinds": ["heartbeat"]}) for token in tokens]))
            requests = [(token, alarm(1)) for token in tokens]
            found["floors"].append(len(requests) / runner.run(bare(url, requests)))
            seconds, waits, errors = runner.run(send(port, requests))
            found["rates"].append(len(requests) / seconds)
            found["waits"] += waits
            found["errors"] += errors
            found["wrong"] += sum(count != 1 for count in judged(connection, f"new{number}"))
        (token,) = devices(connection, "storm", 1)
        seconds, waits, errors = runner.run(send(port, [(token, alarm(point)) for point in range(STORM)]))
        found |= {"storm_rate": STORM / seconds, "errors": found["errors"] + errors}
        found["waits"] += waits
        found["wrong"] += judged(connection, "storm") != [1]
        requests = [(token, alarm(1)) for token in devices(connection, "twin", DUPLICATED) for _ in range(AT_ONCE)]
        seconds, waits, errors = runner.run(send(port, requests, AT_ONCE))
        found["errors"] += errors
        found["waits"] += waits
        found["wrong"] += sum(count != 1 for count in judged(connection, "twin"))
    waits = sorted(found.pop("waits"))
    found |= {"n": len(waits), "p50": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100]}
    print(json.dumps(found), flush=True)


def main() -> None:
    """`anguan up` on a folder of its own, and the client beside it."""
    import subprocess

    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        data = Path(folder) / "data"
        port = free_port()
        command = command_line("up", "--data", str(data), "--port", str(port), "--gateway", "off")
        with running(command):
            url = postgres.running_address(data) or ""
            asked = [sys.executable, "-m", "benchmarks.alarm_storm", str(port), url]
            answer = subprocess.run(asked, capture_output=True, text=True, check=True, env=os.environ.copy())
    found = json.loads(answer.stdout)
    report(
        "alarm-storm",
        statistics.median(found["rates"]),
        "signals/s",
        statistics.median(found["floors"]),
        found["n"],
        p50_ms=found["p50"] * 1000,
        p99_ms=found["p99"] * 1000,
        storm_per_s=found["storm_rate"],
        errors=found["errors"],
        wrong_incidents=found["wrong"],
    )
    if found["errors"] or found["wrong"]:
        raise SystemExit(1)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        client(int(sys.argv[1]), sys.argv[2])
    else:
        main()
