"""工作日历: which days are worked in China, by the State Council's yearly notices.

Pure: imported notices come through `selectors`.
"""

from anguan.ground.calendars.holidays import HolidayCalendar, shipped_calendar

__all__ = ["HolidayCalendar", "shipped_calendar"]
