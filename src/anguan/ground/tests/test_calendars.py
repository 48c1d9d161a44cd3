"""The working-day calendar: what ships, and what an administrator imports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest

from anguan.core.periods import Period, Unit, due
from anguan.ground.access import Actor
from anguan.ground.calendars import shipped_calendar
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.calendars.models import HolidayNotice
from anguan.ground.calendars.selectors import current_calendar, years_without_notice
from anguan.ground.calendars.services import NoticeRefused, import_notice
from anguan.ground.events import _handlers, on
from anguan.ground.models import AuditRecord

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ADMINISTRATOR = Actor(kind="user", id="1", name="系统管理员")

# An invented notice for 2027: a New Year that reaches back into December, and one make-up day.
HOLIDAYS_2027 = [
    date(2026, 12, 31),
    *(date(2027, 1, day) for day in (1, 2)),
    *(date(2027, 5, day) for day in range(1, 6)),
    *(date(2027, 10, day) for day in range(1, 8)),
]
MAKE_UP_DAYS_2027 = [date(2027, 1, 3), date(2027, 5, 8), date(2027, 10, 9)]


def load_2027(**changed: Any) -> HolidayNotice:
    words: dict[str, Any] = {
        "year": 2027,
        "holidays": HOLIDAYS_2027,
        "make_up_days": MAKE_UP_DAYS_2027,
        "source": "国务院办公厅关于2027年部分节假日安排的通知",
        "actor": ADMINISTRATOR,
        "now": NOW,
    }
    return import_notice(**(words | changed))


def counted_day_by_day(start: date, count: int) -> date:
    """The same by the slowest way there is, as an oracle that shares nothing with the code."""
    day = start
    while count > 0:
        day = day + timedelta(days=1)
        if chinese_calendar.is_workday(day):
            count = count - 1
    return day


def test_every_day_since_2004_is_worked_or_off_as_the_package_says() -> None:
    calendar = shipped_calendar()
    day = date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert calendar.has_notice(day.year)
        day += timedelta(days=1)


def test_years_that_are_not_announced_yet_know_weekends_only() -> None:
    calendar = shipped_calendar()
    assert not calendar.has_notice(2003)
    assert not calendar.has_notice(2027)
    assert calendar.is_working_day(date(2027, 1, 1))  # a Friday, and surely a holiday once announced
    assert not calendar.is_working_day(date(2027, 1, 2))


def test_working_days_agree_with_counting_day_by_day() -> None:
    calendar = shipped_calendar()
    start = date(2024, 1, 1)
    while start < date(2026, 11, 1):
        for count in (1, 3, 5, 7, 10, 20):
            result = due(start, Period(count, Unit.WORKING_DAYS), calendar)
            assert result.due == counted_day_by_day(start, count), (start, count)
            assert not result.provisional
        start += timedelta(days=1)


@pytest.mark.django_db
class TestImport:
    """An administrator loads the notice of a year."""

    @pytest.fixture(autouse=True)
    def _no_room_above_listens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(_handlers, HolidayNoticeLoaded, [])

    def test_an_imported_year_is_no_longer_provisional_and_honours_its_make_up_days(self) -> None:
        before = due(date(2026, 12, 30), Period(3, Unit.WORKING_DAYS), current_calendar())
        assert (before.due, before.provisional) == (date(2027, 1, 4), True)
        load_2027()
        calendar = current_calendar()
        after = due(date(2026, 12, 30), Period(3, Unit.WORKING_DAYS), calendar)
        # 12-31 to 01-02 are off, Sunday 01-03 is made up for.
        assert (after.due, after.provisional) == (date(2027, 1, 5), False)
        assert calendar.version.endswith("+2027.1")
        assert years_without_notice(2026, 2028) == [2028]

    def test_the_notice_of_a_year_leaves_its_neighbours_as_they_were(self) -> None:
        load_2027()
        calendar, shipped = current_calendar(), shipped_calendar()
        day = date(2026, 1, 1)
        while day < date(2026, 12, 31):
            assert calendar.is_working_day(day) == shipped.is_working_day(day)
            day += timedelta(days=1)

    def test_the_same_notice_again_changes_nothing(self) -> None:
        first = load_2027()
        assert load_2027(holidays=list(reversed(HOLIDAYS_2027))).pk == first.pk
        assert AuditRecord.objects.filter(action="ground.import_notice").count() == 1

    def test_a_corrected_notice_is_a_new_version_and_the_old_one_stays(self) -> None:
        load_2027()
        corrected = load_2027(make_up_days=[*MAKE_UP_DAYS_2027, date(2027, 10, 10)])
        assert corrected.version == 2
        assert HolidayNotice.objects.filter(year=2027).count() == 2
        assert current_calendar().is_working_day(date(2027, 10, 10))
        record = AuditRecord.objects.filter(action="ground.import_notice").latest("id")
        assert record.actor_name == "系统管理员"
        assert record.before is not None
        assert record.after is not None
        assert record.before["version"] == 1
        assert record.after["version"] == 2

    def test_a_corrected_older_year_keeps_what_the_later_notice_says_of_its_december(self) -> None:
        load_2027()
        shipped = shipped_calendar()
        import_notice(
            year=2026,
            holidays=[day for day in shipped.holidays if day.year == 2026],
            make_up_days=[day for day in shipped.make_up_days if day.year == 2026],
            source="更正",
            actor=ADMINISTRATOR,
            now=NOW,
        )
        assert not current_calendar().is_working_day(date(2026, 12, 31))

    def test_rooms_above_hear_from_which_day_on_deadlines_must_be_counted_anew(self) -> None:
        heard: list[HolidayNoticeLoaded] = []
        on(HolidayNoticeLoaded)(heard.append)
        load_2027()
        load_2027()
        assert heard == [HolidayNoticeLoaded(year=2027, version=1, first_day=date(2026, 12, 31))]

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            pytest.param({"source": " "}, "文号或网址", id="没有出处"),
            pytest.param({"holidays": [*HOLIDAYS_2027, date(2028, 1, 1)]}, "不属于 2027 年", id="下一年的日子"),
            pytest.param({"holidays": [*HOLIDAYS_2027, date(2026, 11, 30)]}, "不属于 2027 年", id="上一年十一月"),
            pytest.param({"make_up_days": [date(2027, 5, 1)]}, "既是放假日又是上班日", id="又放假又上班"),
            pytest.param({"make_up_days": [date(2027, 6, 1)]}, "本来就是工作日", id="调休在星期二"),
            pytest.param({"holidays": HOLIDAYS_2027[:3]}, "缺少 2027-05-01", id="少了劳动节"),
        ],
    )
    def test_what_cannot_be_a_notice_is_refused_with_the_reason(self, changed: dict[str, Any], sentence: str) -> None:
        with pytest.raises(NoticeRefused, match=sentence):
            load_2027(**changed)
        assert not HolidayNotice.objects.exists()
