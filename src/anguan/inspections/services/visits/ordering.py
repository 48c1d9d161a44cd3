"""责令与送达: one order for what was found; it takes effect by service."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    NotAllowed,
    Outcome,
    VisitAction,
    VisitKind,
    VisitState,
    advance_visit,
    category_of,
)
from anguan.inspections.rules.records import local_text
from anguan.inspections.selectors import answers_of, bases_of, team_of
from anguan.inspections.services.visits.acting import check_approved, locked, officer_on, told
from anguan.inspections.services.visits.rechecking import close_when_rectified, finish_recheck, recheck_what_waits
from anguan.inspections.services.visits.results import finish
from anguan.papers import services as papers
from anguan.papers.rules import PaperState
from anguan.people.rules import Matter


@transaction.atomic
def draft_order(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """拟责令限期整改指令书: one order for all hazards of the visit, each with its day."""
    visit = locked(visit)
    officer_on(visit, actor)
    found = list(to_be_ordered(visit).select_related("checklist_item").order_by("pk"))
    if visit.is_recheck or not found:
        raise NotAllowed(_("这次检查没有需要责令整改的隐患。"))
    check_approved(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.DRAFT_ORDER)
    assert visit.started_at is not None
    visit.order = papers.draft_paper(
        form="rectify_order",
        enterprise=visit.enterprise,
        handling_organ=visit.organ,
        body={
            "legal_basis": bases_of(visit.organ, Matter.ORDER, clock.local_day(now)),
            "checked_at": local_text(visit.started_at),
            "place": visit.enterprise.address,
            "problems": [
                {
                    "no": number,
                    "text": f"{hazard.place}：{hazard.description}" if hazard.place else hazard.description,
                    "basis": hazard.violation_basis,
                    "due_on": hazard.due_on.isoformat() if hazard.due_on else "",
                    "hazard_uid": str(hazard.uid),
                }
                for number, hazard in enumerate(found, start=1)
            ],
        },
        answers=visit.record,
        actor=actor,
        now=now,
    )
    hazards.attach_order(hazards=found, paper=visit.order, actor=actor, now=now)
    visit.state = state
    visit.save(update_fields=["order", "state"])
    told(visit, "inspections.draft_order", VisitState.RECORD_ISSUED, actor, now)
    return visit


@transaction.atomic
def issue_order(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """出具指令书: it gets its number; it takes effect by service."""
    visit = locked(visit)
    officer_on(visit, actor)
    if visit.state != VisitState.ORDER_DRAFTED or visit.order is None:
        raise NotAllowed(_("先拟好责令限期整改指令书，才能出具。"))
    visit.order = papers.issue_paper(paper=visit.order, actor=actor, now=now)
    return visit


@transaction.atomic
def serve(
    *,
    visit: Visit,
    method: str,
    receiver: str,
    place: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    image: bytes | None = None,
    note: str = "",
) -> Visit:
    """送达: hand over whatever was issued and not served, on the spot; an order takes effect, and the check is over.

    Idempotent on `uid`.
    """
    visit = locked(visit)
    officer_on(visit, actor)
    if visit.state in {VisitState.ORDERED, VisitState.CLOSED}:
        return visit
    is_recheck = visit.kind == VisitKind.RECHECK
    is_measure = visit.state == VisitState.MEASURES_DRAFTED
    action = VisitAction.SERVE_MEASURES if is_measure else VisitAction.SERVE_ORDER
    state = advance_visit(VisitState(visit.state), VisitAction.CLOSE if is_recheck else action)
    waiting = [
        paper for paper in (visit.record, visit.measures, visit.order) if paper is not None and not paper.was_served
    ]
    before = VisitState(visit.state)
    # Written first: `paper_served` then finds nothing left to do.
    visit.state = state
    visit.save(update_fields=["state"])
    papers.serve_papers(
        papers=waiting,
        method=method,
        receiver=receiver,
        place=place,
        servers=[row.officer for row in team_of(visit) if row.arrived_at],
        image=image,
        note=note,
        uid=uid,
        actor=actor,
        now=now,
    )
    told(visit, "inspections.serve", before, actor, now)
    if is_measure:
        close_when_rectified(visit_uid=visit.uid, actor=actor, now=now)
    else:
        _after_service(visit, actor, now)
    return visit


def _after_service(visit: Visit, actor: Actor, now: datetime) -> None:
    if visit.kind == VisitKind.RECHECK:
        finish_recheck(visit, actor, now)
        return
    answers = answers_of(visit)
    finish(visit, category_of(Outcome(answer.outcome) for answer in answers), actor, now)
    recheck_what_waits(visit, actor, now)


@transaction.atomic
def paper_served(*, paper_id: int, actor: Actor, now: datetime) -> Visit | None:
    """送达 from the office, by mail or left: the visit goes on as if it had been served on the spot."""
    visit = (
        Visit.objects.filter(order=paper_id, state=VisitState.ORDER_DRAFTED).first()
        or Visit.objects.filter(measures=paper_id, state=VisitState.MEASURES_DRAFTED).first()
        or Visit.objects.filter(record=paper_id, kind=VisitKind.RECHECK, state=VisitState.RECORD_ISSUED).first()
    )
    if visit is None:
        return None
    visit = locked(visit)
    before = VisitState(visit.state)
    is_recheck = visit.kind == VisitKind.RECHECK
    is_measure = before is VisitState.MEASURES_DRAFTED
    action = VisitAction.SERVE_MEASURES if is_measure else VisitAction.SERVE_ORDER
    visit.state = advance_visit(before, VisitAction.CLOSE if is_recheck else action)
    visit.save(update_fields=["state"])
    told(visit, "inspections.serve", before, actor, now)
    if is_measure:
        close_when_rectified(visit_uid=visit.uid, actor=actor, now=now)
    else:
        _after_service(visit, actor, now)
    return visit


@transaction.atomic
def order_again(*, visit_uid: UUID, actor: Actor, now: datetime) -> Visit | None:
    """另行责令: an order was voided, or a hazard came back; the officers draft another order from the same record."""
    visit = (
        Visit.objects.filter(uid=visit_uid, parent__isnull=True)
        .exclude(state__in=[VisitState.RECORD_ISSUED, VisitState.MEASURES_DRAFTED])
        .first()
    )
    if visit is None:
        return None
    visit = locked(visit)
    # An order that was voided before its service leaves nothing to serve, even where its hazards went elsewhere.
    is_undone = (
        visit.state == VisitState.ORDER_DRAFTED and visit.order is not None and visit.order.state == PaperState.VOID
    )
    if not is_undone and not to_be_ordered(visit).exists():
        return None
    before = VisitState(visit.state)
    visit.state = advance_visit(before, VisitAction.ORDER_AGAIN)
    visit.order = visit.closed_at = None
    visit.save(update_fields=["state", "order", "closed_at"])
    told(visit, "inspections.order_again", before, actor, now)
    close_when_rectified(visit_uid=visit.uid, actor=actor, now=now)
    return visit


def to_be_ordered(visit: Visit) -> QuerySet[Hazard]:
    return Hazard.objects.filter(visit_uid=visit.uid, organ=visit.organ_id, state__in=["classified", "reopened"])
