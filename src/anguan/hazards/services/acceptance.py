"""验收 and 销号结论: the last two steps of a major hazard before it is closed."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards import rules
from anguan.hazards.models import Acceptance, Closure, Hazard
from anguan.hazards.rules import (
    ACCEPTANCE,
    CONCLUSION,
    AcceptanceAction,
    AcceptanceState,
    Assessor,
    ClosureAction,
    ClosureState,
    NotAllowed,
    Outcome,
    State,
)
from anguan.hazards.services.writing import check_told, day_by_rule, leads, locked, note

ACCEPTANCE_RULE = "D26"


@transaction.atomic
def apply_for_acceptance(
    *,
    hazard: Hazard,
    uid: UUID,
    assessor: str,
    assessed_by: str,
    assessed_on: date,
    assessment: str,
    actor: Actor,
    now: datetime,
) -> Acceptance:
    """申请验收: the treated hazard was assessed by experts or an agency; idempotent on `uid`. Raises `NotAllowed`."""
    hazard = locked(hazard)
    known = Acceptance.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.check_major(hazard.level)
    report = hazard.rectifications.filter(outcome=Outcome.PENDING).first()
    if State(hazard.state) is not State.REPORTED or report is None:
        raise NotAllowed(N_("请先报告治理完成并上传现场照片，再申请验收。"), basis=rules.TREATED)
    if hazard.acceptances.filter(state=AcceptanceState.APPLIED).exists():
        raise NotAllowed(N_("已有一份验收申请，请等执法人员到现场验收。"), basis=rules.TREATED)
    today = clock.local_day(now)
    if assessed_on > today:
        raise NotAllowed(N_("评估日期晚于今天，请核对。"), basis=rules.TREATED)
    if hazard.effective_at is not None and assessed_on < clock.local_day(hazard.effective_at):
        raise NotAllowed(N_("评估日期早于责令送达，不能证明治理后的状况；请在治理后重新评估。"), basis=rules.TREATED)
    due_on, provisional, version = day_by_rule(ACCEPTANCE_RULE, today)
    row = Acceptance.objects.create(
        hazard=hazard,
        report=report,
        uid=uid,
        assessor=Assessor(assessor),
        assessed_by=check_told(assessed_by, "评估单位或专家", N_("请写明由谁评估。"), most=200),
        assessed_on=assessed_on,
        assessment=check_told(assessment, "评估结论", N_("请写明评估结论。"), most=1000),
        applied_at=now,
        applied_by_id=actor.id,
        applied_by_name=actor.name,
        due_on=due_on,
        due_provisional=provisional,
        due_rule_version=version,
    )
    note(
        hazard,
        "hazards.apply_for_acceptance",
        actor,
        now,
        cause=row.assessment,
        acceptance=str(uid),
        assessor=row.assessor,
        assessed_by=row.assessed_by,
        assessed_on=assessed_on,
        due_on=due_on,
    )
    return row


def decide_acceptance(hazard: Hazard, *, accepted: bool, actor: Actor, now: datetime) -> None:
    """现场验收 in the transaction of the recheck: the application that waits passes or fails with it."""
    waiting = hazard.acceptances.select_for_update().filter(state=AcceptanceState.APPLIED).first()
    if waiting is None:
        return
    waiting.state = ACCEPTANCE.advance(
        AcceptanceState(waiting.state), AcceptanceAction.PASS if accepted else AcceptanceAction.FAIL
    )
    waiting.decided_at, waiting.decided_by_name = now, actor.name
    waiting.save()


@transaction.atomic
def propose_closure(*, hazard: Hazard, uid: UUID, conclusion: str, actor: Actor, now: datetime) -> Closure:
    """拟写销号结论 of an accepted major hazard, for a leader to approve; idempotent on `uid`. Raises `NotAllowed`."""
    hazard = locked(hazard)
    known = Closure.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.check_major(hazard.level)
    if State(hazard.state) is not State.VERIFIED:
        raise NotAllowed(N_("现场验收合格后才能拟写销号结论。"), basis=rules.SUPERVISION)
    if hazard.closures.filter(state=ClosureState.PROPOSED).exists():
        raise NotAllowed(N_("已有一份销号结论待批准，请等负责人审批。"), basis=rules.SUPERVISION)
    row = Closure.objects.create(
        hazard=hazard,
        uid=uid,
        conclusion=check_told(conclusion, "销号结论", N_("请写明验收情况和销号结论。"), most=1000),
        proposed_at=now,
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
    )
    note(hazard, "hazards.propose_closure", actor, now, cause=row.conclusion, closure=str(uid))
    return row


@transaction.atomic
def return_closure(*, closure: Closure, reason: str, actor: Actor, now: datetime) -> Closure:
    """退回销号结论, with a reason. Raises `NotAllowed`."""
    hazard = locked(closure.hazard)
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    state = CONCLUSION.advance(ClosureState(closure.state), ClosureAction.RETURN)
    _check_approval(hazard, closure, actor)
    closure.state, closure.reason = state, rules.check_reason(reason)[:500]
    closure.decided_at, closure.decided_by_id, closure.decided_by_name = now, actor.id, actor.name
    closure.save()
    note(hazard, "hazards.return_closure", actor, now, cause=closure.reason, closure=str(closure.uid))
    return closure


def approve_closure(hazard: Hazard, *, actor: Actor, now: datetime) -> Closure:
    """批准销号 in the transaction of the closing: by a leader who neither found the hazard nor wrote the conclusion."""
    closure = hazard.closures.select_for_update().get(state=ClosureState.PROPOSED)
    _check_approval(hazard, closure, actor)
    closure.state = CONCLUSION.advance(ClosureState(closure.state), ClosureAction.APPROVE)
    closure.decided_at, closure.decided_by_id, closure.decided_by_name = now, actor.id, actor.name
    closure.save()
    return closure


def _check_approval(hazard: Hazard, closure: Closure, actor: Actor) -> None:
    rules.check_approver(found_by_id=hazard.found_by_id, proposed_by_id=closure.proposed_by_id, by_id=actor.id)
    rules.check_leader(leads(actor, hazard.organ_id), N_("重大事故隐患销号"))
