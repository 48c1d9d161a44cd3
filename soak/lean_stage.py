"""A stage of processes that are started one by one: a database, a gateway, whoever stands between, and the simulator.

Nobody restarts them but the soak itself. The simulator keeps a journal of what was confirmed to it.
"""

import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.running import environment, free_port

from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from soak.kill import processes_below


def lines_of(journal: Path) -> int:
    """How much was confirmed so far."""
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def intake_check(journal: Path, env: dict[str, str]) -> dict[str, Any]:
    """What `anguan intake check` finds; SystemExit where it could not look."""
    command = command_line("intake", "check", "--journal", str(journal))
    answer = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if answer.returncode not in {0, 1}:
        raise SystemExit(f"intake check: {answer.stderr[-500:]}")
    return dict(json.loads(answer.stdout))


class LeanStage:
    """The processes, and what they keep, in one folder."""

    def __init__(self, folder: Path, url: str = "") -> None:
        """On the database of that address, which nobody kills, or one of its own."""
        self.data = folder / "data"
        self.journal = folder / "journal"
        self.log = folder / "log"
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.url = url
        self._use = postgres.Use(self.data)

    def begin_database(self) -> None:
        """Where it is our own: the keeper, and the tables of the alarm path."""
        if self.url:
            return
        self._use.begin()
        self.start("keeper", "database", "--data", str(self.data))
        self.url = postgres.wait_for_address(self.data)
        with self.log.open("a") as log:
            prepare = command_line("manage", "migrate", "alarms", "--verbosity", "0")
            subprocess.run(prepare, env=self.beside(), check=True, stdout=log, stderr=log)

    def settings(self) -> dict[str, str]:
        """What the processes of this stage are told besides."""
        return {}

    def beside(self) -> dict[str, str]:
        """The environment of a process that neither migrates nor starts a database of its own."""
        ours = {"ANGUAN_SUPERVISED": str(os.getpid()), "ANGUAN_DATA": str(self.data), "DATABASE_URL": self.url}
        return environment(**ours, **self.settings())

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
        """On the same port and under the same name as before."""
        self.start("gateway", "gateway", "--listen", f"127.0.0.1:{self.port}", env=self.beside())

    def postmasters(self) -> list[int]:
        """The server's main process, below its keeper."""
        tree = processes_below(self.processes["keeper"].pid)
        return [pid for pid, line in tree.items() if "/postgres -D" in line]

    def confirmed(self) -> int:
        """Lines of the journal."""
        return lines_of(self.journal)

    def end_simulator(self) -> dict[str, Any]:
        """Let the simulator end; what it says."""
        simulator = self.processes["simulator"]
        simulator.send_signal(signal.SIGINT)
        said, _ = simulator.communicate(timeout=180)
        return dict(json.loads(said))

    def check(self) -> dict[str, Any]:
        """What `anguan intake check` finds."""
        return intake_check(self.journal, self.beside())

    def end(self) -> None:
        """Stop everything that still runs, the database last."""
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._use.end()
