"""Rows of the intake as PostgreSQL reads them in `COPY … (FORMAT binary)`.

A row is the number of its fields (int16), then each field as its length (int32, -1 for NULL) and its bytes, all high
byte first. Numbers of fixed length are packed together with the lengths before them.
"""

import json
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final

from anguan.alarms.intake.arrivals import Arrival, microseconds
from anguan.alarms.rules.signals import Observation, SignalKind, as_text

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"

FRAMES: Final = (
    "COPY alarms_frame (start_id, number, received_at, is_routine, transport, device_id, serial, command, type,"
    " source, client_id, raw, problem) FROM STDIN (FORMAT binary)"
)
KEYS: Final = "COPY alarms_resendkey (key, until) FROM STDIN (FORMAT binary)"
PENDING: Final = (
    "COPY alarms_pending (start_id, number, received_at, urgency, device_id, source, observations)"
    " FROM STDIN (FORMAT binary)"
)
READINGS: Final = (
    "COPY alarms_reading (start_id, number, index, received_at, device_id, system_type, system_address,"
    " component_type, component_address, value, unit, measured_at) FROM STDIN (FORMAT binary)"
)

# A few arrivals in one statement, which is a transaction by itself: two journeys to the database instead of a dozen.
# Keys in one order everywhere, so that two gateways never wait for each other.
AT_ONCE: Final = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(given)s::jsonb) AS g (number bigint, at bigint, is_routine boolean,
        transport smallint, device_id bigint, serial int, command smallint, type smallint, source varchar,
        client_id uuid, raw text, problem text, key uuid, until bigint, urgency smallint, observations jsonb)
), known AS (
    INSERT INTO alarms_resendkey (key, until)
    SELECT key, timestamptz '2000-01-01 00:00:00+00' + until * interval '1 microsecond' FROM given ORDER BY key
), stored AS (
    INSERT INTO alarms_frame (start_id, number, received_at, is_routine, transport, device_id, serial, command, type,
        source, client_id, raw, problem)
    SELECT %(start)s, number, timestamptz '2000-01-01 00:00:00+00' + at * interval '1 microsecond', is_routine,
        transport, device_id, serial, command, type, source, client_id, decode(raw, 'hex'), problem FROM given
), waiting AS (
    INSERT INTO alarms_pending (start_id, number, received_at, urgency, device_id, source, observations)
    SELECT %(start)s, number, timestamptz '2000-01-01 00:00:00+00' + at * interval '1 microsecond', urgency,
        device_id, source, observations FROM given WHERE observations IS NOT NULL ORDER BY number
    RETURNING number
)
SELECT pg_notify(%(channel)s, '') FROM waiting LIMIT 1
"""

_FRAME: Final = Struct(">hiqiqiqi?ih")
_INT8: Final = Struct(">iq")
_INT4: Final = Struct(">ii")
_INT2: Final = Struct(">ih")
_LENGTH: Final = Struct(">i")
_KEY: Final = Struct(">hi16siq")
_PENDING: Final = Struct(">hiqiqiqih")
_READING: Final = Struct(">hiqiqihiqiqihihihiqid")

_length = _LENGTH.pack


def _int8(value: int | None) -> bytes:
    return _NULL if value is None else _INT8.pack(8, value)


def _int4(value: int | None) -> bytes:
    return _NULL if value is None else _INT4.pack(4, value)


def _int2(value: int | None) -> bytes:
    return _NULL if value is None else _INT2.pack(2, value)


def frames(start_id: int, arrivals: Sequence[Arrival]) -> bytes:
    """The copy of the numbered arrivals into `alarms_frame`."""
    parts = [HEADER]
    add = parts.append
    pack = _FRAME.pack
    for a in arrivals:
        source = a.source.encode()
        problem = a.problem.encode()
        raw = a.raw
        add(pack(13, 8, start_id, 8, a.number, 8, a.at, 1, a.is_routine, 2, a.transport))
        add(_int8(a.device_id))
        add(_int4(a.serial))
        add(_int2(a.command))
        add(_int2(a.type))
        add(_length(len(source)))
        add(source)
        add(_NULL if a.client_id is None else _length(16) + a.client_id.bytes)
        add(_length(len(raw)))
        add(raw)
        add(_length(len(problem)))
        add(problem)
    add(TRAILER)
    return b"".join(parts)


def given(window_s: int, arrivals: Sequence[Arrival]) -> str:
    """Numbered arrivals as `AT_ONCE` takes them."""
    return f"[{','.join([_given(window_s, a) for a in arrivals])}]"


def _given(window_s: int, a: Arrival) -> str:
    waits = bool(a.observations) and not a.is_routine
    said = {
        "number": a.number,
        "at": a.at,
        "is_routine": a.is_routine,
        "transport": a.transport,
        "device_id": a.device_id,
        "serial": a.serial,
        "command": a.command,
        "type": a.type,
        "source": a.source,
        "client_id": None if a.client_id is None else a.client_id.hex,
        "raw": a.raw.hex(),
        "problem": a.problem,
        "key": a.key.hex(),
        "until": a.until(window_s),
        "urgency": a.urgency,
    }
    # The observations are JSON already.
    return f'{json.dumps(said)[:-1]},"observations":{as_text(a.observations) if waits else "null"}}}'


def has_readings(arrivals: Sequence[Arrival]) -> bool:
    """Whether any tells a measured value of a known device."""
    return any(_is_measured(o) for a in arrivals if a.device_id is not None for o in a.observations)


def _is_measured(o: Observation) -> bool:
    return o.value is not None and SignalKind.READING in o.kinds


def keys(window_s: int, arrivals: Sequence[Arrival]) -> bytes:
    """The copy of what tells their resends apart."""
    # In one order everywhere, so that two gateways never wait for each other.
    return keys_until(sorted((a.key, a.until(window_s)) for a in arrivals))


def keys_until(ends: Iterable[tuple[bytes, int]]) -> bytes:
    """The copy of keys with the end of the time in which they tell resends apart."""
    pack = _KEY.pack
    return b"".join((HEADER, *[pack(2, 16, key, 8, end) for key, end in ends], TRAILER))


def pending(start_id: int, arrivals: Sequence[Arrival]) -> bytes:
    """The copy of what is to be judged; b"" where nothing is."""
    parts = [HEADER]
    add = parts.append
    pack = _PENDING.pack
    for a in arrivals:
        if not a.observations or a.is_routine:
            continue
        source = a.source.encode()
        text = as_text(a.observations).encode()
        add(pack(7, 8, start_id, 8, a.number, 8, a.at, 2, a.urgency))
        add(_int8(a.device_id))
        add(_length(len(source)))
        add(source)
        # The leading byte is the version of jsonb's binary form.
        add(_length(len(text) + 1))
        add(b"\x01")
        add(text)
    if len(parts) == 1:
        return b""
    add(TRAILER)
    return b"".join(parts)


def readings(start_id: int, arrivals: Sequence[Arrival]) -> bytes:
    """The copy of measured values of known devices; b"" where there are none."""
    parts = [HEADER]
    for a in arrivals:
        if a.device_id is None:
            continue
        for index, o in enumerate(a.observations):
            if _is_measured(o):
                parts.append(_reading(start_id, a, index, o))
    if len(parts) == 1:
        return b""
    parts.append(TRAILER)
    return b"".join(parts)


def _reading(start_id: int, a: Arrival, index: int, o: Observation) -> bytes:
    point = o.point
    assert point is not None
    assert o.value is not None
    assert a.device_id is not None
    unit = o.unit.encode()
    fixed = _READING.pack(
        12,
        *(8, start_id, 8, a.number, 2, index, 8, a.at, 8, a.device_id),
        *(2, point.system_type, 2, point.system_address, 2, point.component_type, 8, point.component_address),
        *(8, o.value),
    )
    measured = None if o.occurred_at is None else microseconds(o.occurred_at)
    return b"".join((fixed, _length(len(unit)), unit, _int8(measured)))
