"""临时安全措施: evacuate, stop or guard while a major hazard is open, and the consent to resume."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards import rules
from anguan.hazards.models import Hazard, InterimMeasure
from anguan.hazards.rules import MEASURE, MeasureAction, MeasureKind, MeasureState, NotAllowed, State
from anguan.hazards.services.writing import (
    check_told,
    day_by_rule,
    leads,
    locked,
    note,
    tell_enterprise,
)
from anguan.papers.models import Paper

RESUME_RULE = "D26"


@transaction.atomic
def decide_measure(
    *,
    hazard: Hazard,
    uid: UUID,
    kind: str,
    scope: str,
    actor: Actor,
    now: datetime,
    paper: Paper | None = None,
    reason: str = "",
) -> InterimMeasure:
    """决定临时安全措施 for a major hazard, idempotent on `uid`; a stop names its served 现场处理措施决定书.

    Raises `NotAllowed`.
    """
    hazard = locked(hazard)
    known = InterimMeasure.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.check_major(hazard.level)
    if State(hazard.state) in rules.ENDED:
        raise NotAllowed(N_("这条隐患已经办结，不能再决定临时安全措施；隐患反复时应重新打开。"))
    chosen = MeasureKind(kind)
    if chosen is MeasureKind.GUARD:
        paper = None
    elif paper is not None and paper.enterprise_id != hazard.enterprise_id:
        raise NotAllowed(N_("这份文书的当事人不是隐患所在的企业，请选这家企业的文书。"))
    rules.check_measure(
        kind=chosen,
        paper_form=paper.form if paper else "",
        paper_in_effect=paper is not None and paper.effective_at is not None and paper.voided_at is None,
        reason=reason,
    )
    scope = check_told(scope, "范围", N_("请写明措施的范围：哪个区域、哪条线、哪些设备。"), most=300)
    if hazard.measures.filter(kind=chosen).exclude(state=MeasureState.LIFTED).exists():
        raise NotAllowed(N_("这项措施已经在执行，不用再决定一次。"))
    measure = InterimMeasure.objects.create(
        hazard=hazard,
        uid=uid,
        kind=chosen,
        scope=scope,
        paper=paper,
        reason=reason.strip()[:500],
        since=paper.effective_at if paper is not None and paper.effective_at is not None else now,
        decided_by_id=actor.id,
        decided_by_name=actor.name,
    )
    note(
        hazard,
        "hazards.decide_measure",
        actor,
        now,
        cause=f"{chosen.label}：{scope}",
        measure=str(uid),
        kind=chosen.value,
        paper_id=measure.paper_id,
    )
    tell_enterprise(hazard, f"{chosen.label}", scope, f"measure/{uid}", now)
    return measure


@transaction.atomic
def ask_to_resume(*, measure: InterimMeasure, reason: str, actor: Actor, now: datetime) -> InterimMeasure:
    """申请恢复生产经营或者使用: once the hazard is accepted as removed; the review has its day by rule D26."""
    hazard = locked(measure.hazard)
    measure = InterimMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    state = MEASURE.advance(MeasureState(measure.state), MeasureAction.ASK)
    reason = check_told(reason, "申请说明")
    measure.due_on, measure.due_provisional, measure.due_rule_version = day_by_rule(RESUME_RULE, clock.local_day(now))
    measure.state, measure.asked_at, measure.asked_by_name, measure.asked_reason = state, now, actor.name, reason
    measure.save()
    note(
        hazard,
        "hazards.ask_to_resume",
        actor,
        now,
        cause=reason,
        measure=str(measure.uid),
        kind=measure.kind,
        due_on=measure.due_on,
    )
    return measure


@transaction.atomic
def decide_resumption(
    *, measure: InterimMeasure, consents: bool, review: str, actor: Actor, now: datetime
) -> InterimMeasure:
    """审查恢复申请: a leader consents after the hazard was accepted as removed, or refuses (安全生产法 65(1)(3))."""
    hazard = locked(measure.hazard)
    measure = InterimMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    action = MeasureAction.CONSENT if consents else MeasureAction.REFUSE
    state = MEASURE.advance(MeasureState(measure.state), action)
    rules.check_leader(leads(actor, hazard.organ_id), N_("恢复生产经营或者使用"))
    if consents:
        rules.check_resumption(hazard_is_verified=hazard.state == State.VERIFIED)
    measure.state, measure.review = state, check_told(review, "审查意见", N_("请写明审查意见，企业和档案里都要看到。"))
    if consents:
        measure.lifted_at, measure.lifted_by_id, measure.lifted_by_name = now, actor.id, actor.name
    else:
        measure.asked_at, measure.due_on = None, None
    measure.save()
    note(
        hazard,
        "hazards.consent_to_resume" if consents else "hazards.refuse_to_resume",
        actor,
        now,
        cause=measure.review,
        measure=str(measure.uid),
        kind=measure.kind,
    )
    title = "已同意恢复，临时安全措施解除" if consents else "不同意恢复，临时安全措施继续执行"
    tell_enterprise(hazard, title, measure.review, f"resume/{measure.uid}/{now.isoformat()}", now)
    return measure
