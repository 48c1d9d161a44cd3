"""Loading what ships with the program."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem, ItemList
from anguan.checklists.rules import List, Sheet, shipped_lists, shipped_sheets
from anguan.ground import audit
from anguan.ground.access import SYSTEM


@transaction.atomic
def load_shipped(now: datetime) -> int:
    """Bring the shipped checklists and item lists into the database; returns how many were new.

    A version that is there already stays as it is: visits refer to it.
    """
    return sum(_load_sheet(sheet, now) for sheet in shipped_sheets()) + sum(
        _load_list(item_list, now) for item_list in shipped_lists()
    )


def _load_sheet(sheet: Sheet, now: datetime) -> int:
    row, is_new = Checklist.objects.get_or_create(
        code=sheet.code, version=sheet.version, defaults={"title": sheet.title, "industry": sheet.industry}
    )
    if is_new:
        ChecklistItem.objects.bulk_create(ChecklistItem(checklist=row, **asdict(item)) for item in sheet.items)
        audit.record(
            actor=SYSTEM,
            action="checklists.load",
            subject=row,
            now=now,
            after={"code": sheet.code, "version": sheet.version, "items": len(sheet.items)},
        )
    return int(is_new)


def _load_list(item_list: List, now: datetime) -> int:
    row, is_new = ItemList.objects.get_or_create(
        version=item_list.version, defaults={"title": item_list.title, "published_on": item_list.published_on}
    )
    if is_new:
        for item in item_list.items:
            fields = asdict(item)
            code = fields.pop("checklist")
            InspectionItem.objects.create(
                item_list=row,
                checklist=Checklist.objects.filter(code=code).order_by("-version").first() if code else None,
                **fields,
            )
        audit.record(
            actor=SYSTEM,
            action="checklists.load",
            subject=row,
            now=now,
            after={"version": item_list.version, "items": len(item_list.items)},
        )
    return int(is_new)
