"""`page`: the desk of an officer, over sixteen kept-alive connections to the server that `anguan demo` starts."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from anguan.supervisor import postgres
from benchmarks.report import report
from benchmarks.running import Visitor, demo, environment

CONNECTIONS = 16
SECONDS = 8.0
MOST_REQUESTS = 1500
WARMING = 160
ROUNDS_OF_FLOOR = 200
OFFICER = "officer1"
# Stands on this officer's desk alone, on no log-in page.
SHOWN = "执法员甲".encode()


class Load:
    """Requests that are sent one after the other on each of several connections."""

    def __init__(self, address: str, path: str, cookie: str, expected: bytes) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: sessionid={cookie}\r\n"
            "Accept: text/html\r\nAccept-Language: zh-CN\r\nConnection: keep-alive\r\n\r\n"
        ).encode()
        self.expected = expected
        self.status = 200
        self.times: list[float] = []
        self.errors = 0

    def run(self, most: int, seconds: float) -> float:
        """Requests a second, over so many requests or seconds, whichever are sooner over."""
        self.times.clear()
        self.left, self.end = most, time.perf_counter() + seconds
        began = time.perf_counter()
        asyncio.run(self._all())
        return len(self.times) / (time.perf_counter() - began)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(CONNECTIONS)))

    async def _one(self) -> None:
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            self.errors += 1
            return
        while self.left > 0 and time.perf_counter() < self.end:
            self.left -= 1
            start = time.perf_counter()
            try:
                writer.write(self.request)
                status, body = await _answer(reader)
            except (OSError, EOFError, ValueError):
                self.errors += 1
                break
            self.times.append(time.perf_counter() - start)
            if status != self.status or self.expected not in body:
                self.errors += 1
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    status = int(head[0].split()[1])
    if status == 304:
        return status, b""
    if "content-length" in fields:
        return status, await reader.readexactly(int(fields["content-length"]))
    chunks = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return status, b"".join(chunks)


def floor(cookie: str) -> None:
    """Print how many desks a second one thread renders through Django's test client; runs in a process of its own."""
    import django

    django.setup()
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "zh-CN"})
    client.cookies["sessionid"] = cookie
    for _ in range(20):
        answer = client.get("/")
        assert answer.status_code == 200, answer.status_code
        assert SHOWN in answer.content
    start = time.perf_counter()
    for _ in range(ROUNDS_OF_FLOOR):
        client.get("/")
    print(ROUNDS_OF_FLOOR / (time.perf_counter() - start))


def main() -> None:
    """Desk, trivial view and floor in turn; the rates over the real server are sums over all its processes."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        data = Path(folder) / "data"
        with demo(data) as platform:
            cookie = Visitor(platform.address).enter(platform.codes[OFFICER]).cookies()["sessionid"]
            desk = Load(platform.address, "/", cookie, SHOWN)
            trivial = Load(platform.address, "/healthz", cookie, b"ok")
            desk.run(WARMING, SECONDS)
            rate = desk.run(MOST_REQUESTS, SECONDS)
            times = sorted(desk.times)
            trivial_rate = trivial.run(MOST_REQUESTS, SECONDS)
            env = environment(
                ANGUAN_DATA=str(data),
                DATABASE_URL=postgres.running_address(data) or "",
                DJANGO_SETTINGS_MODULE="anguan.settings",
            )
            command = [sys.executable, "-m", "benchmarks.page", cookie]
            plain = float(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout)
    report(
        "page",
        rate,
        "1/s",
        plain,
        len(times),
        p50_ms=1000 * statistics.median(times),
        p95_ms=1000 * times[int(len(times) * 0.95)],
        trivial=trivial_rate,
        connections=CONNECTIONS,
        errors=desk.errors + trivial.errors,
    )
    if desk.errors + trivial.errors:
        raise SystemExit(1)


if __name__ == "__main__":
    if sys.argv[1:]:
        floor(sys.argv[1])
    else:
        main()
