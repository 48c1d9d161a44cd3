"""`POST /live/signals`: deny by default, durable before the answer, the same id adds nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from benchmarks.nodes import nodes
from django.db import connection
from psycopg import AsyncConnection

from anguan.alarms.intake import stream_in_force, streaming
from anguan.alarms.models import Device, Frame, Pending, Transport
from anguan.alarms.services.devices import block_device, devices_of_tokens, issue_token
from anguan.alarms.tests.committed import a_device, committed  # noqa: F401 a fixture
from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.live import senders, signals
from anguan.live.notices import in_thread
from anguan.live.signals import Desk

ID = "01938f4e-0000-7000-8000-000000000001"
FIRE: dict[str, Any] = {
    "id": ID,
    "kinds": ["fire"],
    "point": {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": 7},
    "text": "三层走道",
}


def body(**more: Any) -> bytes:
    return json.dumps(FIRE | more).encode()


Ask = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


def play(monkeypatch: pytest.MonkeyPatch, script: Callable[[Ask], Awaitable[None]]) -> None:
    """Run the endpoint as the server does, in a process of its own."""

    async def ask(text: bytes, token: str = "", method: str = "POST") -> tuple[int, dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": text, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        await signals.signals({"method": method, "headers": headers}, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    async def whole() -> None:
        monkeypatch.setattr(signals, "desk", Desk())
        try:
            await script(ask)
        finally:
            await signals.desk.stop()

    asyncio.run(whole())


@pytest.mark.django_db
def test_only_an_admitted_device_gets_a_token() -> None:
    stranger = Device.objects.create(source="0c")
    with pytest.raises(ValueError, match="先接入"):
        issue_token(device=stranger, actor=SYSTEM, now=clock.now())


@pytest.mark.usefixtures("committed")
def test_a_signal_is_durable_before_the_answer_and_its_id_adds_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    device = a_device("http-1")
    token = issue_token(device=device, actor=SYSTEM, now=clock.now())

    async def script(ask: Ask) -> None:
        answers.append(await ask(body(), token))
        answers.append(await ask(body(), token))
        eight = await asyncio.gather(*(ask(body(id=ID[:-1] + "2"), token) for _ in range(8)))
        assert sorted(said["repeated"] for _, said in eight) == [False] + [True] * 7
        answers.append(await ask(body(kinds=["heartbeat"], id=ID[:-1] + "3", point=None), token))

    answers: list[tuple[int, dict[str, Any]]] = []
    play(monkeypatch, script)
    assert [status for status, _ in answers] == [200, 200, 200]
    assert [said["repeated"] for _, said in answers] == [False, True, False]
    first, second, beat = Frame.objects.order_by("number")
    assert (first.transport, first.client_id, first.device_id) == (Transport.HTTP, UUID(ID), device.pk)
    assert json.loads(bytes(first.raw)) == FIRE
    assert (second.is_routine, beat.is_routine) == (False, True)
    assert Pending.objects.count() == 2
    device.refresh_from_db()
    assert device.is_online

    # In another process, days later: the database knows the id.
    async def again(ask: Ask) -> None:
        answers.append(await ask(body(), token))

    play(monkeypatch, again)
    assert answers[-1][1]["repeated"] is True


@pytest.mark.usefixtures("committed")
def test_with_a_stream_a_signal_is_answered_when_the_nodes_have_it(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    token = issue_token(device=a_device("http-1"), actor=SYSTEM, now=clock.now())

    async def script(ask: Ask) -> None:
        answers.extend([await ask(body(), token), await ask(body(), token)])
        stream = stream_in_force()
        assert stream is not None
        # Nobody drains it here.
        kept.append(await streaming.look(stream))

    answers: list[tuple[int, dict[str, Any]]] = []
    kept: list[tuple[int, bool, int] | None] = []
    with nodes(tmp_path) as node:
        settings.NATS_SERVERS, settings.NATS_REPLICAS = [node.url], 1
        play(monkeypatch, script)
    assert [(status, said["repeated"]) for status, said in answers] == [(200, False), (200, True)]
    assert kept == [(1, True, 1)]
    assert Frame.objects.count() == 0


@pytest.mark.usefixtures("committed")
def test_many_new_tokens_at_once_are_asked_for_together_and_each_device_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    devices = [a_device(f"http-many-{number}") for number in range(40)]
    tokens = [issue_token(device=device, actor=SYSTEM, now=clock.now()) for device in devices]
    questions: list[int] = []

    async def counted(
        asking: AsyncConnection[tuple[Any, ...]], hashes: tuple[str, ...]
    ) -> dict[str, tuple[int, str, bool]]:
        questions.append(len(hashes))
        return await devices_of_tokens(asking, hashes)

    monkeypatch.setattr(senders, "devices_of_tokens", counted)

    async def script(ask: Ask) -> None:
        told = await asyncio.gather(*(ask(body(id=str(uuid4())), token) for token in [*tokens, "nonsense"]))
        assert [status for status, _ in told] == [200] * 40 + [401]

    play(monkeypatch, script)
    assert sum(questions) == 41
    assert len(questions) <= 3
    assert Device.objects.filter(source__startswith="http-many-", last_heard_at__isnull=False).count() == 40
    assert not Device.objects.filter(source__startswith="http-many-", is_online=True).exists()


@pytest.mark.usefixtures("committed")
def test_the_first_heartbeat_after_a_noticed_silence_says_once_that_the_device_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = a_device("http-back", is_online=False, last_heard_at=clock.now(), silent_since=clock.now())
    token = issue_token(device=device, actor=SYSTEM, now=clock.now())

    async def script(ask: Ask) -> None:
        for kinds in (["fault"], ["heartbeat"], ["heartbeat"]):
            assert (await ask(body(id=str(uuid4()), kinds=kinds), token))[0] == 200

    play(monkeypatch, script)
    told = [[said["kinds"] for said in row.observations] for row in Pending.objects.order_by("number")]
    assert told == [[["fault"]], [["heartbeat"], ["online"]]]
    device.refresh_from_db()
    assert device.is_online


@pytest.mark.usefixtures("committed")
def test_a_connection_for_questions_that_was_lost_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [issue_token(device=a_device(f"http-anew-{n}"), actor=SYSTEM, now=clock.now()) for n in range(2)]

    def ended() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'anguan live senders' AND datname = current_database()"
            )
            return int(cursor.fetchone()[0])

    async def script(ask: Ask) -> None:
        assert (await ask(body(id=str(uuid4())), tokens[0]))[0] == 200
        assert await in_thread(ended) == 1
        assert (await ask(body(id=str(uuid4())), tokens[1]))[0] == 200

    play(monkeypatch, script)


@pytest.mark.usefixtures("committed")
def test_nothing_is_taken_without_a_token_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    device = a_device("http-2")
    old = issue_token(device=device, actor=SYSTEM, now=clock.now())
    token = issue_token(device=device, actor=SYSTEM, now=clock.now())

    async def script(ask: Ask) -> None:
        for wrong in ("", "nonsense", old):
            assert (await ask(body(), wrong))[0] == 401
        assert (await ask(body(), token, "GET"))[0] == 405
        assert (await ask(b"x" * 20_000, token))[0] == 413
        assert (await ask(b"{}", token))[0] == 400

    play(monkeypatch, script)
    block_device(device=device, actor=SYSTEM, now=clock.now(), reason="试验结束")

    async def blocked(ask: Ask) -> None:
        assert (await ask(body(), token))[0] == 401

    play(monkeypatch, blocked)
    assert Frame.objects.count() == 0


@pytest.mark.usefixtures("committed")
def test_a_token_that_was_taken_back_opens_no_longer_than_the_word_of_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    device = a_device("http-4")
    token = issue_token(device=device, actor=SYSTEM, now=clock.now())
    # Longer than the test: only the word of the change can end it.
    monkeypatch.setattr(senders, "KEPT_S", 60.0)

    async def script(ask: Ask) -> None:
        assert (await ask(body(id=str(uuid4())), token))[0] == 200
        async with asyncio.timeout(5):
            while not signals.desk.senders._is_told:
                await asyncio.sleep(0.01)
        assert (await ask(body(id=str(uuid4())), token))[0] == 200
        await in_thread(lambda: block_device(device=device, actor=SYSTEM, now=clock.now(), reason="试验结束"))
        async with asyncio.timeout(5):
            while (await ask(body(id=str(uuid4())), token))[0] != 401:
                await asyncio.sleep(0.01)

    play(monkeypatch, script)


@pytest.mark.usefixtures("committed")
def test_what_can_not_be_made_durable_is_not_answered_as_if_it_were(monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue_token(device=a_device("http-3"), actor=SYSTEM, now=clock.now())

    async def script(ask: Ask) -> None:
        assert (await ask(body(kinds=["heartbeat"]), token))[0] == 200
        intake = await signals.desk.intake()

        async def never(_group: object) -> None:
            raise OSError("the database is gone")

        monkeypatch.setattr(intake, "_write_once", never)
        monkeypatch.setattr(signals, "PATIENCE_S", 0.2)
        assert (await ask(body(id=ID[:-1] + "4"), token))[0] == 503
        # It comes back, and what waited is written.
        monkeypatch.undo()

    with pytest.MonkeyPatch.context() as patched:
        play(patched, script)
    assert Frame.objects.filter(client_id=UUID(ID[:-1] + "4")).count() == 1
