"""What falls due without anybody doing anything."""

from datetime import datetime

from anguan.ground.sweeps import sweep
from anguan.inspections.services.batches import break_unopened
from anguan.inspections.services.visits import note_unapproved


@sweep(every_s=30)
def sweep_unopened(now: datetime) -> int:
    """逾期未开启秘密: batches whose parties did not open in time are broken, visibly."""
    return break_unopened(now)


@sweep(every_s=60)
def sweep_unapproved(now: datetime) -> int:
    """逾期未补办批准: emergency checks whose hours are over are told to the supervisor."""
    return note_unapproved(now)
