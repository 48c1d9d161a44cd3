"""往日底账: what we knew of a row, and of a list, when a day ended; told from the audit records.

Nothing is kept twice for this. A field's value on a day is what the first change after that day says it was before, or
today's when nothing changed it since. That is a proof only for a field that some record up to that day names: of any
other the page says that nothing was recorded, instead of taking today's word for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.models import AuditRecord
from anguan.registry.kinds import LedgerKind
from anguan.registry.models import Found
from anguan.registry.rules import EnterpriseStatus, SiteStatus
from anguan.registry.selectors import NotKnown
from anguan.registry.services.rows import recorded_fields

# So many rows of a list are shown; the count above them is of all.
MOST_SHOWN = 500
Values = dict[str, Any]
AnyField: TypeAlias = "Field[Any, Any]"


def end_of(day: date) -> datetime:
    """The moment at which a day has ended in China."""
    return datetime.combine(day + timedelta(days=1), time.min, clock.CHINA)


@dataclass(frozen=True)
class PastField:
    """One field on that day. `record` is what proves it, `held_since` whether it has held from then to now."""

    field: AnyField
    then: Any
    now: Any
    record: AuditRecord

    @property
    def is_blank(self) -> bool:
        """Whether it said nothing then and says nothing now."""
        return self.then in (None, "") and self.now in (None, "")

    @property
    def differs(self) -> bool:
        """Whether the ledger says something else today."""
        return bool(self.then != self.now)


@dataclass(frozen=True)
class PastRow:
    """A row when a day ended: what is proven, and the fields of which nothing was recorded up to then."""

    fields: list[PastField]
    unrecorded: list[AnyField]


def row_as_of(row: Found, day: date, today: date) -> PastRow:
    """What we knew of a row when a day ended. Raises `NotKnown` with one sentence.

    Takes one query: a row's records are few.
    """
    if day > today:
        raise NotKnown(_("%(day)s 还没有到，只能查看今天或以前的情况。") % {"day": day})
    records = [one for one in reversed(audit.history(row)) if one.action.startswith("registry.")]
    end = end_of(day)
    if not records:
        raise NotKnown(_("这一条没有留下任何变更记录，以前的情况无从得知。"))
    first = records[0]
    if first.at >= end:
        began = clock.local_day(first.at)
        if first.action == "registry.create":
            raise NotKnown(_("这一条在 %(began)s 才登记入账，%(day)s 底账里还没有它。") % {"began": began, "day": day})
        raise NotKnown(_("这一条的变更记录从 %(began)s 开始，之前的情况无从得知。") % {"began": began})
    names = recorded_fields(type(row))
    proven, unrecorded = [], []
    for field in row._meta.concrete_fields:
        if field.attname not in names:
            continue
        proof = _last(records, field.attname, end)
        now = getattr(row, field.attname)
        if proof is None:
            unrecorded.append(field)
            continue
        change = next((one for one in records if one.at >= end and field.attname in (one.before or {})), None)
        then = now if change is None else _read(field, (change.before or {})[field.attname])
        proven.append(PastField(field, then, now, proof))
    return PastRow(proven, unrecorded)


def _last(records: Sequence[AuditRecord], name: str, end: datetime) -> AuditRecord | None:
    """The last record up to `end` that says what the field holds."""
    return next((one for one in reversed(records) if one.at < end and name in (one.after or {})), None)


def _read(field: AnyField, plain: Any) -> Any:
    """A value as an audit record holds it, as the model would."""
    if plain is None or field.is_relation:
        return plain
    return field.to_python(plain)


# --- lists


@dataclass(frozen=True)
class PastList:
    """The rows of a kind that a filter showed when a day ended, the first of them, and how many there were."""

    rows: list[Values]
    count: int


def list_as_of(kind: LedgerKind, params: Mapping[str, str], day: date, today: date) -> PastList:
    """The rows that were in the whole ledger when a day ended and then met the filters of the list's address.

    Two queries, whatever the number of rows: today's values, and what was changed since. Raises `NotKnown`.
    """
    if day > today:
        raise NotKnown(_("%(day)s 还没有到，只能查看今天或以前的情况。") % {"day": day})
    end = end_of(day)
    fields = {field.name: field for field in kind.model._meta.concrete_fields}
    asked = [name for name in _FIELDS.get(kind.slug, ()) if name in fields]
    names = dict.fromkeys([*(one.key for one in kind.columns if one.key in fields), *asked])
    attnames = {name: fields[name].attname for name in names}
    # The merged ones too: on that day an alias of today may have stood for itself.
    rows = {
        str(values["pk"]): values
        for values in kind.model._default_manager.filter(created_at__lt=end).values("pk", *attnames.values())
    }
    _put_back(rows, kind.model, {fields[name].attname: fields[name] for name in names}, end)
    held = [values for values in rows.values() if _holds(kind.slug, params, values)]
    query = params.get("q", "").strip().casefold()
    if query:
        held = [values for values in held if query in str(values.get("name", "")).casefold()]
    held.sort(key=lambda values: (str(values.get("name", "")), values["pk"]))
    shown = held[:MOST_SHOWN]
    _name_references(shown, {attnames[name]: fields[name] for name in names if fields[name].is_relation})
    return PastList(shown, len(held))


def _put_back(rows: dict[str, Values], model: type[Model], fields: Mapping[str, AnyField], end: datetime) -> None:
    """Undo what was changed since: the first change after `end` tells what was before it."""
    done: set[tuple[str, str]] = set()
    changes = AuditRecord.objects.filter(subject_type=model._meta.label_lower, at__gte=end, before__isnull=False)
    for pk, before in changes.order_by("id").values_list("subject_id", "before").iterator():
        values = rows.get(pk)
        if values is None:
            continue
        for name, plain in (before or {}).items():
            if name in fields and (pk, name) not in done:
                done.add((pk, name))
                values[name] = _read(fields[name], plain)


def _name_references(rows: Iterable[Values], references: Mapping[str, AnyField]) -> None:
    for name, field in references.items():
        model = field.related_model
        assert isinstance(model, type)
        called = model._default_manager.in_bulk({values[name] for values in rows if values[name] is not None})
        for values in rows:
            values[name] = called.get(values[name])


PRESENT = frozenset(status.value for status in EnterpriseStatus if status.is_present)
# What each filter of a list's address asks of the values of one row; the same questions as `kinds` asks the database.
_HOLDS: dict[str, dict[str, Callable[[Values, str], bool]]] = {
    "enterprise": {
        "risk": lambda values, asked: values["risk_level"] == asked,
        "status": lambda values, asked: values["status"] == asked,
        "present": lambda values, _asked: values["status"] in PRESENT,
        "is_key": lambda values, _asked: bool(values["is_key"]),
    },
    "building": {
        "is_high_rise": lambda values, asked: bool(values["is_high_rise"]) == (asked == "1"),
        "use": lambda values, asked: values["use"] == asked,
    },
    "site": {
        "unfinished": lambda values, _asked: values["status"] != SiteStatus.COMPLETED,
        "status": lambda values, asked: values["status"] == asked,
    },
    "tenant": {
        "uses_gas": lambda values, asked: bool(values["uses_gas"]) == (asked == "1"),
        "powered_all_night": lambda values, asked: bool(values["powered_all_night"]) == (asked == "1"),
    },
}
_FIELDS = {"enterprise": ("status", "risk_level", "is_key", "merged_into"), "site": ("status",)}


def _holds(slug: str, params: Mapping[str, str], values: Values) -> bool:
    if values.get("merged_into_id") is not None:
        return False
    asks = _HOLDS.get(slug, {})
    return all(asks[name](values, asked) for name, asked in params.items() if asked and name in asks)
