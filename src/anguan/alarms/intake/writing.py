"""The group commit into the database.

One connection, one transaction at a time, so that numbers are gap-free: a number is given when a group is written, and
the next group is only begun when this one is known to be durable.

Where the connection is lost nobody is confirmed. The new connection first waits until the old one's transaction has
ended, one way or the other, and looks whether the group is there; only then is it written again.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from psycopg import errors

from anguan.alarms.intake import committing, rows
from anguan.alarms.intake.arrivals import Arrival, moment
from anguan.alarms.intake.sink import USUAL, IntakeSettings, Sink
from anguan.alarms.services.devices import PENDING_CHANNEL

log = logging.getLogger(__name__)

# Any number nobody else uses as the first half of an advisory lock: "接" as an integer.
_LOCK_CLASS: Final = 0x63A5
_LONGEST_PAUSE_S: Final = 2.0
# So few go by one statement; for more, COPY is cheaper a row.
FEW: Final = 32


class Intake(Sink):
    """The sink that writes into the database itself."""

    def __init__(
        self,
        connect: Callable[[], dict[str, Any]],
        gateway: str,
        now: Callable[[], datetime],
        settings: IntakeSettings = USUAL,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """`connect` tells how to reach the database, anew at each attempt; `now` and `tick` are the clocks."""
        super().__init__(now, settings, tick)
        self.gateway: Final = gateway
        self.start_id = 0
        self.last_number = 0
        self.commits = 0
        self._connect: Final = connect
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._backend = 0
        self._days: set[date] = set()

    async def _prepare(self) -> None:
        if self._connection is None:
            # A start has its row before the first frame, so that a silent gateway shows, too.
            await self._reconnect()
            self.complaint.over()

    async def _leave(self) -> None:
        await self._drop_connection()

    async def _write(self, group: list[Arrival]) -> None:
        """Make a group durable however long it takes, then settle it."""
        pause = 0.05
        in_doubt = is_looked_for = False
        while True:
            try:
                if self._connection is None:
                    await self._reconnect()
                if in_doubt and await self._is_there(group):
                    break
                in_doubt = True
                await self._write_once(group)
                break
            except errors.CheckViolation as error:
                # No partition takes it: the clock jumped while a group formed, or went back to a day that was dropped.
                await self._drop_connection()
                self._days.clear()
                if is_looked_for:
                    await self._write_apart(group, error)
                    return
                is_looked_for, in_doubt = True, False
            except (errors.DataError, errors.IntegrityError, UnicodeEncodeError, OverflowError) as error:
                await self._drop_connection()
                await self._write_apart(group, error)
                return
            except (psycopg.Error, OSError) as error:
                self.complaint.about(error)
                await self._drop_connection()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        self.complaint.over()
        self._settle(group)

    async def _write_apart(self, group: list[Arrival], error: Exception) -> None:
        """The content itself is refused. One bad apple must not spoil the group, nor stop everything."""
        if len(group) > 1:
            half = len(group) // 2
            await self._write(group[:half])
            await self._write(group[half:])
        else:
            log.error("%s can't be stored: %s (%s)", group[0].source, error, group[0].raw.hex())
            self._settle(group, lost=True)

    async def _write_once(self, group: list[Arrival]) -> None:
        await self._have_partitions(group)
        try:
            if len(group) <= FEW and not rows.has_readings(group):
                await self._at_once(group)
            else:
                await self._transaction(group, staged=False)
        except errors.UniqueViolation:
            # Something of it came before, here or at another gateway.
            await self._transaction(group, staged=True)

    async def _at_once(self, group: list[Arrival]) -> None:
        assert self._connection is not None
        for number, arrival in enumerate(group, self.last_number + 1):
            arrival.number = number
        given = {
            "given": rows.given(self.settings.window_s, group),
            "start": self.start_id,
            "channel": PENDING_CHANNEL,
        }
        try:
            await self._connection.execute(rows.AT_ONCE, given)
        except errors.UniqueViolation:
            for arrival in group:
                arrival.number = 0
            raise
        self.last_number += len(group)
        self.commits += 1

    async def _transaction(self, group: list[Arrival], *, staged: bool) -> None:
        connection = self._connection
        assert connection is not None
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        try:
            if staged:
                for arrival in group:
                    # What an attempt that failed has numbered may be a resend.
                    arrival.number = 0
                new = await self._new_keys(cursor, group)
            else:
                new = group
                await committing.copy(cursor, rows.KEYS, rows.keys(self.settings.window_s, group))
            number = self.last_number
            for arrival in new:
                number += 1
                arrival.number = number
            wakes = bool(new) and await committing.put(cursor, self.start_id, new)
            await committing.commit(cursor, wakes=wakes)
        except errors.UniqueViolation:
            await cursor.execute("ROLLBACK")
            for arrival in group:
                arrival.number = 0
            raise
        self.last_number = number
        self.commits += 1

    async def _new_keys(self, cursor: psycopg.AsyncCursor[Any], group: list[Arrival]) -> list[Arrival]:
        """Those of the group that are no resends, each of them claimed."""
        # In one order everywhere, so that two gateways never wait for each other.
        ordered = sorted(group, key=lambda arrival: arrival.key)
        await cursor.execute(
            "INSERT INTO alarms_resendkey AS known (key, until)"
            " SELECT key, until FROM unnest(%s::uuid[], %s::timestamptz[]) AS given (key, until)"
            " ON CONFLICT (key) DO UPDATE SET until = excluded.until"
            # A key that will end later than a window after ours was written before the clock was put back.
            " WHERE known.until <= %s OR known.until > excluded.until + make_interval(secs => %s) RETURNING key",
            (
                [arrival.key.hex() for arrival in ordered],
                [moment(arrival.until(self.settings.window_s)) for arrival in ordered],
                moment(min(arrival.at for arrival in group)),
                self.settings.window_s,
            ),
        )
        claimed = {cast(UUID, key).bytes for (key,) in await cursor.fetchall()}
        self.resends += len(group) - len(claimed)
        return [arrival for arrival in group if arrival.key in claimed]

    # The connection.

    async def _reconnect(self) -> None:
        """Connect, and where this is not the first time, wait for the end of what the last connection began.

        Retries until it succeeds or the intake stops.
        """
        pause = 0.05
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**self._connect(), autocommit=True)
                try:
                    await self._take_over(connection)
                except BaseException:
                    # Also when we are told to stop in the middle: it is nobody's yet, so nobody else would close it.
                    with contextlib.suppress(psycopg.Error, OSError):
                        await connection.close()
                    raise
            except (psycopg.Error, OSError) as error:
                self.complaint.about(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            self._connection, self._backend = connection, connection.info.backend_pid
            self.is_connected = True
            return

    async def _take_over(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await committing.make_durable(connection)
        if not self.start_id:
            self.start_id = await self._begin(connection)
        elif self._backend:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND application_name = %s",
                (self._backend, connection.info.get_parameters().get("application_name", "")),
            )
        # Held by the session: we have it only when the last connection's transaction has ended.
        await connection.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCK_CLASS, self.start_id % 2**31))

    async def _begin(self, connection: psycopg.AsyncConnection[Any]) -> int:
        while True:
            with contextlib.suppress(errors.UniqueViolation):
                cursor = await connection.execute(
                    "INSERT INTO alarms_intakestart (gateway, number, started_at)"
                    " SELECT %s, coalesce(max(number), 0) + 1, %s FROM alarms_intakestart WHERE gateway = %s"
                    " RETURNING id",
                    (self.gateway, self._now(), self.gateway),
                )
                row = await cursor.fetchone()
                assert row is not None
                return int(row[0])

    async def _is_there(self, group: Sequence[Arrival]) -> bool:
        """Whether a group whose commit was not answered is durable all the same."""
        assert self._connection is not None
        last = max(arrival.number for arrival in group)
        if last <= self.last_number:
            # It was never numbered, or all of it were resends.
            return False
        cursor = await self._connection.execute(
            "SELECT count(*) FROM alarms_frame WHERE start_id = %s AND number = %s", (self.start_id, last)
        )
        row = await cursor.fetchone()
        if row is None or not row[0]:
            for arrival in group:
                arrival.number = 0
            return False
        self.last_number = last
        return True

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        self.is_connected = False
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()

    async def _have_partitions(self, group: Sequence[Arrival]) -> None:
        days = {moment(group[0].at).astimezone(UTC).date(), moment(group[-1].at).astimezone(UTC).date()}
        for day in days - self._days:
            assert self._connection is not None
            await committing.have_partitions(self._connection, day)
            self._days.add(day)
