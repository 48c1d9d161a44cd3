"""升级处置: what is proposed upward when a major hazard's term ran out, and what the leader makes of it."""

from datetime import datetime

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.hazards import rules
from anguan.hazards.events import HazardEscalated
from anguan.hazards.models import Escalation, Hazard
from anguan.hazards.rules import ESCALATION, EscalationAction, EscalationKind, EscalationState, Level, NotAllowed, State
from anguan.hazards.selectors import penalised_of, penalties_in_words, standing_of
from anguan.hazards.services.writing import leads, locked, note


@transaction.atomic
def propose_escalation(*, hazard: Hazard, kind: str, ground: str, actor: Actor, now: datetime) -> Escalation:
    """提请升级处置 of an open major hazard. Raises `NotAllowed` where the ground in law isn't there."""
    hazard = locked(hazard)
    rules.check_major(hazard.level)
    if State(hazard.state) in rules.ENDED:
        raise NotAllowed(N_("这条隐患已经办结，不用再提请升级处置。"))
    chosen = EscalationKind(kind)
    penalised = penalised_of(hazard, clock.local_day(now)) if chosen is EscalationKind.CLOSURE else None
    ground = rules.check_escalation(
        kind=chosen,
        standing=standing_of(hazard),
        overdue=hazard.overdue_on is not None,
        reason=ground,
        is_repeated=penalised is not None and penalised.is_repeated,
    )
    if penalised is not None:
        # What the platform counted stands in the proposal with what the officer wrote.
        ground = f"{ground[:400]}\n{penalties_in_words(penalised)}"
    ground = ground[:500]
    if hazard.escalations.filter(kind=chosen, state=EscalationState.PROPOSED).exists():
        raise NotAllowed(N_("同样的建议已在等负责人决定。"))
    return _propose(hazard, chosen, ground, actor, now)


def propose_when_overdue(hazard: Hazard, actor: Actor, now: datetime) -> list[Escalation]:
    """逾期自动提请, in the transaction that marks the hazard overdue; nothing for a general one, nothing twice."""
    if hazard.level != Level.MAJOR:
        return []
    open_kinds = set(hazard.escalations.filter(state=EscalationState.PROPOSED).values_list("kind", flat=True))
    assert hazard.due_on is not None
    ground = f"重大事故隐患整改期限 {hazard.due_on.isoformat()} 届满，企业没有报告治理完成。"
    return [
        _propose(hazard, kind, ground, actor, now)
        for kind in rules.proposals_when_overdue(standing_of(hazard), open_kinds)
    ]


def _propose(hazard: Hazard, kind: EscalationKind, ground: str, actor: Actor, now: datetime) -> Escalation:
    row = Escalation.objects.create(
        hazard=hazard,
        kind=kind,
        ground=ground,
        proposed_at=now,
        proposed_by_id=actor.id if actor.kind == "user" else "",
        proposed_by_name=actor.name if actor.kind == "user" else "系统",
    )
    note(
        hazard, "hazards.propose_escalation", actor, now, cause=f"{kind.label}：{ground}", escalation=row.pk, kind=kind
    )
    return row


@transaction.atomic
def decide_escalation(
    *, escalation: Escalation, adopted: bool, actor: Actor, now: datetime, reason: str = ""
) -> Escalation:
    """决定升级处置: a leader adopts or rejects with a reason; not one who proposed it."""
    hazard = locked(escalation.hazard)
    escalation = Escalation.objects.select_for_update().get(pk=escalation.pk)
    action = EscalationAction.ADOPT if adopted else EscalationAction.REJECT
    state = ESCALATION.advance(EscalationState(escalation.state), action)
    rules.check_leader(leads(actor, hazard.organ_id), N_("升级处置"))
    if actor.id == escalation.proposed_by_id:
        raise NotAllowed(N_("提请的人不能自己决定，请由其他负责人决定。"))
    if not adopted:
        reason = rules.check_reason(reason)
    escalation.state, escalation.reason = state, reason.strip()[:500]
    escalation.decided_at, escalation.decided_by_id, escalation.decided_by_name = now, actor.id, actor.name
    escalation.save()
    note(
        hazard,
        "hazards.adopt_escalation" if adopted else "hazards.reject_escalation",
        actor,
        now,
        cause=escalation.reason or EscalationKind(escalation.kind).label,
        escalation=escalation.pk,
        kind=escalation.kind,
    )
    if adopted:
        publish(HazardEscalated(hazard.pk, hazard.enterprise_id, escalation.kind))
    return escalation
