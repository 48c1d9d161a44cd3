"""公布、停用、作废: the same acts on every kind of version. Each locks the row, re-reads it and decides."""

from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from anguan.checklists.models import Checklist, Criterion, ItemList, Versioned
from anguan.checklists.rules import Act, NotAllowed, Stage, advance, check_publication, check_withdrawal
from anguan.checklists.selectors import incomplete_questions
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor

V = TypeVar("V", Checklist, Criterion, ItemList)


def locked(version: V) -> V:
    """The version as it stands now, locked until the end of the transaction."""
    return type(version)._default_manager.select_for_update().get(pk=version.pk)


def locked_draft(version: V) -> V:
    """A version that can still be edited; refuses what is published."""
    row = locked(version)
    advance(Stage(row.stage), Act.EDIT)
    return row


@transaction.atomic
def publish_version(*, version: V, effective_from: date, actor: Actor, now: datetime) -> V:
    """公布: from the day on it counts, and never changes again. A second time refuses."""
    row = locked(version)
    stage = advance(Stage(row.stage), Act.PUBLISH)
    check_publication(effective_from, clock.local_day(now))
    _check_complete(row)
    row.effective_from = effective_from
    row.published_at, row.published_by_name = now, actor.name
    if isinstance(row, ItemList):
        # Whoever asks for the list of a day means the one that counts on it; when it was made public is `published_at`.
        row.published_on = effective_from
    return _keep(row, stage, "checklists.publish", actor, now)


@transaction.atomic
def withdraw_version(*, version: V, withdrawn_from: date, reason: str, actor: Actor, now: datetime) -> V:
    """停用: from the day on it is used for nothing new; what was checked with it stays."""
    row = locked(version)
    stage = advance(Stage(row.stage), Act.WITHDRAW)
    check_withdrawal(withdrawn_from, reason, clock.local_day(now))
    row.withdrawn_from, row.withdrawn_reason = withdrawn_from, reason.strip()
    return _keep(row, stage, "checklists.withdraw", actor, now)


@transaction.atomic
def discard_version(*, version: V, actor: Actor, now: datetime) -> V:
    """作废草稿: it stays listed as discarded."""
    row = locked(version)
    return _keep(row, advance(Stage(row.stage), Act.DISCARD), "checklists.discard", actor, now)


def _keep(row: V, stage: Stage, action: str, actor: Actor, now: datetime) -> V:
    names = ("stage", "effective_from", "withdrawn_from", "withdrawn_reason")
    before = audit.snapshot(type(row)._default_manager.get(pk=row.pk), *names)
    row.stage = stage
    row.save()
    audit.record(actor=actor, action=action, subject=row, now=now, before=before, after=audit.snapshot(row, *names))
    return row


def _check_complete(row: Versioned) -> None:
    """Refuse to publish what nobody could check by."""
    if isinstance(row, Checklist) and not row.items.exists():
        raise NotAllowed(N_("检查表还没有检查项，至少写一项再公布。"))
    if isinstance(row, Checklist) and (item := incomplete_questions(row).first()) is not None:
        raise NotAllowed(
            N_("第 %(number)s 项没有写全怎么查和违反、责令、处罚的依据，补全再公布。"), number=str(item.number)
        )
    if isinstance(row, ItemList):
        if not row.items.exists():
            raise NotAllowed(N_("事项清单还没有事项，至少写一项再公布。"))
        unusable = row.items.exclude(checklist=None).exclude(checklist__stage=Stage.PUBLISHED).first()
        if unusable is not None:
            raise NotAllowed(
                N_("事项 %(code)s 用的检查表没有公布或已经停用，请换一张已公布的检查表。"), code=unusable.code
            )
    if isinstance(row, Criterion) and not row.summary.strip():
        raise NotAllowed(N_("请写明判定情形再公布。"))
