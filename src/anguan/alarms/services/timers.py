"""时限: how long each timer runs by the rule in force."""

from datetime import datetime
from typing import Any

from anguan.alarms.rules.incidents import Seconds
from anguan.ground import clock
from anguan.ground.rules.selectors import rule


def seconds_on(now: datetime) -> Seconds:
    """The seconds of each timer for each kind of incident."""
    found = rule("alarm-timers", clock.local_day(now))
    rows: list[dict[str, Any]] = found.values["rows"]
    return Seconds({(row["kind"], row["timer"]): row["seconds"] for row in rows}, found.version)
