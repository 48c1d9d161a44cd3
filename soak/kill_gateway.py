"""`kill-gateway`: the processes of the alarm path are killed while devices report, systems post and a screen watches.

`anguan up` on a folder of its own, as its users start it. Simulated devices and systems that post keep journals of what
was confirmed to them. Afterwards `anguan intake check` compares these with the store; every fire must be in one
incident; and the screen must have been told everything once and in order, over all its lines.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.running import Platform, environment, free_port, running

from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from soak.alarm_clients import Poster, Screen
from soak.alarm_truth import incident_faults
from soak.kill import are_gone, processes_below
from soak.lean_stage import intake_check, lines_of
from soak.report import report, rounds

UNITS, RATE, POSTERS = 20, 200, 4
SECONDS_TO_COME_BACK = 120
# What takes longer is told with what it waited for.
LONG_S = 15.0
# A supervisor gives up on a child that dies five times within a minute, and so it should. We kill less often.
KILLS_A_MINUTE = 3

# What is killed → words of the command lines that are hit; the first five are the turn of a short play.
VICTIMS: dict[str, Sequence[str]] = {
    "gateway": ("anguan gateway",),
    "postmaster": ("/postgres -D",),
    "pages": ("anguan web",),
    "evaluator": ("anguan evaluator",),
    "worker": ("anguan worker",),
    "web": ("anguan web",),
    "backend": ("postgres: ",),
    "keeper": ("anguan database",),
    "gateway and postmaster": ("anguan gateway", "/postgres -D"),
    "everything": ("",),
}
IN_TURN = tuple(VICTIMS)[:5]
# Every process of the name is hit, so that the one that holds the screen's line is among them.
WHOLE = {"pages"}


class Stage:
    """The platform, and who works at it."""

    def __init__(self, data: Path, folder: Path, stack: ExitStack) -> None:
        self.data = data
        self.folder = folder
        self.port, self.gateway_port = free_port(), free_port()
        self.journals = {"devices": folder / "devices.journal", "posts": folder / "posts.journal"}
        self.kills: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KILLS_A_MINUTE))
        self._stack = stack
        self._posts = stack.enter_context(self.journals["posts"].open("a", encoding="ascii"))
        self.platform = self.start()
        self.url = postgres.wait_for_address(data)
        self.came_back: dict[str, float] = {}
        self.room = self._make_room()
        self.screen = Screen(self.port, self.room["session"])
        self.posters = [Poster(self.port, source, token, self._posts) for source, token in self.room["tokens"].items()]
        self.simulator = self._simulate()
        for thread in (self.screen, *self.posters):
            thread.start()

    def start(self) -> Platform:
        """`anguan up` on the folder; what it says later is read away, or it would wait for us."""
        ports = ("--port", str(self.port), "--gateway", f"127.0.0.1:{self.gateway_port}")
        platform = self._stack.enter_context(running(command_line("up", "--data", str(self.data), *ports)))
        self.said: deque[str] = deque(maxlen=30)
        assert platform.process.stdout is not None
        threading.Thread(target=self._listen, args=(platform.process.stdout,), daemon=True).start()
        return platform

    def _listen(self, output: Iterator[str]) -> None:
        with suppress(ValueError):
            self.said.extend(output)

    def beside(self) -> dict[str, str]:
        """The environment of a process that neither migrates nor starts a database of its own."""
        ours = {"ANGUAN_SUPERVISED": str(os.getpid()), "ANGUAN_DATA": str(self.data), "DATABASE_URL": self.url}
        return environment(**ours)

    def _make_room(self) -> dict[str, Any]:
        words = [sys.executable, "-m", "soak.alarm_room", str(UNITS), str(POSTERS)]
        root = Path(__file__).parents[1]
        made = subprocess.run(words, env=self.beside(), cwd=root, capture_output=True, text=True, check=False)
        if made.returncode:
            raise SystemExit(f"the duty room could not be made: {made.stderr[-1000:]}")
        return dict(json.loads(made.stdout.splitlines()[-1]))

    def _simulate(self) -> "subprocess.Popen[str]":
        wanted = ("--units", str(UNITS), "--rate", str(RATE), "--to", f"127.0.0.1:{self.gateway_port}", "--fires", "50")
        patience = ("--answer-within", "3", "--resends", "100", "--journal", str(self.journals["devices"]))
        process = subprocess.Popen(
            command_line("simulate", "devices", *wanted, *patience),
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._stack.callback(_end, process)
        return process

    def kill(self, victim: str, chance: random.Random) -> None:
        """SIGKILL to one process of each kind that is meant, or to all; what nobody else starts again, we do."""
        tree = processes_below(self.platform.process.pid)
        if victim == "everything":
            hit = chance.sample(list(tree), len(tree))
        else:
            found = [[pid for pid, line in tree.items() if words in line] for words in VICTIMS[victim]]
            if victim in WHOLE:
                hit = [pid for pids in found for pid in pids]
            else:
                hit = [chance.choice(pids) for pids in found if pids]
            chance.shuffle(hit)
        for pid in hit:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if victim == "everything":
            if not are_gone(set(tree) - {self.platform.process.pid}):
                raise SystemExit("processes outlive the killed platform")
            self.platform = self.start()

    def wait_for_turn(self, victim: str) -> None:
        """Until this victim was killed seldom enough."""
        names = VICTIMS[victim]
        if victim == "everything":
            return
        for name in names:
            times = self.kills[name]
            if len(times) == KILLS_A_MINUTE:
                time.sleep(max(0.0, times[0] + 60 - time.monotonic()))
        for name in names:
            self.kills[name].append(time.monotonic())

    def progress(self) -> tuple[int, int, int]:
        """Frames confirmed, posts confirmed, notices seen."""
        frames = lines_of(self.journals["devices"])
        return frames, sum(poster.confirmed for poster in self.posters), len(self.screen.seen)

    def goes_on(self, since: float | None = None) -> str:
        """Empty when frames and posts are confirmed again and the screen hears of it; else what does not go on.

        With `since` the worker, too, must have been heard of after that moment.
        """
        frames, posts, notices = self.progress()
        wanted = {"frames": frames + 30, "posts": posts + POSTERS + 1, "notices": notices + 1}
        began = time.monotonic()
        end = began + SECONDS_TO_COME_BACK
        self.came_back = dict.fromkeys(wanted, 0.0)
        while True:
            now = dict(zip(wanted, self.progress(), strict=True))
            missing = [name for name, least in wanted.items() if now[name] < least]
            self.came_back |= dict.fromkeys(missing, round(time.monotonic() - began, 1))
            if not missing and since is not None and not self._worker_was_heard(since):
                missing = ["the worker"]
            if not missing:
                return ""
            if time.monotonic() > end or self.platform.process.poll() is not None:
                return ", ".join(missing)
            time.sleep(0.05)

    def _worker_was_heard(self, since: float) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.url) as connection:
            beat = connection.execute(
                "SELECT at > to_timestamp(%s) FROM ground_heartbeat WHERE process = 'worker'", (since,)
            ).fetchone()
            return beat == (True,)
        return False

    def finish(self) -> dict[str, Any]:
        """Let devices and systems end, and the platform work off what they said; what the devices say."""
        for poster in self.posters:
            poster.ends.set()
        self.simulator.send_signal(signal.SIGINT)
        said, _ = self.simulator.communicate(timeout=180)
        for poster in self.posters:
            poster.join(120)
        end = time.monotonic() + SECONDS_TO_COME_BACK
        while not self._is_quiet():
            if time.monotonic() > end:
                raise SystemExit("what was said is not judged, or the screen was not told of it")
            time.sleep(0.2)
        self.screen.ends.set()
        return dict(json.loads(said))

    def _is_quiet(self) -> bool:
        """All is judged, and the screen has seen the last of it."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM alarms_pending WHERE device_id IS NOT NULL),"
                " (SELECT coalesce(max(id), 0) FROM alarms_notice)"
            ).fetchone()
        assert row is not None
        return not row[0] and (self.screen.mark or 0) >= row[1]

    def check(self) -> dict[str, Any]:
        """What `anguan intake check` finds, with the journals of both."""
        journal = self.folder / "journal"
        journal.write_bytes(b"".join(_whole_lines(path) for path in self.journals.values()))
        return intake_check(journal, self.beside())


def _whole_lines(journal: Path) -> bytes:
    content = journal.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def stage(data: Path | None = None) -> Iterator[Stage]:
    """The platform on that data folder, or a new one, stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as name, ExitStack() as stack:
        folder = Path(name)
        made = Stage(data or folder / "data", folder, stack)
        try:
            yield made
        finally:
            made.screen.ends.set()
            for poster in made.posters:
                poster.ends.set()


def victims(chance: random.Random) -> Iterator[str]:
    """The five in their turn, then all, each in turn, in an order that changes."""
    yield from IN_TURN
    while True:
        yield from chance.sample(list(VICTIMS), len(VICTIMS))


def play(n: int, data: Path | None = None, seed: int = 20260421) -> tuple[list[str], dict[str, float]]:
    """Kill n times; faults, and figures."""
    chance = random.Random(seed)
    faults: list[str] = []
    pauses: list[tuple[float, str]] = []
    kills = dict.fromkeys(VICTIMS, 0)
    with stage(data) as running_:
        if stuck := running_.goes_on():
            return [f"at the start nothing comes of {stuck}: {list(running_.said)}"], {}
        turn = victims(chance)
        for number in range(n):
            victim = next(turn)
            running_.wait_for_turn(victim)
            time.sleep(chance.random())
            kills[victim] += 1
            killed_at, since = time.monotonic(), time.time()
            running_.kill(victim, chance)
            if stuck := running_.goes_on(since if victim == "worker" else None):
                faults.append(f"round {number}: after killing {victim} nothing comes of {stuck}: {list(running_.said)}")
                break
            pauses.append((time.monotonic() - killed_at, victim))
            if pauses[-1][0] > LONG_S:
                print(f"kill-gateway: after {victim} came back: {running_.came_back}", file=sys.stderr)
        wrong, figures = judge(running_)
    longest = max(pauses, default=(0.0, ""))
    print(f"kill-gateway: the longest pause was after killing {longest[1] or 'nobody'}", file=sys.stderr)
    figures["longest_pause_s"] = round(longest[0], 1)
    return faults + wrong, figures | {f"killed_{name.replace(' ', '_')}": count for name, count in kills.items()}


def judge(running_: Stage) -> tuple[list[str], dict[str, float]]:
    """Let everybody end, and compare what they were told with what is stored and judged: faults, and figures."""
    faults: list[str] = []
    said = running_.finish()
    found = running_.check()
    screen, posters = running_.screen, running_.posters
    with psycopg.connect(running_.url) as connection:
        announced = connection.execute(
            "SELECT id FROM alarms_notice WHERE organ_id = %s ORDER BY id", (running_.room["organ"],)
        )
        faults += screen.faults([id_ for (id_,) in announced])
        faults += incident_faults(connection)
        starts = connection.execute("SELECT count(*) FROM alarms_intakestart").fetchone()
    for poster in posters:
        faults += [f"a post was refused: {answer}" for answer in poster.refused]
    faults += [f"{name}: {found[name]}" for name in _MUST_BE_NONE if found[name]]
    if found["journal"] < 30 or found["stored"] < found["journal"]:
        faults.append(f"the check saw too little: {found}")
    if said["failed"]:
        faults.append(f"{said['failed']} frames were given up by their devices")
    return faults, {
        "confirmed": found["journal"],
        "stored": found["stored"],
        "resent": said["resent"],
        "posts": sum(poster.confirmed for poster in posters),
        "posts_unanswered": sum(poster.unanswered for poster in posters),
        "posts_repeated": sum(poster.repeated for poster in posters),
        "notices": len(screen.seen),
        "screen_lines": screen.lines,
        "screen_reloads": len(screen.reloads),
        "starts": starts[0] if starts else 0,
    }


_MUST_BE_NONE = ("gaps", "missing", "doubled_signals", "doubled_incidents")


def main() -> int:
    """A hundred kills unless another number is asked for."""
    n = rounds(100)
    faults, figures = play(n)
    return report("kill-gateway", n, faults, **figures)


if __name__ == "__main__":
    sys.exit(main())
