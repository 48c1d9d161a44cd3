"""动态: what screens have to show, numbered so that whoever has the last number has missed nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from anguan.alarms.services import sets

CHANNEL: Final = "alarms_notice"
# Any number nobody else uses. Held from the first notice of a transaction until it commits.
_LOCK: Final = 0x616C6E6F
_NOTICE: Final = {"organ_id": "bigint", "incident_id": "bigint", "what": "varchar", "at": "timestamptz"}


def announce(rows: Iterable[tuple[int, int, str]], now: datetime) -> None:
    """Add notices (organ, incident, what) and wake the listeners; the last thing a transaction does.

    The lock lets transactions with notices commit one after the other: a number that shows has no smaller one that
    shows later, so a screen that asks for everything after its last number misses nothing.
    """
    given = [(organ, incident, what, now) for organ, incident, what in rows]
    if not given:
        return
    sets.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    sets.insert("alarms_notice", _NOTICE, given)
    # The lock is ours, so the last number is one of these.
    sets.execute("SELECT pg_notify(%s, max(id)::text) FROM alarms_notice", (CHANNEL,))
