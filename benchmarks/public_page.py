"""`public-page`: the public index over sixteen kept-alive connections: kept, made anew each time, and asked again.

The server is the one that `anguan demo` starts. `kept` asks one address; `made` asks another address each time, so that
no answer can be kept; `unchanged` sends the tag of the last answer and gets 304. The floor is the page made by Django's
test client in one process and one thread, past the keeping, while the server rests.
"""

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from anguan.supervisor import postgres
from benchmarks.page import CONNECTIONS, MOST_REQUESTS, ROUNDS_OF_FLOOR, SECONDS, WARMING, Load
from benchmarks.report import report
from benchmarks.running import demo, environment

PATH = "/public/"
SHOWN = "谁被抽查".encode()


class Public(Load):
    """The load of `page`, without anybody's cookie; `headers` are added, `anew` makes each address another one."""

    def __init__(self, address: str, *, headers: str = "", anew: bool = False, expected: bytes = SHOWN) -> None:
        super().__init__(address, PATH, "", expected)
        self.head = (
            f"Host: {self.host}:{self.port}\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n{headers}"
            "Connection: keep-alive\r\n\r\n"
        )
        self.anew, self.numbers = anew, itertools.count()

    @property
    def request(self) -> bytes:
        """The next request."""
        query = f"?n={next(self.numbers)}" if self.anew else ""
        return f"GET {PATH}{query} HTTP/1.1\r\n{self.head}".encode()

    @request.setter
    def request(self, made: bytes) -> None:
        """Made anew each time; what the other load prepared is not used."""


def floor() -> None:
    """Print how many pages a second one thread makes through Django's test client; runs in a process of its own."""
    import time

    import django

    django.setup()
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "zh-CN"})
    for number in range(-20, 0):
        assert SHOWN in client.get(PATH, {"n": number}).content
    start = time.perf_counter()
    for number in range(ROUNDS_OF_FLOOR):
        client.get(PATH, {"n": number})
    print(ROUNDS_OF_FLOOR / (time.perf_counter() - start))


def main() -> None:
    """Kept, made and unchanged in turn, then the floor."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        data = Path(folder) / "data"
        with demo(data) as platform:
            asked = urllib.request.Request(platform.address + PATH, headers={"Accept-Language": "zh-CN"})
            with urllib.request.urlopen(asked, timeout=30) as answer:
                tag = answer.headers["ETag"]
            kept = Public(platform.address)
            made = Public(platform.address, anew=True)
            unchanged = Public(platform.address, headers=f"If-None-Match: {tag}\r\n", expected=b"")
            unchanged.status = 304
            kept.run(WARMING, SECONDS)
            kept_rate = kept.run(MOST_REQUESTS, SECONDS)
            kept_p95 = _p95(kept.times)
            unchanged_rate = unchanged.run(MOST_REQUESTS, SECONDS)
            made.run(WARMING, SECONDS)
            rate = made.run(MOST_REQUESTS, SECONDS)
            env = environment(
                ANGUAN_DATA=str(data),
                DATABASE_URL=postgres.running_address(data) or "",
                DJANGO_SETTINGS_MODULE="anguan.settings",
            )
            command = [sys.executable, "-m", "benchmarks.public_page", "--floor"]
            plain = float(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout)
    errors = kept.errors + made.errors + unchanged.errors
    report(
        "public-page",
        rate,
        "1/s",
        plain,
        len(made.times),
        p50_ms=1000 * statistics.median(made.times),
        p95_ms=_p95(made.times),
        kept=kept_rate,
        kept_p95_ms=kept_p95,
        unchanged=unchanged_rate,
        connections=CONNECTIONS,
        errors=errors,
    )
    if errors:
        raise SystemExit(1)


def _p95(times: list[float]) -> float:
    return 1000 * sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anguan.settings")
    if sys.argv[1:] == ["--floor"]:
        floor()
    else:
        main()
