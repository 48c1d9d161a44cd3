"""What hazards do when a paper or the calendar changes."""

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.events import on
from anguan.hazards import services
from anguan.papers.events import PaperServed, PaperVoided
from anguan.papers.models import Paper

RECTIFY_ORDER = "rectify_order"


def _clerk(paper: Paper) -> Actor:
    """The platform, on the chain of the organ whose paper it is."""
    return Actor(kind="system", id="", name="系统", organ_id=paper.handling_organ_id)


@on(PaperServed)
def start_term_of_order(event: PaperServed) -> None:
    """责令限期整改指令书送达: its hazards are being rectified from the moment of service."""
    if event.form == RECTIFY_ORDER:
        paper = Paper.objects.get(pk=event.paper_id)
        services.start_term(paper=paper, actor=_clerk(paper), now=event.served_at)


@on(PaperVoided)
def withdraw_voided_order(event: PaperVoided) -> None:
    """责令限期整改指令书作废: its hazards need another order."""
    if event.form == RECTIFY_ORDER:
        paper = Paper.objects.get(pk=event.paper_id)
        services.withdraw_order(paper=paper, actor=_clerk(paper), now=clock.now(), reason=event.reason)


@on(HolidayNoticeLoaded)
def settle_provisional_terms(event: HolidayNoticeLoaded) -> None:
    """节假日安排: terms that end in that year are no longer provisional."""
    actor = Actor(kind="system", id="", name="系统")
    services.count_again(year=event.year, now=clock.now(), actor=actor)
