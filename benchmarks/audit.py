"""`audit-record`, `audit-seal`, `audit-verify`: what it costs that every write is provable, against the bare rows."""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg

from anguan.supervisor import postgres
from benchmarks.report import report

RECORDS, ROUNDS, COMMITS = 100_000, 3, 1_500
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AFTER = {"state": "rectifying", "due_on": "2026-03-31", "order_id": 4711, "effective_at": "2026-03-02T17:00:00+08:00"}


def main() -> None:
    """One server, one database; floor and product in turn, medians."""
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.Server(postgres.DataFolder(Path(folder)).prepare())
        server.start()
        try:
            server.create_database()
            os.environ["DATABASE_URL"] = postgres.address_of(server.socket)
            os.environ["DJANGO_SETTINGS_MODULE"] = "anguan.settings"
            measure()
        finally:
            server.stop()


def measure() -> None:
    """Records one by one as acts write them, then many for the sealer and the check of the whole chain."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from anguan.ground import audit
    from anguan.ground.access import Actor

    call_command("migrate", verbosity=0)
    actor = Actor(kind="user", id="7", name="执法员示例", organ_id=1)

    def one() -> None:
        with transaction.atomic():
            audit.record(
                actor=actor, action="hazards.start_term", subject=("hazards.hazard", "7"), now=NOW, after=AFTER
            )

    with psycopg.connect(os.environ["DATABASE_URL"]) as bare:
        bare.execute("CREATE TABLE plain (id bigserial PRIMARY KEY, said jsonb, digest text)")
        bare.commit()
        said = json.dumps({"actor": "执法员示例", "action": "hazards.start_term", **AFTER})

        def floor() -> None:
            bare.execute("INSERT INTO plain (said, digest) VALUES (%s, %s)", (said, "0" * 64))
            bare.commit()

        pairs = [(rate(floor, COMMITS), rate(one, COMMITS)) for _ in range(ROUNDS)]
    report("audit-record", median(pairs, 1), "records/s", median(pairs, 0), COMMITS)
    audit.seal_all(NOW)

    entries = (audit.Entry("hazards.start_term", str(number), None, AFTER) for number in range(RECORDS))
    from anguan.ground.models import NumberSeries

    with transaction.atomic():
        audit.record_many(actor=actor, subject_type=NumberSeries, entries=entries, now=NOW)
    start = time.perf_counter()
    assert audit.seal_all(NOW) == RECORDS
    report("audit-seal", RECORDS / (time.perf_counter() - start), "records/s", None, RECORDS)

    rounds = []
    for _ in range(ROUNDS):
        count, seconds = plain_pass()
        start = time.perf_counter()
        found = audit.verify(NOW)
        assert found.fault is None
        assert found.records == count
        rounds.append((count / seconds, count / (time.perf_counter() - start)))
    report("audit-verify", median(rounds, 1), "records/s", median(rounds, 0), RECORDS)


def plain_pass() -> tuple[int, float]:
    """Read the same rows and hash as many bytes of each, with psycopg and nothing else."""
    start = time.perf_counter()
    count = 0
    with psycopg.connect(os.environ["DATABASE_URL"]) as bare, bare.cursor("pass") as cursor:
        cursor.itersize = 2000
        cursor.execute(
            "SELECT r.*, s.hash FROM ground_auditrecord r JOIN ground_auditseal s ON s.record_id = r.id"
            " ORDER BY s.chain, s.position"
        )
        for row in cursor:
            sha256(repr(row).encode()).digest()
            sha256(str(row[-1]).encode()).digest()
            count += 1
    return count, time.perf_counter() - start


def rate(act: Callable[[], None], times: int) -> float:
    """Acts a second."""
    start = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - start)


def median(pairs: list[tuple[float, float]], side: int) -> float:
    """The median of one side of the rounds."""
    return statistics.median(pair[side] for pair in pairs)


if __name__ == "__main__":
    main()
