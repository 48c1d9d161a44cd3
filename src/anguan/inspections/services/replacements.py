"""备选替换 and 换员: asked for with a reason and evidence, decided by another, worked out by the draw.

Nothing is drawn again. What comes instead was fixed with the draw and is computed from it; see `draws.Teams`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.inspections.draws import PersonReason, TargetReason, Teams
from anguan.inspections.events import TargetReplaced
from anguan.inspections.models import Assignment, Batch, BatchExpert, BatchOfficer, Replacement, Visit
from anguan.inspections.rules import (
    NEVER_MADE,
    NOT_BEGUN,
    BatchState,
    NotAllowed,
    ReplacementAction,
    ReplacementKind,
    ReplacementState,
    VisitAction,
    VisitState,
    advance_replacement,
    advance_visit,
    check_decider,
    check_known,
    check_reason,
    check_replaceable,
)
from anguan.inspections.selectors import teams_of
from anguan.inspections.selectors.caps import cap_use
from anguan.inspections.services.batches import finish_batch_when_done
from anguan.inspections.services.batches.acting import locked as locked_batch
from anguan.inspections.services.batches.seating import experts_by_name, open_visit, seat_experts, seat_officers
from anguan.registry.rules import EnterpriseStatus

RECENCY_RULE = "joint-check-recency"


@transaction.atomic
def ask_replacement(
    *,
    assignment: Assignment,
    kind: ReplacementKind,
    reason: TargetReason | PersonReason,
    note: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    officer: BatchOfficer | None = None,
    expert: BatchExpert | None = None,
    photos: Sequence[Photo] = (),
) -> Replacement:
    """申请替换: a drawn target, officer or expert can't be had; what comes instead is not for the asker to choose.

    Idempotent on `uid`.
    """
    batch = locked_batch(assignment.batch)
    if (known := Replacement.objects.filter(uid=uid).first()) is not None:
        return known
    assignment = _assignment(assignment)
    _check_may_change(batch, assignment, kind, reason)
    _check_person(assignment, kind, officer, expert)
    enterprise = assignment.target.enterprise
    check_reason(
        kind,
        reason,
        note=note,
        photos=len(photos),
        ledger_confirms=enterprise.status != EnterpriseStatus.OPERATING,
        checked_jointly=reason == TargetReason.CHECKED_JOINTLY and _was_checked_by_others(batch, assignment, now),
        at_cap=reason == TargetReason.CAP_REACHED and _is_at_cap(batch, assignment, now),
    )
    if assignment.replacements.filter(state=ReplacementState.ASKED).exists():
        raise NotAllowed(_("这家已有一份替换申请等待批准，请先等它办结。"))
    replacement = Replacement.objects.create(
        uid=uid,
        batch=batch,
        assignment=assignment,
        kind=kind,
        officer=officer,
        expert=expert,
        reason=reason,
        note=note.strip()[:500],
        asked_at=now,
        asked_by_id=str(actor.id),
        asked_by_name=actor.name,
    )
    keep_photos(photos, owner=replacement, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.ask_replacement",
        subject=replacement,
        now=now,
        after={"batch": batch.code, "target": assignment.target.pseudonym, "kind": kind, "reason": reason},
    )
    return replacement


@transaction.atomic
def approve_replacement(*, replacement: Replacement, actor: Actor, now: datetime) -> Replacement:
    """批准替换: the next alternate, officer or expert follows from the draw and takes the place.

    Raises `NotAllowed` for whoever asked, and when the visit has begun meanwhile.
    """
    batch = locked_batch(replacement.batch)
    replacement, state = _decide(replacement, ReplacementAction.APPROVE, actor)
    assignment = _assignment(replacement.assignment)
    kind = ReplacementKind(replacement.kind)
    reason = (TargetReason if kind is ReplacementKind.TARGET else PersonReason)(replacement.reason)
    _check_may_change(batch, assignment, kind, reason)
    _check_person(assignment, kind, replacement.officer, replacement.expert)
    target = assignment.target.pseudonym
    teams = teams_of(batch)
    match kind:
        case ReplacementKind.TARGET:
            step: dict[str, Any] = {**teams.replace_target(target, TargetReason(reason))}
            replacement.alternate = _bring_alternate(batch, assignment, step["replacement"], teams, actor, now)
        case ReplacementKind.OFFICER:
            assert replacement.officer is not None
            step = {**teams.replace_officer(target, replacement.officer.pseudonym, PersonReason(reason))}
        case ReplacementKind.EXPERT:
            assert replacement.expert is not None
            step = {**teams.replace_expert(target, replacement.expert.pseudonym, PersonReason(reason))}
    if kind is not ReplacementKind.TARGET:
        _seat(batch, assignment, teams.officers[target], teams.experts.get(target, []))
    replacement.state = state
    replacement.number = step["number"]
    replacement.step = step
    replacement.decided_at, replacement.decided_by_id, replacement.decided_by_name = now, str(actor.id), actor.name
    replacement.save()
    audit.record(
        actor=actor,
        action="inspections.approve_replacement",
        subject=replacement,
        now=now,
        before={"state": ReplacementState.ASKED},
        after={"state": state, "step": step},
    )
    if kind is ReplacementKind.TARGET:
        publish(TargetReplaced(batch.pk, assignment.target.enterprise_id, reason))
        finish_batch_when_done(batch=batch, actor=actor, now=now)
    return replacement


@transaction.atomic
def refuse_replacement(*, replacement: Replacement, note: str, actor: Actor, now: datetime) -> Replacement:
    """不批准替换: everything stays as it was drawn, and the refusal stays on record with its reason."""
    batch = locked_batch(replacement.batch)
    replacement, state = _decide(replacement, ReplacementAction.REFUSE, actor)
    if not note.strip():
        raise NotAllowed(_("请写明不批准的理由。"))
    replacement.state = state
    replacement.decision_note = note.strip()[:300]
    replacement.decided_at, replacement.decided_by_id, replacement.decided_by_name = now, str(actor.id), actor.name
    replacement.save()
    audit.record(
        actor=actor,
        action="inspections.refuse_replacement",
        subject=replacement,
        now=now,
        before={"state": ReplacementState.ASKED},
        after={"state": state, "note": replacement.decision_note},
    )
    finish_batch_when_done(batch=batch, actor=actor, now=now)
    return replacement


def _decide(replacement: Replacement, action: ReplacementAction, actor: Actor) -> tuple[Replacement, ReplacementState]:
    replacement = (
        Replacement.objects.select_for_update(of=("self",)).select_related("officer", "expert").get(pk=replacement.pk)
    )
    state = advance_replacement(ReplacementState(replacement.state), action)
    check_decider(asked_by=replacement.asked_by_id, decider=str(actor.id))
    return replacement, state


def _assignment(assignment: Assignment) -> Assignment:
    return Assignment.objects.select_related("target__enterprise").get(pk=assignment.pk)


def _check_may_change(
    batch: Batch, assignment: Assignment, kind: ReplacementKind, reason: TargetReason | PersonReason
) -> None:
    """The visit is held too: its officers may be signing in at this very moment."""
    if batch.state != BatchState.APPROVED:
        raise NotAllowed(_("批准检查之后、最后一家检查完毕之前才能替换。"))
    visit = Visit.objects.select_for_update(of=("self",)).filter(assignment=assignment).first()
    if assignment.is_alternate and not Replacement.objects.filter(alternate=assignment).exists():
        raise NotAllowed(_("这家是备选，还没有递补，不存在替换。"))
    check_known(reason, is_closed=batch.is_sealed and (visit is None or visit.is_closed_envelope))
    check_replaceable(
        kind,
        has_begun=visit is not None and visit.state not in {*NOT_BEGUN, *NEVER_MADE, VisitState.CLOSED},
        is_over=(visit is not None and visit.state in {*NEVER_MADE, VisitState.CLOSED})
        or assignment.replacements.filter(kind=ReplacementKind.TARGET, state=ReplacementState.APPROVED).exists(),
        is_staffed=assignment.officers.exists(),
        reason=reason,
    )


def _check_person(
    assignment: Assignment, kind: ReplacementKind, officer: BatchOfficer | None, expert: BatchExpert | None
) -> None:
    if kind is ReplacementKind.OFFICER and (officer is None or not assignment.officers.filter(pk=officer.pk).exists()):
        raise NotAllowed(_("请选择派往这一家的一名执法人员。"))
    if kind is ReplacementKind.EXPERT and (
        expert is None or not Visit.objects.filter(assignment=assignment, experts__entry=expert).exists()
    ):
        raise NotAllowed(_("请选择派往这一家的一名专家。"))


def _was_checked_by_others(batch: Batch, assignment: Assignment, now: datetime) -> bool:
    days = rule(RECENCY_RULE, clock.local_day(now)).count
    assert days is not None
    return (
        Visit.objects.filter(enterprise=assignment.target.enterprise_id, finished_at__gte=now - timedelta(days=days))
        .exclude(organ=batch.organ)
        .exists()
    )


def _is_at_cap(batch: Batch, assignment: Assignment, now: datetime) -> bool:
    """Whether the organ's checks of the year have reached the cap without this one."""
    visit = Visit.objects.filter(assignment=assignment).first()
    return cap_use(batch.organ, assignment.target.enterprise, clock.local_day(now), besides=visit).is_full


def _bring_alternate(
    batch: Batch, gone: Assignment, name: str | None, teams: Teams, actor: Actor, now: datetime
) -> Assignment | None:
    """End the visit that will not be made, and open that of the alternate; None where none is left."""
    visit = Visit.objects.filter(assignment=gone).first()
    if visit is not None:
        visit.state = advance_visit(VisitState(visit.state), VisitAction.WITHDRAW)
        visit.closed_at = now
        visit.save(update_fields=["state", "closed_at"])
    if name is None:
        return None
    following = batch.assignments.select_related("target__enterprise").get(target__pseudonym=name)
    following.officers.set(batch.officers.filter(pseudonym__in=teams.officers[name]))
    following.is_unstaffed = not teams.officers[name]
    following.save(update_fields=["is_unstaffed"])
    if not following.is_unstaffed:
        experts = experts_by_name(batch)
        open_visit(
            batch=batch,
            assignment=following,
            experts=[experts[one] for one in teams.experts.get(name, [])],
            approved_by=actor.name,
            now=now,
        )
    return following


def _seat(batch: Batch, assignment: Assignment, officers: Sequence[str], experts: Sequence[str]) -> None:
    """The team as the step left it; without officers the target waits for the next alternate."""
    team = list(batch.officers.filter(pseudonym__in=officers).select_related("officer"))
    assignment.officers.set(team)
    assignment.is_unstaffed = not team
    assignment.save(update_fields=["is_unstaffed"])
    visit = Visit.objects.filter(assignment=assignment).get()
    known = experts_by_name(batch)
    seat_officers(visit, team)
    seat_experts(visit, [known[name] for name in experts])
    visit.experts_allowed = len(experts)
    visit.save(update_fields=["experts_allowed"])
