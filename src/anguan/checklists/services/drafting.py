"""起草检查表: a draft is a copy of a version; its questions are added, changed, moved and taken out until published."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from anguan.checklists.models import Checklist, ChecklistItem, Criterion
from anguan.checklists.rules import NotAllowed, Question, Sheet, Stage, check_question, next_version
from anguan.checklists.services.versions import locked_draft
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.people.models import Organ

MOST_QUESTIONS: Final = 200
_COPIED: Final = tuple(
    field.attname
    for field in ChecklistItem._meta.concrete_fields
    if field.attname not in {"id", "checklist_id", "number"}
)


@transaction.atomic
def draft_checklist(*, source: Checklist, organ: Organ, actor: Actor, now: datetime) -> Checklist:
    """起草新版本: a copy of a published version under the next number. One draft of a checklist at a time."""
    draft = _new_draft(source.code, source.title, source.industry, source, organ, actor, now)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=draft, number=number, **{name: getattr(item, name) for name in _COPIED})
        for number, item in enumerate(source.items.all(), start=1)
    )
    _record(draft, "checklists.draft", actor, now, after={"based_on": source.version, "items": draft.items.count()})
    return draft


@transaction.atomic
def draft_from_sheet(*, sheet: Sheet, organ: Organ, actor: Actor, now: datetime) -> Checklist:
    """起草: from the questions of a file. Where the code is known it becomes the next version of that checklist."""
    if not sheet.items:
        raise NotAllowed(N_("文件里没有检查项。"))
    if len(sheet.items) > MOST_QUESTIONS:
        raise _too_many()
    based_on = (
        Checklist.objects.filter(code=sheet.code)
        .exclude(stage__in=[Stage.DRAFT, Stage.DISCARDED])
        .order_by("-effective_from", "-pk")
        .first()
    )
    draft = _new_draft(sheet.code, sheet.title, sheet.industry, based_on, organ, actor, now)
    for number, item in enumerate(sheet.items, start=1):
        _add(draft, replace(item, number=number))
    _record(draft, "checklists.draft", actor, now, after={"items": len(sheet.items)})
    return draft


@transaction.atomic
def rename_draft(*, draft: Checklist, title: str, industry: str, actor: Actor, now: datetime) -> Checklist:
    """改名称和适用行业."""
    row = locked_draft(draft)
    if not title.strip() or not industry.strip():
        raise NotAllowed(N_("名称和适用行业都要写。"))
    before = audit.snapshot(row, "title", "industry")
    row.title, row.industry = title.strip(), industry.strip()
    row.save(update_fields=["title", "industry"])
    _record(row, "checklists.rename", actor, now, before=before, after=audit.snapshot(row, "title", "industry"))
    return row


@transaction.atomic
def add_question(*, draft: Checklist, key: str, question: Question, actor: Actor, now: datetime) -> ChecklistItem:
    """增加检查项 at the end. `key` is made by the form, so that sending it twice adds once."""
    row = locked_draft(draft)
    known = row.items.filter(key=key).first()
    if known is not None:
        return known
    check_question(question)
    count = row.items.count()
    if count >= MOST_QUESTIONS:
        raise _too_many()
    item = _add(row, replace(question, number=count + 1, key=key))
    _record(row, "checklists.add_question", actor, now, after=_said(item))
    return item


@transaction.atomic
def change_question(*, item: ChecklistItem, question: Question, actor: Actor, now: datetime) -> ChecklistItem:
    """修改检查项; its key and place stay."""
    row = locked_draft(item.checklist)
    check_question(question)
    item = row.items.get(pk=item.pk)
    before = _said(item)
    for name, value in _fields(replace(question, number=item.number, key=item.key)).items():
        setattr(item, name, value)
    item.save()
    _record(row, "checklists.change_question", actor, now, before=before, after=_said(item))
    return item


@transaction.atomic
def move_question(*, item: ChecklistItem, place: int, actor: Actor, now: datetime) -> ChecklistItem:
    """移动检查项 to a place; a place before the first or after the last is the first or the last."""
    row = locked_draft(item.checklist)
    item = row.items.get(pk=item.pk)
    place = max(1, min(place, row.items.count()))
    before = item.number
    if place == before:
        return item
    if place < before:
        row.items.filter(number__gte=place, number__lt=before).update(number=F("number") + 1)
    else:
        row.items.filter(number__gt=before, number__lte=place).update(number=F("number") - 1)
    item.number = place
    item.save(update_fields=["number"])
    _record(row, "checklists.move_question", actor, now, before={item.key: before}, after={item.key: place})
    return item


@transaction.atomic
def remove_question(*, item: ChecklistItem, actor: Actor, now: datetime) -> None:
    """取消检查项 from the draft; what comes after it moves up."""
    row = locked_draft(item.checklist)
    item = row.items.get(pk=item.pk)
    said, number = _said(item), item.number
    item.delete()
    row.items.filter(number__gt=number).update(number=F("number") - 1)
    _record(row, "checklists.remove_question", actor, now, before=said)


def _new_draft(
    code: str, title: str, industry: str, based_on: Checklist | None, organ: Organ, actor: Actor, now: datetime
) -> Checklist:
    # Whoever drafts the same checklist at the same moment waits here, and is told.
    others = Checklist.objects.select_for_update().filter(code=code)
    versions = []
    for other in others:
        if other.is_draft:
            raise NotAllowed(
                N_("《%(title)s》已有草稿 %(version)s（%(by)s 起草），请先公布或作废它。"),
                title=other.title,
                version=other.version,
                by=other.drafted_by_name,
            )
        versions.append(other.version)
    return Checklist.objects.create(
        code=code,
        version=next_version(versions, clock.local_day(now).year),
        title=title,
        industry=industry,
        based_on=based_on,
        organ=organ,
        drafted_at=now,
        drafted_by_name=actor.name,
    )


def _add(draft: Checklist, question: Question) -> ChecklistItem:
    return ChecklistItem.objects.create(checklist=draft, **_fields(question))


def _fields(question: Question) -> dict[str, Any]:
    fields = asdict(question)
    fields.pop("phrases")
    cited = fields.pop("criterion")
    fields |= {name: [str(kind) for kind in fields[name]] for name in ("order_organs", "penalty_organs")}
    criterion = None
    if cited is not None:
        criterion = (
            Criterion.objects.filter(standard__number=cited[0], clause=cited[1], stage=Stage.PUBLISHED)
            .order_by("-version")
            .first()
        )
        if criterion is None:
            raise NotAllowed(
                N_("判定条款“%(standard)s %(clause)s”还没有公布，请先在判定标准里补录。"),
                standard=cited[0],
                clause=cited[1],
            )
    return {**fields, "criterion": criterion}


def _said(item: ChecklistItem) -> dict[str, Any]:
    return audit.snapshot(item, "number", *_COPIED)


def _too_many() -> NotAllowed:
    return NotAllowed(N_("一张检查表最多 %(most)s 项，请分成几张。"), most=str(MOST_QUESTIONS))


def _record(
    draft: Checklist,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(actor=actor, action=action, subject=draft, now=now, before=before, after=after)
