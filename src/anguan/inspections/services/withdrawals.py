"""撤回公示: when what a public result rests on was revoked or changed (行政处罚法 art. 48, 85; rule D09)."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.core import periods
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import Publication, Visit
from anguan.inspections.rules import NotAllowed

WITHDRAWAL_RULE: Final = "D09"


@transaction.atomic
def note_change(*, visit: Visit, changed_on: date, reason: str, actor: Actor, now: datetime) -> Publication:
    """登记变更、撤销: from this day runs the period within which the public result must be gone; said once."""
    result = _locked(visit)
    if result.published_at is None:
        raise NotAllowed(_("这个结果还没有公示，直接更正即可，不需要撤回。"))
    if result.withdrawn_at is not None:
        raise NotAllowed(_("这个结果已经撤回。"))
    if result.withdraw_by is not None:
        raise NotAllowed(_("已经登记过变更，请在期限内撤回。"))
    if not reason.strip():
        raise NotAllowed(_("请写明撤回理由；撤回要公开说明理由（行政处罚法第四十八条）。"))
    if changed_on > clock.local_day(now):
        raise NotAllowed(_("变更日期还没有到。"))
    if changed_on < clock.local_day(result.published_at):
        raise NotAllowed(_("变更日期早于公示日期，请核对。"))
    found = rule(WITHDRAWAL_RULE, changed_on)
    due = periods.due(changed_on, found.period, current_calendar())
    result.changed_on, result.withdraw_reason = changed_on, reason.strip()
    result.withdraw_by, result.withdraw_by_is_provisional = due.day, due.provisional
    result.withdraw_rule_version = f"{found.id} v{found.version}"
    result.save(
        update_fields=[
            "changed_on",
            "withdraw_reason",
            "withdraw_by",
            "withdraw_by_is_provisional",
            "withdraw_rule_version",
        ]
    )
    audit.record(
        actor=actor,
        action="inspections.note_change",
        subject=visit,
        now=now,
        after=audit.snapshot(result, "changed_on", "withdraw_reason", "withdraw_by", "withdraw_rule_version"),
    )
    return result


@transaction.atomic
def withdraw_result(*, visit: Visit, actor: Actor, now: datetime) -> Publication:
    """撤回公示: the result is no longer shown; that there was one, and why it went, stays. Safe to repeat."""
    result = _locked(visit)
    if result.withdrawn_at is not None:
        return result
    if result.withdraw_by is None:
        raise NotAllowed(_("先登记变更或撤销的日期和理由，才能撤回；公示结果不能无故撤下。"))
    result.withdrawn_at = now
    result.withdrawn_by_name = actor.name
    result.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
    audit.record(
        actor=actor,
        action="inspections.withdraw_result",
        subject=visit,
        now=now,
        after={"withdraw_by": result.withdraw_by, "in_time": clock.local_day(now) <= result.withdraw_by},
    )
    return result


def _locked(visit: Visit) -> Publication:
    result = Publication.objects.select_for_update().filter(visit=visit).first()
    if result is None:
        raise NotAllowed(_("检查还没有结束，没有可以撤回的结果。"))
    return result
