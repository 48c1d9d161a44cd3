"""`GET /live/alarms`: what happens to the incidents of one's organs, as server-sent events.

    event: hello    data: {"now": …}                          connected; `now` is the platform's clock in ms
    event: notice   data: {"incident": 7, "what": "opened"}   something to show; its id is the mark to come back with
    event: reload   data: {}                                  too much was missed: look at everything anew
    event: beat     data: {"now": …}                          every 15 seconds, so that silence tells of a broken line
    event: reach    data: {"heard": false}                    the platform itself is cut off from its database
    event: ended    data: {}                                  the session is over; coming back needs a log-in

The mark is the `Last-Event-ID` that browsers send by themselves, or `?after=` for a page that was just rendered.
"""

import asyncio
import json
import logging
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError

from anguan.live.hub import Hub, Notice, Reach, Subscriber
from anguan.live.notices import in_thread, missed_since, organs_of_session
from anguan.live.protocol import Receive, Scope, Send, answer, cookie, header, query

log = logging.getLogger(__name__)

BEAT_S = 15.0
# A session that was ended elsewhere goes on seeing alarms for so long at most.
RECHECK_S = 30.0
# A peer that takes nothing for so long is gone, or as good as gone.
PATIENCE_S = 30.0
MOST_STREAMS = 500
# How long a browser waits before it comes back by itself.
RETRY_MS = 1500

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

hub = Hub()


def written(event: str, data: dict[str, Any], mark: int | None = None) -> bytes:
    """One event in the form of the stream."""
    head = f"id: {mark}\n" if mark is not None else ""
    return f"{head}event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def mark_of(scope: Scope) -> int | None:
    """The last number that the reader has seen; None for whoever has seen nothing or sends no number."""
    text = header(scope, b"last-event-id") or query(scope, "after")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with events until the reader leaves, is too slow, logs out, or the process stops."""
    if scope["method"] not in {"GET", "HEAD"}:
        await answer(send, 405, "GET only", (b"allow", b"GET, HEAD"))
        return
    key = cookie(scope, settings.SESSION_COOKIE_NAME)
    try:
        organ_ids = await in_thread(lambda: organs_of_session(key)) if key else frozenset()
    except DatabaseError:
        await answer(send, 503, "database", (b"retry-after", b"2"))
        return
    if not organ_ids:
        await answer(send, 403, "log in as somebody of a duty room")
        return
    if scope["method"] == "HEAD":
        # How a page finds out why its stream was refused.
        await answer(send, 204, "")
        return
    if len(hub) >= MOST_STREAMS or hub.is_stopping:
        await answer(send, 503, "too many streams", (b"retry-after", b"5"))
        return
    try:
        subscriber = await hub.join(organ_ids)
    except TimeoutError:
        await answer(send, 503, "database", (b"retry-after", b"2"))
        return
    told = asyncio.create_task(_tell(Line(send), subscriber, key, mark_of(scope)))
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(subscriber)
        for task in (told, gone):
            task.cancel()
        results = await asyncio.gather(told, gone, return_exceptions=True)
        for error in results:
            if isinstance(error, Exception) and not isinstance(error, TimeoutError | DatabaseError | OSError):
                log.error("a stream of alarms broke off", exc_info=error)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Line:
    """The way to one reader."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def open(self) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})

    async def write(self, data: bytes) -> None:
        """Raises TimeoutError when the reader takes nothing for too long."""
        async with asyncio.timeout(PATIENCE_S):
            await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def close(self, data: bytes = b"") -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._send({"type": "http.response.body", "body": data, "more_body": False})


def _now() -> dict[str, Any]:
    return {"now": round(time.time() * 1000)}


async def _tell(line: Line, subscriber: Subscriber, key: str, after: int | None) -> None:
    await line.open()
    missed = await in_thread(lambda: missed_since(after, subscriber.organ_ids))
    opening = b"retry: %d\n\n" % RETRY_MS + written("hello", _now(), None if after is not None else missed.last)
    opening += b"".join(_notice(one) for one in missed.notices)
    if missed.is_too_much:
        opening += written("reload", {}, missed.last)
    elif after is not None:
        # Moves the mark past what concerned others, so that coming back is never "too old".
        opening += written("caught-up", {}, missed.last)
    await line.write(opening)
    checked = time.monotonic()
    while not hub.is_stopping:
        if subscriber.is_too_slow:
            await line.close(written("reload", {}))
            return
        if time.monotonic() - checked >= RECHECK_S:
            with suppress(DatabaseError):
                if await in_thread(lambda: organs_of_session(key)) != subscriber.organ_ids:
                    await line.close(written("ended", {}))
                    return
            checked = time.monotonic()
        try:
            async with asyncio.timeout(BEAT_S):
                item = await subscriber.queue.get()
        except TimeoutError:
            await line.write(b": beat\n" + written("beat", _now()))
            continue
        if isinstance(item, Reach):
            await line.write(written("reach", {"heard": item.is_heard}))
        elif item.id > missed.last:
            await line.write(_notice(item))
    await line.close()


def _notice(notice: Notice) -> bytes:
    return written("notice", {"incident": notice.incident_id, "what": notice.what}, notice.id)
