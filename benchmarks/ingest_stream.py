"""`ingest-stream`: frames a second through three nodes of NATS, against the gateway without a stream."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from anguan.supervisor.processes import command_line
from benchmarks.ingest import beside, database, empty, gateway, listening, load
from benchmarks.nodes import nodes
from benchmarks.report import report

ROUNDS, SECONDS = int(os.environ.get("ANGUAN_BENCH_ROUNDS", "3")), 5.0
NODES = 3
PACE = 5_000


@contextmanager
def worker(env: dict[str, str], log: Path) -> Iterator[None]:
    """`anguan ingest`, as `anguan up` starts it."""
    with log.open("ab") as said:
        process = subprocess.Popen(command_line("ingest"), env=env, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def seconds_to_drain(url: str) -> float:
    """Until nothing more arrives in the store."""
    began = time.perf_counter()
    last_at, last = began, -1
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() - last_at < 1:
            row = connection.execute("SELECT coalesce(sum(last_number), 0) FROM alarms_intakestart").fetchone()
            if row is not None and row[0] != last:
                last_at, last = time.perf_counter(), row[0]
            time.sleep(0.05)
    return last_at - began


def main() -> None:
    """Both ways in turn on one database."""
    direct, streamed, drained = [], [], []
    with tempfile.TemporaryDirectory(prefix="anguan-") as name:
        folder = Path(name)
        with database(folder / "data") as url, nodes(folder / "nodes", NODES) as cluster:
            plain = beside(folder / "data", url)
            env = plain | {"NATS_URL": cluster.url, "ANGUAN_NATS_REPLICAS": str(NODES)}
            publishing = command_line("gateway", "--listen", "127.0.0.1:0", "--name", "streamed")
            with (
                gateway(folder / "data", url) as port,
                worker(env, folder / "log"),
                listening(publishing, env) as streamed_port,
            ):
                load(port, 1)
                load(streamed_port, 1)
                seconds_to_drain(url)
                for _ in range(ROUNDS):
                    empty(url)
                    direct.append(load(port, SECONDS))
                    empty(url)
                    streamed.append(load(streamed_port, SECONDS))
                    drained.append(seconds_to_drain(url))
                empty(url)
                paced = load(streamed_port, SECONDS, rate=PACE)
    report(
        "ingest-stream",
        statistics.median(run["rate"] for run in streamed),
        "frames/s",
        statistics.median(run["rate"] for run in direct),
        ROUNDS,
        p50_ms=statistics.median(run["p50_ms"] for run in streamed),
        p99_ms=statistics.median(run["p99_ms"] for run in streamed),
        drained_after_s=statistics.median(drained),
        paced_p50_ms=paced["p50_ms"],
        paced_p99_ms=paced["p99_ms"],
    )


if __name__ == "__main__":
    main()
