"""`kill-nats`: nodes of the stream, workers that drain it, gateway and database are killed while devices report.

Three nodes, a database, a gateway, two workers and the simulator run as processes of their own. The simulator keeps a
journal of what was confirmed to it; when the stream is drained `anguan intake check` compares it with what is stored.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nats
import psycopg
from benchmarks.nodes import Nodes

from soak.lean_stage import LeanStage
from soak.report import report, rounds

UNITS, RATE = 20, 300
NODES, WORKERS = 3, 2
STREAM = "anguan-intake"
SECONDS_TO_COME_BACK = 120
# The first five are a short play: each node in turn, the leader last, and who stands before and behind them.
VICTIMS = (
    "follower",
    "worker",
    "follower",
    "gateway",
    "leader",
    "postmaster",
    "two nodes",
    "all workers",
    "gateway and leader",
    "worker and postmaster",
    "all nodes",
)
IN_TURN = VICTIMS[:5]


class Stage(LeanStage):
    """The alarm path with the stream in it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        super().__init__(folder, url)
        self.nodes = Nodes(folder / "nodes", NODES)
        self.hits: Counter[int] = Counter()

    def begin(self) -> None:
        """Nodes and tables first, then workers and the gateway, then devices."""
        self.nodes.begin()
        self.begin_database()
        for number in range(WORKERS):
            self.start_worker(number)
        self.start_gateway()
        wanted = ("--units", str(UNITS), "--rate", str(RATE), "--to", f"127.0.0.1:{self.port}", "--fires", "50")
        patience = ("--answer-within", "3", "--resends", "100", "--journal", str(self.journal))
        self.start("simulator", "simulate", "devices", *wanted, *patience)

    def settings(self) -> dict[str, str]:
        return {"NATS_URL": self.nodes.url, "ANGUAN_NATS_MOST_BYTES": str(1 << 30)}

    def start_worker(self, number: int) -> None:
        """One of those that drain the stream."""
        self.start(f"worker {number}", "ingest", env=self.beside())

    def leader(self) -> int:
        """Which node leads the stream now."""

        async def ask() -> int:
            client = await nats.connect(self.nodes.url.split(","), connect_timeout=2)
            try:
                for _ in range(50):
                    with suppress(nats.errors.Error, TimeoutError):
                        cluster = (await client.jetstream(timeout=2).stream_info(STREAM)).cluster
                        if cluster is not None and cluster.leader:
                            return int(cluster.leader.removeprefix("node"))
                    await asyncio.sleep(0.1)
            finally:
                await client.close()
            raise SystemExit("no node leads the stream")

        return _apart(ask)

    def undrained(self) -> int:
        """How many batches are in the stream and not in the database."""

        async def ask() -> int:
            client = await nats.connect(self.nodes.url.split(","), connect_timeout=2)
            try:
                return int((await client.jetstream(timeout=5).stream_info(STREAM)).state.messages)
            finally:
                await client.close()

        return _apart(ask)

    def kill(self, victim: str, chance: random.Random) -> None:
        """SIGKILL, and a new process where nobody else starts one."""
        nodes: list[int] = []
        if "leader" in victim:
            nodes.append(self.leader())
        elif victim == "follower":
            leader = self.leader()
            nodes.append(min((number for number in range(NODES) if number != leader), key=self.hits.__getitem__))
        elif victim == "two nodes":
            nodes = chance.sample(range(NODES), 2)
        elif victim == "all nodes":
            nodes = list(range(NODES))
        names = [name for name in ("gateway",) if name in victim]
        if "worker" in victim:
            workers = [f"worker {number}" for number in range(WORKERS)]
            names += workers if victim == "all workers" else [chance.choice(workers)]
        pids = [self.processes[name].pid for name in names]
        if "postmaster" in victim:
            pids += self.postmasters()
        for number in nodes:
            self.hits[number] += 1
            self.nodes.kill(number)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if nodes:
            # Long enough for the others to choose another leader, or for devices to find nobody who confirms.
            time.sleep(chance.random() * 3)
        for number in nodes:
            self.nodes.start(number)
        for name in names:
            self.processes[name].wait()
            if name == "gateway":
                self.start_gateway()
            else:
                self.start_worker(int(name.removeprefix("worker ")))

    def stored(self) -> int:
        """Frames in the database; 0 while it can't be asked."""
        with suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=5) as connection:
            row = connection.execute("SELECT coalesce(sum(last_number), 0) FROM alarms_intakestart").fetchone()
            return int(row[0]) if row else 0
        return 0

    def goes_on(self, more: int = 30) -> str:
        """Empty when so many more frames are confirmed and stored; else what does not go on."""
        end = time.monotonic() + SECONDS_TO_COME_BACK
        confirmed = self.confirmed() + more
        while self.confirmed() < confirmed:
            if time.monotonic() > end or self.processes["simulator"].poll() is not None:
                return "nothing is confirmed"
            time.sleep(0.05)
        before = 0
        while not before or self.stored() < before + more:
            before = before or self.stored()
            if time.monotonic() > end:
                return "nothing is stored"
            time.sleep(0.05)
        return ""

    def finish(self) -> dict[str, Any]:
        """Let the devices end, and the stream be drained; what the devices say."""
        said = self.end_simulator()
        end = time.monotonic() + SECONDS_TO_COME_BACK
        while self.undrained():
            if time.monotonic() > end:
                raise SystemExit("the stream is not drained: " + self.log.read_text()[-1000:])
            time.sleep(0.1)
        return said

    def end(self) -> None:
        super().end()
        self.nodes.end()


def _apart(ask: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """In a thread of its own: in a test a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(ask())).result()


@contextmanager
def stage(url: str = "") -> Iterator[Stage]:
    """The processes in a folder of their own, stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        made = Stage(Path(folder), url)
        try:
            made.begin()
            yield made
        finally:
            made.end()


def play(victims: Sequence[str], url: str = "", seed: int = 20260421) -> tuple[list[str], dict[str, float]]:
    """Kill these; faults, and figures."""
    chance = random.Random(seed)
    faults: list[str] = []
    pauses = [(0.0, "nobody")]
    with stage(url) as running:
        if stuck := running.goes_on():
            return [f"at the start {stuck}: " + running.log.read_text()[-2000:]], {}
        for number, victim in enumerate(victims):
            time.sleep(chance.random())
            killed_at = time.monotonic()
            running.kill(victim, chance)
            if stuck := running.goes_on():
                faults.append(f"round {number}: after killing {victim} {stuck}: {running.log.read_text()[-2000:]}")
                break
            pauses.append((time.monotonic() - killed_at, victim))
        said = running.finish()
        found = running.check()
        with psycopg.connect(running.url) as connection:
            starts = connection.execute("SELECT count(*) FROM alarms_intakestart").fetchone()
    faults += [f"{name}: {found[name]}" for name in _MUST_BE_NONE if found[name]]
    if found["journal"] < 30 or found["stored"] < found["journal"]:
        faults.append(f"the check saw too little: {found}")
    if said["failed"]:
        faults.append(f"{said['failed']} frames were given up by their devices")
    print(f"kill-nats: the longest pause was after killing {max(pauses)[1]}", file=sys.stderr)
    figures = {
        "confirmed": found["journal"],
        "stored": found["stored"],
        "resent": said["resent"],
        "nodes_hit": len(running.hits),
        "starts": starts[0] if starts else 0,
        "longest_pause_s": round(max(pauses)[0], 1),
    }
    return faults, figures


_MUST_BE_NONE = ("gaps", "missing", "missing_batches", "unreadable", "doubled_signals")


def main() -> int:
    """A hundred kills unless another number is asked for."""
    n = rounds(100)
    faults, figures = play([VICTIMS[number % len(VICTIMS)] for number in range(n)])
    return report("kill-nats", n, faults, **figures)


if __name__ == "__main__":
    sys.exit(main())
