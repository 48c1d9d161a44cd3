"""Sets of rows, read and written in one statement each by psycopg alone.

What a storm brings is thousands of small rows. A model instance with its lookups costs more than what is done with it,
so the evaluation takes plain tuples here, inside the same transaction as everything else. Rows go in as one JSON text,
which the database takes apart by the types that are named for it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.json import JsonbLoader

Types = Mapping[str, str]
"""Columns and their types in the database."""

_READ: Final = (("timestamptz", TimestamptzLoader), ("jsonb", JsonbLoader))


def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement; moments with their zone, JSON as what it means."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(statement.encode(), parameters).fetchall()


def execute(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
    """A statement without rows to read."""
    with connection.wrap_database_errors, _cursor() as cursor:
        cursor.execute(statement.encode(), parameters)


def insert(table: str, types: Types, rows: Iterable[Sequence[Any]], *, then: str = "") -> None:
    """Add rows; `then` is what follows the statement, such as what to do where one is there already."""
    names = sql.SQL(", ").join(map(sql.Identifier, types))
    _write(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS w ({}) {}").format(
            sql.Identifier(table), names, names, _GIVEN, _typed(types), sql.SQL(then)
        ),
        types,
        rows,
    )


def update(table: str, key: str, types: Types, rows: Iterable[Sequence[Any]]) -> None:
    """Change rows, found by their column `key`, which is one of `types`; the other columns get what is given."""
    changes = sql.SQL(", ").join(
        sql.SQL("{} = w.{}").format(sql.Identifier(name), sql.Identifier(name)) for name in types if name != key
    )
    _write(
        sql.SQL("UPDATE {} AS t SET {} FROM {} AS w ({}) WHERE t.{} = w.{}").format(
            sql.Identifier(table), changes, _GIVEN, _typed(types), sql.Identifier(key), sql.Identifier(key)
        ),
        types,
        rows,
    )


def as_given(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    """The JSON text of rows for `jsonb_to_recordset`."""
    columns = tuple(names)
    return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=_plain, ensure_ascii=False)


_GIVEN: Final = sql.SQL("jsonb_to_recordset(%s::jsonb)")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON here")


def _typed(types: Types) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in types.items()
    )


def _write(statement: sql.Composed, types: Types, rows: Iterable[Sequence[Any]]) -> None:
    given = list(rows)
    if given:
        with connection.wrap_database_errors, _cursor() as cursor:
            cursor.execute(statement, (as_given(types, given),))


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Parameters bound by the server and values read by psycopg's own loaders, not by Django's."""
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    for name, loader in _READ:
        cursor.adapters.register_loader(name, loader)
    return cursor
