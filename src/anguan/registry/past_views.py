"""往日底账: one row, a list and the figures when a day ended; for the office, which sees the whole ledger."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.models import AuditRecord
from anguan.people.rules import BUREAU
from anguan.people.viewers import ViewerRequest
from anguan.registry import past, showing
from anguan.registry.kinds import LedgerKind
from anguan.registry.models import Found
from anguan.registry.selectors import Figure, NotKnown, figures_as_of


@dataclass(frozen=True)
class Line:
    """One field of the page: then, now, and the record that proves it."""

    label: str
    then: str
    now: str
    differs: bool
    record: AuditRecord
    act: str


def _day(request: ViewerRequest) -> date:
    """The day that the address asks for. Raises `NotKnown` for what is no day."""
    if not request.viewer.has(*BUREAU):
        raise PermissionDenied(_("往日底账只供监管人员查看。"))
    text = request.GET.get("as_of", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotKnown(_("日期“%(text)s”无法识别，应写成 2026-03-01 这样。") % {"text": text}) from None


def _shown(request: ViewerRequest, template: str, context: dict[str, Any], failure: str) -> HttpResponse:
    context |= {
        "failure": failure,
        "as_of": request.GET.get("as_of", ""),
        "today": clock.local_day(clock.now()),
        "kept": [(key, value) for key, value in request.GET.items() if key not in {"as_of", "cursor", "panel"}],
    }
    return render(request, template, context, status=422 if failure else 200)


def row_as_of(request: ViewerRequest, kind: LedgerKind, row: Found) -> HttpResponse:
    """One row of the ledger when a day ended."""
    context: dict[str, Any] = {"kind": kind, "row": row}
    failure = ""
    try:
        day = _day(request)
        known = past.row_as_of(row, day, clock.local_day(clock.now()))
    except NotKnown as error:
        failure = str(error)
    else:
        called = showing.names_of(
            {
                (field.field, value)
                for field in known.fields
                if field.field.is_relation
                for value in (field.then, field.now)
            }
        )
        context |= {
            "day": day,
            "lines": [_line(row, field, called) for field in known.fields if not field.is_blank],
            "unrecorded": [showing.label_of(field) for field in known.unrecorded],
        }
    return _shown(request, "registry/past_row.html", context, failure)


def _line(row: Found, field: past.PastField, called: dict[tuple[str, Any], str]) -> Line:
    def text(value: Any) -> str:
        if field.field.is_relation:
            return called.get((field.field.name, value), showing.EMPTY)
        return showing.plain_value(type(row), field.field, value)

    return Line(
        showing.label_of(field.field),
        text(field.then),
        text(field.now),
        field.differs,
        field.record,
        _(showing.ACTIONS.get(field.record.action, field.record.action)),
    )


def list_as_of(request: ViewerRequest, kind: LedgerKind) -> HttpResponse:
    """A list of the ledger when a day ended, under the filters of its address."""
    context: dict[str, Any] = {"kind": kind, "title": _(kind.plural)}
    failure = ""
    try:
        day = _day(request)
        found = past.list_as_of(kind, request.GET.dict(), day, clock.local_day(clock.now()))
    except NotKnown as error:
        failure = str(error)
    else:
        fields = {field.name: field for field in kind.model._meta.concrete_fields}
        columns = [column for column in kind.columns if column.key in fields and not column.hidden]
        context |= {
            "day": day,
            "count": found.count,
            "most": past.MOST_SHOWN,
            "is_cut": found.count > len(found.rows),
            "headings": [_(column.label) for column in columns],
            "rows": [
                (values["pk"], [_cell(kind, fields[column.key], values) for column in columns]) for values in found.rows
            ],
        }
    return _shown(request, "registry/past_list.html", context, failure)


def _cell(kind: LedgerKind, field: Any, values: dict[str, Any]) -> str:
    value = values[field.attname]
    if isinstance(value, Model):
        return str(value)
    return showing.plain_value(kind.model, field, value)


def figures(request: ViewerRequest) -> HttpResponse:
    """底数 of today, or when a day ended."""
    today = clock.local_day(clock.now())
    failure, found, day = "", list[Figure](), today
    try:
        day = _day(request) if request.GET.get("as_of") else today
        found = figures_as_of(day, today)
    except NotKnown as error:
        failure = str(error)
    then = day if day != today and not failure else None
    rows = [replace(one, path=_at(one.path, then)) for one in found]
    return _shown(request, "registry/figures.html", {"figures": rows, "day": then}, failure)


def _at(path: str, day: date | None) -> str:
    """A list's address as of a day."""
    return f"{path}{'&' if '?' in path else '?'}as_of={day}" if day else path
