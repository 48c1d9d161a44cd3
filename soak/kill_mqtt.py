"""`kill-mqtt`: gateway and database are killed, and the broker restarted, while a system publishes its signals.

Database, gateway, mosquitto (set up as docs/signals.md says) and the simulator run as processes of their own. The
simulator keeps a journal of what the broker has confirmed; at the end `anguan intake check` compares it with what is
stored.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from benchmarks.running import environment, free_port

from anguan.gateway.tests.broker import MOSQUITTO, USERS, RunningBroker
from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from soak.kill import processes_below
from soak.report import report, rounds

RATE = 100
SECONDS_TO_COME_BACK = 120
# mosquitto is stopped and not killed: it confirms before it writes to the disk, which no client of it can mend.
VICTIMS = ("gateway", "postmaster", "broker", "gateway and postmaster", "gateway and broker")


class Stage:
    """The processes, and what they keep, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.journal = folder / "journal"
        self.port = free_port()
        (folder / "broker").mkdir()
        self.broker = RunningBroker(folder / "broker")
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.url = ""
        self._use = postgres.Use(self.data)

    def begin(self) -> None:
        """The gateway first, so that its session is there before anybody publishes."""
        self.broker.start()
        self._use.begin()
        self.start("keeper", "database", "--data", str(self.data))
        self.url = postgres.wait_for_address(self.data)
        with (self.folder / "log").open("a") as log:
            prepare = command_line("manage", "migrate", "alarms", "--verbosity", "0")
            subprocess.run(prepare, env=self.beside(), check=True, stdout=log, stderr=log)
        self.start_gateway()
        while "session of" not in (self.folder / "log").read_text():
            time.sleep(0.1)
        to = self.address("panel-1", f"ca_file={quote(self.broker.broker.ca_file)}")
        words = ("--to", to, "--rate", str(RATE), "--fires", "100", "--journal", str(self.journal))
        self.start("simulator", "simulate", "messages", *words)

    def address(self, user: str, options: str) -> str:
        """How a user reaches the broker."""
        return f"mqtts://{user}:{quote(USERS[user])}@{self.broker.broker}?{options}"

    def beside(self) -> dict[str, str]:
        """The environment of a process that neither migrates nor starts a database of its own."""
        return environment(
            ANGUAN_SUPERVISED=str(os.getpid()),
            ANGUAN_DATA=str(self.data),
            DATABASE_URL=self.url,
            ANGUAN_MQTT_URL=self.address("anguan", f"ca_file={quote(self.broker.broker.ca_file)}"),
        )

    def start(self, name: str, *words: str, env: dict[str, str] | None = None) -> None:
        """One process, which writes into the common log."""
        with (self.folder / "log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                command_line(*words),
                env=env or environment(),
                stdout=subprocess.PIPE if name == "simulator" else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def start_gateway(self) -> None:
        """Under the same name as before, by which the broker knows it."""
        self.start("gateway", "gateway", "--listen", f"127.0.0.1:{self.port}", env=self.beside())

    def hit(self, victim: str, chance: random.Random) -> None:
        """Take them away, and bring back what nobody else does."""
        if "broker" in victim:
            self.broker.end()
        if "gateway" in victim:
            self.processes["gateway"].kill()
            self.processes["gateway"].wait()
        if "postmaster" in victim:
            for pid, line in processes_below(self.processes["keeper"].pid).items():
                if "/postgres -D" in line:
                    os.kill(pid, signal.SIGKILL)
        time.sleep(chance.random() * 2)
        if "broker" in victim:
            self.broker.start()
        if "gateway" in victim:
            self.start_gateway()

    def stored(self) -> int:
        """Messages in the database; 0 while it can't be asked."""
        with suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=5) as connection:
            row = connection.execute("SELECT count(*) FROM alarms_frame").fetchone()
            return int(row[0]) if row else 0
        return 0

    def confirmed(self) -> int:
        """Lines of the journal."""
        return self.journal.read_bytes().count(b"\n") if self.journal.exists() else 0

    def catches_up(self, least: int) -> bool:
        """Whether so many messages are stored in time."""
        end = time.monotonic() + SECONDS_TO_COME_BACK
        while self.stored() < least:
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
        return True

    def finish(self) -> dict[str, Any]:
        """Let the simulator end; what it says."""
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
        """Stop all of them, the database last."""
        for name in ("simulator", "gateway"):
            if (process := self.processes.get(name)) is not None and process.poll() is None:
                process.kill()
                process.wait()
        self.broker.end()
        self._use.end()
        if (keeper := self.processes.get("keeper")) is not None:
            keeper.terminate()
            keeper.wait(60)


def play(n: int, seed: int = 20261127) -> tuple[list[str], dict[str, float]]:
    """Take away n times; faults, and figures."""
    chance = random.Random(seed)
    faults: list[str] = []
    longest = 0.0
    with tempfile.TemporaryDirectory(prefix="anguan-") as name:
        stage = Stage(Path(name))
        try:
            stage.begin()
            if not stage.catches_up(30):
                raise SystemExit(f"nothing arrives: {(stage.folder / 'log').read_text()[-2000:]}")
            for number in range(n):
                time.sleep(chance.random() * 2)
                victim = VICTIMS[number % len(VICTIMS)]
                began = time.monotonic()
                stage.hit(victim, chance)
                if not stage.catches_up(stage.confirmed() + 30):
                    faults.append(f"round {number}: after {victim} nothing goes on")
                    break
                longest = max(longest, time.monotonic() - began)
            said = stage.finish()
            stage.catches_up(stage.confirmed())
            found = stage.check()
        finally:
            stage.end()
    faults += [f"{what}: {found[what]}" for what in ("gaps", "missing", "doubled_signals") if found[what]]
    faults += [f"{what}: {said[what]}" for what in ("denied", "failed") if said[what]]
    figures = {"confirmed": found["journal"], "stored": found["stored"], "longest_pause_s": round(longest, 1)}
    return faults, figures


def main() -> int:
    """Fifty rounds unless another number is asked for."""
    n = rounds(50)
    if MOSQUITTO is None:
        return report("kill-mqtt", 0, ["no mosquitto is installed; as root, tools/broker installs it"])
    faults, figures = play(n)
    return report("kill-mqtt", n, faults, **figures)


if __name__ == "__main__":
    sys.exit(main())
