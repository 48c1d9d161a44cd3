"""`/live/alarms`: who is let in, what arrives, and that nothing is missed when a line or the database breaks."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from anguan.alarms.models import Notice
from anguan.alarms.services.notices import CHANNEL
from anguan.live import alarms, app, notices
from anguan.live.hub import Hub
from anguan.live.notices import in_thread
from anguan.live.protocol import Message
from anguan.people.models import Organ, RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ, logged_in

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.slow]
OURS, THEIRS = 1, 2


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written can be read by the stream's own connections; only what these tests write is taken out again."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        yield
        for model in (Notice, Session, RoleGrant, User, Organ):
            model._default_manager.all().delete()
        connection.close()


@pytest.mark.django_db
def test_there_is_a_database() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert not Notice.objects.exists()


def announced(organ: str = "示例区应急管理分局", incident: int = OURS) -> int:
    """A notice as the evaluator leaves it: a row, and its number on the channel."""
    organ_id = an_organ(organ).pk
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alarms_notice (organ_id, incident_id, what, at) VALUES (%s, %s, 'opened', now()) RETURNING id",
            [organ_id, incident],
        )
        number = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(number)])
    return number


def a_session(*roles: Role) -> str:
    """The cookie of somebody with these roles."""
    return logged_in(a_user("somebody", *roles)).cookies["sessionid"].value


class Reader:
    """One browser at the other end of a stream, without a socket."""

    def __init__(self, key: str, after: int | None = None, *, method: str = "GET", reads: bool = True) -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "path": "/live/alarms",
            "method": method,
            "query_string": b"",
            "headers": [(b"cookie", f"sessionid={key}".encode())],
        }
        if after is not None:
            self.scope["headers"].append((b"last-event-id", str(after).encode()))
        self.status = 0
        self.is_over = False
        self.text = ""
        self.left = asyncio.Event()
        self.reads = asyncio.Event()
        if reads:
            self.reads.set()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        await self.reads.wait()
        self.text += message["body"].decode()
        self.is_over = not message.get("more_body")

    @property
    def events(self) -> list[tuple[str, dict[str, Any], str]]:
        """Name, data and mark of everything told so far."""
        found = []
        for block in self.text.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
        return found

    def told(self, name: str) -> list[dict[str, Any]]:
        return [data for event, data, _ in self.events if event == name]

    def incidents(self) -> list[int]:
        return [data["incident"] for data in self.told("notice")]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def reading(reader: Reader) -> AsyncIterator[Reader]:
    """The stream runs while the block does."""
    task = asyncio.create_task(app.application(reader.scope, reader.receive, reader.send))
    try:
        yield reader
    finally:
        reader.left.set()
        reader.reads.set()
        await asyncio.wait_for(task, 5)


def run(story: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Play an asynchronous story with a hub of its own, and see that nothing is left of it."""

    async def played() -> None:
        monkeypatch.setattr(alarms, "hub", hub := Hub())
        try:
            await story()
            assert len(hub) == 0
        finally:
            await app.shutdown()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    # In a thread of its own: where a browser is driven, its loop runs in this one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, played()).result()


@pytest.mark.parametrize(
    ("roles", "method", "status"),
    [
        pytest.param((), "GET", 403, id="外人"),
        pytest.param((Role.CLERK, Role.OFFICER), "GET", 403, id="不值班的"),
        pytest.param((Role.DUTY_OFFICER,), "POST", 405, id="只读"),
        pytest.param((Role.DUTY_OFFICER,), "GET", 200, id="值班员"),
    ],
)
def test_only_the_duty_room_listens(
    roles: tuple[Role, ...], method: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = a_session(*roles) if roles else "unknown"

    async def story() -> None:
        async with reading(Reader(key, method=method)) as reader:
            await reader.until(lambda: reader.status == status)

    run(story, monkeypatch)


def test_a_notice_of_one_s_own_organ_arrives_at_once_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)

    async def story() -> None:
        async with reading(Reader(key)) as reader, reading(Reader(key)) as second:
            await reader.until(lambda: bool(reader.told("hello") and second.told("hello")))
            await in_thread(lambda: announced("邻区应急管理局", THEIRS))
            number = await in_thread(announced)
            await reader.until(lambda: bool(reader.incidents() and second.incidents()))
            assert reader.incidents() == second.incidents() == [OURS]
            assert reader.events[-1] == ("notice", {"incident": OURS, "what": "opened"}, str(number))

    run(story, monkeypatch)


def test_whoever_comes_back_is_told_what_was_missed_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)
    seen, *missed = [announced(incident=number) for number in (7, 8, 9)]
    announced("邻区应急管理局", THEIRS)

    async def story() -> None:
        async with reading(Reader(key, seen)) as reader:
            await reader.until(lambda: bool(reader.told("caught-up")))
            assert reader.incidents() == [8, 9]
            await in_thread(lambda: announced(incident=10))
            await reader.until(lambda: len(reader.incidents()) == 3)
            assert [mark for event, _, mark in reader.events if event == "notice"][:2] == [str(one) for one in missed]

    run(story, monkeypatch)


@pytest.mark.parametrize("ahead", [pytest.param(0, id="太多"), pytest.param(1000, id="来自恢复前的库")])
def test_what_can_t_be_told_singly_is_looked_at_anew(ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)
    seen, *_missed = [announced(incident=number) for number in range(4)]
    monkeypatch.setattr(notices, "MOST_REPLAYED", 2)

    async def story() -> None:
        async with reading(Reader(key, seen + ahead)) as reader:
            await reader.until(lambda: bool(reader.told("reload")))
            assert reader.incidents() == []

    run(story, monkeypatch)


def test_a_reader_that_takes_nothing_is_dropped_and_the_others_are_not_held_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = a_session(Role.DUTY_OFFICER)
    monkeypatch.setattr("anguan.live.hub.LONGEST_QUEUE", 5)

    async def story() -> None:
        async with reading(Reader(key)) as quick, reading(Reader(key)) as slow:
            await quick.until(lambda: bool(quick.told("hello") and slow.told("hello")))
            slow.reads.clear()
            for number in range(10):
                await in_thread(partial(announced, incident=number))
                await quick.until(partial(lambda told: len(quick.incidents()) == told, number + 1))
            slow.reads.set()
            await slow.until(lambda: slow.is_over)
            assert slow.events[-1][0] == "reload"

    run(story, monkeypatch)


def test_a_session_that_ended_ends_its_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)
    monkeypatch.setattr(alarms, "RECHECK_S", 0.05)
    monkeypatch.setattr(alarms, "BEAT_S", 0.02)

    async def story() -> None:
        async with reading(Reader(key)) as reader:
            await reader.until(lambda: len(reader.told("beat")) > 2)
            assert not reader.is_over
            await in_thread(lambda: Session.objects.all().delete())
            await reader.until(lambda: reader.is_over)
            assert reader.events[-1][0] == "ended"

    run(story, monkeypatch)


def test_the_database_may_go_and_come_and_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'anguan live'"
                " AND datname = current_database()"
            )
        announced()

    async def story() -> None:
        async with reading(Reader(key)) as reader:
            await reader.until(lambda: bool(reader.told("hello")))
            await in_thread(cut)
            await reader.until(lambda: bool(reader.incidents()))
            assert [data["heard"] for data in reader.told("reach")][-2:] == [False, True]
            await in_thread(announced)
            await reader.until(lambda: len(reader.incidents()) == 2)

    run(story, monkeypatch)


def test_a_stop_ends_every_stream_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_session(Role.DUTY_OFFICER)

    async def story() -> None:
        async with reading(Reader(key)) as reader:
            await reader.until(lambda: bool(reader.told("hello")))
            await app.shutdown()
            await reader.until(lambda: reader.is_over)

    run(story, monkeypatch)
