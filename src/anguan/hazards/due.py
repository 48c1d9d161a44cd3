"""What falls due without anybody doing anything."""

from datetime import datetime

from anguan.ground.sweeps import sweep
from anguan.hazards.services import hash_missing_photos, lapse_extensions, mark_overdue


@sweep(every_s=30)
def sweep_overdue(now: datetime) -> int:
    """逾期未改: terms that ran out since the last look."""
    return mark_overdue(now)


@sweep(every_s=30)
def sweep_extensions(now: datetime) -> int:
    """期满未决定: applications for more time that ended with the term."""
    return lapse_extensions(now)


@sweep(every_s=60)
def sweep_photo_hashes(now: datetime) -> int:
    """补算指纹: pictures that have no numbers yet, or those of an older algorithm."""
    return hash_missing_photos(now)
