"""联合检查: one door, several organs; each accepts with its own officers and keeps its own record and case."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.inspections.models import JointParticipant, JointTask, Visit
from anguan.inspections.rules import (
    NEVER_MADE,
    NOT_BEGUN,
    RUNNING,
    JointAction,
    JointAnswer,
    JointState,
    NotAllowed,
    Trigger,
    VisitKind,
    VisitState,
    advance_joint,
)
from anguan.inspections.services.visits.approval import apply_visit, withdraw_visit
from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise


def _locked(task: JointTask) -> JointTask:
    return JointTask.objects.select_for_update(of=("self",)).select_related("enterprise", "initiator").get(pk=task.pk)


@transaction.atomic
def propose_joint(
    *,
    uid: UUID,
    title: str,
    initiator: Organ,
    enterprise: Enterprise,
    visit_on: date,
    reason: str,
    parts: Sequence[tuple[Organ, InspectionItem]],
    actor: Actor,
    now: datetime,
) -> JointTask:
    """发起联合检查: name the firm, the day, the organs and each one's own matter; idempotent on `uid`."""
    if known := JointTask.objects.filter(uid=uid).first():
        return known
    organs = [organ.pk for organ, _item in parts]
    if len(set(organs)) != len(organs) or initiator.pk not in organs or len(organs) < 2:
        raise NotAllowed(_("联合检查至少两个部门，发起部门也在内，每个部门写明自己的检查事项。"))
    if visit_on < clock.local_day(now):
        raise NotAllowed(_("检查日期不能在今天之前。"))
    if not title.strip() or not reason.strip():
        raise NotAllowed(_("请写明名称和事由。"))
    task = JointTask.objects.create(
        uid=uid, title=title.strip()[:150], initiator=initiator, enterprise=enterprise, visit_on=visit_on,
        reason=reason.strip()[:500], created_at=now, created_by_name=actor.name,
    )  # fmt: skip
    JointParticipant.objects.bulk_create(JointParticipant(task=task, organ=organ, item=item) for organ, item in parts)
    audit.record(
        actor=actor,
        action="inspections.propose_joint",
        subject=task,
        now=now,
        after={**audit.snapshot(task, "title", "enterprise_id", "visit_on"), "organs": sorted(organs)},
    )
    return task


@transaction.atomic
def accept_joint(
    *,
    part: JointParticipant,
    officers: Sequence[Officer],
    actor: Actor,
    now: datetime,
    visit: Visit | None = None,
    kind: VisitKind = VisitKind.KEY,
    trigger: Trigger = Trigger.PLAN,
    clue: str = "",
) -> JointParticipant:
    """参加: with the organ's own officers; its check is applied for here and approved by its own head.

    `visit` is a check of the organ that is planned already and moves to the common day. Powers do not merge.
    """
    task = _locked(part.task)
    part = _open(part, task)
    if visit is not None:
        visit = Visit.objects.select_for_update().get(pk=visit.pk)
        is_open = visit.state in NOT_BEGUN and visit.joint_id is None and not visit.is_sealed and not visit.batch_id
        if not is_open or (visit.organ_id, visit.enterprise_id) != (part.organ_id, task.enterprise_id):
            raise NotAllowed(_("只有本机关对同一家企业、还没有开始的检查可以并入。"))
        visit.joint = task
        visit.visit_on = task.visit_on
        visit.due_on = max(visit.due_on, task.visit_on)
        visit.save(update_fields=["joint", "visit_on", "due_on"])
    else:
        apply_visit(
            # One participant makes one application, however often the button is pressed.
            uid=uuid5(task.uid, str(part.organ_id)), kind=kind, organ=part.organ, enterprise=task.enterprise,
            item=part.item, officers=officers, due_on=task.visit_on, visit_on=task.visit_on, trigger=trigger,
            clue=clue, reason=task.reason, why_on_site=f"联合检查：{task.title}", joint=task, actor=actor, now=now,
        )  # fmt: skip
    return _answered(task, part, JointAnswer.ACCEPTED, "", actor, now)


@transaction.atomic
def decline_joint(*, part: JointParticipant, note: str, actor: Actor, now: datetime) -> JointParticipant:
    """不参加: with the reason; the others go on if two are left."""
    task = _locked(part.task)
    part = _open(part, task)
    if not note.strip():
        raise NotAllowed(_("不参加的，请写明理由。"))
    return _answered(task, part, JointAnswer.DECLINED, note.strip()[:300], actor, now)


def _open(part: JointParticipant, task: JointTask) -> JointParticipant:
    part = JointParticipant.objects.select_related("organ", "item__item_list", "item__checklist").get(pk=part.pk)
    if task.state != JointState.INVITING or part.answer != JointAnswer.INVITED:
        raise NotAllowed(_("这次联合检查不再等您的答复。"))
    return part


def _answered(
    task: JointTask, part: JointParticipant, answer: JointAnswer, note: str, actor: Actor, now: datetime
) -> JointParticipant:
    part.answer, part.note, part.answered_at, part.answered_by_name = answer, note, now, actor.name
    part.save(update_fields=["answer", "note", "answered_at", "answered_by_name"])
    audit.record(
        actor=actor,
        action="inspections.answer_joint",
        subject=task,
        now=now,
        after={"organ": part.organ_id, "answer": answer, "note": note},
    )
    answers = [JointAnswer(one) for one in task.participants.values_list("answer", flat=True)]
    if JointAnswer.INVITED not in answers:
        if answers.count(JointAnswer.ACCEPTED) >= 2:
            _move(task, JointAction.SETTLE, actor, now)
        else:
            _cancel(task, "参加的部门不足两个", actor, now)
    return part


@transaction.atomic
def cancel_joint(*, task: JointTask, note: str, actor: Actor, now: datetime) -> JointTask:
    """取消: with the reason; each organ's check that has not begun is freed of the common day and stands alone."""
    task = _locked(task)
    if not note.strip():
        raise NotAllowed(_("请写明为什么取消。"))
    if task.visits.exclude(state__in=NOT_BEGUN | NEVER_MADE).exists():
        raise NotAllowed(_("已经有部门到场，不能再取消。"))
    return _cancel(task, note.strip()[:300], actor, now)


def _cancel(task: JointTask, note: str, actor: Actor, now: datetime) -> JointTask:
    for visit in task.visits.filter(state__in=NOT_BEGUN).order_by("pk"):
        # It was approved for a common visit; alone it has to be approved anew.
        withdraw_visit(visit=visit, note=f"联合检查取消：{note}", actor=actor, now=now)
    task.ended_at, task.ended_note = now, note
    task.save(update_fields=["ended_at", "ended_note"])
    return _move(task, JointAction.CANCEL, actor, now)


def _move(task: JointTask, action: JointAction, actor: Actor, now: datetime) -> JointTask:
    before = JointState(task.state)
    task.state = advance_joint(before, action)
    task.save(update_fields=["state"])
    audit.record(
        actor=actor, action=f"inspections.{action}_joint", subject=task, now=now, before={"state": before},
        after={"state": task.state},
    )  # fmt: skip
    return task


@transaction.atomic
def propose_merge(*, uid: UUID, own: Visit, other: Visit, visit_on: date, actor: Actor, now: datetime) -> JointTask:
    """建议合并: a joint task of two checks that are planned close together; one's own goes in, the other is asked."""
    task = propose_joint(
        uid=uid,
        title=f"{own.enterprise.name}联合检查",
        initiator=own.organ,
        enterprise=own.enterprise,
        visit_on=visit_on,
        reason=f"{own.item.matter}；{other.item.matter}",
        parts=[(own.organ, own.item), (other.organ, other.item)],
        actor=actor,
        now=now,
    )
    mine = task.participants.get(organ=own.organ)
    if mine.answer == JointAnswer.INVITED:
        accept_joint(part=mine, officers=[], visit=own, actor=actor, now=now)
    return task


def finish_joint_when_done(visit: Visit, actor: Actor, now: datetime) -> None:
    """检查完毕: when no organ of the task is at it any more."""
    if visit.joint_id is None:
        return
    task = _locked(JointTask(pk=visit.joint_id))
    still = task.visits.filter(state__in=RUNNING | {VisitState.APPLIED})
    if task.state == JointState.SETTLED and not still.exists():
        task.ended_at = now
        task.save(update_fields=["ended_at"])
        _move(task, JointAction.FINISH, actor, now)
