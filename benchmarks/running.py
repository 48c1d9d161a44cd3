"""A platform that runs for the length of a measurement, as its users start it, and somebody who has logged in."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from anguan.supervisor.processes import command_line

SECONDS_TO_COME_UP = 300


@dataclass(frozen=True)
class Platform:
    """What the command printed: where it is, and the one-time codes by username."""

    address: str
    codes: dict[str, str]
    process: subprocess.Popen[str]
    seconds: float
    """From the start of the command to the line that says ready."""


def environment(**more: str) -> dict[str, str]:
    """This process's, without what would lead the platform to another database."""
    ours = ("DATABASE_URL", "ANGUAN_", "DJANGO_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)} | more


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[Platform]:
    """Start a platform by any command that ends in `anguan up` or `anguan demo`; Ctrl-C for it afterwards."""
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, env=env or environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        yield _until_ready(process, process.stdout, started)
    finally:
        # The command leads a session of its own: as in a terminal, all of it gets the Ctrl-C.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


@contextmanager
def demo(data: Path) -> Iterator[Platform]:
    """`anguan demo` of this clone on a data folder."""
    with running(command_line("demo", "--data", str(data), "--port", str(free_port()), "--gateway", "off")) as platform:
        yield platform


def _until_ready(process: subprocess.Popen[str], output: IO[str], started: float) -> Platform:
    address, codes, ready_at = "", {}, 0.0
    said: list[str] = []
    for line in output:
        said.append(line)
        if found := re.search(r"ready: (http://\S+?)/?$", line.rstrip()):
            address, ready_at = found.group(1), time.monotonic()
        elif found := re.match(r"  (\w+)\s+([A-Z0-9]{5}(?:-[A-Z0-9]{5})+)\s", line):
            codes[found.group(1)] = found.group(2)
        elif line.startswith("Ctrl-C stops"):
            return Platform(address, codes, process, ready_at - started)
    raise SystemExit("the platform did not come up:\n" + "".join(said[-20:]))


class Visitor:
    """Somebody with a browser's cookies; `enter` logs in by a one-time code."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self._opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        """The page that answers a form; raises OSError where the server can't be reached or says no."""
        words = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookies().get("csrftoken", ""), **fields})
        with self._opener.open(self.address + path, words.encode(), timeout=30) as answer:
            return str(answer.read().decode())

    def enter(self, code: str) -> "Visitor":
        """Log in; returns this visitor."""
        self.get("/enter/")
        self.post("/enter/", code=code)
        if "sessionid" not in self.cookies():
            raise SystemExit("the one-time code did not let us in")
        return self

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}
