"""Keeps the platform's processes: starts them, restarts what dies, stops all of them.

Each child leads a session of its own, so that Ctrl-C reaches the supervisor alone and a child that is gone takes its
own children with it; `lifeline` ends the children where the supervisor itself is killed.
"""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from anguan.supervisor.lifeline import PARENT

DEATHS_A_MINUTE = 5
SECONDS_BEFORE_RESTART = 0.5
SECONDS_TO_STOP = 10.0
LARGEST_LOG = 10_000_000


@dataclass
class Child:
    """One process: what it is called, how it is started, where it writes."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    died_at: float | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_A_MINUTE))

    def start(self) -> None:
        with self._open_log() as log:
            self.process = subprocess.Popen(  # noqa: S603 our own commands
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.environment | {PARENT: str(os.getpid())},
                start_new_session=True,
            )
        self.started_at, self.died_at = time.monotonic(), None

    def _open_log(self) -> IO[bytes]:
        """Its log; nothing at all where that can't be had, for instance on a full disk: the process matters more."""
        try:
            self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".old.log"))
            return self.log.open("ab")
        except OSError:
            return Path(os.devnull).open("ab")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_all(self, number: signal.Signals) -> None:
        """To the child and to whatever it started itself."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def last_words(self) -> str:
        """The last line of its log, which usually says why it ended."""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4000))
            lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
            return lines[-1].strip() if lines else ""
        return ""


class Supervisor:
    """Holds the children from `start` to `stop`."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self.report = report
        self.children: list[Child] = []
        self.asked_to_stop = False

    def install_signal_handlers(self) -> None:
        """The first Ctrl-C, SIGTERM or closed terminal raises KeyboardInterrupt; later ones don't disturb the stop."""

        def note(_number: int, _frame: FrameType | None) -> None:
            if not self.asked_to_stop:
                self.asked_to_stop = True
                raise KeyboardInterrupt

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, note)

    def start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def run(self) -> int:
        """Keep the children until one dies too often (1); what asks us to stop raises KeyboardInterrupt."""
        while self.keep_alive():
            time.sleep(0.1)
        return 1

    def keep_alive(self) -> bool:
        """One round of restarting; False when a child died too often. For whoever waits for something meanwhile."""
        return not any(self._gives_up_on(child) for child in self.children)

    def stop(self) -> None:
        """SIGTERM to the children, last started first, and SIGKILL to what is still there after ten seconds."""
        for child in reversed(self.children):
            if child.process is not None:
                with suppress(ProcessLookupError):
                    child.process.terminate()
        end = time.monotonic() + SECONDS_TO_STOP
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.01, end - time.monotonic()))
                if child.is_running():
                    self.report(f"{child.name} did not stop within {SECONDS_TO_STOP:.0f} s and is killed")
                # Also what it left behind.
                child.signal_all(signal.SIGKILL)
                child.process.wait()
        self.children.clear()

    def _gives_up_on(self, child: Child) -> bool:
        if child.is_running():
            return False
        assert child.process is not None
        now = time.monotonic()
        if child.died_at is None:
            child.died_at = now
            child.deaths.append(now)
            child.signal_all(signal.SIGKILL)
            status = child.process.returncode
            how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
            self.report(f"{child.name} {how}: {child.last_words() or 'no message'}")
            if len(child.deaths) == DEATHS_A_MINUTE and now - child.deaths[0] < 60:
                self.report(
                    f"{child.name} died {DEATHS_A_MINUTE} times within a minute, so everything is stopped; "
                    f"its log is {child.log}"
                )
                return True
        elif now - child.died_at >= SECONDS_BEFORE_RESTART:
            self.report(f"{child.name} is started again")
            child.start()
        return False


def command_line(name: str, *words: str) -> list[str]:
    """`anguan NAME WORDS…` run by this very Python; the name stands in the process list."""
    script = Path(sys.executable).with_name("anguan")
    start = [str(script)] if script.exists() else ["-m", "anguan.cli"]
    return [sys.executable, *start, name, *words]
