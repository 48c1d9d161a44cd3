"""Children are kept, restarted and stopped; none outlives the supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anguan.supervisor.locks import is_alive
from anguan.supervisor.processes import Child, Supervisor

pytestmark = pytest.mark.slow

OBEDIENT = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


class Watch:
    """A supervisor whose reports are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.supervisor = Supervisor(self.lines.append)

    def start(self, words: str, name: str = "worker") -> Child:
        child = Child(name, [sys.executable, "-c", words], self.folder / f"{name}.log")
        self.supervisor.start(child)
        return child


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    watch = Watch(tmp_path)
    yield watch
    watch.supervisor.stop()


def test_a_killed_process_is_back_within_two_seconds(watch: Watch) -> None:
    child = watch.start(OBEDIENT)
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 2
    while child.process.pid == first or not child.is_running():
        assert time.monotonic() < end
        assert watch.supervisor.keep_alive()
        time.sleep(0.02)
    assert "SIGKILL" in watch.lines[0]


def test_five_deaths_in_a_minute_stop_everything_and_say_why(watch: Watch) -> None:
    watch.start("import sys; sys.exit('no port is free')")
    assert watch.supervisor.run() == 1
    assert "5 times within a minute" in watch.lines[-1]
    assert any("no port is free" in line for line in watch.lines)


def test_a_process_that_does_not_obey_is_killed(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anguan.supervisor.processes.SECONDS_TO_STOP", 0.3)
    child = watch.start(STUBBORN)
    assert child.process is not None
    while child.last_words() != "up":
        time.sleep(0.01)
    watch.supervisor.stop()
    assert not is_alive(child.process.pid)
    assert "killed" in watch.lines[-1]


def test_a_killed_supervisor_leaves_no_process_behind(tmp_path: Path) -> None:
    words = (
        "import sys, time; from pathlib import Path; from anguan.supervisor.processes import Child, Supervisor\n"
        "words = 'from anguan.supervisor.lifeline import die_with_supervisor as d; d(); import time; time.sleep(60)'\n"
        "child = Child('worker', [sys.executable, '-c', words], Path(sys.argv[1]))\n"
        "Supervisor(print).start(child); time.sleep(0.5); print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", words, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert is_alive(child)
        supervisor.kill()
    end = time.monotonic() + 5
    while is_alive(child):
        assert time.monotonic() < end
        time.sleep(0.02)
