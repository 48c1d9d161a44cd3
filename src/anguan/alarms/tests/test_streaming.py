"""How the stream is reached, without a node."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nats
import pytest

from anguan.alarms.intake import Intake, StreamSettings, open_sink, stream_in_force, streaming
from anguan.alarms.intake.publishing import Publisher
from anguan.ground import clock


def reached_with(monkeypatch: pytest.MonkeyPatch, *servers: str, **more: Any) -> dict[str, Any]:
    """What the client is told."""
    told: dict[str, Any] = {}

    async def connect(servers: list[str], **options: Any) -> None:
        told.update(options, servers=servers)

    monkeypatch.setattr(nats, "connect", connect)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, streaming.connect(StreamSettings(servers, **more), "test")).result()
    return told


def test_user_and_password_of_an_address_are_what_they_stand_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told = reached_with(monkeypatch, "nats://gate%40way:s%2Fecret@node1:4222", "nats://gate%40way:s%2Fecret@node2:4222")
    assert (told["user"], told["password"]) == ("gate@way", "s/ecret")
    assert len(told["servers"]) == 2
    # It never gives up, and asks again soon.
    assert (told["max_reconnect_attempts"], told["reconnect_time_wait"]) == (-1, 0.25)


def test_a_credentials_file_stands_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    told = reached_with(monkeypatch, "tls://node1:4222", credentials="/etc/anguan/nats.creds")
    assert told["user_credentials"] == "/etc/anguan/nats.creds"
    assert "user" not in told


@pytest.mark.parametrize(
    ("stamp", "read"),
    [
        ("2026-11-27T03:56:28.147916123Z", "2026-11-27T03:56:28.147916+00:00"),
        ("2026-11-27T03:56:28.1Z", "2026-11-27T03:56:28.100000+00:00"),
        ("2026-11-27T03:56:28Z", "2026-11-27T03:56:28.000000+00:00"),
    ],
)
def test_times_of_a_node_are_read_whatever_their_digits(stamp: str, read: str) -> None:
    assert streaming._to_microseconds(stamp) == read


def test_only_where_an_address_is_set_a_gateway_publishes(settings: Any) -> None:
    settings.NATS_SERVERS = []
    assert stream_in_force() is None
    assert isinstance(open_sink(dict, "gateway", clock.now), Intake)
    settings.NATS_SERVERS = ["nats://node1:4222", "nats://node2:4222"]
    stream = stream_in_force()
    assert stream is not None
    assert (stream.servers, stream.replicas) == (("nats://node1:4222", "nats://node2:4222"), 3)
    assert isinstance(open_sink(dict, "gateway", clock.now, stream=stream), Publisher)
