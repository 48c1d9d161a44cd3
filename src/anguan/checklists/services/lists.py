"""起草事项清单: a draft is a copy of a list; its matters are added, changed and taken out until it is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from anguan.checklists.models import InspectionItem, ItemList
from anguan.checklists.rules import NotAllowed, next_version
from anguan.checklists.services.versions import locked_draft
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.people.models import Organ

_COPIED: Final = tuple(
    field.attname for field in InspectionItem._meta.concrete_fields if field.attname not in {"id", "item_list_id"}
)
MATTER_FIELDS: Final = tuple(name for name in _COPIED if name != "code")


@transaction.atomic
def draft_item_list(*, source: ItemList | None, organ: Organ, actor: Actor, now: datetime) -> ItemList:
    """起草新清单: a copy of the list, or an empty one. One draft at a time."""
    versions = []
    for other in ItemList.objects.select_for_update():
        if other.is_draft:
            raise NotAllowed(
                N_("事项清单已有草稿 %(version)s（%(by)s 起草），请先公布或作废它。"),
                version=other.version,
                by=other.drafted_by_name,
            )
        versions.append(other.version)
    version = next_version(versions, clock.local_day(now).year)
    draft = ItemList.objects.create(
        version=version,
        title=source.title if source else "随机抽查事项清单",
        based_on=source,
        organ=organ,
        drafted_at=now,
        drafted_by_name=actor.name,
    )
    if source is not None:
        InspectionItem.objects.bulk_create(
            InspectionItem(item_list=draft, **{name: getattr(item, name) for name in _COPIED})
            for item in source.items.order_by("code")
        )
    audit.record(
        actor=actor,
        action="checklists.draft_list",
        subject=draft,
        now=now,
        after={"version": version, "based_on": source.version if source else "", "items": draft.items.count()},
    )
    return draft


@transaction.atomic
def rename_item_list(*, draft: ItemList, title: str, actor: Actor, now: datetime) -> ItemList:
    """改清单名称."""
    row = locked_draft(draft)
    if not title.strip():
        raise NotAllowed(N_("请写清单名称。"))
    before = audit.snapshot(row, "title")
    row.title = title.strip()
    row.save(update_fields=["title"])
    audit.record(
        actor=actor,
        action="checklists.rename_list",
        subject=row,
        now=now,
        before=before,
        after=audit.snapshot(row, "title"),
    )
    return row


@transaction.atomic
def keep_matter(
    *, draft: ItemList, code: str, values: Mapping[str, Any], actor: Actor, now: datetime
) -> InspectionItem:
    """增加或修改事项 by its code."""
    row = locked_draft(draft)
    if not str(values["basis"]).strip():
        raise NotAllowed(N_("事项要写抽查依据：没有法律依据的不能列入清单。"))
    item = row.items.filter(code=code).first() or InspectionItem(item_list=row, code=code)
    before = audit.snapshot(item, *MATTER_FIELDS) if item.pk else None
    for name, value in values.items():
        setattr(item, name, value)
    item.save()
    audit.record(
        actor=actor,
        action="checklists.keep_matter",
        subject=item,
        now=now,
        before=before,
        after=audit.snapshot(item, "code", *MATTER_FIELDS),
    )
    return item


@transaction.atomic
def remove_matter(*, item: InspectionItem, actor: Actor, now: datetime) -> None:
    """取消事项 from the draft: once the list is in force it may no longer be inspected."""
    row = locked_draft(item.item_list)
    item = row.items.get(pk=item.pk)
    said = audit.snapshot(item, "code", *MATTER_FIELDS)
    audit.record(actor=actor, action="checklists.remove_matter", subject=item, now=now, before=said)
    item.delete()
