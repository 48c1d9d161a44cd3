"""The group commit: whatever gathered while the last commit was on its way goes together into the next.

No timer: a lone frame is written at once, and the busier it gets the larger the groups become. One connection, one
transaction at a time, so that numbers are gap-free: a number is given when a group is written, and the next group is
only begun when this one is known to be durable.

Where the connection is lost nobody is confirmed. The new connection first waits until the old one's transaction has
ended, one way or the other, and looks whether the group is there; only then is it written again.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from psycopg import errors

from anguan.alarms.intake import rows
from anguan.alarms.intake.arrivals import Arrival, microseconds, moment
from anguan.alarms.services.storage import partitions_for

log = logging.getLogger(__name__)

# Any number nobody else uses as the first half of an advisory lock: "接" as an integer.
_LOCK_CLASS: Final = 0x63A5
_MICROSECONDS: Final = 1_000_000
_LONGEST_PAUSE_S: Final = 2.0
CHANNEL: Final = "alarms_pending"


@dataclass(frozen=True)
class IntakeSettings:
    """What an intake goes by; the window is rule data (`resend-window`)."""

    window_s: int = 60
    most_in_a_group: int = 5_000
    # Above `high` waiting arrivals whoever feeds the intake should stop reading, until `low` is reached.
    high: int = 20_000
    low: int = 5_000
    # How many settled signals are remembered here; older resends are found by the database.
    remembered: int = 200_000


class Intake:
    """Takes arrivals, settles each exactly once; `run` works until `stop`."""

    def __init__(
        self,
        connect: Callable[[], dict[str, Any]],
        gateway: str,
        now: Callable[[], datetime],
        settings: IntakeSettings = IntakeSettings(),
    ) -> None:
        """`connect` tells how to reach the database, anew at each attempt; `now` is the clock."""
        self.settings: Final = settings
        self.gateway: Final = gateway
        self.start_id = 0
        self.last_number = 0
        self.commits = 0
        self.resends = 0
        self.is_connected = False
        # Called after each group, when all of it is settled.
        self.after_group: Callable[[], None] = lambda: None
        self._connect: Final = connect
        self._now: Final = now
        self._urgent: deque[Arrival] = deque()
        self._waiting: deque[Arrival] = deque()
        self._known: dict[bytes, Arrival | int] = {}
        self._remembered: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._low = asyncio.Event()
        self._low.set()
        self._stopping = False
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._backend = 0
        self._days: set[date] = set()

    # Feeding it.

    def put(self, arrival: Arrival) -> None:
        """Take one in; it is settled at once where it is a resend of something durable, else after a commit."""
        known = self._known.get(arrival.key)
        if known is not None:
            if isinstance(known, Arrival):
                self.resends += 1
                if known.followers is None:
                    known.followers = []
                known.followers.append(arrival)
                return
            if arrival.at < known:
                self.resends += 1
                arrival.is_durable = True
                arrival.settled(arrival)
                return
        self._known[arrival.key] = arrival
        # Fire before everything else.
        (self._waiting if arrival.urgency else self._urgent).append(arrival)
        self._something.set()

    @property
    def waiting(self) -> int:
        """How many have not been written yet."""
        return len(self._waiting) + len(self._urgent)

    @property
    def is_full(self) -> bool:
        """True when whoever reads from outside should stop for a while; `until_low` tells when to go on."""
        if self.waiting < self.settings.high:
            return False
        self._low.clear()
        return True

    async def until_low(self) -> None:
        """Return when there is room again."""
        await self._low.wait()

    # Working.

    async def run(self) -> None:
        """Write groups until `stop` is called and everything that waited is written."""
        try:
            while not (self._stopping and not self.waiting):
                if not self.waiting:
                    self._something.clear()
                    if self._connection is None:
                        # A start has its row before the first frame, so that a silent gateway shows, too.
                        await self._reconnect()
                    await self._something.wait()
                    continue
                await self._write(self._take())
        finally:
            await self._drop_connection()

    def stop(self) -> None:
        """Let `run` end when what waits is written."""
        self._stopping = True
        self._something.set()

    def _take(self) -> list[Arrival]:
        most = self.settings.most_in_a_group
        urgent, waiting = self._urgent, self._waiting
        if len(urgent) + len(waiting) <= most:
            group = [*urgent, *waiting]
            urgent.clear()
            waiting.clear()
        else:
            group = [urgent.popleft() for _ in range(min(most, len(urgent)))]
            group += [waiting.popleft() for _ in range(min(most - len(group), len(waiting)))]
        if not self._low.is_set() and self.waiting <= self.settings.low:
            self._low.set()
        return group

    async def _write(self, group: list[Arrival]) -> None:
        """Make a group durable however long it takes, then settle it."""
        pause = 0.05
        in_doubt = False
        while True:
            try:
                if self._connection is None:
                    await self._reconnect()
                if in_doubt and await self._is_there(group):
                    break
                in_doubt = True
                await self._write_once(group)
                break
            except (errors.DataError, errors.IntegrityError, UnicodeEncodeError, OverflowError) as error:
                # The content itself is refused. One bad apple must not spoil the group, nor stop everything.
                await self._drop_connection()
                if len(group) > 1:
                    half = len(group) // 2
                    await self._write(group[:half])
                    await self._write(group[half:])
                else:
                    log.error("%s can't be stored: %s (%s)", group[0].source, error, group[0].raw.hex())
                    self._settle(group, lost=True)
                return
            except (psycopg.Error, OSError) as error:
                log.warning("the intake can't reach the database: %s", str(error).strip().partition("\n")[0])
                await self._drop_connection()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        self._settle(group)

    async def _write_once(self, group: list[Arrival]) -> None:
        await self._have_partitions(group)
        try:
            await self._transaction(group, staged=False)
        except errors.UniqueViolation:
            # Something of it came before, here or at another gateway.
            await self._transaction(group, staged=True)

    async def _transaction(self, group: list[Arrival], *, staged: bool) -> None:
        connection = self._connection
        assert connection is not None
        cursor = connection.cursor()
        await cursor.execute("BEGIN")
        try:
            if staged:
                new = await self._new_keys(cursor, group)
            else:
                new = group
                await self._copy(cursor, rows.KEYS, rows.keys(self.settings.window_s, group))
            number = self.last_number
            for arrival in new:
                number += 1
                arrival.number = number
            finish = "COMMIT"
            if new:
                await self._copy(cursor, rows.FRAMES, rows.frames(self.start_id, new))
                if waiting := rows.pending(self.start_id, new):
                    await self._copy(cursor, rows.PENDING, waiting)
                    finish = f"NOTIFY {CHANNEL}; COMMIT"
                if measured := rows.readings(self.start_id, new):
                    await self._copy(cursor, rows.READINGS, measured)
            await cursor.execute(finish)
        except errors.UniqueViolation:
            await cursor.execute("ROLLBACK")
            for arrival in group:
                arrival.number = 0
            raise
        self.last_number = number
        self.commits += 1

    async def _copy(self, cursor: psycopg.AsyncCursor[Any], statement: str, content: bytes) -> None:
        async with cursor.copy(statement.encode()) as copy:
            await copy.write(content)

    async def _new_keys(self, cursor: psycopg.AsyncCursor[Any], group: list[Arrival]) -> list[Arrival]:
        """Those of the group that are no resends, each of them claimed."""
        # In one order everywhere, so that two gateways never wait for each other.
        ordered = sorted(group, key=lambda arrival: arrival.key)
        await cursor.execute(
            "INSERT INTO alarms_resendkey AS known (key, until)"
            " SELECT key, until FROM unnest(%s::uuid[], %s::timestamptz[]) AS given (key, until)"
            " ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE known.until <= %s RETURNING key",
            (
                [arrival.key.hex() for arrival in ordered],
                [moment(self._until(arrival)) for arrival in ordered],
                moment(min(arrival.at for arrival in group)),
            ),
        )
        claimed = {cast(UUID, key).bytes for (key,) in await cursor.fetchall()}
        self.resends += len(group) - len(claimed)
        return [arrival for arrival in group if arrival.key in claimed]

    def _until(self, arrival: Arrival) -> int:
        return arrival.at + (arrival.window_s or self.settings.window_s) * _MICROSECONDS

    def _settle(self, group: Sequence[Arrival], *, lost: bool = False) -> None:
        known, remembered = self._known, self._remembered
        for arrival in group:
            if lost:
                arrival.lost = True
                known.pop(arrival.key, None)
            else:
                arrival.is_durable = True
                known[arrival.key] = self._until(arrival)
                remembered.append(arrival.key)
            try:
                arrival.settle()
            except Exception:
                log.exception("telling that %s is durable failed", arrival.source)
        while len(remembered) > self.settings.remembered:
            self._forget(remembered.popleft())
        now = microseconds(self._now())
        while remembered:
            until = known.get(remembered[0], 0)
            if not isinstance(until, Arrival) and until > now:
                break
            self._forget(remembered.popleft())
        self.after_group()

    def _forget(self, key: bytes) -> None:
        if not isinstance(self._known.get(key), Arrival):
            self._known.pop(key, None)

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
                    with contextlib.suppress(psycopg.Error, OSError):
                        await connection.close()
                    raise
            except (psycopg.Error, OSError) as error:
                log.warning("the intake can't reach the database: %s", str(error).strip().partition("\n")[0])
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            self._connection, self._backend = connection, connection.info.backend_pid
            self.is_connected = True
            return

    async def _take_over(self, connection: psycopg.AsyncConnection[Any]) -> None:
        cursor = await connection.execute("SHOW synchronous_commit")
        if await cursor.fetchone() == ("off",):
            # What we confirm is durable, whatever the server does for others.
            await connection.execute("SET synchronous_commit = on")
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
        """The sweep makes them ahead; after a jump of the clock, or without a sweep, we do."""
        days = {moment(group[0].at).astimezone(UTC).date(), moment(group[-1].at).astimezone(UTC).date()}
        for day in days - self._days:
            assert self._connection is not None
            for partition in partitions_for(day):
                # Two who make it at once: one of them fails although it is there.
                with contextlib.suppress(errors.UniqueViolation, errors.DuplicateTable):
                    await self._connection.execute(partition.statement.encode())
            self._days.add(day)
