"""批次: arrivals on their way through the stream, as bytes.

All numbers are high byte first. Times are microseconds since the year 2000 (`arrivals.microseconds`).

    batch     magic "AGAB" · version (1) · start (16, a UUID) · number (8) · started at (8) · length of the gateway's
              name (2) · count of arrivals (4) · name · arrivals · CRC-32 of everything before it (4)
    arrival   at (8) · key (16) · transport (1) · flags (1) · window in seconds (4) · device (8) · serial (4) ·
              command (2) · type (2) · lengths of source (2), raw (4), problem (2) and observations (4) ·
              the sender's id (16, where flagged) · source · raw · problem · observations
    flags     1 routine · 2 device · 4 serial · 8 command · 16 type · 32 sender's id: whether it says so
    observations  one after another: flags (1) · kinds (4, a bit each) · lengths of unit (1) and text (2) · point (10) ·
              state (8) · value (8) · occurred at (8) and its zone in minutes (2), each where flagged · unit · text
    flags     1 point · 2 state · 4 value · 8 time

`number` counts the batches of one start of one gateway from 1 without a gap. Whoever changes a layout raises `VERSION`
and reads the older one for as long as streams may hold it; kinds are only ever added to the end of `_KINDS`.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from struct import Struct
from typing import Final
from uuid import UUID
from zlib import crc32

from anguan.alarms.intake.arrivals import Arrival, microseconds, moment
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind

MAGIC: Final = b"AGAB"
VERSION: Final = 1

_HEAD: Final = Struct(">4sB16sQqHI")
_ARRIVAL: Final = Struct(">q16sBBIqihhHIHI")
_OBSERVATION: Final = Struct(">BIBH")
_POINT: Final = Struct(">HHhI")
_INT8: Final = Struct(">q")
_FLOAT: Final = Struct(">d")
_TIME: Final = Struct(">qh")
_CHECK: Final = Struct(">I")
_MINUTE: Final = timedelta(minutes=1)

# The place of a kind is its bit.
_KINDS: Final = (
    SignalKind.FIRE,
    SignalKind.FAULT,
    SignalKind.SHIELDED,
    SignalKind.SUPERVISORY,
    SignalKind.STARTED,
    SignalKind.FEEDBACK,
    SignalKind.DELAYED,
    SignalKind.POWER_FAULT,
    SignalKind.NORMAL,
    SignalKind.TEST,
    SignalKind.RESET,
    SignalKind.MANUAL_MODE,
    SignalKind.OFFLINE,
    SignalKind.HEARTBEAT,
    SignalKind.CHECK_ANSWERED,
    SignalKind.OPERATION,
    SignalKind.READING,
    SignalKind.OTHER,
    SignalKind.ONLINE,
)


class Unreadable(ValueError):
    """Bytes that are no batch, or one that was damaged; the message says what is wrong."""


class TooNew(Unreadable):
    """A batch of a later version: whoever is newer can read it."""


@dataclass(frozen=True)
class Origin:
    """One start of one gateway; `token` names it before the database has."""

    token: UUID
    gateway: str
    started_at: int


@dataclass(frozen=True)
class Batch:
    """The arrivals of one message."""

    origin: Origin
    number: int
    arrivals: Sequence[Arrival]


def encode_arrival(a: Arrival) -> bytes:
    """One arrival; ValueError where it says what no batch can hold."""
    try:
        source, problem = a.source.encode(), a.problem.encode()
        said = b"".join([_observation(each) for each in a.observations])
        flags = (
            a.is_routine
            | (a.device_id is not None) << 1
            | (a.serial is not None) << 2
            | (a.command is not None) << 3
            | (a.type is not None) << 4
            | (a.client_id is not None) << 5
        )
        return b"".join(
            (
                _ARRIVAL.pack(
                    a.at,
                    a.key,
                    a.transport,
                    flags,
                    a.window_s,
                    a.device_id or 0,
                    a.serial or 0,
                    a.command or 0,
                    a.type or 0,
                    len(source),
                    len(a.raw),
                    len(problem),
                    len(said),
                ),
                b"" if a.client_id is None else a.client_id.bytes,
                source,
                a.raw,
                problem,
                said,
            )
        )
    except (struct.error, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from None


def encode(origin: Origin, number: int, arrivals: Sequence[bytes]) -> bytes:
    """A batch of arrivals that are encoded already."""
    name = origin.gateway.encode()
    head = _HEAD.pack(MAGIC, VERSION, origin.token.bytes, number, origin.started_at, len(name), len(arrivals))
    body = b"".join((head, name, *arrivals))
    return body + _CHECK.pack(crc32(body))


def decode(data: bytes) -> Batch:
    """What `encode` wrote; raises `Unreadable`."""
    if data[:4] != MAGIC or len(data) < _HEAD.size + _CHECK.size:
        raise Unreadable("this is no batch of arrivals")
    if data[4] > VERSION:
        raise TooNew(f"version {data[4]} is later than {VERSION}")
    end = len(data) - _CHECK.size
    if crc32(memoryview(data)[:end]) != _CHECK.unpack_from(data, end)[0]:
        raise Unreadable("the batch was damaged: its checksum differs")
    try:
        _, _, token, number, started_at, name_length, count = _HEAD.unpack_from(data)
        at = _HEAD.size + name_length
        origin = Origin(UUID(bytes=token), data[_HEAD.size : at].decode(), started_at)
        arrivals = []
        for _ in range(count):
            arrival, at = _arrival(data, at)
            arrivals.append(arrival)
    except (struct.error, UnicodeDecodeError, ValueError, OverflowError, IndexError) as error:
        raise Unreadable(f"the batch contradicts itself: {error}") from None
    if at != end:
        raise Unreadable(f"the batch contradicts itself: {end - at} bytes are left over")
    return Batch(origin, number, arrivals)


def _nobody(_arrival: Arrival) -> None:
    """Whoever sent it was answered when the batch was in the stream."""


def _arrival(data: bytes, at: int) -> tuple[Arrival, int]:
    (
        received_at,
        key,
        transport,
        flags,
        window_s,
        device_id,
        serial,
        command,
        type_flag,
        source_length,
        raw_length,
        problem_length,
        said_length,
    ) = _ARRIVAL.unpack_from(data, at)
    at += _ARRIVAL.size
    client_id = None
    if flags & 32:
        client_id = UUID(bytes=data[at : at + 16])
        at += 16
    source_end = at + source_length
    raw_end = source_end + raw_length
    problem_end = raw_end + problem_length
    end = problem_end + said_length
    arrival = Arrival(
        at=received_at,
        transport=transport,
        source=data[at:source_end].decode(),
        raw=data[source_end:raw_end],
        key=key,
        settled=_nobody,
        observations=_observations(data[problem_end:end]) if said_length else (),
        device_id=device_id if flags & 2 else None,
        serial=serial if flags & 4 else None,
        command=command if flags & 8 else None,
        type=type_flag if flags & 16 else None,
        client_id=client_id,
        problem=data[raw_end:problem_end].decode() if problem_length else "",
        window_s=window_s,
        is_routine=bool(flags & 1),
    )
    return arrival, end


def _observation(o: Observation) -> bytes:
    unit, text, point, at = o.unit.encode(), o.text.encode(), o.point, o.occurred_at
    flags = (point is not None) | (o.state is not None) << 1 | (o.value is not None) << 2 | (at is not None) << 3
    parts = [_OBSERVATION.pack(flags, _bits(o.kinds), len(unit), len(text))]
    if point is not None:
        parts.append(_point(point))
    if o.state is not None:
        parts.append(_INT8.pack(o.state))
    if o.value is not None:
        parts.append(_FLOAT.pack(o.value))
    if at is not None:
        offset = at.utcoffset()
        assert offset is not None
        parts.append(_TIME.pack(microseconds(at), offset // _MINUTE))
    parts += (unit, text)
    return b"".join(parts)


@lru_cache(maxsize=16384)
def _point(point: PointKey) -> bytes:
    return _POINT.pack(point.system_type, point.system_address, point.component_type, point.component_address)


@lru_cache(maxsize=16384)
def _point_of(data: bytes) -> PointKey:
    return PointKey(*_POINT.unpack(data))


@lru_cache(maxsize=1024)
def _bits(kinds: frozenset[SignalKind]) -> int:
    return sum(1 << _KINDS.index(kind) for kind in kinds)


@lru_cache(maxsize=1024)
def _kinds(bits: int) -> frozenset[SignalKind]:
    if bits >> len(_KINDS):
        raise ValueError(f"kinds {bits:#x} hold one that we don't know")
    return frozenset(kind for bit, kind in enumerate(_KINDS) if bits >> bit & 1)


@lru_cache(maxsize=256)
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


# Heartbeats, and points that say the same again, are nine of ten.
@lru_cache(maxsize=16384)
def _observations(data: bytes) -> tuple[Observation, ...]:
    found = []
    at, end = 0, len(data)
    while at < end:
        flags, bits, unit_length, text_length = _OBSERVATION.unpack_from(data, at)
        at += _OBSERVATION.size
        point = state = value = None
        occurred_at: datetime | None = None
        if flags & 1:
            point = _point_of(data[at : at + _POINT.size])
            at += _POINT.size
        if flags & 2:
            (state,) = _INT8.unpack_from(data, at)
            at += _INT8.size
        if flags & 4:
            (value,) = _FLOAT.unpack_from(data, at)
            at += _FLOAT.size
        if flags & 8:
            since, minutes = _TIME.unpack_from(data, at)
            occurred_at = moment(since).astimezone(_zone(minutes))
            at += _TIME.size
        unit_end = at + unit_length
        text_end = unit_end + text_length
        if text_end > end:
            raise ValueError("an observation is cut off")
        found.append(
            Observation(
                point,
                _kinds(bits),
                state,
                value,
                data[at:unit_end].decode(),
                data[unit_end:text_end].decode(),
                occurred_at,
            )
        )
        at = text_end
    return tuple(found)
