"""What inspections do when a hazard or the calendar changes."""

from datetime import datetime, time
from uuid import UUID

from django.db.models import Q

from anguan.ground import clock
from anguan.ground.access import SYSTEM, Actor
from anguan.ground.calendars.events import HolidayNoticeLoaded
from anguan.ground.events import on
from anguan.hazards.events import (
    FindingWithdrawn,
    HazardClosed,
    HazardOverdue,
    HazardReopened,
    HazardTransferred,
    RectificationReported,
    TransferReturned,
)
from anguan.hazards.models import Hazard
from anguan.inspections.events import VisitFinished
from anguan.inspections.models import Visit
from anguan.inspections.rules import VisitState
from anguan.inspections.services import visits
from anguan.inspections.services.joint import finish_joint_when_done
from anguan.papers.events import PaperServed, PaperVoided


def _recheck(hazard_id: int, asked_at: datetime) -> None:
    hazard = Hazard.objects.get(pk=hazard_id)
    if hazard.visit_uid is None:
        return
    # A hazard that another organ accepted is checked again by that one.
    visit = Visit.objects.filter(uid=hazard.visit_uid, organ=hazard.organ_id, state=VisitState.ORDERED).first()
    if visit is not None:
        visits.plan_recheck(parent=visit, asked_at=asked_at, actor=_clerk(visit), now=asked_at)


def _clerk(visit: Visit) -> Actor:
    return Actor(kind="system", id="", name=SYSTEM.name, organ_id=visit.organ_id)


@on(RectificationReported)
def plan_recheck_of_report(event: RectificationReported) -> None:
    """企业报告整改完成: the officers come again."""
    _recheck(event.hazard_id, event.reported_at)


@on(HazardOverdue)
def plan_recheck_of_overdue(event: HazardOverdue) -> None:
    """整改期限届满: the officers come again even though nobody reported."""
    # The term was over when its last day was; how late the sweep noticed lengthens nothing (rule D22).
    _recheck(event.hazard_id, datetime.combine(event.due_on, time.max, clock.CHINA))


@on(HazardReopened)
def order_reopened_hazard_again(event: HazardReopened) -> None:
    """隐患反复: its visit takes it up again, for it needs another order."""
    hazard = Hazard.objects.get(pk=event.hazard_id)
    if hazard.visit_uid is not None:
        _order_again(hazard.visit_uid)


@on(PaperVoided)
def order_again_after_void(event: PaperVoided) -> None:
    """责令限期整改指令书作废: the visit that it came from needs another one."""
    measures = Visit.objects.filter(measures=event.paper_id).first()
    if measures is not None:
        visits.measures_voided(paper_id=event.paper_id, actor=_clerk(measures), now=clock.now())
    for visit_uid in Visit.objects.filter(order=event.paper_id).values_list("uid", flat=True):
        _order_again(visit_uid)


def _order_again(visit_uid: UUID) -> None:
    visit = Visit.objects.filter(uid=visit_uid).first()
    if visit is not None:
        visits.order_again(visit_uid=visit_uid, actor=_clerk(visit), now=clock.now())


@on(PaperServed)
def go_on_after_service(event: PaperServed) -> None:
    """送达 from the office: the visit whose paper it is goes on."""
    visit = Visit.objects.filter(
        Q(order=event.paper_id) | Q(measures=event.paper_id) | Q(record=event.paper_id)
    ).first()
    if visit is not None:
        visits.paper_served(paper_id=event.paper_id, actor=_clerk(visit), now=event.served_at)


@on(HazardClosed)
def close_visit_of_closed_hazard(event: HazardClosed) -> None:
    """最后一条隐患销号: the visit is over."""
    _close(event.visit_uid, event.closed_at)


@on(FindingWithdrawn)
def close_visit_of_withdrawn_finding(event: FindingWithdrawn) -> None:
    """最后一条隐患撤销认定: nothing is left to see again, so the visit is over."""
    _close(event.visit_uid, event.withdrawn_at)


@on(HazardTransferred)
def close_visit_of_transferred_hazard(event: HazardTransferred) -> None:
    """最后一条隐患移送受理: another organ goes on with it, so the visit is over."""
    _close(Hazard.objects.get(pk=event.hazard_id).visit_uid, clock.now())


@on(TransferReturned)
def order_what_came_back(event: TransferReturned) -> None:
    """移送被退回 after the order: the visit takes the hazard up again, for nobody has ordered it yet.

    Before the order is served the officers draft it anew with this hazard; nothing has to move.
    """
    if event.visit_uid is None:
        return
    if Visit.objects.filter(uid=event.visit_uid, state__in=[VisitState.ORDERED, VisitState.CLOSED]).exists():
        _order_again(event.visit_uid)


def _close(visit_uid: UUID | None, now: datetime) -> None:
    visit = Visit.objects.filter(uid=visit_uid).first() if visit_uid is not None else None
    if visit is not None:
        visits.close_when_rectified(visit_uid=visit.uid, actor=_clerk(visit), now=now)


@on(VisitFinished)
def finish_joint_check(event: VisitFinished) -> None:
    """联合检查: over when its last organ is."""
    visit = Visit.objects.get(pk=event.visit_id)
    finish_joint_when_done(visit, _clerk(visit), event.finished_at)


@on(HolidayNoticeLoaded)
def count_publication_days_again(_event: HolidayNoticeLoaded) -> None:
    """节假日安排: days by which results must be public are counted again."""
    visits.count_again(actor=SYSTEM, now=clock.now())
