"""Reads of the working-day calendar with what an administrator imported."""

from datetime import date

from anguan.ground.calendars.holidays import HolidayCalendar, shipped_calendar
from anguan.ground.calendars.models import HolidayNotice


def current_calendar() -> HolidayCalendar:
    """The shipped calendar with the newest imported notice of each year in its place; one query."""
    newest: dict[int, HolidayNotice] = {}
    for notice in HolidayNotice.objects.order_by("year", "version"):
        newest[notice.year] = notice
    calendar = shipped_calendar()
    # From the oldest year on: a later notice's word on the December before it stands.
    for year, notice in newest.items():
        calendar = calendar.with_notice(year, notice.version, days_of(notice.holidays), days_of(notice.make_up_days))
    return calendar


def years_without_notice(first: int, last: int) -> list[int]:
    """The years from `first` to `last` whose deadlines are provisional, for `anguan check` and the calendar page."""
    calendar = current_calendar()
    return [year for year in range(first, last + 1) if not calendar.has_notice(year)]


def notices() -> list[HolidayNotice]:
    """All imported notices, newest year and version first."""
    return list(HolidayNotice.objects.order_by("-year", "-version"))


def days_of(texts: list[str]) -> list[date]:
    """Stored ISO dates as days."""
    return [date.fromisoformat(text) for text in texts]
