"""`POST /live/signals`: one alarm signal a request, answered when it is durable.

Authorization: Bearer TOKEN                    that of an admitted device (`alarms.services.devices.issue_token`)
{
  "id": "0193…",                               made by the sender; the same id again is answered and adds nothing
  "kinds": ["fire"],                           words of `alarms.rules.signals.SignalKind`
  "point": {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": 7},
                                               without component: the system; without point: the device itself
  "text": "…", "value": 35.5, "unit": "kPa",   as they apply
  "occurred_at": "2026-11-23T22:15:30+08:00"   with its zone
}

200 {"id": …, "repeated": false}   durable          400 {"error": FIELD, "detail": WHY}   never send it again as it is
401   no such token                                 503 with Retry-After   not durable yet; send it again later
"""

import asyncio
import json
import math
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import Error as DatabaseError
from django.db.models.functions import Coalesce

from anguan.alarms.intake import NO_COMPONENT, Arrival, Intake, IntakeSettings, parameters, resend_key
from anguan.alarms.intake.arrivals import microseconds
from anguan.alarms.models import Device, Transport
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.alarms.services.devices import hash_of
from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.live.notices import in_thread
from anguan.live.protocol import Receive, Scope, Send, header

LARGEST_BODY: Final = 16 * 1024
MOST_WAITING: Final = 2_000
PATIENCE_S: Final = 10.0
# A token that was taken back opens for so long at most.
TOKEN_KEPT_S: Final = 2.0
MOST_TOKENS: Final = 10_000
HEARD_EVERY_S: Final = 30.0
_DAY_S: Final = 86_400

JSON_HEADERS: Final = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]


class Unreadable(ValueError):
    """What is wrong with a body: the field, and why."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(f"{field}: {why}")


def read(body: bytes) -> tuple[UUID, Observation]:
    """The id and the observation of a body; `Unreadable` otherwise."""
    try:
        said = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("body", "is no JSON") from None
    if not isinstance(said, dict):
        raise Unreadable("body", "is no object")
    unknown = sorted(said.keys() - _FIELDS)
    if unknown:
        raise Unreadable(unknown[0][:40], "is no field of a signal")
    try:
        id_ = UUID(said["id"])
    except (KeyError, ValueError, AttributeError, TypeError):
        raise Unreadable("id", "must be a UUID") from None
    return id_, Observation(
        point=_point(said.get("point")),
        kinds=_kinds(said.get("kinds")),
        state=None,
        value=_value(said.get("value")),
        unit=_text(said, "unit", 16),
        text=_text(said, "text", 200),
        occurred_at=_moment(said.get("occurred_at")),
    )


_FIELDS: Final = frozenset({"id", "kinds", "point", "value", "unit", "text", "occurred_at"})
# What only we find out ourselves.
_NOT_TOLD: Final = frozenset({SignalKind.OFFLINE})


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _kinds(given: Any) -> frozenset[SignalKind]:
    if not isinstance(given, list) or not 1 <= len(given) <= len(SignalKind):
        raise Unreadable("kinds", "must be a list of at least one kind")
    try:
        kinds = frozenset(SignalKind(kind) for kind in given if isinstance(kind, str))
    except ValueError:
        kinds = frozenset()
    if len(kinds) != len(given) or kinds & _NOT_TOLD:
        raise Unreadable("kinds", f"must be different ones of {', '.join(k for k in SignalKind if k not in _NOT_TOLD)}")
    return kinds


def _point(given: Any) -> PointKey | None:
    if given is None:
        return None
    if not isinstance(given, dict) or given.keys() - _LIMITS.keys():
        raise Unreadable("point", f"must be an object of {', '.join(_LIMITS)}")
    numbers = {}
    for name, (most, default) in _LIMITS.items():
        number = given.get(name, default)
        if type(number) is not int or not (0 <= number <= most or number == default):
            raise Unreadable(f"point.{name}", f"must be 0 to {most}")
        numbers[name] = number
    return PointKey(**numbers)


_LIMITS: Final[dict[str, tuple[int, int | None]]] = {
    "system_type": (255, None),
    "system_address": (255, None),
    "component_type": (255, NO_COMPONENT),
    "component_address": (2**32 - 1, 0),
}


def _value(given: Any) -> float | None:
    if given is None:
        return None
    if type(given) not in {int, float} or not math.isfinite(given) or abs(given) > 1e12:
        raise Unreadable("value", "must be a number")
    return float(given)


def _text(said: dict[str, Any], name: str, longest: int) -> str:
    given = said.get(name, "")
    if not isinstance(given, str) or len(given) > longest:
        raise Unreadable(name, f"must be a text of at most {longest} characters")
    if any(character < " " or "\ud800" <= character <= "\udfff" for character in given):
        raise Unreadable(name, "holds characters that are none")
    return given


def _moment(given: Any) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
        if moment.tzinfo is None or not 2000 <= moment.year <= 2099:
            raise ValueError(given)
    except (ValueError, TypeError):
        raise Unreadable("occurred_at", "must be a time of ISO 8601 with its zone, 2000 to 2099") from None
    return moment


@dataclass(slots=True)
class Sender:
    """Whose token it is; `until` is when it is looked up again."""

    device_id: int
    source: str
    until: float
    heard_at: float = 0.0


class Desk:
    """What takes signals in this process: one intake, made by the first signal."""

    def __init__(self) -> None:
        self._intake: Intake | None = None
        self._work: asyncio.Task[None] | None = None
        self._window_s = 30 * _DAY_S
        self._beginning = asyncio.Lock()
        self._senders: dict[str, Sender | float] = {}
        self._waiting = 0
        self._background: set[asyncio.Task[Any]] = set()

    async def intake(self) -> Intake:
        """The intake of this process; raises `DatabaseError` where the rules can't be read."""
        async with self._beginning:
            if self._intake is None or self._work is None or self._work.done():
                window_s, self._window_s, reach = await in_thread(_in_force)
                self._intake = Intake(lambda: reach, "web", clock.now, IntakeSettings(window_s=window_s))
                self._work = asyncio.create_task(self._intake.run())
        return self._intake

    async def sender(self, token: str) -> Sender | None:
        """The device whose token that is; None where there is none, or none that is admitted."""
        key, now = hash_of(token), time.monotonic()
        found = self._senders.get(key)
        if isinstance(found, float) and found > now:
            return None
        if isinstance(found, Sender) and found.until > now:
            return found
        if len(self._senders) >= MOST_TOKENS:
            self._senders.clear()
        row = await in_thread(lambda: _device_of(key))
        if row is None:
            self._senders[key] = now + TOKEN_KEPT_S
            return None
        heard_at = found.heard_at if isinstance(found, Sender) else 0.0
        sender = self._senders[key] = Sender(row[0], row[1], now + TOKEN_KEPT_S, heard_at)
        return sender

    async def take(self, sender: Sender, id_: UUID, said: Observation, body: bytes) -> Arrival | None:
        """Make a signal durable; None where that can't be had now."""
        intake = await self.intake()
        if self._waiting >= MOST_WAITING or intake.is_full:
            return None
        done: asyncio.Future[Arrival] = asyncio.get_running_loop().create_future()

        def settled(arrival: Arrival) -> None:
            if not done.done():
                done.set_result(arrival)

        now = clock.now()
        self._waiting += 1
        try:
            intake.put(
                Arrival(
                    at=microseconds(now),
                    transport=Transport.HTTP.value,
                    source=sender.source,
                    raw=body,
                    key=resend_key(b"http", str(sender.device_id).encode(), id_.bytes),
                    settled=settled,
                    observations=(said,),
                    device_id=sender.device_id,
                    client_id=id_,
                    window_s=self._window_s,
                )
            )
            arrival = await asyncio.wait_for(asyncio.shield(done), PATIENCE_S)
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1
        self._note_heard(sender, now, SignalKind.HEARTBEAT in said.kinds)
        return arrival

    def _note_heard(self, sender: Sender, now: datetime, beats: bool) -> None:
        tick = time.monotonic()
        if tick - sender.heard_at > HEARD_EVERY_S or beats:
            sender.heard_at = tick
            task = asyncio.create_task(in_thread(lambda: _heard(sender.device_id, now, beats)))
            self._background.add(task)
            task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        # The next signal will tell it again.
        if not task.cancelled():
            task.exception()

    async def stop(self) -> None:
        """Write what waits, and go."""
        if self._intake is not None and self._work is not None:
            self._intake.stop()
            await asyncio.wait({self._work}, timeout=5)
            self._work.cancel()


desk = Desk()


def _in_force() -> tuple[int, int, dict[str, Any]]:
    values = rule("resend-window", clock.local_day(clock.now())).values
    return values["seconds"], values["request_days"] * _DAY_S, parameters("anguan web signals")


def _device_of(token_hash: str) -> tuple[int, str] | None:
    admitted = Device.objects.filter(token_hash=token_hash, state=DeviceState.ADMITTED.value)
    return admitted.values_list("pk", "source").first()


def _heard(device_id: int, now: datetime, beats: bool) -> None:
    """A system that sends heartbeats has promised to go on, so that its silence is a finding; others have not."""
    news: dict[str, Any] = {"last_heard_at": now, "first_heard_at": Coalesce("first_heard_at", now)}
    if beats:
        news["is_online"] = True
    Device.objects.filter(pk=device_id).update(**news)


async def signals(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["method"] != "POST":
        await _answer(send, 405, {"error": "method", "detail": "POST only"}, (b"allow", b"POST"))
        return
    scheme, _, token = header(scope, b"authorization").partition(" ")
    try:
        sender = await desk.sender(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
        if sender is None:
            challenge = (b"www-authenticate", b"Bearer")
            await _answer(send, 401, {"error": "token", "detail": "no admitted device has it"}, challenge)
            return
        body = await _body(receive)
        if body is None:
            await _answer(send, 413, {"error": "body", "detail": f"at most {LARGEST_BODY} bytes"})
            return
        id_, said = read(body)
        arrival = await desk.take(sender, id_, said, body)
    except Unreadable as error:
        await _answer(send, 400, {"error": error.field, "detail": error.why})
        return
    except DatabaseError:
        arrival = None
    if arrival is None:
        await _answer(send, 503, {"error": "not durable", "detail": "send it again"}, (b"retry-after", b"2"))
    elif arrival.lost:
        await _answer(send, 400, {"error": "body", "detail": "can't be stored"})
    else:
        await _answer(send, 200, {"id": str(id_), "repeated": not arrival.number})


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too large."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, said: dict[str, Any], *more: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*JSON_HEADERS, *more]})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})
