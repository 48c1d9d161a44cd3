"""What hazards do when a paper or the calendar changes, or an alarm point protects nobody."""

from uuid import NAMESPACE_URL, uuid5

from anguan.alarms.events import PointShieldedTooLong
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.events import on
from anguan.hazards import services
from anguan.hazards.rules import Source
from anguan.papers.events import PaperServed, PaperVoided
from anguan.papers.models import Paper
from anguan.people.models import Organ
from anguan.registry.models import Enterprise

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


@on(PointShieldedTooLong)
def find_hazard_of_shielded_point(event: PointShieldedTooLong) -> None:
    """长期屏蔽: a detector that is switched off for too long is a hazard of whoever runs the building.

    Once for each time it was shielded; it waits for an officer to classify it. Of a building that nobody is known to
    run there is nobody to ask; the duty room still has the incident.
    """
    if event.enterprise_id is None:
        return
    enterprise = Enterprise.objects.select_related("merged_into").get(pk=event.enterprise_id)
    since = event.since.astimezone(clock.CHINA)
    services.find_hazard(
        uid=uuid5(NAMESPACE_URL, f"anguan:shielded-point:{event.outage_id}"),
        enterprise=enterprise.merged_into or enterprise,
        source=Source.ALARM,
        description=f"消防设施长期屏蔽：{event.place}自{since:%Y年%m月%d日 %H:%M}起屏蔽，至今未恢复"[:500],
        place=event.place[:100],
        organ=Organ.objects.get(pk=event.organ_id),
        actor=Actor(kind="rule", id="shielded-point", name="shielded-point", organ_id=event.organ_id),
        now=event.noticed_at,
    )
