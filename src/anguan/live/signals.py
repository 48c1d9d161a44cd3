"""`POST /live/signals`: one alarm signal a request, answered when it is durable.

Authorization: Bearer TOKEN        that of an admitted device (`alarms.services.devices.issue_token`)
a signal as JSON                   its fields stand in `alarms.intake.messages`

200 {"id": …, "repeated": false}   durable          400 {"error": FIELD, "detail": WHY}   never send it again as it is
401   no such token                                 503 with Retry-After   not durable yet; send it again later
"""

import asyncio
import json
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import Error as DatabaseError

from anguan.alarms.intake import BACK, Arrival, IntakeSettings, Sink, open_sink, parameters, stream_in_force
from anguan.alarms.intake.arrivals import microseconds
from anguan.alarms.intake.messages import LARGEST_BODY, Unreadable, message_key, read
from anguan.alarms.models import Transport
from anguan.alarms.rules.signals import Observation, SignalKind
from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.live.notices import in_thread
from anguan.live.protocol import Receive, Scope, Send, header
from anguan.live.senders import Sender, Senders

MOST_WAITING: Final = 2_000
PATIENCE_S: Final = 10.0
_DAY_S: Final = 86_400

JSON_HEADERS: Final = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]


class Desk:
    """What takes signals in this process: one intake, made by the first signal."""

    def __init__(self) -> None:
        self._intake: Sink | None = None
        self._work: asyncio.Task[None] | None = None
        self._window_s = 30 * _DAY_S
        self._beginning = asyncio.Lock()
        self.senders: Final = Senders()
        self._waiting = 0

    async def intake(self) -> Sink:
        """The intake of this process; raises `DatabaseError` where the rules can't be read."""
        async with self._beginning:
            if self._intake is None or self._work is None or self._work.done():
                window_s, self._window_s, reach = await in_thread(_in_force)
                goes_by = IntakeSettings(window_s=window_s)
                self._intake = open_sink(lambda: reach, "web", clock.now, goes_by, stream_in_force())
                self._work = asyncio.create_task(self._intake.run())
        return self._intake

    async def take(self, sender: Sender, id_: UUID, said: Observation, body: bytes) -> Arrival | None:
        """Make a signal durable; None where that can't be had now."""
        intake = await self.intake()
        if self._waiting >= MOST_WAITING or intake.is_full:
            return None
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Arrival | None] = loop.create_future()

        def settled(arrival: Arrival | None) -> None:
            if not done.done():
                done.set_result(arrival)

        now = clock.now()
        beats = SignalKind.HEARTBEAT in said.kinds
        is_back = beats and sender.is_silent
        patience = loop.call_later(PATIENCE_S, settled, None)
        self._waiting += 1
        try:
            intake.put(
                Arrival(
                    at=microseconds(now),
                    transport=Transport.HTTP.value,
                    source=sender.source,
                    raw=body,
                    key=message_key(sender.source, id_),
                    settled=settled,
                    observations=(said, BACK) if is_back else (said,),
                    device_id=sender.device_id,
                    client_id=id_,
                    window_s=self._window_s,
                )
            )
            arrival = await done
        finally:
            patience.cancel()
            self._waiting -= 1
        if arrival is None:
            return None
        # A resend adds nothing, not even what came with it.
        is_back = is_back and bool(arrival.number)
        if is_back:
            sender.is_silent = False
        self.senders.heard(sender, now, beats, is_back=is_back)
        return arrival

    async def stop(self) -> None:
        """Write what waits, and go."""
        if self._intake is not None and self._work is not None:
            self._intake.stop()
            await asyncio.wait({self._work}, timeout=5)
            self._work.cancel()
        with suppress(DatabaseError):
            await self.senders.stop()


desk = Desk()


def _in_force() -> tuple[int, int, dict[str, Any]]:
    values = rule("resend-window", clock.local_day(clock.now())).values
    return values["seconds"], values["request_days"] * _DAY_S, parameters("anguan web signals")


async def signals(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["method"] != "POST":
        await _answer(send, 405, {"error": "method", "detail": "POST only"}, (b"allow", b"POST"))
        return
    scheme, _, token = header(scope, b"authorization").partition(" ")
    try:
        sender = await desk.senders.of(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
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
    except (DatabaseError, psycopg.Error, OSError):
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
