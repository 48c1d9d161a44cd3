"""Import of a year's holiday notice."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground.access import Actor
from anguan.ground.audit import record
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.calendars.models import HolidayNotice
from anguan.ground.events import publish

_SATURDAY = 5
# 元旦、劳动节、国庆节 (全国年节及纪念日放假办法): every notice names these days, so a list without them is incomplete.
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1))


class NoticeRefused(ValueError):
    """The days can't be a holiday notice; the message says which and why."""


@transaction.atomic
def import_notice(
    *,
    year: int,
    holidays: Collection[date],
    make_up_days: Collection[date],
    source: str,
    actor: Actor,
    now: datetime,
) -> HolidayNotice:
    """Load the 节假日安排通知 of `year`: the days off (weekends among them may be left out) and the 调休 days worked.

    A second, different list for the year becomes its next version; the same list again changes nothing. `source` is
    the notice's number or address. Announces `HolidayNoticeLoaded`. Raises `NoticeRefused`.
    """
    _refuse_impossible(year, holidays, make_up_days, source)
    off = [day.isoformat() for day in sorted(set(holidays))]
    worked = [day.isoformat() for day in sorted(set(make_up_days))]
    latest = HolidayNotice.objects.select_for_update().filter(year=year).order_by("-version").first()
    if latest is not None and (latest.holidays, latest.make_up_days) == (off, worked):
        return latest
    notice = HolidayNotice.objects.create(
        year=year,
        version=1 if latest is None else latest.version + 1,
        holidays=off,
        make_up_days=worked,
        source=source.strip(),
        imported_at=now,
        imported_by=actor.name,
    )
    record(
        actor=actor,
        action="ground.import_notice",
        subject=notice,
        before=None if latest is None else _plain(latest),
        after=_plain(notice),
        now=now,
    )
    first_day = min(date(year, 1, 1), *holidays, *make_up_days)
    publish(HolidayNoticeLoaded(year=year, version=notice.version, first_day=first_day))
    return notice


def _refuse_impossible(year: int, holidays: Collection[date], make_up_days: Collection[date], source: str) -> None:
    if not source.strip():
        raise NoticeRefused(_("请写明通知的文号或网址。"))
    for day in sorted({*holidays, *make_up_days}):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise NoticeRefused(
                _("%(day)s 不属于 %(year)d 年的通知；通知只写当年和上一年十二月的日子。") % {"day": day, "year": year}
            )
    for day in sorted(set(holidays) & set(make_up_days)):
        raise NoticeRefused(_("%(day)s 既是放假日又是上班日，只能取一样。") % {"day": day})
    for day in sorted(make_up_days):
        if day.weekday() < _SATURDAY:
            raise NoticeRefused(_("%(day)s 本来就是工作日；调休上班日只能是星期六或星期日。") % {"day": day})
    for month, number in _FIXED_HOLIDAYS:
        if date(year, month, number) not in holidays:
            raise NoticeRefused(_("放假日里缺少 %(day)s，请补全后再导入。") % {"day": date(year, month, number)})


def _plain(notice: HolidayNotice) -> dict[str, object]:
    return {
        "year": notice.year,
        "version": notice.version,
        "holidays": notice.holidays,
        "make_up_days": notice.make_up_days,
        "source": notice.source,
    }
