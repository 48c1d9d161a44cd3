"""What every transaction of the intake is made of, whether its arrivals come from a gateway or out of the stream."""

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg import errors

from anguan.alarms.intake import rows
from anguan.alarms.intake.arrivals import Arrival
from anguan.alarms.services.devices import PENDING_CHANNEL
from anguan.alarms.services.storage import partitions_for


async def make_durable(connection: psycopg.AsyncConnection[Any]) -> None:
    """What we confirm is durable, whatever the server does for others."""
    cursor = await connection.execute("SHOW synchronous_commit")
    if await cursor.fetchone() == ("off",):
        await connection.execute("SET synchronous_commit = on")


async def have_partitions(connection: psycopg.AsyncConnection[Any], day: date) -> None:
    """The sweep makes them ahead; after a jump of the clock, for a backlog, or without a sweep, we do."""
    for partition in partitions_for(day):
        # Two who make it at once: one of them fails although it is there.
        with contextlib.suppress(errors.UniqueViolation, errors.DuplicateTable):
            await connection.execute(partition.statement.encode())


async def copy(cursor: psycopg.AsyncCursor[Any], statement: str, content: bytes) -> None:
    """One COPY of rows that `rows` has written."""
    async with cursor.copy(statement.encode()) as copying:
        await copying.write(content)


async def put(cursor: psycopg.AsyncCursor[Any], start_id: int, arrivals: Sequence[Arrival]) -> bool:
    """Write numbered arrivals of one start with all they say; whether any of it waits to be judged."""
    await copy(cursor, rows.FRAMES, rows.frames(start_id, arrivals))
    waiting = rows.pending(start_id, arrivals)
    if waiting:
        await copy(cursor, rows.PENDING, waiting)
    if measured := rows.readings(start_id, arrivals):
        await copy(cursor, rows.READINGS, measured)
    return bool(waiting)


async def commit(cursor: psycopg.AsyncCursor[Any], *, wakes: bool) -> None:
    """End the transaction; `wakes` the evaluator where something waits for it."""
    await cursor.execute(f"NOTIFY {PENDING_CHANNEL}; COMMIT" if wakes else "COMMIT")
