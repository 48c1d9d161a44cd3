"""How rows of the ledger are put on a page: cells, facts, changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.models import AuditRecord
from anguan.people.rules import Role
from anguan.registry.kinds import Field, LedgerKind
from anguan.registry.models import Building, Complex, Enterprise, Found
from anguan.registry.rules import EnterpriseStatus, SiteStatus
from anguan.registry.services.rows import recorded_fields
from anguan.ui.templatetags.ui import day, pill, risk

_TONES = {
    EnterpriseStatus.OPERATING.value: "open",
    EnterpriseStatus.SUSPENDED.value: "waiting",
    EnterpriseStatus.CANCELLED.value: "void",
    EnterpriseStatus.REVOKED.value: "void",
    EnterpriseStatus.MOVED_OUT.value: "void",
    SiteStatus.PLANNED.value: "waiting",
    SiteStatus.ACTIVE.value: "open",
    SiteStatus.COMPLETED.value: "done",
}
ACTIONS = {
    "registry.create": N_("登记入账"),
    "registry.change": N_("变更"),
    "registry.merge": N_("并入另一家企业"),
    "registry.absorb": N_("并入了另一家企业的记录"),
    "registry.open_membership": N_("成员开通账号"),
    "registry.end_membership": N_("成员停用"),
    "registry.add_plan": N_("上传平面图"),
    "registry.change_plan": N_("更换平面图"),
    "people.invite": N_("发放邀请码"),
}
_OTHER = {
    "user": N_("用户"),
    "role": N_("身份"),
    "merged_into_id": N_("并入"),
    "absorbed_id": N_("并入的记录"),
    "storey": N_("楼层"),
    "part": N_("部位"),
    "sha256": N_("文件哈希"),
}
EMPTY = "—"


def yes_no(value: object) -> str:
    """是 or 否."""
    return _("是") if value else _("否")


def word_of(model: type[Model], name: str, value: Any) -> str:
    """A stored value as its word, for fields with a fixed choice; other values as they are."""
    field = model._meta.get_field(name)
    for known, word in getattr(field, "flatchoices", None) or ():
        if known == value:
            return _(word)
    return "" if value is None else str(value)


def cell(kind: LedgerKind, row: Found, field: Field) -> SafeString | str:
    """One cell of a list."""
    value = getattr(row, field.key)
    if field.kind == "risk":
        return risk(value)
    if field.kind == "status":
        return pill(_TONES.get(value, "open"), word_of(kind.model, field.key, value))
    if field.kind == "bool":
        return yes_no(value)
    if field.kind == "day":
        return day(value)
    if value is None or value == "":
        return EMPTY
    if isinstance(value, Model):
        return str(value)
    if field.kind == "number":
        return _number(value)
    return word_of(kind.model, field.key, value)


def _number(value: Any) -> str:
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class ListRow:
    """A row of a list: where it opens, its name, and the other cells as (markup, class)."""

    url: str
    cells: list[tuple[SafeString | str, str]]


def rows_of(kind: LedgerKind, rows: Iterable[Found]) -> list[ListRow]:
    """Rows as a list's template prints them, cells in the order of the kind's columns."""
    return [
        ListRow(
            reverse("registry:detail", args=[kind.slug, row.pk]),
            [(cell(kind, row, field), "number" if field.kind == "number" else "") for field in kind.columns],
        )
        for row in rows
    ]


def facts_of(row: Found) -> list[tuple[str, SafeString | str]]:
    """Label and value of everything the ledger knows about a row, without what is blank."""
    facts: list[tuple[str, SafeString | str]] = []
    names = recorded_fields(type(row))
    for field in sorted(row._meta.concrete_fields, key=lambda one: _FIRST.get(one.name, len(_FIRST))):
        if field.attname not in names or field.name in {"name", "merged_into", "latitude"}:
            continue
        value = getattr(row, field.name)
        if value in (None, ""):
            continue
        label = str(field.verbose_name)
        shown: SafeString | str
        if field.name == "risk_level":
            shown = risk(value)
        elif field.name == "status":
            shown = pill(_TONES.get(value, "open"), word_of(type(row), field.name, value))
        elif field.name == "longitude":
            label, shown = _("经纬度"), f"{value}, {getattr(row, 'latitude', '')}"
        elif isinstance(value, bool):
            shown = yes_no(value)
        elif isinstance(value, date):
            shown = f"{value:%Y-%m-%d}"
        elif isinstance(value, Model):
            shown = link(value)
        elif field.name in UNITS:
            shown = f"{_number(value)} {_(UNITS[field.name])}"
        else:
            shown = word_of(type(row), field.name, value)
        facts.append((label, shown))
    return facts


# What tells a row apart stands first, then what is asked most.
_FIRST = {
    name: place
    for place, name in enumerate(
        ("credit_code", "permit_no", "unit_no", "category", "is_high_rise", "status", "risk_level", "is_key", "address")
    )
}
UNITS = {
    "height_m": N_("米"),
    "storeys_above": N_("层"),
    "storeys_below": N_("层"),
    "area_m2": N_("平方米"),
    "employees": N_("人"),
}


def link(row: Any) -> SafeString:
    """A row of the ledger as a link to its page."""
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row)


@dataclass(frozen=True)
class Change:
    """One record of the history: who did what when and why, and the fields with before and after."""

    title: str
    at: datetime
    who: str
    cause: str
    fields: list[tuple[str, str, str]]


def names_of(wanted: Iterable[tuple[Any, Any]]) -> dict[tuple[str, Any], str]:
    """What references are called: (field's name, id) to name, looked up together for each field."""
    ids: dict[Any, set[Any]] = {}
    for field, value in wanted:
        if value is not None:
            ids.setdefault(field, set()).add(value)
    return {
        (field.name, pk): str(found)
        for field, values in ids.items()
        for pk, found in field.related_model._default_manager.in_bulk(values).items()
    }


def label_of(field: Any) -> str:
    """What a field is called on a page."""
    return _(_OTHER[field.attname]) if field.attname in _OTHER else str(field.verbose_name)


def plain_value(model: type[Model], field: Any, value: Any) -> str:
    """A value of a field as text: words for choices, 是 or 否, units, an empty mark for what is blank."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if field.name in UNITS:
        return f"{_number(value)} {_(UNITS[field.name])}"
    return word_of(model, field.name, value)


def history_of(row: Found, most: int = 50) -> list[Change]:
    """变更记录: what happened to a row, newest first."""
    records = audit.history(row)[:most]
    names = _names_of(row, records)
    return [
        Change(
            _(ACTIONS.get(record.action, record.action)),
            record.at,
            record.actor_name,
            record.cause,
            [] if record.action == "registry.create" else list(_fields(row, record, names)),
        )
        for record in records
    ]


_REFERS: dict[str, type[Model]] = {
    "manager_id": Enterprise,
    "operator_id": Enterprise,
    "contractor_id": Enterprise,
    "enterprise_id": Enterprise,
    "merged_into_id": Enterprise,
    "absorbed_id": Enterprise,
    "building_id": Building,
    "complex_id": Complex,
}


def _names_of(row: Found, records: Iterable[AuditRecord]) -> dict[tuple[str, int], str]:
    """What the references in these records are called, looked up together."""
    wanted: dict[type[Model], set[int]] = {}
    for record in records:
        for values in (record.before or {}, record.after or {}):
            for name, model in _REFERS.items():
                if isinstance(values.get(name), int):
                    wanted.setdefault(model, set()).add(values[name])
    del row
    called = {model: model._default_manager.in_bulk(list(ids)) for model, ids in wanted.items()}
    return {(name, pk): str(found) for name, model in _REFERS.items() for pk, found in called.get(model, {}).items()}


def _fields(row: Found, record: AuditRecord, names: dict[tuple[str, int], str]) -> Iterator[tuple[str, str, str]]:
    known = {field.attname: field for field in row._meta.concrete_fields}
    for name, before, after in audit.changes(record):
        if name in known and name not in _OTHER:
            label = str(known[name].verbose_name)
        else:
            label = _(_OTHER.get(name, name))
        yield label, _value(row, name, before, names), _value(row, name, after, names)


def _value(row: Found, name: str, value: Any, names: dict[tuple[str, int], str]) -> str:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return yes_no(value)
    if name == "role":
        return _(Role(value).label)
    if isinstance(value, int) and (name, value) in names:
        return names[name, value]
    if any(field.attname == name for field in row._meta.concrete_fields) and not name.endswith("_id"):
        return word_of(type(row), name, value)
    return str(value)
