"""台账变更: one row changed by a clerk, with what it was before."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Model

from anguan.core.search import folded, pinyin_initials, search_tokens
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.registry.events import EnterpriseStatusChanged
from anguan.registry.models import Building, Enterprise, Found, KeyUnit, Site, Tenant
from anguan.registry.rules import is_high_rise


def texts_of(row: Found) -> list[str]:
    """What a row can be found by: its name first, whose initials count too."""
    texts = [str(row), getattr(row, "address", "")]
    if isinstance(row, Enterprise):
        texts += [row.credit_code, row.principal]
    elif isinstance(row, Site):
        texts += [row.permit_no, row.developer]
    elif isinstance(row, KeyUnit):
        texts += [row.category, row.building_name]
    elif isinstance(row, Tenant):
        texts += [row.unit_no, row.business]
    return texts


def make_findable(row: Found) -> None:
    """Set what is derived from the rest of the row: search words, and for a building whether it is a high-rise."""
    texts = texts_of(row)
    initials = pinyin_initials(texts[0])
    row.tokens = search_tokens(*texts, initials=initials)
    row.search_text = f"{folded(*texts)}\n{initials}"
    if isinstance(row, Building):
        row.is_high_rise = is_high_rise(row.use, row.height_m, row.storeys_above)


# Derived from the rest, or telling nothing about the thing itself.
_NOT_RECORDED = frozenset({"id", "tokens", "search_text", "created_at", "updated_at"})


@cache
def recorded_fields(model: type[Model]) -> tuple[str, ...]:
    """The fields whose values go on record when a row is made or changed."""
    return tuple(one.attname for one in model._meta.concrete_fields if one.attname not in _NOT_RECORDED)


@transaction.atomic
def change_row(*, row: Found, values: Mapping[str, Any], actor: Actor, now: datetime, cause: str = "") -> bool:
    """Write the values that differ; returns False when nothing does, and then leaves no record."""
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    fields = recorded_fields(type(row))
    before = audit.snapshot(row, *fields)
    for name, value in values.items():
        setattr(row, name, value)
    make_findable(row)
    if audit.snapshot(row, *fields) == before:
        return False
    row.updated_at = now
    row.save()
    after = audit.snapshot(row, *fields)
    changed = [name for name in fields if before[name] != after[name]]
    audit.record(
        actor=actor,
        action="registry.change",
        subject=row,
        now=now,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        cause=cause,
    )
    if isinstance(row, Enterprise) and "status" in changed:
        publish(EnterpriseStatusChanged(enterprise_id=row.pk, before=before["status"], after=after["status"]))
    return True
