"""`outages`: the database lacks room, is gone, or hangs, for a minute each, while devices report and systems post.

`anguan up` on a small file system of its own. Meanwhile nobody is confirmed and the gateway keeps its size; afterwards
everything goes on by itself, and what was confirmed is there once.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from anguan.supervisor.locks import FileLock
from soak.kill import processes_below
from soak.kill_gateway import Stage, judge, stage
from soak.report import report, rounds

SECONDS = 60.0
# A heartbeat may be half a minute old before its process counts as gone.
SECONDS_TO_BE_SEEN = 45.0
DISK_SIZE = "384m"
# In the last so many seconds of an outage nobody may be confirmed any more.
SILENT_S = 5.0
LARGEST_GROWTH_MB = 150


def no_room(running: Stage, seconds: float, watch: Callable[[], None]) -> None:
    """The disk is full; what becomes free meanwhile is taken, too."""
    _fill(running, seconds, watch)


def no_room_for_the_log(running: Stage, seconds: float, watch: Callable[[], None]) -> None:
    """The same, and the server's log needs a new file: PostgreSQL gives up whatever it does, again and again."""

    def need_a_file() -> None:
        watch()
        with suppress(psycopg.Error), psycopg.connect(running.url, connect_timeout=2) as connection:
            connection.execute("SELECT pg_logical_emit_message(false, 'soak', repeat('x', 4000000))")

    _fill(running, seconds, need_a_file)


def _fill(running: Stage, seconds: float, watch: Callable[[], None]) -> None:
    ballast = running.data / "ballast"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(1_000_000))
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        watch()
        time.sleep(0.5)
    ballast.unlink()


def gone(running: Stage, seconds: float, watch: Callable[[], None]) -> None:
    """The keeper is killed, its server ends, and no new keeper gets its turn."""
    turn = FileLock(running.data / "database.keeper")
    for pid in pids_of(running, "anguan database"):
        os.kill(pid, signal.SIGKILL)
    while not turn.try_to_take():
        time.sleep(0.001)
    _let_pass(seconds, watch)
    turn.release()


def hangs(running: Stage, seconds: float, watch: Callable[[], None]) -> None:
    """The server's processes are stopped where they are: connections hold, and nothing answers."""
    pids = [*pids_of(running, "/postgres -D"), *pids_of(running, "postgres: ")]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    _let_pass(seconds, watch)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


OUTAGES = {"no_room": no_room, "gone": gone, "hangs": hangs, "no_room_for_the_log": no_room_for_the_log}


def _let_pass(seconds: float, watch: Callable[[], None]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watch()
        time.sleep(0.5)


def pids_of(running: Stage, words: str) -> list[int]:
    """The platform's processes with these words in their command line."""
    return [pid for pid, line in processes_below(running.platform.process.pid).items() if words in line]


class Watch:
    """What is seen during one outage: when confirmations stopped, how large the gateway became, what `/readyz` said."""

    def __init__(self, running: Stage) -> None:
        self._running = running
        self._last = running.progress()[:2]
        self.began = self.confirmed_at = time.monotonic()
        self.was_ready: bool | None = None
        self.sizes = [self._size()]

    def __call__(self) -> None:
        now = self._running.progress()[:2]
        if now != self._last:
            self._last, self.confirmed_at = now, time.monotonic()
        self.sizes.append(self._size())
        if self.was_ready is None and time.monotonic() - self.began > SECONDS_TO_BE_SEEN:
            self.was_ready = is_ready(self._running)

    def _size(self) -> float:
        """Resident megabytes of the gateway."""
        for pid in pids_of(self._running, "anguan gateway"):
            with suppress(OSError, IndexError):
                return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        return 0.0

    @property
    def growth(self) -> float:
        """How much larger it became than it was."""
        return max(self.sizes) - self.sizes[0]


def is_ready(running: Stage) -> bool:
    """What `/readyz` says; no answer is no readiness."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/readyz", timeout=15) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except OSError:
        return False


def play(n: int, seconds: float = SECONDS, seed: int = 20260422) -> tuple[list[str], dict[str, float]]:
    """So many outages; faults, and figures."""
    chance = random.Random(seed)
    faults: list[str] = []
    pauses = dict.fromkeys(OUTAGES, 0.0)
    growth = latest = 0.0
    with small_disk() as data, stage(data) as running:
        if stuck := running.goes_on():
            return [f"at the start nothing comes of {stuck}: {list(running.said)}"], {}
        for number in range(n):
            name = list(OUTAGES)[number % len(OUTAGES)]
            time.sleep(chance.random())
            watch = Watch(running)
            OUTAGES[name](running, seconds, watch)
            over = time.monotonic()
            growth = max(growth, watch.growth)
            if watch.confirmed_at > over - min(SILENT_S, seconds / 2):
                faults.append(f"round {number}: in {name} somebody was still confirmed")
            latest = max(latest, watch.confirmed_at - watch.began)
            if watch.was_ready:
                faults.append(f"round {number}: in {name} the platform called itself ready")
            if stuck := running.goes_on(time.time()):
                faults.append(f"round {number}: after {name} nothing comes of {stuck}: {list(running.said)}")
                break
            pauses[name] = max(pauses[name], time.monotonic() - over)
        wrong, figures = judge(running)
    if growth > LARGEST_GROWTH_MB:
        faults.append(f"the gateway grew by {growth:.0f} MB")
    figures |= {"largest_growth_mb": round(growth, 1), "last_confirmed_after_s": round(latest, 1)}
    return faults + wrong, figures | {f"pause_after_{name}_s": round(pause, 1) for name, pause in pauses.items()}


@contextmanager
def small_disk() -> Iterator[Path]:
    """A data folder on a file system of its own."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=0700", "tmpfs", name], check=True)
        try:
            yield Path(name) / "data"
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


def main() -> int:
    """Two outages of each kind unless another number is asked for."""
    if os.geteuid() != 0:
        # In a name space of its own everybody may mount.
        words = ["--user", "--map-root-user", "--mount", sys.executable, "-m", "soak.outages", *sys.argv[1:]]
        os.execvp("unshare", ["unshare", *words])
    n = rounds(8)
    faults, figures = play(n)
    return report("outages", n, faults, **figures)


if __name__ == "__main__":
    sys.exit(main())
