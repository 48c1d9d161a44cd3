"""What the calendar announces."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class HolidayNoticeLoaded:
    """A year's holiday notice came or was corrected: deadlines that touch days from `first_day` on are counted anew.

    `first_day` is usually 1 January of `year`, but a notice may reach back into the last days of December.
    """

    year: int
    version: int
    first_day: date
