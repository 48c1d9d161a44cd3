"""What falls due without anybody doing anything."""

from datetime import datetime

from anguan.ground.sweeps import sweep
from anguan.hazards.services import mark_overdue


@sweep(every_s=30)
def sweep_overdue(now: datetime) -> int:
    """逾期未改: terms that ran out since the last look."""
    return mark_overdue(now)
