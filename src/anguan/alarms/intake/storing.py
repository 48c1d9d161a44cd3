"""Batches from the stream into the database: each once, however often it is delivered.

Which batches of a start are in the database stands in its own row (`IntakeStart.batches`, a set of numbers that is one
range where nothing is missing) and is written in the transaction that stores them. A worker that dies between commit
and acknowledgement leaves a batch that comes again and adds nothing. The same row holds the last number, so that
numbers have no gap however many workers there are.

What counts is when a gateway received something, not when it is drained: a backlog of an hour is told from its resends
as it would have been an hour ago.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import errors

from anguan.alarms.intake import committing, rows
from anguan.alarms.intake.arrivals import Arrival, microseconds, moment
from anguan.alarms.intake.batches import Batch, Origin
from anguan.ground.complaints import Complaint

log = logging.getLogger(__name__)

_MICROSECONDS: Final = 1_000_000
_DAY: Final = 86_400 * _MICROSECONDS
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_REFUSED: Final = (errors.DataError, errors.IntegrityError, UnicodeEncodeError, OverflowError)


class Refused(Exception):
    """The database takes this batch in no form."""


def without_resends(
    arrivals: Iterable[Arrival], window_s: int, known: Mapping[bytes, int]
) -> tuple[list[Arrival], dict[bytes, int]]:
    """Those that are no resends, and until when each of their keys counts now.

    `known` are the keys that are taken, with the end of their window; a gateway that was slower may bring what came
    before the window began, which is the same signal where it came less than a window before.
    """
    ends = dict(known)
    taken: dict[bytes, int] = {}
    new = []
    for arrival in sorted(arrivals, key=lambda each: each.at):
        key, at = arrival.key, arrival.at
        window = (arrival.window_s or window_s) * _MICROSECONDS
        end = known.get(key)
        if at < taken.get(key, at) or (end is not None and end - 2 * window < at < end):
            continue
        new.append(arrival)
        taken[key] = at + window
        ends[key] = max(at + window, end or 0)
    return new, ends


class Store:
    """One connection, one transaction at a time."""

    def __init__(self, connect: Callable[[], dict[str, Any]], window_s: int) -> None:
        """`connect` tells how to reach the database, anew at each attempt."""
        self.stored = 0
        self.resends = 0
        self.repeated = 0
        self.complaint: Final = Complaint(log, "ingest can't reach the database")
        self._connect: Final = connect
        self._window_s: Final = window_s
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._starts: dict[UUID, int] = {}
        self._days: set[int] = set()

    async def write(self, batches: Sequence[Batch]) -> None:
        """Store batches together; those that are there already add nothing. Raises `Refused` for one alone."""
        try:
            try:
                await self._write(batches)
            except errors.CheckViolation:
                # No partition takes it: the one of that day was dropped meanwhile.
                await self.close()
                self._days.clear()
                await self._write(batches)
        except _REFUSED as error:
            await self.close()
            if len(batches) > 1:
                # One bad apple must not spoil the others.
                for batch in batches:
                    await self.write([batch])
                return
            await self._write_what_is_taken(batches[0], error)

    async def keep_unreadable(self, stream: str, sequence: int, at: datetime, problem: str, raw: bytes) -> None:
        """Keep a message that is no batch, or none that the database takes; once."""
        connection = await self._reach()
        await connection.execute(
            "INSERT INTO alarms_unreadablebatch (stream, sequence, published_at, problem, raw)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (stream, sequence, at, problem.replace("\0", ""), raw),
        )

    async def close(self) -> None:
        """Drop the connection; whatever it had begun is rolled back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()

    async def _reach(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None:
            connection = await psycopg.AsyncConnection.connect(**self._connect(), autocommit=True)
            self._connection = connection
            await committing.make_durable(connection)
        return self._connection

    async def _write(self, batches: Sequence[Batch]) -> None:
        connection = await self._reach()
        for batch in batches:
            if batch.origin.token not in self._starts:
                self._starts[batch.origin.token] = await self._start(connection, batch.origin)
        await self._have_partitions(connection, batches)
        try:
            await self._transaction(connection, batches, staged=False)
        except errors.UniqueViolation:
            # A key is taken: by a resend, or by what was drained before.
            await self._transaction(connection, batches, staged=True)

    async def _transaction(
        self, connection: psycopg.AsyncConnection[Any], batches: Sequence[Batch], *, staged: bool
    ) -> None:
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        try:
            last_numbers, missing = await self._missing(cursor, batches)
            came = [arrival for batch in missing for arrival in batch.arrivals]
            known = await self._claim(cursor, came) if staged else {}
            new, ends = without_resends(came, self._window_s, known)
            if staged:
                await self._renew(cursor, {key: end for key, end in ends.items() if known.get(key) != end})
            elif ends:
                await committing.copy(cursor, rows.KEYS, rows.keys_until(ends.items()))
            wakes = False
            is_new = {id(arrival) for arrival in new}
            for token, theirs in groupby(sorted(missing, key=_origin), key=_origin):
                start_id = self._starts[token]
                numbers = []
                last = last_numbers[start_id]
                written = []
                for batch in theirs:
                    numbers.append(batch.number)
                    for arrival in batch.arrivals:
                        if id(arrival) in is_new:
                            last += 1
                            arrival.number = last
                            written.append(arrival)
                if written:
                    wakes = await committing.put(cursor, start_id, written) or wakes
                await cursor.execute(
                    "UPDATE alarms_intakestart SET last_number = %s,"
                    " batches = coalesce(batches, '{}') + %s::int8multirange WHERE id = %s",
                    (last, "{" + ",".join(f"[{number},{number}]" for number in numbers) + "}", start_id),
                )
            await committing.commit(cursor, wakes=wakes)
        except errors.UniqueViolation:
            await cursor.execute("ROLLBACK")
            raise
        self.stored += len(new)
        self.resends += len(came) - len(new)
        self.repeated += len(batches) - len(missing)

    async def _missing(
        self, cursor: psycopg.AsyncCursor[Any], batches: Sequence[Batch]
    ) -> tuple[dict[int, int], list[Batch]]:
        """The last number of each start, whose rows are ours from now on, and the batches that are not stored yet."""
        # In one order everywhere, so that two workers never wait for each other.
        await cursor.execute(
            "SELECT id, last_number, batches FROM alarms_intakestart WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            ([*{self._starts[batch.origin.token] for batch in batches}],),
        )
        last_numbers, stored = {}, {}
        for id_, last_number, there in await cursor.fetchall():
            last_numbers[id_], stored[id_] = last_number, there or ()
        missing: dict[tuple[int, int], Batch] = {}
        for batch in batches:
            start_id = self._starts[batch.origin.token]
            if not any(batch.number in numbers for numbers in stored[start_id]):
                missing.setdefault((start_id, batch.number), batch)
        return last_numbers, list(missing.values())

    async def _claim(self, cursor: psycopg.AsyncCursor[Any], arrivals: Sequence[Arrival]) -> dict[bytes, int]:
        """The keys of these arrivals are ours until the end of the transaction; those that were taken, until when."""
        await cursor.execute(
            "INSERT INTO alarms_resendkey AS known (key, until)"
            " SELECT key, %s FROM unnest(%s::uuid[]) AS given (key)"
            " ON CONFLICT (key) DO UPDATE SET until = known.until RETURNING key, until",
            (_NEVER, [key.hex() for key in sorted({arrival.key for arrival in arrivals})]),
        )
        return {key.bytes: microseconds(until) for key, until in await cursor.fetchall() if until != _NEVER}

    async def _renew(self, cursor: psycopg.AsyncCursor[Any], ends: Mapping[bytes, int]) -> None:
        await cursor.execute(
            "UPDATE alarms_resendkey AS known SET until = new.until"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS new (key, until) WHERE known.key = new.key",
            ([key.hex() for key in ends], [moment(end) for end in ends.values()]),
        )

    async def _start(self, connection: psycopg.AsyncConnection[Any], origin: Origin) -> int:
        """The row of a start, made by the first batch of it that anybody drains."""
        while True:
            cursor = await connection.execute("SELECT id FROM alarms_intakestart WHERE token = %s", (origin.token,))
            if row := await cursor.fetchone():
                return int(row[0])
            with contextlib.suppress(errors.UniqueViolation):
                await connection.execute(
                    "INSERT INTO alarms_intakestart (gateway, number, started_at, token, last_number)"
                    " SELECT %s, coalesce(max(number), 0) + 1, %s, %s, 0 FROM alarms_intakestart WHERE gateway = %s",
                    (origin.gateway, moment(origin.started_at), origin.token, origin.gateway),
                )

    async def _have_partitions(self, connection: psycopg.AsyncConnection[Any], batches: Sequence[Batch]) -> None:
        """A backlog may be older, and a gateway's clock may have jumped further, than the sweep has made them for."""
        days = {arrival.at // _DAY for batch in batches for arrival in batch.arrivals}
        for day in days - self._days:
            await committing.have_partitions(connection, moment(day * _DAY).date())
            self._days.add(day)

    # What the database refuses was confirmed to its device all the same: it is kept as far as it can be.

    async def _write_what_is_taken(self, batch: Batch, error: Exception) -> None:
        why = str(error).strip().partition("\n")[0]
        connection = await self._reach()
        for arrival in await self._culprits(connection, batch.arrivals):
            log.error("%s can't be stored as it is: %s (%s)", arrival.source, why, arrival.raw[:1024].hex())
            arrival.observations, arrival.is_routine = (), False
            arrival.source = arrival.source.replace("\0", "")
            arrival.problem = f"can't be stored as it was read: {why}".replace("\0", "")
        try:
            await self._write([batch])
        except _REFUSED:
            await self.close()
            raise Refused(why) from error

    async def _culprits(self, connection: psycopg.AsyncConnection[Any], arrivals: Sequence[Arrival]) -> list[Arrival]:
        if not arrivals or await self._is_taken(connection, arrivals):
            return []
        if len(arrivals) == 1:
            return list(arrivals)
        half = len(arrivals) // 2
        first = await self._culprits(connection, arrivals[:half])
        return first + await self._culprits(connection, arrivals[half:])

    async def _is_taken(self, connection: psycopg.AsyncConnection[Any], arrivals: Sequence[Arrival]) -> bool:
        """Ask the database by writing and taking it back."""
        for number, arrival in enumerate(arrivals, 1):
            arrival.number = number
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        try:
            # No start has this id.
            await committing.put(cursor, 0, arrivals)
        except _REFUSED:
            return False
        finally:
            await cursor.execute("ROLLBACK")
        return True


def _origin(batch: Batch) -> UUID:
    return batch.origin.token
