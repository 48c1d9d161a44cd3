"""Which devices there are, as the gateway knows them without asking the database for each frame.

Read whole at the start, again when somebody changes a device (`NOTIFY alarms_device`) and every minute besides. What
the gateway learns (who was heard, by what clock) gathers here and is written every few seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from anguan.alarms.rules.devices import DeviceState, IdentifiedBy
from anguan.alarms.services.devices import NOTE_HEARD
from anguan.wire.gbt26875 import PROFILES, STANDARD, Profile


@dataclass(slots=True, eq=False)
class Known:
    """A device of the ledger; `heard_at` and `clock_offset` are news that is not written yet.

    `is_silent`: its silence was noticed, so that the next frame is news; `is_back`: that this is over is stored.
    `told_at` is when it said something without promising to go on: a system that sends no heartbeats is never found
    silent.
    """

    id: int
    source: str
    profile: Profile
    is_admitted: bool
    is_blocked: bool
    is_silent: bool
    heard_at: datetime | None = None
    clock_offset: float | None = None
    told_at: datetime | None = None
    is_back: bool = False


@dataclass(slots=True)
class Stranger:
    """A source that the ledger does not have; `beats` where its silence will be a finding."""

    source: str
    identified_by: IdentifiedBy
    first_heard_at: datetime
    last_heard_at: datetime
    beats: bool = True


@dataclass
class Directory:
    """`version` grows with each reading, so that sessions see that what they remember is old."""

    most_strangers: int = 1000
    version: int = 0
    devices: dict[str, Known] = field(default_factory=dict)
    strangers: dict[str, Stranger] = field(default_factory=dict)

    def find(self, source: str) -> Known | None:
        """The device of a source; None for a stranger."""
        return self.devices.get(source)

    def meet(self, source: str, identified_by: IdentifiedBy, now: datetime, *, beats: bool = True) -> None:
        """Note a source nobody knows, so that it can be admitted by one click; beyond the limit it is only stored."""
        stranger = self.strangers.get(source)
        if stranger is not None:
            stranger.last_heard_at = now
            stranger.beats = stranger.beats or beats
        elif len(self.strangers) < self.most_strangers:
            self.strangers[source] = Stranger(source, identified_by, now, now, beats)

    async def read(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read the ledger; what was heard meanwhile is kept."""
        cursor = await connection.execute(
            "SELECT id, source, profile, state, silent_since IS NOT NULL FROM alarms_device"
        )
        before, self.devices = self.devices, {}
        async for row in cursor:
            id_, source, profile, state, is_silent = row
            old = before.get(source)
            self.devices[source] = Known(
                id_,
                source,
                PROFILES.get(profile, STANDARD),
                state == DeviceState.ADMITTED,
                state == DeviceState.BLOCKED,
                is_silent and not (old and old.is_back),
                old.heard_at if old else None,
                old.clock_offset if old else None,
                old.told_at if old else None,
                old.is_back if old else False,
            )
        for source in self.devices.keys() & self.strangers.keys():
            del self.strangers[source]
        self.version += 1

    async def write_heard(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Write who was heard since the last time, and strangers as devices that nobody has admitted yet."""
        news = [device for device in self.devices.values() if device.heard_at or device.told_at]
        if news:
            before = [(device.heard_at, device.told_at, device.clock_offset, device.is_back) for device in news]
            for device in news:
                device.heard_at = device.told_at = device.clock_offset = None
                device.is_back = False
            try:
                await connection.execute(
                    NOTE_HEARD.encode(),
                    ([device.id for device in news], *(list(column) for column in zip(*before, strict=True))),
                )
            except BaseException:
                # Also when we are told to stop in the middle: what was not written is still news.
                for device, (heard, told, skew, is_back) in zip(news, before, strict=True):
                    device.heard_at, device.told_at = device.heard_at or heard, device.told_at or told
                    device.clock_offset = device.clock_offset or skew
                    device.is_back = device.is_back or is_back
                raise
        if self.strangers:
            met = list(self.strangers.values())
            cursor = await connection.execute("SELECT count(*) FROM alarms_device WHERE state = 'unknown'")
            row = await cursor.fetchone()
            room = max(0, self.most_strangers - int(row[0] if row else 0))
            for stranger in met[:room]:
                await connection.execute(
                    "INSERT INTO alarms_device (source, identified_by, state, place, profile, maker, model,"
                    " heartbeat_s, token_hash, first_heard_at, last_heard_at, is_online)"
                    " VALUES (%s, %s, 'unknown', '', 'standard', '', '', 30, '', %s, %s, %s)"
                    " ON CONFLICT (source) DO NOTHING",
                    (
                        stranger.source,
                        stranger.identified_by.value,
                        stranger.first_heard_at,
                        stranger.last_heard_at,
                        stranger.beats,
                    ),
                )
            self.strangers.clear()
            if room:
                await self.read(connection)
