"""结果: how a visit ends, and what of it becomes public by when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.core import periods
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.events import publish
from anguan.ground.rules.selectors import rule
from anguan.inspections.events import ResultPublished, VisitFinished
from anguan.inspections.models import Publication, Visit
from anguan.inspections.rules import (
    NotAllowed,
    ResultCategory,
    VisitAction,
    VisitState,
    advance_visit,
)
from anguan.inspections.services.batches import finish_batch_when_done
from anguan.inspections.services.visits.acting import told

RESULT_RULE = "D21"


def close(visit: Visit, actor: Actor, now: datetime) -> None:
    before = VisitState(visit.state)
    visit.state = advance_visit(before, VisitAction.CLOSE)
    visit.closed_at = now
    visit.save(update_fields=["state", "closed_at"])
    told(visit, "inspections.close_visit", before, actor, now)


def finish(visit: Visit, category: ResultCategory, actor: Actor, now: datetime) -> None:
    """检查结束: set the result and the day by which it must be public (rule D21); once, whatever is ordered again."""
    if Publication.objects.filter(visit=visit).exists():
        return
    ended_on = clock.local_day(now)
    found = rule(RESULT_RULE, ended_on)
    due = periods.due(ended_on, found.period, current_calendar())
    visit.category = category
    visit.finished_at = now
    visit.save(update_fields=["category", "finished_at"])
    Publication.objects.create(
        visit=visit,
        due_on=due.day,
        due_is_provisional=due.provisional,
        rule_version=f"{found.id} v{found.version}",
        rule_is_verified=found.verified,
        calendar_version=due.calendar,
        category=category,
    )
    audit.record(
        actor=actor,
        action="inspections.finish_visit",
        subject=visit,
        now=now,
        after={"category": category, "publish_by": due.day},
    )
    publish(VisitFinished(visit.pk, visit.enterprise_id, category, now, due.day))
    if visit.batch is not None:
        finish_batch_when_done(batch=visit.batch, actor=actor, now=now)


@transaction.atomic
def publish_result(*, visit: Visit, actor: Actor, now: datetime) -> Publication:
    """公示检查结果: category, enterprise, organ and matter; nothing about people.

    Safe to repeat.
    """
    result = Publication.objects.select_for_update().filter(visit=visit).first()
    if result is None:
        raise NotAllowed(_("检查还没有结束，没有可以公示的结果。"))
    if result.published_at is not None:
        return result
    result.published_at = now
    result.published_by_name = actor.name
    result.save(update_fields=["published_at", "published_by_name"])
    audit.record(
        actor=actor,
        action="inspections.publish_result",
        subject=visit,
        now=now,
        after={"category": result.category, "due_on": result.due_on, "in_time": clock.local_day(now) <= result.due_on},
    )
    publish(ResultPublished(visit.pk, visit.enterprise_id, result.category))
    return result


@transaction.atomic
def count_again(*, actor: Actor, now: datetime) -> int:
    """公示期限重新计算: provisional days are counted again after a holiday notice was loaded; returns how many."""
    calendar = current_calendar()
    count = 0
    open_results = Publication.objects.select_for_update(of=("self",)).filter(
        due_is_provisional=True, published_at__isnull=True
    )
    for result in open_results.select_related("visit").order_by("pk"):
        assert result.visit.finished_at is not None
        ended_on = clock.local_day(result.visit.finished_at)
        due = periods.due(ended_on, rule(RESULT_RULE, ended_on).period, calendar)
        before = audit.snapshot(result, "due_on", "due_is_provisional")
        result.due_on, result.due_is_provisional, result.calendar_version = due.day, due.provisional, due.calendar
        result.save(update_fields=["due_on", "due_is_provisional", "calendar_version"])
        audit.record(
            actor=actor,
            action="inspections.count_again",
            subject=result,
            now=now,
            before=before,
            after=audit.snapshot(result, "due_on", "due_is_provisional"),
        )
        count += 1
    return count
