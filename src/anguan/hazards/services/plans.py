"""治理方案: the enterprise submits the plan of five fixes of a major hazard; the bureau approves or returns it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards import rules
from anguan.hazards.models import Hazard, RectificationPlan
from anguan.hazards.rules import PLAN, Fix, NotAllowed, PlanAction, PlanState, State
from anguan.hazards.services.writing import check_told, locked, note, tell_enterprise

_MOST_LETTERS = {
    Fix.RESPONSIBILITY: 500,
    Fix.MEASURES: 1000,
    Fix.FUNDS: 300,
    Fix.TIME_LIMIT: 300,
    Fix.CONTINGENCY: 1000,
}


@transaction.atomic
def submit_plan(
    *, hazard: Hazard, uid: UUID, fixes: Mapping[str, str], finish_on: date, actor: Actor, now: datetime
) -> RectificationPlan:
    """报送治理方案（五落实）; idempotent on `uid`. Raises `NotAllowed` for a general hazard or a plan with a gap."""
    hazard = locked(hazard)
    known = RectificationPlan.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.check_major(hazard.level)
    if State(hazard.state) in rules.ENDED:
        raise NotAllowed(N_("这条隐患已经办结，不用再报治理方案。"))
    plain = rules.check_fixes(dict(fixes))
    for fix, most in _MOST_LETTERS.items():
        check_told(plain[fix.value], fix.label, most=most)
    rules.check_plan_term(finish_on, today=clock.local_day(now), due_on=hazard.due_on)
    if hazard.plans.filter(state=PlanState.SUBMITTED).exists():
        raise NotAllowed(N_("已有一份治理方案待审，请等候；退回后可以修改再报。"))
    plan = RectificationPlan.objects.create(
        hazard=hazard,
        uid=uid,
        version=hazard.plans.count() + 1,
        finish_on=finish_on,
        submitted_at=now,
        submitted_by_id=actor.id,
        submitted_by_name=actor.name,
        **plain,
    )
    note(
        hazard,
        "hazards.submit_plan",
        actor,
        now,
        plan=str(uid),
        version=plan.version,
        finish_on=finish_on,
        **plain,
    )
    return plan


@transaction.atomic
def decide_plan(
    *, plan: RectificationPlan, approved: bool, actor: Actor, now: datetime, reason: str = ""
) -> RectificationPlan:
    """审定治理方案: approve, or return with a reason. Raises `NotAllowed`."""
    hazard = locked(plan.hazard)
    plan = RectificationPlan.objects.select_for_update().get(pk=plan.pk)
    state = PLAN.advance(PlanState(plan.state), PlanAction.APPROVE if approved else PlanAction.RETURN)
    if actor.id == plan.submitted_by_id:
        raise NotAllowed(N_("报送方案的人不能自己审定，请换一名同事。"))
    if not approved:
        reason = rules.check_reason(reason)
    plan.state, plan.reason = state, reason.strip()
    plan.decided_at, plan.decided_by_id, plan.decided_by_name = now, actor.id, actor.name
    plan.save()
    note(
        hazard,
        "hazards.approve_plan" if approved else "hazards.return_plan",
        actor,
        now,
        cause=plan.reason,
        plan=str(plan.uid),
        version=plan.version,
    )
    title = "治理方案已审定，请按方案治理" if approved else "治理方案被退回，请修改后再报"
    tell_enterprise(hazard, title, plan.reason, f"plan/{plan.uid}", now)
    return plan
