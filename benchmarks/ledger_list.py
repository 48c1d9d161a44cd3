"""`ledger-list` and `ledger-count`: the list of hazards over a million rows, as the browser asks for it.

What is timed is the whole answer to the request that pager, filter chip or cursor sends: session, viewer, query,
template. The floor is the same keyset SQL, fetched with psycopg alone. `ledger-count` is the request for the total.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from anguan.supervisor import postgres
from benchmarks.report import report

LARGE, SMALL = 1_000_000, 10_000
DEEP = 499_900
# Common enough to fill a page of the small list too; the rare one is looked up instead of walked.
STATE, WORD = "closed", "消防"
RARE_STATE, RARE_WORD = "rectifying", "烟感探测器缺失"
RUNS, REQUESTS = 9, 15
_COLUMNS = (
    "h.id, h.uid, h.description, h.place, h.state, h.level, h.source, h.due_on, h.sort_due_on, h.due_provisional,"
    " h.found_at, e.name"
)
_FROM = f"SELECT {_COLUMNS} FROM hazards_hazard h JOIN registry_enterprise e ON e.id = h.enterprise_id"


class Side:
    """One database with a process that answers requests from it; the process stays warm between runs."""

    def __init__(self, server: postgres.Server, name: str, rows: int) -> None:
        with psycopg.connect(postgres.address_of(server.socket, "postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        self.url = postgres.address_of(server.socket, name)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.ledger_list", "--answer", str(rows)],
            env={**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "anguan.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def p50(self, url: str) -> float:
        """Median milliseconds of one run of requests for `url`."""
        return float(self._ask({"url": url})["p50"])

    def cursor_below(self, row: int) -> str:
        """The list's own cursor of the row so many rows in."""
        return str(self._ask({"row": row})["cursor"])

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()


def answer(rows: int) -> None:
    """The other process: load `rows` hazards, then answer questions from standard input."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from anguan.people.models import Organ, RoleGrant, User
    from anguan.ui.paging import encode_cursor
    from benchmarks.hazard_rows import load

    call_command("migrate", verbosity=0)
    load(rows)
    user = User.objects.create_user(username="officer", name="李执法")
    RoleGrant.objects.create(user=user, role="officer", organ=Organ.objects.get())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor_waived"] = True
    session.save()
    print("ready", flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if "row" in question:
            print(json.dumps({"cursor": encode_cursor([_id_of_row(question["row"])])}), flush=True)
            continue
        headers = {"HX-Request": "true", "HX-Target": "list"}
        times = []
        for _ in range(REQUESTS + 2):
            start = time.perf_counter()
            response = client.get(question["url"], headers=headers)
            times.append((time.perf_counter() - start) * 1000)
            assert response.status_code == 200, response.status_code
            if "/count/" not in question["url"]:
                assert response.content.count(b"data-panel") == 100
        print(json.dumps({"p50": statistics.median(times[2:])}), flush=True)


def _id_of_row(row: int) -> int:
    from anguan.hazards.models import Hazard

    return Hazard.objects.order_by("-id").values_list("pk", flat=True)[row - 1]


def _floor(url: str, sql: str, params: list[object]) -> float:
    with psycopg.connect(url) as connection:
        times = []
        for _ in range(RUNS * REQUESTS // 3):
            start = time.perf_counter()
            connection.execute(sql.encode(), params).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _alternating(large: Callable[[], float], small: Callable[[], float]) -> tuple[float, float]:
    pairs = [(large(), small()) for _ in range(RUNS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def main() -> None:
    """Load both sizes, measure in turns, print the lines."""
    filtered = f"/hazards/?state={STATE}&q={quote(WORD)}"
    with tempfile.TemporaryDirectory(prefix="anguan-bench") as folder:
        server = postgres.Server(postgres.DataFolder(Path(folder)).prepare())
        server.start()
        sides: list[Side] = []
        try:
            print(f"loading {SMALL} and {LARGE} hazards", file=sys.stderr)
            sides = [Side(server, "large", LARGE), Side(server, "small", SMALL)]
            large, small = sides
            first = _alternating(lambda: large.p50("/hazards/"), lambda: small.p50("/hazards/"))
            words = _alternating(lambda: large.p50(filtered), lambda: small.p50(filtered))
            rare_url = f"/hazards/?state={RARE_STATE}&q={quote(RARE_WORD)}"
            rare = statistics.median(large.p50(rare_url) for _ in range(RUNS))
            cursor = large.cursor_below(DEEP)
            deep = statistics.median(large.p50(f"/hazards/?cursor={cursor}") for _ in range(RUNS))
            floors = [
                _floor(large.url, f"{_FROM} ORDER BY h.id DESC LIMIT 101", []),
                _floor(
                    large.url,
                    f"{_FROM} WHERE h.state = %s AND h.search_text LIKE %s ORDER BY h.id DESC LIMIT 101",
                    [STATE, f"%{WORD}%"],
                ),
                _floor(
                    large.url,
                    f"{_FROM} WHERE h.id < %s ORDER BY h.id DESC LIMIT 101",
                    [LARGE - DEEP + 1],
                ),
            ]
            report("ledger-list/first", first[0], "ms", floors[0], LARGE)
            report("ledger-list/filtered", words[0], "ms", floors[1], LARGE)
            report("ledger-list/filtered-rare", rare, "ms", None, LARGE)
            report("ledger-list/deep", deep, "ms", floors[2], LARGE)
            report("ledger-list/first/growth", first[0] / first[1], "ratio to 10 000 rows", None, LARGE)
            report("ledger-list/filtered/growth", words[0] / words[1], "ratio to 10 000 rows", None, LARGE)
            count = "SELECT count(*) FROM hazards_hazard"
            report("ledger-count", large.p50("/hazards/count/"), "ms", _floor(large.url, count, []), LARGE)
            counted = f"{count} WHERE state = %s AND search_text LIKE %s"
            report(
                "ledger-count/filtered",
                large.p50(filtered.replace("/hazards/", "/hazards/count/")),
                "ms",
                _floor(large.url, counted, [STATE, f"%{WORD}%"]),
                LARGE,
            )
        finally:
            for side in sides:
                side.close()
            server.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--answer"]:
        answer(int(sys.argv[2]))
    else:
        main()
