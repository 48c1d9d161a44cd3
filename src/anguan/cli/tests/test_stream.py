"""`anguan check` and `anguan ingest` about the stream between gateways and the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from benchmarks.nodes import nodes

from anguan.alarms.intake import StreamSettings, streaming
from anguan.cli.commands import check

T = TypeVar("T")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def apart(act: Callable[[], T]) -> T:
    """In a thread of its own: where a browser is driven, its loop runs in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(act).result()


def lacks() -> dict[str, tuple[str | None, str]]:
    return apart(lambda: {name: (lack, seen) for name, lack, seen in check._stream(Path(), NOW)})


def test_without_a_stream_nothing_is_said_of_one(settings: Any) -> None:
    settings.NATS_SERVERS = []
    assert lacks() == {}


def test_nodes_that_are_away_or_keep_too_few_copies_are_told(settings: Any, tmp_path: Path) -> None:
    with nodes(tmp_path) as running:
        settings.NATS_SERVERS = [running.url]
        assert lacks() == {
            "stream, nodes": (None, "127.0.0.1"),
            "stream anguan-intake": (None, "the first gateway makes it"),
        }
        stream = StreamSettings((running.url,), replicas=1)

        async def prepare() -> None:
            client = await streaming.connect(stream, "test")
            await streaming.prepare(client, stream)
            await client.close()

        apart(lambda: asyncio.run(prepare()))
        lack, seen = lacks()["stream anguan-intake"]
        assert lack is not None
        assert "three copies" in lack
        assert seen == "1 copies, 0 batches wait"
    lack, _ = lacks()["stream anguan-intake"]
    assert lack is not None
    assert "no device is confirmed" in lack


def test_a_stream_that_anybody_can_read_on_the_way_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_stream: StreamSettings) -> None:
        return None

    monkeypatch.setattr(streaming, "look", nothing)
    settings.NATS_SERVERS = ["tls://node1.example:4222", "node2.example:4222"]
    lack, seen = lacks()["stream, nodes"]
    assert lack is not None
    assert "tls://" in lack
    assert seen == "node1.example, node2.example"
