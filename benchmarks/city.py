"""`desk` and `coverage`: an officer's desk, and whom nobody has checked yet, with a year of a city's data behind them.

What is timed is the whole answer: session, viewer, queries, template. The floor is the same SQL, which the page is made
to tell once, sent by psycopg alone over a connection of its own; for coverage the bare count of the same joins.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from anguan.supervisor import postgres
from benchmarks.report import report

REQUESTS, WARM = 200, 20
_JOINS = """
    SELECT firm.is_key, count(DISTINCT firm.id), count(DISTINCT visit.enterprise_id)
    FROM registry_enterprise firm LEFT JOIN inspections_visit visit
      ON visit.enterprise_id = firm.id AND visit.parent_id IS NULL
     AND visit.started_at >= '2026-01-01 00:00+08' AND visit.started_at < '2027-01-01 00:00+08'
     AND visit.category NOT IN ('obstructed', 'unreachable', 'no_activity')
    WHERE firm.merged_into_id IS NULL AND firm.status = 'operating' GROUP BY firm.is_key
"""


def answer() -> None:
    """Load the city, then answer each address on standard input with times and, once, with its statements."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from anguan.people.models import User
    from benchmarks import city_rows

    # Nobody collected the static files here; their hashed names are no part of what is timed.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()
    call_command("migrate", verbosity=0)
    city_rows.load()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="officer0"), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor_waived"] = True
    session.save()
    print("ready", flush=True)
    for line in sys.stdin:
        url = line.strip()
        with CaptureQueriesContext(connection) as told:
            response = client.get(url)
        assert response.status_code == 200, response.status_code
        times = []
        for _ in range(WARM + REQUESTS):
            start = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - start) * 1000)
        said = {"times": times[WARM:], "sql": [query["sql"] for query in told.captured_queries]}
        print(json.dumps(said), flush=True)


def _floor(url: str, statements: list[str]) -> float:
    """Median milliseconds of the statements, one after the other, by psycopg alone."""
    with psycopg.connect(url, autocommit=True) as connection:
        times = []
        for _ in range(REQUESTS // 4):
            start = time.perf_counter()
            for statement in statements:
                connection.execute(statement.encode()).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _line(name: str, said: dict[str, Any], floor: float, n: int) -> None:
    times = sorted(said["times"])
    report(
        name,
        times[int(len(times) * 0.95)],
        "ms p95",
        floor,
        n,
        p50_ms=statistics.median(times),
        queries=len(said["sql"]),
    )


def main() -> None:
    """One database, both pages in turn."""
    with tempfile.TemporaryDirectory(prefix="anguan-bench") as folder:
        server = postgres.Server(postgres.DataFolder(Path(folder)).prepare())
        server.start()
        process = None
        try:
            with psycopg.connect(postgres.address_of(server.socket, "postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE city")
            url = postgres.address_of(server.socket, "city")
            print("loading 20000 enterprises, 200000 visits and 1000000 hazards", file=sys.stderr)
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "benchmarks.city", "--answer"],
                env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "anguan.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise SystemExit("the city was not loaded")
            answers = {}
            for page in ("/", "/inspections/coverage/"):
                process.stdin.write(f"{page}\n")
                process.stdin.flush()
                answers[page] = json.loads(process.stdout.readline())
            _line("desk", answers["/"], _floor(url, _reads(answers["/"]["sql"])), 1_000_000)
            _line("coverage", answers["/inspections/coverage/"], _floor(url, [_JOINS]), 200_000)
        finally:
            if process is not None and process.stdin is not None:
                process.stdin.close()
                process.wait()
            server.stop()


def _reads(statements: list[str]) -> list[str]:
    return [statement for statement in statements if statement.lstrip().upper().startswith(("SELECT", "(", "WITH"))]


if __name__ == "__main__":
    if sys.argv[1:] == ["--answer"]:
        answer()
    else:
        main()
