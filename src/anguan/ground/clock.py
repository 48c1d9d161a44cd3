"""The clock: read once at the edge of a request, command or sweep, and passed on from there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def local_day(moment: datetime) -> date:
    """The calendar day in China on which a moment falls; legal periods count such days."""
    return moment.astimezone(CHINA).date()
