"""`kill`: a process of a running platform is killed at a random moment, again and again, while somebody works.

Afterwards everything that was confirmed to that person is there, with its audit record, and the whole record holds.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
from benchmarks.running import Platform, Visitor, environment, free_port, running

from anguan.supervisor import postgres
from anguan.supervisor.locks import is_alive
from anguan.supervisor.processes import command_line
from soak.report import report, rounds

SECONDS_TO_COME_BACK = 120
WRITES_BETWEEN_KILLS = 3
CLERK = "sysadmin"

# What is killed → words that its command line holds; the platform itself and everything at once need none.
VICTIMS = {
    "platform": "",
    "keeper": "anguan database",
    "postmaster": "/postgres -D",
    "backend": "postgres: ",
    "web": "anguan web",
    "worker": "anguan worker",
    "everything": "",
}


class Writer(threading.Thread):
    """Opens accounts one after the other, as an administrator does in the browser, and notes each that is confirmed."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(name="writer", daemon=True)
        self.visitor = visitor
        self.confirmed: list[str] = []
        self.unanswered = 0
        self.refused: list[str] = []
        self.ends = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ends.is_set():
            number += 1
            username = f"soak{number:07d}"
            try:
                page = self.visitor.post("/people/users/new/", username=username, name=f"示例{number}号")
            except (OSError, EOFError):
                # Nothing was confirmed: the account may be there or not.
                self.unanswered += 1
                self.ends.wait(0.1)
                continue
            if 'class="code-shown"' in page:
                self.confirmed.append(username)
            else:
                self.refused.append(username)
                self.ends.wait(0.1)


def processes_below(root: int) -> dict[int, str]:
    """Number and command line of a process and of everything that it started, however deep."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError, IndexError, ValueError):
                # "PID (name) STATE PARENT …"; the name may hold blanks and brackets.
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    lines = {}
    for pid in found:
        with suppress(OSError):
            lines[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return lines


def kill(platform: Platform, victim: str, chance: random.Random) -> set[int]:
    """SIGKILL to one process of that kind, or to all; returns the processes of the tree, in case it is the root."""
    tree = processes_below(platform.process.pid)
    hit = [pid for pid, line in tree.items() if VICTIMS[victim] in line]
    if victim == "everything":
        chance.shuffle(hit)
    elif victim == "platform":
        hit = [platform.process.pid]
    elif hit:
        hit = [chance.choice(hit)]
    for pid in hit:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return set(tree)


def are_gone(pids: set[int]) -> bool:
    """True when all have ended by themselves, which the children of a killed supervisor must do."""
    end = time.monotonic() + SECONDS_TO_COME_BACK
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def missing_in(data: Path, confirmed: list[str]) -> Iterator[str]:
    """What was confirmed and is not there, or has left no record of its making."""
    with psycopg.connect(postgres.running_address(data) or "") as connection:
        there = {row[0] for row in connection.execute("SELECT username FROM people_user")}
        recorded = connection.execute(
            "SELECT u.username FROM people_user u JOIN ground_auditrecord r"
            " ON r.subject_id = u.id::text AND r.action = 'people.create_user'"
        )
        on_record = {row[0] for row in recorded}
    yield from (f"{username} was confirmed and is not there" for username in confirmed if username not in there)
    yield from (f"{username} has no audit record" for username in confirmed if username not in on_record)


def main() -> int:
    """Kill, wait until writes are confirmed again, and so on; then look for what was confirmed."""
    n = rounds(100)
    chance = random.Random(20260420)
    faults: list[str] = []
    victims: list[str] = []
    kills = dict.fromkeys(VICTIMS, 0)
    pauses: list[float] = []
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder, ExitStack() as stack:
        data = Path(folder) / "data"
        command = command_line("demo", "--data", str(data), "--port", str(free_port()), "--gateway", "off")
        platform = stack.enter_context(running(command))
        writer = Writer(Visitor(platform.address).enter(platform.codes[CLERK]))
        writer.start()
        for number in range(n):
            before = len(writer.confirmed)
            if not _confirms(writer, before + WRITES_BETWEEN_KILLS):
                faults.append(f"round {number}: nothing is confirmed any more")
                break
            time.sleep(chance.random() * 0.5)
            # Each in turn, in an order that changes.
            victims = victims or chance.sample(list(VICTIMS), len(VICTIMS))
            victim = victims.pop()
            kills[victim] += 1
            killed_at, tree = time.monotonic(), kill(platform, victim, chance)
            if victim in {"platform", "everything"}:
                if not are_gone(tree - {platform.process.pid}):
                    faults.append(f"round {number}: processes outlive the killed platform")
                platform = stack.enter_context(running(command))
            before = len(writer.confirmed)
            if not _confirms(writer, before + 1):
                faults.append(f"round {number}: no write is confirmed after killing {victim}")
                break
            pauses.append(time.monotonic() - killed_at)
        writer.ends.set()
        writer.join(60)
        faults += missing_in(data, writer.confirmed)
        faults += [f"{username} was refused" for username in writer.refused]
        verify = command_line("audit", "verify", "--data", str(data))
        verified = subprocess.run(verify, env=environment(), capture_output=True, text=True, check=False)
        if verified.returncode:
            faults.append(f"audit verify: {verified.stderr.strip()[-300:]}")
        print(f"kill: {verified.stdout.strip()}", file=sys.stderr)
    return report(
        "kill",
        n,
        faults,
        confirmed=len(writer.confirmed),
        unanswered=writer.unanswered,
        longest_pause_s=round(max(pauses, default=0.0), 1),
        **{f"killed_{name}": count for name, count in kills.items()},
    )


def _confirms(writer: Writer, count: int) -> bool:
    end = time.monotonic() + SECONDS_TO_COME_BACK
    while len(writer.confirmed) < count:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


if __name__ == "__main__":
    sys.exit(main())
