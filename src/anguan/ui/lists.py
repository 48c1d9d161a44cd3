"""What a list page needs beside its rows: columns, order, filters, all of it readable from the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from anguan.ui.paging import OFFICE_PAGE, Page, page_of

M = TypeVar("M", bound=Model)
R = TypeVar("R")

# Not part of what is asked for: where the reader stands in the list, and what lies open beside it.
_PLACE = ("cursor", "panel")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. `sort` names the key of `sorts` that its heading orders by."""

    key: str
    label: str
    sort: str = ""
    kind: Literal["text", "number", "action"] = "text"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `count` may stay None where counting costs too much."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A row of chips over a list: one question, one answer at a time, kept in the query string under `name`."""

    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice as a link: following it sets the choice, or takes it back when it is already set."""

    label: str
    url: str
    selected: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class ChipRow:
    label: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading with the link that orders by it; `direction` is what is in force now."""

    key: str
    label: str
    kind: str
    hidden: bool
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """A list as its templates print it. `name` keys the reader's choice of columns."""

    name: str
    page: Page[R]
    headings: tuple[Heading, ...]
    filters: tuple[ChipRow, ...]
    query: str
    query_hidden: tuple[tuple[str, str], ...]
    search: str
    search_label: str
    next_url: str
    previous_url: str
    first_url: str
    total_url: str
    export_url: str
    is_filtered: bool
    clear_url: str
    empty_title: str
    empty_hint: str
    empty_action: tuple[str, str] | None = field(default=None)

    @property
    def rows(self) -> list[R]:
        return self.page.rows


def listing_of(
    request: HttpRequest,
    queryset: QuerySet[M, R],
    *,
    name: str,
    columns: Sequence[Column],
    sorts: Mapping[str, Sequence[str]],
    default_sort: str,
    filters: Sequence[Filter] = (),
    search_label: str = "",
    total_url: str = "",
    export_url: str = "",
    empty_title: str = "",
    empty_hint: str = "",
    empty_action: tuple[str, str] | None = None,
    size: int = OFFICE_PAGE,
) -> Listing[R]:
    """The page of a list that the address asks for; `queryset` is already filtered and scoped.

    `sorts` maps a key to ordering names whose last is unique; `?sort=-key` turns all of them round. `total_url` and
    `export_url` get the filter's query string appended. `empty_action` is (label, url). Takes one query.
    """
    params = request.GET.copy()
    cursor = params.get("cursor", "")
    for place in _PLACE:
        params.pop(place, None)
    sort = params.get("sort", default_sort)
    if sort.removeprefix("-") not in sorts:
        sort = default_sort
    order = sorts[sort.removeprefix("-")]
    if sort.startswith("-"):
        order = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
    page = page_of(queryset, order=order, cursor=cursor, size=size)

    asked = params.copy()
    asked.pop("sort", None)
    asked = _without_empty(asked)
    query = asked.urlencode()
    here = request.path

    def url(**changes: str) -> str:
        changed = _without_empty(params)
        for key, value in changes.items():
            if value:
                changed[key] = value
            else:
                changed.pop(key, None)
        return f"{here}?{changed.urlencode()}" if changed else here

    return Listing(
        name=name,
        page=page,
        headings=tuple(_heading(column, sort, url) for column in columns),
        filters=tuple(
            ChipRow(
                one.label,
                tuple(
                    Chip(
                        choice.label,
                        url(**{one.name: "" if params.get(one.name, "") == choice.value else choice.value}),
                        params.get(one.name, "") == choice.value,
                        choice.count,
                    )
                    for choice in one.choices
                ),
            )
            for one in filters
        ),
        query=query,
        query_hidden=tuple(
            (key, str(value)) for key, values in _without_empty(params).lists() if key != "q" for value in values
        ),
        search=params.get("q", ""),
        search_label=search_label,
        next_url=url(cursor=page.next) if page.next else "",
        previous_url=url(cursor=page.previous) if page.previous else "",
        first_url=url() if cursor else "",
        total_url=_with_query(total_url, query),
        export_url=_with_query(export_url, url().partition("?")[2]),
        is_filtered=bool(asked),
        clear_url=here,
        empty_title=empty_title,
        empty_hint=empty_hint,
        empty_action=empty_action,
    )


def _heading(column: Column, sort: str, url: Any) -> Heading:
    if not column.sort:
        return Heading(column.key, column.label, column.kind, column.hidden)
    if sort == column.sort:
        return Heading(column.key, column.label, column.kind, column.hidden, url(sort=f"-{column.sort}"), "ascending")
    direction: Literal["", "descending"] = "descending" if sort == f"-{column.sort}" else ""
    return Heading(column.key, column.label, column.kind, column.hidden, url(sort=column.sort), direction)


def _without_empty(params: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for key, values in params.lists():
        if present := [value for value in values if value]:
            kept.setlist(key, present)
    return kept


def _with_query(url: str, query: str) -> str:
    if not url or not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"
