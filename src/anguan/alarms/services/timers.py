"""时限: how long each timer runs by the rule in force, and beginning many at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from anguan.alarms.rules.incidents import IncidentKind, Seconds, Timer
from anguan.alarms.services import sets
from anguan.ground import clock
from anguan.ground.rules.selectors import rule

_TIMER: Final = {
    "incident_id": "bigint",
    "timer": "varchar",
    "started_at": "timestamptz",
    "due_at": "timestamptz",
    "rule_version": "integer",
}


def seconds_on(now: datetime) -> Seconds:
    """The seconds of each timer for each kind of incident."""
    found = rule("alarm-timers", clock.local_day(now))
    rows: list[dict[str, Any]] = found.values["rows"]
    return Seconds({(row["kind"], row["timer"]): row["seconds"] for row in rows}, found.version)


def start_timers(wanted: Iterable[tuple[int, IncidentKind, Timer, datetime]], now: datetime) -> None:
    """Begin timers (incident, its kind, which, since when) that run for their kind and don't run yet."""
    seconds = seconds_on(now)
    sets.insert(
        "alarms_incidenttimer",
        _TIMER,
        (
            (incident_id, timer.value, since, since + timedelta(seconds=allowed), seconds.version)
            for incident_id, kind, timer, since in wanted
            if (allowed := seconds.of(kind, timer)) is not None
        ),
        then="ON CONFLICT DO NOTHING",
    )
