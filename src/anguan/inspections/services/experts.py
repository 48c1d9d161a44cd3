"""专家检查意见 and 专家费: the expert writes and submits, officers adopt or reject, the office records what it cost."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.checklists.models import ChecklistItem
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.photos import Photo, keep_photos
from anguan.inspections.models import Opinion, Visit, VisitExpert
from anguan.inspections.rules import (
    NOT_BEGUN,
    NotAllowed,
    OpinionAction,
    OpinionState,
    advance_opinion,
    check_call,
    check_may_write,
    fee_for,
)
from anguan.inspections.services.visits.acting import locked, officer_on
from anguan.people.models import Expert, Officer, RoleGrant
from anguan.people.rules import Role
from anguan.registry.models import ExpertRecusal


@transaction.atomic
def call_expert(*, visit: Visit, expert: Expert, reason: str, actor: Actor, now: datetime) -> VisitExpert:
    """指定专家: by the leader, with a reason, for a visit that was applied for and has not begun; safe to repeat.

    A drawn visit has the experts that were drawn. Of a sealed one the expert learns nothing before the arrival.
    """
    visit = locked(visit)
    leads = RoleGrant.objects.filter(role=Role.LEADER, organ=visit.organ_id)
    if not actor.id or not leads.filter(user_id=actor.id).exists():
        raise PermissionDenied(_("随行专家由批准检查的负责人指定。"))
    if (known := visit.experts.filter(expert=expert).first()) is not None:
        return known
    if visit.batch_id is not None:
        raise NotAllowed(_("抽中的检查由抽取确定专家，不能另外指定。"))
    if visit.state not in NOT_BEGUN:
        raise NotAllowed(_("检查已经开始或结束，不能再指定专家。"))
    if not reason.strip():
        raise NotAllowed(_("请写明为什么指定这位专家。"))
    on = visit.visit_on or visit.due_on
    recusals = ExpertRecusal.objects.filter(expert=expert, since__lte=on).filter(
        Q(until__isnull=True) | Q(until__gte=on)
    )
    check_call(
        is_serving=expert.is_serving_on(on),
        is_officer=expert.user_id is not None and Officer.objects.filter(user=expert.user_id).exists(),
        is_recused=recusals.filter(
            Q(enterprise=visit.enterprise_id) | Q(enterprise__merged_into=visit.enterprise_id)
        ).exists(),
        called=visit.experts.count(),
        allowed=visit.experts_allowed,
    )
    seat = VisitExpert.objects.create(
        visit=visit, expert=expert, called_reason=reason.strip()[:200], daily_fee_yuan=expert.fee_yuan or Decimal(0)
    )
    audit.record(
        actor=actor,
        action="inspections.call_expert",
        subject=visit,
        now=now,
        after=audit.snapshot(seat, "expert_id", "called_reason", "daily_fee_yuan"),
    )
    return seat


@transaction.atomic
def write_opinion(
    *,
    seat: VisitExpert,
    item: ChecklistItem | None,
    text: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    photos: Sequence[Photo] = (),
) -> Opinion:
    """写意见: by the expert's own account, on one item or, with None, on the whole; a draft until it is submitted.

    Idempotent on `uid`; another `uid` for the same item replaces the text and adds its photos.
    """
    visit, seat = _seat(seat, actor)
    if (known := Opinion.objects.filter(uid=uid).first()) is not None:
        return known
    if item is not None and item.checklist_id != visit.checklist_id:
        raise NotAllowed(_("这一项不在本次检查的检查表里。"))
    if not text.strip():
        raise NotAllowed(_("请写明看到了什么、依据哪条标准、建议怎么办。"))
    opinion = seat.opinions.select_for_update(of=("self",)).filter(item=item).first()
    before = audit.snapshot(opinion, "text") if opinion is not None else None
    if opinion is None:
        opinion = Opinion(visit_expert=seat, item=item)
    opinion.state = advance_opinion(OpinionState(opinion.state), OpinionAction.WRITE)
    opinion.uid, opinion.text, opinion.written_at = uid, text.strip()[:1000], now
    opinion.save()
    keep_photos(photos, owner=opinion, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.write_opinion",
        subject=opinion,
        now=now,
        before=before,
        after=audit.snapshot(opinion, "text", "item_id", "state"),
    )
    return opinion


@transaction.atomic
def submit_opinions(*, seat: VisitExpert, actor: Actor, now: datetime) -> list[Opinion]:
    """提交意见: every draft of the expert for this visit; nothing of it can be changed afterwards."""
    _visit, seat = _seat(seat, actor)
    drafts = list(seat.opinions.select_for_update(of=("self",)).filter(state=OpinionState.DRAFTED))
    if not drafts:
        raise NotAllowed(_("没有可以提交的意见；没有问题也请写一条总体意见。"))
    for opinion in drafts:
        opinion.state = advance_opinion(OpinionState(opinion.state), OpinionAction.SUBMIT)
        opinion.submitted_at = now
        opinion.save(update_fields=["state", "submitted_at"])
        audit.record(
            actor=actor,
            action="inspections.submit_opinion",
            subject=opinion,
            now=now,
            before={"state": OpinionState.DRAFTED},
            after=audit.snapshot(opinion, "state", "text"),
        )
    return drafts


@transaction.atomic
def decide_opinion(*, opinion: Opinion, is_adopted: bool, reason: str, actor: Actor, now: datetime) -> Opinion:
    """采纳或不采纳: by an officer of the visit, with a reason; the opinion itself stays as it was written."""
    visit = locked(Visit.objects.get(experts__opinions=opinion))
    officer_on(visit, actor)
    opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
    action = OpinionAction.ADOPT if is_adopted else OpinionAction.REJECT
    state = advance_opinion(OpinionState(opinion.state), action)
    if not reason.strip():
        raise NotAllowed(_("请写明采纳或不采纳的理由。"))
    opinion.state = state
    opinion.decision_reason = reason.strip()[:500]
    opinion.decided_at, opinion.decided_by_name = now, actor.name
    opinion.save(update_fields=["state", "decision_reason", "decided_at", "decided_by_name"])
    audit.record(
        actor=actor,
        action="inspections.decide_opinion",
        subject=opinion,
        now=now,
        before={"state": OpinionState.SUBMITTED},
        after=audit.snapshot(opinion, "state", "decision_reason"),
    )
    return opinion


@transaction.atomic
def record_fee(*, seat: VisitExpert, days: Decimal, actor: Actor, now: datetime) -> VisitExpert:
    """登记专家费: the days worked times the fee of a day as it stood at the approval; a correction stays on record."""
    seat = VisitExpert.objects.select_for_update(of=("self",)).select_related("visit").get(pk=seat.pk)
    if seat.visit.started_at is None:
        raise NotAllowed(_("检查还没有开始，不能登记专家费。"))
    before = audit.snapshot(seat, "days", "fee_yuan")
    seat.fee_yuan = fee_for(days, seat.daily_fee_yuan)
    seat.days = days
    seat.fee_recorded_at, seat.fee_recorded_by_name = now, actor.name
    seat.save(update_fields=["fee_yuan", "days", "fee_recorded_at", "fee_recorded_by_name"])
    audit.record(
        actor=actor,
        action="inspections.record_fee",
        subject=seat,
        now=now,
        before=before,
        after=audit.snapshot(seat, "days", "fee_yuan"),
    )
    return seat


def _seat(seat: VisitExpert, actor: Actor) -> tuple[Visit, VisitExpert]:
    """The visit, held, and the place on it of the expert who acts, who must write for themselves."""
    visit = locked(Visit.objects.get(pk=seat.visit_id))
    seat = VisitExpert.objects.select_related("expert").get(pk=seat.pk)
    if seat.expert.user_id is None or actor.id != str(seat.expert.user_id):
        raise PermissionDenied(_("专家意见只能由专家本人的账号填写。"))
    check_may_write(
        has_arrived=visit.started_at is not None, record_issued=visit.record is not None and visit.record.is_issued
    )
    return visit, seat
