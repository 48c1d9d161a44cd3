"""销号, 重新打开 and 逾期."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anguan.ground import audit, clock
from anguan.ground.access import Actor, rule_actor
from anguan.ground.events import publish
from anguan.hazards import rules
from anguan.hazards.events import HazardClosed, HazardOverdue, HazardReopened
from anguan.hazards.models import Hazard
from anguan.hazards.rules import Action, Level, State
from anguan.hazards.selectors import standing_of
from anguan.hazards.services.acceptance import approve_closure
from anguan.hazards.services.escalations import propose_when_overdue
from anguan.hazards.services.listings import remove_listing
from anguan.hazards.services.writing import DEFAULT_TERM, TOLD, compute_deadline, locked, save, tell_enterprise


@transaction.atomic
def close_hazard(*, hazard: Hazard, actor: Actor, now: datetime, reason: str = "") -> Hazard:
    """销号: close what was verified. Raises `NotAllowed`.

    A major hazard is closed by a leader who did not find it and approves the proposed conclusion; nothing may
    be stopped any more, and what hangs is taken down.
    """
    hazard = locked(hazard)
    state = rules.advance(State(hazard.state), Action.CLOSE)
    rules.check_closer(level=hazard.level, found_by_id=hazard.found_by_id, by_id=actor.id)
    more: dict[str, Any] = {}
    if hazard.level == Level.MAJOR:
        rules.check_closing(standing_of(hazard))
        closure = approve_closure(hazard, actor=actor, now=now)
        listing = remove_listing(hazard, actor, now)
        more = {"closure": str(closure.uid), "listing": listing.notice_no if listing else ""}
        reason = reason or closure.conclusion
    before = audit.snapshot(hazard, *TOLD)
    hazard.state, hazard.closed_at, hazard.closed_by_name = state, now, actor.name
    save(hazard, "hazards.close_hazard", before, actor, now, cause=reason, more=more)
    publish(HazardClosed(hazard.pk, hazard.enterprise_id, hazard.visit_uid, now))
    tell_enterprise(hazard, "隐患已复查合格并销号", reason, f"closed/{hazard.times_reopened}", now)
    return hazard


@transaction.atomic
def reopen_hazard(*, hazard: Hazard, reason: str, actor: Actor, now: datetime) -> Hazard:
    """重新打开: what was put right is wrong again; it needs a new order and a new term. Raises `NotAllowed`."""
    hazard = locked(hazard)
    state = rules.advance(State(hazard.state), Action.REOPEN)
    reason = rules.check_reason(reason)
    before = audit.snapshot(hazard, *TOLD)
    hazard.state, hazard.order, hazard.effective_at = state, None, None
    hazard.reported_at = hazard.verified_at = hazard.closed_at = hazard.overdue_on = None
    hazard.closed_by_name = ""
    hazard.times_reopened += 1
    hazard.reopened_at, hazard.self_closed = now, False
    compute_deadline(hazard, None, now)
    save(hazard, "hazards.reopen_hazard", before, actor, now, cause=reason)
    publish(HazardReopened(hazard.pk, hazard.enterprise_id, reason))
    tell_enterprise(hazard, "隐患反复，已重新打开", reason, f"reopened/{hazard.times_reopened}", now)
    return hazard


def mark_overdue(now: datetime, limit: int = 500) -> int:
    """逾期: every term that ran out without a report, one hazard at a time; returns how many became overdue."""
    today = clock.local_day(now)
    late = Hazard.objects.filter(state=State.RECTIFYING, due_on__lt=today).order_by("sort_due_on", "pk")
    marked = 0
    for hazard_id in list(late.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            hazard = Hazard.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=hazard_id).first()
            if hazard is None or not rules.has_run_out(State(hazard.state), hazard.due_on, today):
                continue
            assert hazard.due_on is not None
            before = audit.snapshot(hazard, *TOLD)
            hazard.state = rules.advance(State(hazard.state), Action.RUN_OUT)
            hazard.overdue_on = hazard.overdue_on or hazard.due_on + timedelta(days=1)
            save(hazard, "hazards.mark_overdue", before, rule_actor(hazard.due_rule or DEFAULT_TERM), now)
            propose_when_overdue(hazard, rule_actor(hazard.due_rule or DEFAULT_TERM), now)
            publish(HazardOverdue(hazard.pk, hazard.enterprise_id, hazard.due_on))
            tell_enterprise(hazard, "整改期限已过，请立即整改并报告", "", f"overdue/{hazard.due_on.isoformat()}", now)
            marked += 1
    return marked
