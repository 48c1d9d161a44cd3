"""What a stream asks the database in a thread: whose session it is, and what was missed while nobody listened."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, connections

from anguan.ground import clock
from anguan.live.hub import Notice
from anguan.people.rules import Role
from anguan.people.sessions import keep_open_while_on_duty, viewer_of_session

# More than this and looking at everything anew is quicker than telling it one by one.
MOST_REPLAYED = 500
# Who may watch the alarms of an organ.
WATCHERS = (Role.DUTY_OFFICER, Role.LEADER)

T = TypeVar("T")
# Streams ask rarely; two threads keep a hundred of them from taking the connections of the pages.
_threads = ThreadPoolExecutor(2, thread_name_prefix="live")


async def in_thread(ask: Callable[[], T]) -> T:
    """Run a question to the database in a thread that keeps no connection afterwards."""

    def asked() -> T:
        try:
            return ask()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, asked)


def organs_of_session(key: str) -> frozenset[int]:
    """The organs whose alarms this session may watch now, none when it may not; keeps it open during a shift."""
    viewer = viewer_of_session(key)
    organ_ids = viewer.organs_as(*WATCHERS)
    if organ_ids:
        keep_open_while_on_duty(key, viewer, clock.now())
    return organ_ids


@dataclass(frozen=True, slots=True)
class Missed:
    """What was announced after a number: the notices, or that they are too many, or too old, to be told singly."""

    notices: tuple[Notice, ...]
    last: int
    is_too_much: bool


def missed_since(after: int | None, organ_ids: frozenset[int]) -> Missed:
    """What these organs' screens missed after a number; without one, nothing was missed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM alarms_notice")
        first, last = cursor.fetchone()
        if after is None:
            return Missed((), last, is_too_much=False)
        # A number from the future is from another database: a restored one.
        if after > last or (after > 0 and after + 1 < first):
            return Missed((), last, is_too_much=True)
        cursor.execute(
            "SELECT id, organ_id, incident_id, what FROM alarms_notice"
            " WHERE organ_id = ANY(%s) AND id > %s AND id <= %s ORDER BY id LIMIT %s",
            [sorted(organ_ids), after, last, MOST_REPLAYED + 1],
        )
        rows = cursor.fetchall()
    if len(rows) > MOST_REPLAYED:
        return Missed((), last, is_too_much=True)
    return Missed(tuple(Notice(*row) for row in rows), last, is_too_much=False)
