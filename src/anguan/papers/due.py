"""What falls due by itself: papers whose announcement has run its time."""

from datetime import datetime

from anguan.ground.access import SYSTEM
from anguan.ground.sweeps import sweep
from anguan.papers.services import serve_all_announced


@sweep(every_s=60)
def sweep_announced(now: datetime) -> int:
    """公告期满视为送达; returns how many papers took effect."""
    return serve_all_announced(actor=SYSTEM, now=now)
