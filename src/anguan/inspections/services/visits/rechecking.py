"""复查: the officers come again, within the period of rule D22."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from anguan.core import periods
from anguan.core.periods import Period
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.events import publish
from anguan.ground.rules.selectors import rule
from anguan.hazards.models import Hazard
from anguan.hazards.rules import State
from anguan.inspections.events import VisitFinished
from anguan.inspections.models import Visit, VisitOfficer
from anguan.inspections.rules import (
    MAY_BE_CALLED_OFF,
    CountClass,
    Outcome,
    ResultCategory,
    Trigger,
    VisitAction,
    VisitKind,
    VisitState,
    advance_visit,
)
from anguan.inspections.selectors import answers_of, hazards_to_recheck, open_hazards_of, team_of
from anguan.inspections.services.batches import finish_batch_when_done
from anguan.inspections.services.taking_up import ensure_code
from anguan.inspections.services.visits.acting import locked
from anguan.inspections.services.visits.results import close, finish
from anguan.papers import services as papers

RECHECK_RULE = "D22"
# What waits for nothing but its hazards: the order that was served, or the record when nothing is left to order.
_WAITS_FOR_HAZARDS = (VisitState.ORDERED, VisitState.RECORD_ISSUED)


@transaction.atomic
def plan_recheck(*, parent: Visit, asked_at: datetime, actor: Actor, now: datetime) -> Visit | None:
    """安排复查: the officers of the visit come again, within the period of rule D22 after `asked_at`.

    It needs no approval of its own: it follows from the order. None when one is planned already or nothing is ordered.
    """
    parent = locked(parent)
    if parent.state != VisitState.ORDERED or parent.rechecks.exclude(state=VisitState.CLOSED).exists():
        return None
    asked_on = clock.local_day(asked_at)
    found = rule(RECHECK_RULE, asked_on)
    assert found.count is not None
    assert found.unit is not None
    due = periods.due(asked_on, Period(found.count, found.unit, found.roll_forward), current_calendar())
    visit = Visit.objects.create(
        uid=uuid7(),
        kind=VisitKind.RECHECK,
        count_class=CountClass.NONE,
        trigger=Trigger.ORDER_ISSUED,
        clue=str(parent.order or "")[:100],
        parent=parent,
        enterprise=parent.enterprise,
        organ=parent.organ,
        item=parent.item,
        checklist=parent.checklist,
        due_on=due.day,
        due_is_provisional=due.provisional,
        approved_at=now,
        approved_by_name=parent.approved_by_name,
    )
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=row.officer, position=row.position) for row in team_of(parent)
    )
    ensure_code(visit, now)
    audit.record(
        actor=actor,
        action="inspections.plan_recheck",
        subject=visit,
        now=now,
        after=audit.snapshot(visit, "parent_id", "due_on", "state"),
    )
    return visit


def finish_recheck(visit: Visit, actor: Actor, now: datetime) -> None:
    assert visit.parent is not None
    left = any(answer.outcome == Outcome.FAILS for answer in answers_of(visit))
    visit.closed_at = now
    visit.finished_at = now
    visit.category = ResultCategory.PENDING if left else ResultCategory.NO_PROBLEM
    visit.save(update_fields=["closed_at", "finished_at", "category"])
    publish(VisitFinished(visit.pk, visit.enterprise_id, visit.category, now, None))
    if not close_when_rectified(visit_uid=visit.parent.uid, actor=actor, now=now):
        recheck_what_waits(visit.parent, actor, now)


def recheck_what_waits(visit: Visit, actor: Actor, now: datetime) -> None:
    """What was reported while a recheck went on, or while another order was drafted, still waits for its own."""
    waiting = open_hazards_of(visit).filter(state="reported").order_by("reported_at").first()
    if waiting is not None and waiting.reported_at is not None:
        plan_recheck(parent=visit, asked_at=waiting.reported_at, actor=actor, now=now)


def _call_off_if_empty(recheck: Visit, actor: Actor, now: datetime) -> None:
    """终止复查 that has nothing left to look at: its hazards ended in the office, or another organ took them over.

    It has no result, for nothing was found; an opinion that was drafted meanwhile is voided.
    """
    assert recheck.parent is not None
    before = VisitState(recheck.state)
    if before not in MAY_BE_CALLED_OFF or hazards_to_recheck(recheck):
        return
    if recheck.record is not None and recheck.record.is_issued:
        # The office has issued the opinion; it says what was seen and is served.
        return
    # One that is on its way to another organ may come back, and the officers are there: they wait for it.
    if before is not VisitState.APPROVED and open_hazards_of(recheck.parent).exists():
        return
    recheck.state = advance_visit(before, VisitAction.CALL_OFF)
    recheck.note, recheck.closed_at = _why_nothing_is_left(recheck.parent), now
    if recheck.record is not None:
        papers.void_paper(paper=recheck.record, reason=recheck.note, actor=actor, now=now)
    recheck.save(update_fields=["state", "note", "closed_at"])
    audit.record(
        actor=actor,
        action="inspections.call_off_recheck",
        subject=recheck,
        now=now,
        before={"state": before},
        after=audit.snapshot(recheck, "state", "note", "record_id"),
    )


def _why_nothing_is_left(parent: Visit) -> str:
    """What became of the hazards of an order, counted."""
    words: Counter[str] = Counter()
    for hazard in Hazard.objects.filter(visit_uid=parent.uid):
        handed_over = hazard.organ_id != parent.organ_id
        words["已由其他机关受理" if handed_over else State(hazard.state).label] += 1
    return "没有可以复查的隐患，复查终止：" + "，".join(f"{count}条{word}" for word, count in sorted(words.items()))


@transaction.atomic
def close_when_rectified(*, visit_uid: UUID, actor: Actor, now: datetime) -> bool:
    """办结: a visit is closed with its last hazard, however that one left its hands; True when that is now."""
    visit = Visit.objects.filter(uid=visit_uid, parent__isnull=True, state__in=_WAITS_FOR_HAZARDS).first()
    if visit is None:
        return False
    visit = locked(visit)
    if visit.state not in _WAITS_FOR_HAZARDS:
        return False
    for recheck in visit.rechecks.filter(state__in=sorted(MAY_BE_CALLED_OFF)).order_by("pk"):
        _call_off_if_empty(locked(recheck), actor, now)
    if open_hazards_of(visit).exists():
        return False
    # Hazards are closed before the opinion on them is served: the recheck has to be over as well.
    if visit.rechecks.exclude(state=VisitState.CLOSED).exists():
        return False
    was_ordered = visit.state == VisitState.ORDERED
    close(visit, actor, now)
    if not was_ordered:
        # Whatever was found is another organ's now, and nothing was ordered here; a result that stands stays.
        finish(visit, ResultCategory.PENDING, actor, now)
        if visit.batch is not None:
            finish_batch_when_done(batch=visit.batch, actor=actor, now=now)
    return True
