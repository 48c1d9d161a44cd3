"""`kill-mqtt`: gateway and database are killed, and the broker restarted, while a system publishes its signals.

Database, gateway, mosquitto (set up as docs/signals.md says) and the simulator run as processes of their own. The
simulator keeps a journal of what the broker has confirmed; at the end `anguan intake check` compares it with what is
stored.
"""

import os
import random
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from anguan.gateway.tests.broker import MOSQUITTO, USERS, RunningBroker
from soak.lean_stage import LeanStage
from soak.report import report, rounds

RATE = 100
SECONDS_TO_COME_BACK = 120
# mosquitto is stopped and not killed: it confirms before it writes to the disk, which no client of it can mend.
VICTIMS = ("gateway", "postmaster", "broker", "gateway and postmaster", "gateway and broker")


class Stage(LeanStage):
    """The alarm path with a broker before it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "broker").mkdir()
        self.broker = RunningBroker(folder / "broker")

    def begin(self) -> None:
        """The gateway first, so that its session is there before anybody publishes."""
        self.broker.start()
        self.begin_database()
        self.start_gateway()
        while "session of" not in self.log.read_text():
            time.sleep(0.1)
        words = ("--to", self.address("panel-1"), "--rate", str(RATE), "--fires", "100", "--journal", str(self.journal))
        self.start("simulator", "simulate", "messages", *words)

    def settings(self) -> dict[str, str]:
        return {"ANGUAN_MQTT_URL": self.address("anguan")}

    def address(self, user: str) -> str:
        """How a user reaches the broker."""
        options = f"ca_file={quote(self.broker.broker.ca_file)}"
        return f"mqtts://{user}:{quote(USERS[user])}@{self.broker.broker}?{options}"

    def hit(self, victim: str, chance: random.Random) -> None:
        """Take them away, and bring back what nobody else does."""
        if "broker" in victim:
            self.broker.end()
        if "gateway" in victim:
            self.processes["gateway"].kill()
            self.processes["gateway"].wait()
        if "postmaster" in victim:
            for pid in self.postmasters():
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

    def catches_up(self, least: int) -> bool:
        """Whether so many messages are stored in time."""
        end = time.monotonic() + SECONDS_TO_COME_BACK
        while self.stored() < least:
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
        return True

    def end(self) -> None:
        super().end()
        self.broker.end()


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
                raise SystemExit(f"nothing arrives: {stage.log.read_text()[-2000:]}")
            for number in range(n):
                time.sleep(chance.random() * 2)
                victim = VICTIMS[number % len(VICTIMS)]
                began = time.monotonic()
                stage.hit(victim, chance)
                if not stage.catches_up(stage.confirmed() + 30):
                    faults.append(f"round {number}: after {victim} nothing goes on")
                    break
                longest = max(longest, time.monotonic() - began)
            said = stage.end_simulator()
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
