"""补录判定条款: a bureau adds what is not on file, and corrects what it has read."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from anguan.checklists.models import Criterion, Standard
from anguan.checklists.rules import Mark, NotAllowed, Stage, check_clause
from anguan.checklists.services.versions import locked_draft
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Organ

_SAID: Final = ("standard_id", "clause", "version", "summary", "judgement", "evidence", "tag", "verified")


@transaction.atomic
def draft_criterion(
    *,
    standard: Standard,
    clause: str,
    summary: str,
    judgement: str,
    evidence: str,
    tag: str,
    organ: Organ,
    actor: Actor,
    now: datetime,
) -> Criterion:
    """起草判定条款: new, or the next version of one that is published. One draft of a clause at a time."""
    clause = clause.strip()
    check_clause(clause)
    if not summary.strip():
        raise NotAllowed(N_("请用自己的话写明判定情形。"))
    Standard.objects.select_for_update().get(pk=standard.pk)
    same = Criterion.objects.filter(standard=standard, clause=clause)
    if same.filter(stage=Stage.DRAFT).exists():
        raise NotAllowed(
            N_("%(number)s %(clause)s 已有草稿，请先公布或作废它。"), number=standard.number, clause=clause
        )
    criterion = Criterion.objects.create(
        standard=standard,
        clause=clause,
        version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
        based_on=same.filter(stage=Stage.PUBLISHED).order_by("-version").first(),
        organ=organ,
        drafted_at=now,
        drafted_by_name=actor.name,
        **_values(summary, judgement, evidence, tag),
    )
    _record(criterion, "checklists.draft_criterion", actor, now)
    return criterion


@transaction.atomic
def change_criterion(
    *,
    criterion: Criterion,
    summary: str,
    judgement: str,
    evidence: str,
    tag: str,
    actor: Actor,
    now: datetime,
) -> Criterion:
    """修改草稿; standard and clause stay."""
    row = locked_draft(criterion)
    if not summary.strip():
        raise NotAllowed(N_("请用自己的话写明判定情形。"))
    before = audit.snapshot(row, *_SAID)
    for name, value in _values(summary, judgement, evidence, tag).items():
        setattr(row, name, value)
    row.save()
    _record(row, "checklists.change_criterion", actor, now, before=before)
    return row


@transaction.atomic
def add_standard(
    *,
    number: str,
    title: str,
    field: str,
    valid_from: date | None,
    valid_to: date | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> Standard:
    """登记判定标准; a number that is on file already is refused."""
    number = number.strip()
    if Standard.objects.filter(number=number).exists():
        raise NotAllowed(N_("%(number)s 已经登记。"), number=number)
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise NotAllowed(N_("标准的失效日期早于施行日期，请核对。"))
    standard = Standard.objects.create(
        number=number,
        title=title.strip(),
        field=field,
        valid_from=valid_from,
        valid_to=valid_to,
        note=note.strip(),
        tag=Mark.MEMORY,
    )
    audit.record(
        actor=actor, action="checklists.add_standard", subject=standard, now=now, after=audit.snapshot(standard)
    )
    return standard


def _values(summary: str, judgement: str, evidence: str, tag: str) -> dict[str, Any]:
    return {
        "summary": summary.strip(),
        "judgement": judgement,
        "evidence": evidence.strip(),
        "tag": tag,
        "verified": tag == Mark.READ,
    }


def _record(
    criterion: Criterion, action: str, actor: Actor, now: datetime, before: dict[str, Any] | None = None
) -> None:
    audit.record(
        actor=actor, action=action, subject=criterion, now=now, before=before, after=audit.snapshot(criterion, *_SAID)
    )
