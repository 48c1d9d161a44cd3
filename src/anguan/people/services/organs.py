"""机构、委托与职权: in whose name who may do what, entered by a system administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Competence, Department, Entrustment, Organ


def keep_row(row: Model, values: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Write what a form said, with a record of before and after. Raises `ValidationError`."""
    before = audit.snapshot(row, *(f"{name}_id" if _is_reference(row, name) else name for name in values))
    is_new = row.pk is None
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(validate_constraints=True)
    row.save()
    after = audit.snapshot(row, *before)
    audit.record(actor=actor, action=action, subject=row, now=now, before=None if is_new else before, after=after)


def _is_reference(row: Model, name: str) -> bool:
    return bool(row._meta.get_field(name).is_relation)


@transaction.atomic
def keep_organ(*, organ: Organ | None, values: Mapping[str, Any], actor: Actor, now: datetime) -> Organ:
    """登记机构: a new one for None, else the changes to it. Raises `ValidationError`."""
    row = organ or Organ()
    keep_row(row, values, "people.keep_organ", actor, now)
    return row


@transaction.atomic
def add_department(*, organ: Organ, name: str, actor: Actor, now: datetime) -> Department:
    """登记科室. Raises `ValidationError`."""
    row = Department(organ=organ)
    keep_row(row, {"name": name}, "people.add_department", actor, now)
    return row


@transaction.atomic
def add_entrustment(*, entrusted: Organ, values: Mapping[str, Any], actor: Actor, now: datetime) -> Entrustment:
    """登记委托: a written letter with matters and term (行政处罚法 art. 20). Raises `ValidationError`."""
    row = Entrustment(entrusted=entrusted)
    keep_row(row, values, "people.add_entrustment", actor, now)
    return row


@transaction.atomic
def add_competence(*, organ: Organ, values: Mapping[str, Any], actor: Actor, now: datetime) -> Competence:
    """登记职权: on which legal basis an organ may do what, from when. Raises `ValidationError`."""
    row = Competence(organ=organ)
    keep_row(row, values, "people.add_competence", actor, now)
    return row
