"""The working-day calendar as a plain value; knows neither Django nor a database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

_SATURDAY = 5


@dataclass(frozen=True)
class HolidayCalendar:
    """工作日历 by 放假 and 调休: weekends are off, holidays are off, make-up days are worked.

    `years` are those whose notice is loaded. Other years know weekends only, but for what a neighbour's notice says:
    New Year's notice may reach back into the last days of December.
    """

    version: str
    years: frozenset[int]
    holidays: frozenset[date]
    make_up_days: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """True when `day` is worked; where its year has no notice, Monday to Friday."""
        return day in self.make_up_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def has_notice(self, year: int) -> bool:
        """True when the holiday notice of `year` is loaded."""
        return year in self.years

    def with_notice(
        self, year: int, version: int, holidays: Iterable[date], make_up_days: Iterable[date]
    ) -> "HolidayCalendar":
        """This calendar with one year's notice in the place of whatever it knew of that year.

        Days outside the year that the notice names win over what was known of them; the rest of the neighbour stays.
        """
        off, worked = frozenset(holidays), frozenset(make_up_days)
        named = off | worked
        return replace(
            self,
            version=f"{self.version}+{year}.{version}",
            years=self.years | {year},
            holidays=frozenset(d for d in self.holidays if d.year != year and d not in named) | off,
            make_up_days=frozenset(d for d in self.make_up_days if d.year != year and d not in named) | worked,
        )


@cache
def shipped_calendar() -> HolidayCalendar:
    """The calendar of the installed `chinesecalendar` package, which carries the notices from 2004 on."""
    # Imported here: whoever only needs the type does not pay for the package's tables.
    import chinese_calendar
    from chinese_calendar.constants import holidays, workdays

    return HolidayCalendar(
        version=f"chinesecalendar-{chinese_calendar.__version__}",
        years=frozenset(day.year for day in holidays),
        holidays=frozenset(holidays),
        make_up_days=frozenset(workdays),
    )
