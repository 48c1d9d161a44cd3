"""What falls due without anybody doing anything."""

from datetime import datetime

from anguan.ground.sweeps import sweep
from anguan.inspections.services.batches import break_unopened


@sweep(every_s=30)
def sweep_unopened(now: datetime) -> int:
    """逾期未开启秘密: batches whose parties did not open in time are broken, visibly."""
    return break_unopened(now)
