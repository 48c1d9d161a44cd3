"""Loading what ships with the program."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from anguan.checklists.models import (
    Checklist,
    ChecklistItem,
    Criterion,
    HazardPhrase,
    InspectionItem,
    ItemList,
    Standard,
)
from anguan.checklists.rules import (
    List,
    Mark,
    Sheet,
    Stage,
    StandardText,
    shipped_lists,
    shipped_sheets,
    shipped_standards,
)
from anguan.ground import audit
from anguan.ground.access import SYSTEM


@transaction.atomic
def load_shipped(now: datetime) -> int:
    """Bring the shipped criteria, checklists and item lists into the database; returns how many were new.

    A version that is there already stays as it is: visits refer to it. A standard gets the clauses it lacks.
    """
    standards = sum(_load_standard(standard, now) for standard in shipped_standards())
    sheets = sum(_load_sheet(sheet, now) for sheet in shipped_sheets())
    return standards + sheets + sum(_load_list(item_list, now) for item_list in shipped_lists())


def _published(day: Any, now: datetime) -> dict[str, Any]:
    return {
        "stage": Stage.PUBLISHED,
        "effective_from": day,
        "published_at": now,
        "published_by_name": SYSTEM.name,
    }


def _load_standard(standard: StandardText, now: datetime) -> int:
    fields = {name: getattr(standard, name) for name in ("title", "field", "valid_from", "valid_to", "tag", "note")}
    row, is_new = Standard.objects.get_or_create(number=standard.number, defaults=fields)
    known = set(row.criteria.values_list("clause", flat=True))
    missing = [criterion for criterion in standard.criteria if criterion.clause not in known]
    Criterion.objects.bulk_create(
        Criterion(
            standard=row,
            **asdict(criterion),
            verified=criterion.tag == Mark.READ,
            **_published(standard.valid_from, now),
        )
        for criterion in missing
    )
    if is_new or missing:
        _record(row, now, {"number": row.number, "criteria": [criterion.clause for criterion in missing]})
    return int(is_new)


def _load_sheet(sheet: Sheet, now: datetime) -> int:
    row, is_new = Checklist.objects.get_or_create(
        code=sheet.code,
        version=sheet.version,
        defaults={
            "title": sheet.title,
            "industry": sheet.industry,
            **_published(sheet.effective_from, now),
        },
    )
    if is_new:
        criteria = {(one.standard_id, one.clause): one for one in Criterion.objects.filter(stage=Stage.PUBLISHED)}
        questions = []
        for item in sheet.items:
            fields = asdict(item)
            fields.pop("phrases")
            cited = fields.pop("criterion")
            fields |= {name: list(fields[name]) for name in ("order_organs", "penalty_organs")}
            questions.append(ChecklistItem(checklist=row, criterion=criteria[cited] if cited else None, **fields))
        ChecklistItem.objects.bulk_create(questions)
        _load_phrases(sheet)
        _record(row, now, {"code": sheet.code, "version": sheet.version, "items": len(sheet.items)})
    return int(is_new)


def _load_phrases(sheet: Sheet) -> None:
    """隐患目录 of a checklist: phrases that are there stay as the bureau left them."""
    HazardPhrase.objects.bulk_create(
        (
            HazardPhrase(checklist_code=sheet.code, item_key=item.key, position=position, **asdict(phrase))
            for item in sheet.items
            for position, phrase in enumerate(item.phrases, start=1)
        ),
        ignore_conflicts=True,
    )


def _load_list(item_list: List, now: datetime) -> int:
    row, is_new = ItemList.objects.get_or_create(
        version=item_list.version,
        defaults={
            "title": item_list.title,
            "published_on": item_list.published_on,
            **_published(item_list.published_on, now),
        },
    )
    if is_new:
        for item in item_list.items:
            fields = asdict(item)
            code = fields.pop("checklist")
            fields |= {name: list(fields[name]) for name in ("partners", "subject_kinds")}
            InspectionItem.objects.create(
                item_list=row,
                checklist=Checklist.objects.filter(code=code, stage=Stage.PUBLISHED).order_by("-version").first()
                if code
                else None,
                **fields,
            )
        _record(row, now, {"version": item_list.version, "items": len(item_list.items)})
    return int(is_new)


def _record(row: Standard | Checklist | ItemList, now: datetime, after: dict[str, Any]) -> None:
    audit.record(actor=SYSTEM, action="checklists.load", subject=row, now=now, after=after)
