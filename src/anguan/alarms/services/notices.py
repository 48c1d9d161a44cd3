"""动态: what screens have to show, numbered so that whoever has the last number has missed nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection

from anguan.alarms.models import Notice

CHANNEL: Final = "alarms_notice"
# Any number nobody else uses. Held from the first notice of a transaction until it commits.
_LOCK: Final = 0x616C6E6F


def announce(rows: Iterable[tuple[int, int, str]], now: datetime) -> None:
    """Add notices (organ, incident, what) and wake the listeners; the last thing a transaction does.

    The lock lets transactions with notices commit one after the other: a number that shows has no smaller one that
    shows later, so a screen that asks for everything after its last number misses nothing.
    """
    notices = [Notice(organ_id=organ, incident_id=incident, what=what, at=now) for organ, incident, what in rows]
    if not notices:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        made = Notice.objects.bulk_create(notices)
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(made[-1].pk)])
