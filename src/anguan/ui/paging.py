"""Paging by the last row seen, not by counting: the millionth row opens as fast as the first.

A cursor is an opaque token that holds the ordering values of the row at the edge of a page, so a page stays where it is
when rows above it come or go.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, SuspiciousOperation
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    GeneratedField,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

OFFICE_PAGE: Final = 100
PHONE_PAGE: Final = 30
_MOST_DIGITS: Final = 40

M = TypeVar("M", bound=Model)
R = TypeVar("R")


class BadCursor(SuspiciousOperation):
    """The token in the address is not one of ours, or belongs to another order of rows."""


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of rows with the tokens of its neighbours; an empty token means there is none."""

    rows: list[R]
    next: str
    previous: str
    size: int

    def __bool__(self) -> bool:
        return bool(self.rows)


def encode_cursor(values: Sequence[Any], *, backward: bool = False) -> str:
    """The token of a row's ordering values: texts, whole numbers, decimals, days, moments and UUIDs."""
    tagged = [_tag(value) for value in values]
    raw = json.dumps([int(backward), tagged], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()


def decode_cursor(token: str) -> tuple[list[Any], bool]:
    """The ordering values and whether the page lies before them. Raises `BadCursor`."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        backward, tagged = json.loads(raw)
        return [_untag(value) for value in tagged], bool(backward)
    except (ValueError, TypeError, KeyError, ArithmeticError, binascii.Error, RecursionError) as error:
        raise BadCursor("the cursor in the address cannot be read") from error


def page_of(queryset: QuerySet[M, R], *, order: Sequence[str], cursor: str = "", size: int = OFFICE_PAGE) -> Page[R]:
    """One page of `queryset` in `order`, as `order_by` takes it ("-due_on", "id").

    The last name must be unique and none may be null, else rows would be skipped. All names in one direction become one
    row comparison, which an index over them answers; mixed directions cost more. Takes one query. Raises `BadCursor`.
    """
    names = [name.lstrip("-") for name in order]
    descending = [name.startswith("-") for name in order]
    backward = False
    if cursor:
        values, backward = decode_cursor(cursor)
        if len(values) != len(names):
            raise BadCursor("the cursor in the address belongs to another order of rows")
        _check_kinds(queryset, names, values)
        queryset = queryset.filter(_beyond(names, [down != backward for down in descending], values))
    directed = [("-" if down != backward else "") + name for name, down in zip(names, descending, strict=True)]
    found = list(queryset.order_by(*directed)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    has_next = more if not backward else True
    has_previous = bool(cursor) if not backward else more
    return Page(
        rows=rows,
        next=encode_cursor(_values(rows[-1], names)) if rows and has_next else "",
        previous=encode_cursor(_values(rows[0], names), backward=True) if rows and has_previous else "",
        size=size,
    )


# What a cursor may hold for a column; the database would stumble over anything else.
_KINDS: Final[tuple[tuple[type[Any], type], ...]] = (
    (IntegerField, int),
    (DateTimeField, datetime),
    (DateField, date),
    (DecimalField, Decimal),
    (UUIDField, UUID),
    (CharField, str),
    (TextField, str),
)


def _check_kinds(queryset: Any, names: Sequence[str], values: Sequence[Any]) -> None:
    for name, value in zip(names, values, strict=True):
        field = _field_of(queryset, name)
        wanted = next((kind for column, kind in _KINDS if isinstance(field, column)), None)
        if wanted is not None and type(value) is not wanted:
            raise BadCursor("the cursor in the address belongs to another order of rows")


def _field_of(queryset: Any, name: str) -> Any:
    model, field = getattr(queryset, "model", None), None
    for part in name.split("__"):
        if model is None:
            return None
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            annotation = queryset.query.annotations.get(name)
            return getattr(annotation, "output_field", None)
        model = field.related_model
    return field.output_field if isinstance(field, GeneratedField) else field


class _RowCompare(Func):
    """`(a, b) < (x, y)`: PostgreSQL walks an index over (a, b) from there."""

    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # noqa: ARG002  # as Django calls it
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        half = len(compiled) // 2
        left = ", ".join(sql for sql, _ in compiled[:half])
        right = ", ".join(sql for sql, _ in compiled[half:])
        return f"({left}) {self.extra['operator']} ({right})", [param for _, params in compiled for param in params]


def _beyond(names: Sequence[str], descending: Sequence[bool], values: Sequence[Any]) -> Any:
    if len(set(descending)) == 1:
        operator = "<" if descending[0] else ">"
        return _RowCompare(*(F(name) for name in names), *(Value(value) for value in values), operator=operator)
    condition = Q()
    ties: dict[str, Any] = {}
    for name, down, value in zip(names, descending, values, strict=True):
        condition |= Q(**ties, **{f"{name}__{'lt' if down else 'gt'}": value})
        ties[name] = value
    return condition


def _values(row: Any, names: Sequence[str]) -> list[Any]:
    if isinstance(row, Mapping):
        return [row[name] for name in names]
    values = []
    for name in names:
        value = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append(value)
    return values


def _tag(value: Any) -> Any:
    match value:
        case bool():
            raise TypeError("a yes or no cannot order pages; order by a moment or number")
        case str() | int():
            # Labelled enums are texts; json writes their value.
            return str(value) if isinstance(value, str) else int(value)
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case Decimal():
            return {"n": str(value)}
        case UUID():
            return {"u": value.hex}
    raise TypeError(
        f"{type(value).__name__} cannot order pages: names must hold texts, numbers, days or moments, never null"
    )


def _untag(value: Any) -> Any:
    match value:
        case bool():
            raise ValueError("not an ordering value")
        case str():
            if "\0" in value:
                raise ValueError("no text of the database holds this character")
            value.encode()  # half a character is none either
            return value
        case int():
            if not -(2**63) <= value < 2**63:
                raise ValueError("not a number of the database")
            return value
        case {"t": str(text)}:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("not a moment of the database")
            return moment
        case {"d": str(text)}:
            return date.fromisoformat(text)
        case {"n": str(text)}:
            number = Decimal(text)
            if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
                raise ValueError("not a number of the database")
            return number
        case {"u": str(text)}:
            return UUID(hex=text)
    raise ValueError("not an ordering value")
