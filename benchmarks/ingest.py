"""`ingest`, `ingest-latency`, `ingest-growth`: frames a second, typed, told from resends, durable, confirmed."""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import Struct

import psycopg

from anguan.cli.database import set_up_django
from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from anguan.wire.gbt26875 import address
from benchmarks.ingest_load import CONNECTIONS, FIRST_ADDRESS
from benchmarks.report import report
from benchmarks.running import environment

ROUNDS, SECONDS, WINDOW = int(os.environ.get("ANGUAN_BENCH_ROUNDS", "5")), 6.0, 100
PACE = 10_000
GROWTH_RUNS, GROWTH_SECONDS = 9, 4.0
ROWS = int(os.environ.get("ANGUAN_BENCH_ROWS", "10000000"))


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A durable server with the tables of the alarm path and a hundred admitted devices; its address."""
    server = postgres.Server(postgres.DataFolder(folder).prepare())
    server.start()
    try:
        server.create_database()
        env = beside(folder, server.url)
        subprocess.run(command_line("manage", "migrate", "alarms", "--verbosity", "0"), env=env, check=True)
        with psycopg.connect(server.url) as connection:
            admit_devices(connection)
        yield server.url
    finally:
        server.stop()


def beside(folder: Path, url: str) -> dict[str, str]:
    """The environment of a process that neither migrates nor starts a database."""
    return environment(ANGUAN_SUPERVISED=str(os.getpid()), ANGUAN_DATA=str(folder), DATABASE_URL=url)


def admit_devices(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """What 100 clicks would do."""
    connection.execute(
        "INSERT INTO people_organ (name, short_name, kind, review_body, court, address, phone)"
        " VALUES ('示例消防救援大队', '示消', 'fire', '', '', '', '')"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO alarms_device (source, identified_by, state, organ_id, place, profile, maker, model,"
            " heartbeat_s, token_hash, is_online, last_polled_at)"
            " SELECT %s, 'address', 'admitted', id, '', 'standard', '', '', 3600, '', true, now() FROM people_organ",
            [(address(FIRST_ADDRESS + number).hex(),) for number in range(CONNECTIONS)],
        )


@contextmanager
def listening(command: Sequence[str], env: dict[str, str]) -> Iterator[int]:
    """A server that prints `listening on ADDR:PORT`; its port."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("listening on "):
                yield int(line.rpartition(":")[2])
                break
        else:
            raise SystemExit(f"{command} did not come up")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def gateway(folder: Path, url: str) -> AbstractContextManager[int]:
    """The product, as `anguan up` starts it."""
    return listening(command_line("gateway", "--listen", "127.0.0.1:0"), beside(folder, url))


def load(port: int, seconds: float, *, rate: float = 0, mix: str = "day") -> dict[str, float]:
    """One run of the generator in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ingest_load"]
    words = [str(port), str(seconds), str(WINDOW), str(rate), mix]
    answer = subprocess.run([*command, *words], env=environment(), capture_output=True, text=True, check=True)
    found = dict(json.loads(answer.stdout))
    if not found["rate"] or found["unanswered"]:
        raise SystemExit(f"frames were not answered: {found}")
    return found


def empty(url: str) -> None:
    """Forget what the last run stored, so that each starts alike."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE alarms_resendkey, alarms_pending")
        connection.execute("CHECKPOINT")


def measure(folder: Path) -> None:
    """Floor and gateway in turn on one server."""
    with database(folder) as url:
        floor_command = [sys.executable, "-m", "benchmarks.ingest_floor"]
        with gateway(folder, url) as port, listening(floor_command, beside(folder, url)) as floor_port:
            load(port, 1)
            load(floor_port, 1)
            pairs = []
            for _ in range(ROUNDS):
                empty(url)
                floor = load(floor_port, SECONDS)
                empty(url)
                pairs.append((floor, load(port, SECONDS)))
            empty(url)
            states = load(port, SECONDS, mix="states")
            paced = []
            for _ in range(3):
                empty(url)
                paced.append(load(port, SECONDS, rate=PACE))
    floor_rate = statistics.median(floor["rate"] for floor, _ in pairs)
    rate = statistics.median(ours["rate"] for _, ours in pairs)
    waits = {name: statistics.median(ours[name] for _, ours in pairs) for name in ("p50_ms", "p99_ms")}
    report("ingest", rate, "frames/s", floor_rate, ROUNDS, states_only=states["rate"], **waits)
    p99 = statistics.median(run["p99_ms"] for run in paced)
    p50 = statistics.median(run["p50_ms"] for run in paced)
    reached = statistics.median(run["rate"] for run in paced)
    report("ingest-latency", p99, "ms", None, len(paced), p50_ms=p50, frames_per_s=reached)


def measure_growth(folder: Path) -> None:
    """An empty store and one with many rows in its live partitions, in turn."""
    with ExitStack() as stack:
        ports = {}
        urls = {}
        for name in ("empty", "full"):
            place = folder / name
            urls[name] = stack.enter_context(database(place))
            ports[name] = stack.enter_context(gateway(place, urls[name]))
            load(ports[name], 1)
        seconds = fill(urls["full"])
        costs: dict[str, list[float]] = {"empty": [], "full": []}
        for number in range(GROWTH_RUNS):
            # Each goes first every other time.
            for name in sorted(costs, reverse=bool(number % 2)):
                empty(urls[name])
                costs[name].append(1e6 / load(ports[name], GROWTH_SECONDS)["rate"])
    quotients = [full / bare for full, bare in zip(costs["full"], costs["empty"], strict=True)]
    low, high = interval(quotients)
    report(
        "ingest-growth",
        statistics.median(costs["full"]),
        "us/frame",
        statistics.median(costs["empty"]),
        ROWS,
        growth=statistics.median(quotients),
        low=low,
        high=high,
        filled_in_s=seconds,
    )


def interval(quotients: list[float]) -> tuple[float, float]:
    """90 % of the medians of as many draws with replacement from these lie between the two."""
    chance = random.Random(7)
    medians = sorted(statistics.median(chance.choices(quotients, k=len(quotients))) for _ in range(2000))
    return medians[100], medians[1900]


_HEAD = Struct(">hiqiqiqi?ihiqiiihih")


def fill(url: str) -> float:
    """Many frames of the same devices into the partitions that live now, by COPY; seconds."""
    set_up_django()
    from anguan.alarms.intake import rows
    from anguan.alarms.intake.arrivals import microseconds

    began = time.perf_counter()
    now = microseconds(datetime.now(UTC) - timedelta(seconds=ROWS / 100_000))
    sources = [address(FIRST_ADDRESS + number).hex().encode() for number in range(CONNECTIONS)]
    short = Struct(">i")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(rows.FRAMES) as copy:
            copy.write(rows.HEADER)
            for first in range(0, ROWS, 10_000):
                parts = []
                for number in range(first, min(first + 10_000, ROWS)):
                    kept = number % 2 == 0
                    raw = bytes(82 if kept else 47)
                    at = now + number * 10
                    parts.append(
                        _HEAD.pack(13, 8, 999_999, 8, number + 1, 8, at, 1, not kept, 2, 1, 8, 7, 4, 1, 2, 2, 2, 2)
                    )
                    parts += (short.pack(12), sources[number % CONNECTIONS], b"\xff\xff\xff\xff")
                    parts += (short.pack(len(raw)), raw, short.pack(0))
                copy.write(b"".join(parts))
            copy.write(rows.TRAILER)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE alarms_frame")
        connection.execute("CHECKPOINT")
    return time.perf_counter() - began


def main() -> None:
    """Speed first, then growth, each on servers of its own."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        measure(Path(folder) / "speed")
        if ROWS:
            measure_growth(Path(folder) / "growth")


if __name__ == "__main__":
    main()
