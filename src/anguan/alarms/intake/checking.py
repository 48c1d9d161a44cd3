"""The stored intake compared with itself, and with the journal of whoever sent.

Gaps: of each start the numbers must run from 1 to the last without a hole; where routine frames have been dropped
already, from the first that is not older than what is still kept of them. Doubled signals: the same source, serial,
command and unit stored twice within the window in which they count as a resend.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from anguan.ground import clock
from anguan.ground.rules.selectors import rule


@dataclass(frozen=True)
class Found:
    """What a check found; all but `stored` and `journal` are faults."""

    stored: int
    gaps: int
    journal: int
    missing: int
    doubled_signals: int
    doubled_incidents: int
    missing_batches: int
    unreadable: int

    @property
    def is_sound(self) -> bool:
        """True when nothing is missing or doubled."""
        faults = asdict(self)
        return not any(faults[name] for name in faults if name not in {"stored", "journal"})

    def line(self) -> dict[str, int]:
        """As the command prints it."""
        return asdict(self)


_GAPS = """
WITH horizon AS (
    SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC') AS since
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'alarms_frame_routine'::regclass
), kept AS (
    SELECT f.start_id, f.number, s.started_at >= h.since AS whole
    FROM alarms_frame f JOIN alarms_intakestart s ON s.id = f.start_id CROSS JOIN horizon h
    WHERE f.received_at >= h.since
), counted AS (
    SELECT start_id, count(*) AS there, count(DISTINCT number) AS numbers, max(number) AS last,
        CASE WHEN bool_and(whole) THEN 1 ELSE min(number) END AS first
    FROM kept GROUP BY start_id
)
SELECT coalesce(sum(there), 0), coalesce(sum(last - first + 1 - numbers + there - numbers), 0) FROM counted
"""
# The unit of a frame on the wire lies between the 27 bytes before it and the three behind.
_DOUBLED = """
SELECT count(*) FROM (
    SELECT received_at - lag(received_at) OVER (
        PARTITION BY source, serial, command, client_id, substring(raw FROM 28 FOR greatest(octet_length(raw) - 30, 0))
        ORDER BY received_at) AS since
    FROM alarms_frame
    WHERE (transport IN (1, 2) AND command IS NOT NULL AND command <> 5) OR client_id IS NOT NULL
) AS pairs WHERE since < make_interval(secs => %s)
"""
# Clocks of two machines differ, and a frame may have been stored by its first sending and confirmed by its last.
_MISSING = """
SELECT count(*) FROM journal j WHERE NOT EXISTS (
    SELECT FROM alarms_frame f WHERE f.source = j.source AND f.raw = j.raw
    AND f.received_at BETWEEN j.sent_at - interval '60 seconds' AND j.acknowledged_at + interval '60 seconds')
"""
# One report may tell of a fault and take a fire back, or tell of both; of one kind it concerns one incident.
_INCIDENTS = """
SELECT count(*) FROM (
    SELECT s.start_id, s.number, s.index FROM alarms_incidentsignal s JOIN alarms_incident i ON i.id = s.incident_id
    GROUP BY s.start_id, s.number, s.index, i.kind HAVING count(DISTINCT s.incident_id) > 1) AS doubled
"""

# Each start counts its batches from 1. What a stream still holds of them is missing until it is drained.
_BATCHES = """
SELECT coalesce(sum(upper(s.batches) - 1 - there.count), 0)
FROM alarms_intakestart s, LATERAL (SELECT sum(upper(r) - lower(r)) AS count FROM unnest(s.batches) AS r) AS there
WHERE s.batches <> '{}'
"""


@transaction.atomic
def check(journal: Path | None = None) -> Found:
    """Compare; ValueError where the journal has a line that is none."""
    window = rule("resend-window", clock.local_day(clock.now())).values["seconds"]
    with connection.cursor() as cursor:
        cursor.execute(_GAPS)
        stored, gaps = cursor.fetchone()
        cursor.execute(_DOUBLED, [window])
        (doubled,) = cursor.fetchone()
        cursor.execute(_INCIDENTS)
        (incidents,) = cursor.fetchone()
        cursor.execute(_BATCHES)
        (batches,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM alarms_unreadablebatch")
        (unreadable,) = cursor.fetchone()
        told = missing = 0
        if journal is not None:
            cursor.execute(
                "CREATE TEMP TABLE journal (source text, raw bytea, sent_at timestamptz, acknowledged_at timestamptz)"
                " ON COMMIT DROP"
            )
            with cursor.copy("COPY journal FROM STDIN") as copy:
                for row in _lines(journal):
                    copy.write_row(row)
                    told += 1
            cursor.execute("ANALYZE journal")
            cursor.execute(_MISSING)
            (missing,) = cursor.fetchone()
    return Found(int(stored), int(gaps), told, missing, doubled, incidents, int(batches), unreadable)


def _lines(journal: Path) -> Iterator[tuple[str, bytes, datetime, datetime]]:
    with journal.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.endswith("\n"):
                # Its writer was killed in the middle of the line.
                return
            try:
                line: dict[str, Any] = json.loads(text)
                yield (
                    str(line["source"]),
                    bytes.fromhex(line["hex"]),
                    datetime.fromtimestamp(line["sent_at"], tz=clock.CHINA),
                    datetime.fromtimestamp(line["acknowledged_at"], tz=clock.CHINA),
                )
            except (ValueError, KeyError, TypeError):
                raise ValueError(f"line {number} of {journal} is no line of a journal") from None
