"""`kill-gateway`: the gateway and the database are killed in turn while devices report; nothing confirmed is lost.

A database server, a gateway and the simulator run as processes of their own. The simulator keeps a journal of what was
confirmed to it; `anguan intake check` compares it with what is stored. Nobody else works here, so that what is found is
the intake's own doing.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.running import environment, free_port

from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from soak.kill import processes_below
from soak.report import report, rounds

UNITS, RATE = 20, 300
SECONDS_TO_COME_BACK = 120
VICTIMS = ("gateway", "postmaster", "backend", "keeper", "gateway and postmaster")


class Stage:
    """The processes: a keeper with its database, the gateway, the simulator."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.journal = folder / "journal"
        self.log = folder / "log"
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[str]] = {}
        # A user of the database for as long as we need it: the keeper must not go while the gateway is dead.
        self._use = postgres.Use(self.data)

    def begin(self) -> None:
        """Tables first, then the gateway, then devices."""
        self._use.begin()
        # The tables of this path and of what it stands on; nothing else runs here.
        prepare = command_line("manage", "migrate", "alarms", "--verbosity", "0")
        self.start("keeper", "database", "--data", str(self.data))
        postgres.wait_for_address(self.data)
        with (self.log).open("a") as log:
            subprocess.run(prepare, env=self.beside(), check=True, stdout=log, stderr=log)
        self.start_gateway()
        wanted = ("--units", str(UNITS), "--rate", str(RATE), "--to", f"127.0.0.1:{self.port}", "--fires", "50")
        patience = ("--answer-within", "3", "--resends", "100", "--journal", str(self.journal))
        self.start("simulator", "simulate", "devices", *wanted, *patience)

    def beside(self) -> dict[str, str]:
        """The environment of a process that neither migrates nor starts a database of its own."""
        ours = {"ANGUAN_SUPERVISED": str(os.getpid()), "ANGUAN_DATA": str(self.data), "DATABASE_URL": self.url}
        return environment(**ours)

    def start(self, name: str, *words: str, env: dict[str, str] | None = None) -> None:
        """One process, which writes into the common log."""
        with self.log.open("a") as log:
            self.processes[name] = subprocess.Popen(
                command_line(*words),
                env=env or environment(),
                stdout=subprocess.PIPE if name == "simulator" else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def start_gateway(self) -> None:
        """On the same port as before, with the database as it is now."""
        listen = f"127.0.0.1:{self.port}"
        self.start("gateway", "gateway", "--listen", listen, env=self.beside())

    @property
    def url(self) -> str:
        return postgres.address_of(postgres.socket_folder(postgres.DataFolder(self.data)))

    def kill(self, victim: str, chance: random.Random) -> None:
        """SIGKILL, and a new process where nobody else starts one."""
        pids: list[int] = []
        if "gateway" in victim:
            pids.append(self.processes["gateway"].pid)
        tree = processes_below(self.processes["keeper"].pid)
        if "postmaster" in victim:
            pids += [
                pid for pid, line in tree.items() if "/postgres -D" in line and pid != self.processes["keeper"].pid
            ]
        if victim == "backend":
            pids += (
                [chance.choice(found)] if (found := [pid for pid, line in tree.items() if "postgres: " in line]) else []
            )
        if victim == "keeper":
            pids.append(self.processes["keeper"].pid)
        chance.shuffle(pids)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if victim == "keeper":
            self.processes["keeper"].wait()
            self.start("keeper", "database", "--data", str(self.data))
        if "gateway" in victim:
            self.processes["gateway"].wait()
            self.start_gateway()

    def confirmed(self) -> int:
        """Lines of the journal."""
        return self.journal.read_bytes().count(b"\n") if self.journal.exists() else 0

    def goes_on(self, more: int = 30) -> bool:
        """True when so many more frames are confirmed."""
        wanted, end = self.confirmed() + more, time.monotonic() + SECONDS_TO_COME_BACK
        while self.confirmed() < wanted:
            if time.monotonic() > end or self.processes["simulator"].poll() is not None:
                return False
            time.sleep(0.05)
        return True

    def finish(self) -> dict[str, Any]:
        """Let the devices end, and say what they say."""
        simulator = self.processes["simulator"]
        simulator.send_signal(signal.SIGINT)
        said, _ = simulator.communicate(timeout=180)
        return dict(json.loads(said))

    def check(self) -> dict[str, Any]:
        """What `anguan intake check` finds."""
        command = command_line("intake", "check", "--journal", str(self.journal))
        answer = subprocess.run(command, env=self.beside(), capture_output=True, text=True, check=False)
        if answer.returncode not in {0, 1}:
            raise SystemExit(f"intake check: {answer.stderr[-500:]}")
        return dict(json.loads(answer.stdout))

    def end(self) -> None:
        """Stop everything that still runs."""
        for name in ("simulator", "gateway", "keeper"):
            process = self.processes.get(name)
            if process is not None and process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if process is not None and process.stdout is not None:
                process.stdout.close()
        self._use.end()


@contextmanager
def stage() -> Iterator[Stage]:
    """The processes in a folder of their own, stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        made = Stage(Path(folder))
        try:
            made.begin()
            yield made
        finally:
            made.end()


def play(n: int, seed: int = 20260421) -> tuple[list[str], dict[str, float]]:
    """Kill n times; faults, and figures."""
    chance = random.Random(seed)
    faults: list[str] = []
    pauses: list[float] = []
    with stage() as running:
        if not running.goes_on():
            return ["nothing is confirmed at the start: " + running.log.read_text()[-1000:]], {}
        for number in range(n):
            time.sleep(chance.random())
            victim = VICTIMS[number % len(VICTIMS)]
            killed_at = time.monotonic()
            running.kill(victim, chance)
            if not running.goes_on():
                faults.append(f"round {number}: nothing is confirmed after killing {victim}")
                break
            pauses.append(time.monotonic() - killed_at)
        said = running.finish()
        found = running.check()
        with psycopg.connect(running.url) as connection:
            starts = connection.execute("SELECT count(*) FROM alarms_intakestart").fetchone()
    faults += [f"{name}: {found[name]}" for name in ("gaps", "missing", "doubled_signals") if found[name]]
    if found["journal"] < 30 or found["stored"] < found["journal"]:
        faults.append(f"the check saw too little: {found}")
    if said["failed"]:
        faults.append(f"{said['failed']} frames were given up by their devices")
    figures = {
        "confirmed": found["journal"],
        "stored": found["stored"],
        "resent": said["resent"],
        "starts": starts[0] if starts else 0,
        "longest_pause_s": round(max(pauses, default=0.0), 1),
    }
    return faults, figures


def main() -> int:
    """A hundred kills unless another number is asked for."""
    n = rounds(100)
    faults, figures = play(n)
    return report("kill-gateway", n, faults, **figures)


if __name__ == "__main__":
    sys.exit(main())
