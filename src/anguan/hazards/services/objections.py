"""异议: the enterprise contests a finding within its term; somebody else than the finder decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.hazards import rules
from anguan.hazards.events import FindingWithdrawn
from anguan.hazards.models import Hazard, Objection
from anguan.hazards.rules import (
    BASIS,
    OBJECTION,
    Action,
    NotAllowed,
    ObjectionAction,
    ObjectionState,
    Source,
    State,
)
from anguan.hazards.services.writing import TOLD, check_told, day_by_rule, locked, note, save, tell_enterprise

ANSWER_RULE = "objection-answer"


@transaction.atomic
def file_objection(*, hazard: Hazard, uid: UUID, reason: str, actor: Actor, now: datetime) -> Objection:
    """提出异议; idempotent on `uid`. Raises `NotAllowed` outside the term, or against one's own finding."""
    hazard = locked(hazard)
    known = Objection.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    if hazard.source == Source.SELF:
        raise NotAllowed(N_("这条隐患是本单位自查发现的，不用提异议；登记有误的请联系承办机构。"))
    if State(hazard.state) is not State.RECTIFYING:
        raise NotAllowed(N_("异议在责令整改送达之后、整改期限届满之前提出。"), basis=BASIS[Action.WITHDRAW])
    today = clock.local_day(now)
    objections = hazard.objections.all()
    if hazard.reopened_at is not None:
        objections = objections.filter(filed_at__gte=hazard.reopened_at)
    rules.check_objection(
        due_on=hazard.due_on,
        today=today,
        one_waits=objections.filter(state=ObjectionState.FILED).exists(),
        decided_before=objections.exclude(state=ObjectionState.FILED).exists(),
    )
    answer_by, provisional, version = day_by_rule(ANSWER_RULE, today)
    row = Objection.objects.create(
        hazard=hazard,
        uid=uid,
        reason=check_told(reason, "异议理由", N_("请写明哪里认定得不对，依据是什么。"), most=1000),
        filed_at=now,
        filed_by_id=actor.id,
        filed_by_name=actor.name,
        answer_by=answer_by,
        answer_provisional=provisional,
        rule_version=version,
    )
    note(hazard, "hazards.file_objection", actor, now, cause=row.reason, objection=str(uid), answer_by=answer_by)
    return row


@transaction.atomic
def decide_objection(*, objection: Objection, withdraw: bool, decision: str, actor: Actor, now: datetime) -> Objection:
    """答复异议: uphold the finding or withdraw it, with a reason that both sides read; not by the finder.

    Withdrawing ends the hazard. Where it was reported as rectified meanwhile the finding can only be upheld.
    """
    hazard = locked(objection.hazard)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    state = OBJECTION.advance(
        ObjectionState(objection.state), ObjectionAction.WITHDRAW if withdraw else ObjectionAction.UPHOLD
    )
    rules.check_decider(found_by_id=hazard.found_by_id, by_id=actor.id)
    objection.decision = check_told(decision, "答复理由", most=1000)
    objection.state, objection.decided_at = state, now
    objection.decided_by_id, objection.decided_by_name = actor.id, actor.name
    if withdraw:
        before = audit.snapshot(hazard, *TOLD)
        hazard.state = rules.advance(State(hazard.state), Action.WITHDRAW)
        hazard.withdrawn_at = now
        objection.save()
        save(
            hazard,
            "hazards.withdraw_finding",
            before,
            actor,
            now,
            cause=objection.decision,
            more={"objection": str(objection.uid)},
        )
        publish(FindingWithdrawn(hazard.pk, hazard.enterprise_id, hazard.visit_uid, now))
    else:
        objection.save()
        note(hazard, "hazards.uphold_finding", actor, now, cause=objection.decision, objection=str(objection.uid))
    title = "异议成立，认定已撤销" if withdraw else "异议不成立，请按期整改"
    tell_enterprise(hazard, title, objection.decision, f"objection/{objection.uid}", now)
    return objection
