"""What papers do when the calendar changes."""

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.events import on
from anguan.papers.services import count_terms_again


@on(HolidayNoticeLoaded)
def settle_provisional_terms(event: HolidayNoticeLoaded) -> None:
    """节假日安排: terms of papers that touch that year are counted again."""
    count_terms_again(year=event.year, now=clock.now(), actor=Actor(kind="system", id="", name="系统"))
