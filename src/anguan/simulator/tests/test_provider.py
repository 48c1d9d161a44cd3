"""The simulated provider of short messages: what it confirms is the proof of a forwarded fire."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from anguan.alarms.models import ForwardTarget, Incident
from anguan.alarms.rules.incidents import IncidentState
from anguan.alarms.services import handling
from anguan.alarms.tests import builders as b
from anguan.ground import outbox
from anguan.simulator.provider import CONFIRMED, Provider


@pytest.fixture
def taken() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def provider(taken: list[dict[str, Any]]) -> Iterator[Provider]:
    made = Provider("127.0.0.1", 0, taken.append)
    yield made
    made.close()


@pytest.mark.django_db
def test_a_fire_is_presumed_confirmed_and_forwarded_with_its_proof(
    provider: Provider, taken: list[dict[str, Any]], settings: Any
) -> None:
    settings.SMS_URL = provider.address
    people = b.cast()
    ForwardTarget.objects.create(organ=people.organ, name="示例支队", channel="sms", address="19900000119")
    b.tell(b.pending(people.device, b.a_point(people.device, 40, 23)))
    outbox.deliver_due(b.at(1), urgent=True)
    incident, first = Incident.objects.get(), b.actor(people.first)
    handling.acknowledge(incident=incident, actor=first, now=b.at(5))
    handling.judge_true(incident=incident, actor=first, now=b.at(6), heard="明火")
    outbox.deliver_due(b.at(7), urgent=True)
    incident.refresh_from_db()
    assert incident.state == IncidentState.FORWARDED
    rows = list(incident.forwardings.order_by("pk"))
    assert [(row.stage, row.proof) for row in rows] == [
        ("unverified", f"HTTP 202 {CONFIRMED}"),
        ("confirmed", f"HTTP 202 {CONFIRMED}"),
    ]
    assert all(row.delivered_at and row.delivered_at - row.posted_at < timedelta(seconds=3) for row in rows)
    assert [message["sms"] for message in taken] == ["19900000119"] * 2
    assert "还没有人在现场核实" in taken[0]["text"]
    assert "请立即出动" in taken[1]["text"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", json.dumps({"to": "1", "text": "火"}).encode()])
def test_what_is_no_message_is_refused(provider: Provider, taken: list[dict[str, Any]], body: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(provider.address, data=body, method="POST"))
    refused.value.close()
    assert refused.value.code == 400
    assert taken == []
