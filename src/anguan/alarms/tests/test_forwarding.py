"""Fires are forwarded by messages whose proof of delivery is kept, in time, whatever else hangs."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from anguan.alarms.models import Forwarding, ForwardTarget, Incident
from anguan.alarms.rules.incidents import IncidentState
from anguan.alarms.services import handling
from anguan.alarms.tests import builders as b
from anguan.alarms.tests.test_cap import checked
from anguan.ground import clock, outbox
from anguan.ground.models import OutboxMessage

pytestmark = pytest.mark.django_db


class Centre:
    """A fire command centre with a web address; keeps what it gets."""

    def __init__(self) -> None:
        got: list[tuple[dict[str, str], str]] = []
        self.got = got
        self.status = 202

        centre = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                got.append((dict(self.headers), body))
                self.send_response(centre.status)
                if centre.status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()
                self.wfile.write("已收到 0001".encode())

            def log_message(self, *_words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/cap"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def centre() -> Iterator[Centre]:
    made = Centre()
    yield made
    made.server.shutdown()
    made.server.server_close()


def a_target(people: b.Cast, address: str, channel: str = "webhook", **fields: Any) -> ForwardTarget:
    return ForwardTarget.objects.create(
        organ=people.organ, name="示例支队指挥中心", channel=channel, address=address, **fields
    )


def presumed(people: b.Cast) -> Incident:
    b.tell(b.pending(people.device, people.points[0]), b.pending(people.device, people.points[1], after=1))
    return Incident.objects.get()


def verified(people: b.Cast, incident: Incident) -> None:
    handling.acknowledge(incident=incident, actor=b.actor(people.first), now=b.at(5))
    handling.verify(incident=incident, actor=b.actor(people.first), now=b.at(6))


def deliver(after: float) -> None:
    while outbox.deliver_due(b.at(after), urgent=True):
        pass


@override_settings(WEBHOOK_KEY="示例密钥")
def test_a_presumed_fire_goes_out_at_once_unverified_and_is_confirmed_by_an_answer(centre: Centre) -> None:

    people = b.cast()
    a_target(people, centre.address)
    incident = presumed(people)
    deliver(1)
    (headers, body), *_rest = centre.got
    first = checked(body)
    assert (first["msgType"], first["certainty"], first["circle" if "circle" in first else "areaDesc"]) == (
        "Alert",
        "Likely",
        "示例大厦（示例路1号）",
    )
    assert headers["Content-Type"].startswith("application/cap+xml")
    assert len(headers["X-Anguan-Signature"]) == 64
    forwarding = Forwarding.objects.get()
    assert forwarding.proof == "HTTP 202 已收到 0001"
    incident.refresh_from_db()
    # Nobody has said yet that it burns.
    assert incident.state == IncidentState.RECEIVED

    verified(people, incident)
    handling.judge_true(incident=incident, actor=b.actor(people.first), now=b.at(20), heard="五层明火")
    deliver(20.5)
    incident.refresh_from_db()
    assert incident.state == IncidentState.FORWARDED
    assert checked(centre.got[1][1])["references"].split(",")[1] == forwarding.identifier
    timer = incident.timers.get(timer="forward")
    assert timer.met_at is not None
    assert timer.met_at <= timer.due_at == b.at(23)


def test_what_turns_out_to_be_no_fire_is_taken_back_from_whoever_was_told(centre: Centre) -> None:
    people = b.cast()
    a_target(people, centre.address)
    a_target(people, "duty@example.org", "mail", takes_unverified=False)
    incident = presumed(people)
    verified(people, incident)
    handling.judge_false(incident=incident, cause="steam", heard="没有火", actor=b.actor(people.first), now=b.at(20))
    deliver(20)
    assert [checked(body)["msgType"] for _headers, body in centre.got] == ["Alert", "Cancel"]
    assert not OutboxMessage.objects.filter(channel="mail").exists()


def test_a_single_detector_is_not_forwarded() -> None:
    people = b.cast()
    a_target(people, "http://127.0.0.1:9/")
    b.an_incident(people)
    assert Forwarding.objects.count() == 0


def test_a_confirmed_fire_that_spreads_is_not_told_again_as_a_presumed_one() -> None:
    people = b.cast()
    a_target(people, "centre@example.org", "mail")
    incident = b.an_incident(people)
    handling.acknowledge(incident=incident, actor=b.actor(people.first), now=b.at(5))
    handling.judge_true(incident=incident, actor=b.actor(people.first), now=b.at(6), heard="明火")
    b.tell(b.pending(people.device, people.points[1], after=60))
    incident.refresh_from_db()
    assert (incident.points_count, incident.is_presumed) == (2, False)
    assert [row.stage for row in Forwarding.objects.all()] == ["confirmed"]


def test_without_anybody_to_tell_the_story_says_what_to_do() -> None:
    people = b.cast()
    incident = presumed(people)
    assert incident.steps.get(action="posted").what == "没有登记上报对象，请立即电话上报 119"
    verified(people, incident)
    handling.judge_true(incident=incident, actor=b.actor(people.first), now=b.at(20))
    handling.forward(incident=incident, actor=b.actor(people.first), now=b.at(22), heard="119 接警员已受理")
    incident.refresh_from_db()
    assert incident.state == IncidentState.FORWARDED


@pytest.mark.parametrize("status", [302, 500])
def test_an_answer_that_is_no_yes_is_no_proof_and_is_tried_again(centre: Centre, status: int) -> None:
    people = b.cast()
    a_target(people, centre.address)
    centre.status = status
    presumed(people)
    deliver(1)
    assert Forwarding.objects.get().delivered_at is None
    centre.status = 202
    deliver(3)
    assert Forwarding.objects.get().proof.startswith("HTTP 202")


def test_a_message_that_is_only_printed_proves_nothing() -> None:
    people = b.cast()
    a_target(people, "13900000009", "sms")
    presumed(people)
    deliver(1)
    assert OutboxMessage.objects.get().state == "sent"
    assert Forwarding.objects.get().delivered_at is None


class Broker:
    """What a broker says to one client: CONNACK and, unless it is told to be silent, PUBACK."""

    def __init__(self, *, confirms: bool = True) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"mqtt://127.0.0.1:{self.server.getsockname()[1]}/anguan/fire"
        self.confirms = confirms
        self.got: list[bytes] = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        line, _peer = self.server.accept()
        with line, line.makefile("rb") as stream:
            while head := stream.read(1):
                length = shift = 0
                while True:
                    (byte,) = stream.read(1)
                    length |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                body = stream.read(length)
                if head[0] >> 4 == 1:
                    line.sendall(b"\x20\x02\x00\x00")
                elif head[0] >> 4 == 3:
                    topic = int.from_bytes(body[:2])
                    self.got.append(body[2 : 2 + topic] + b"|" + body[4 + topic :])
                    if self.confirms:
                        line.sendall(b"\x40\x02" + body[2 + topic : 4 + topic])


def test_a_brokers_confirmation_is_a_proof() -> None:
    people, broker = b.cast(), Broker()
    a_target(people, broker.address, "mqtt")
    presumed(people)
    deliver(1)
    (topic, _bar, document) = broker.got[0].partition(b"|")
    assert topic == b"anguan/fire"
    assert checked(document.decode())["msgType"] == "Alert"
    assert Forwarding.objects.get().proof == "MQTT PUBACK 1"
    broker.server.close()


def test_a_broker_that_does_not_confirm_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anguan.ground.carriers.TIMEOUT_S", 0.3)
    people, broker = b.cast(), Broker(confirms=False)
    a_target(people, broker.address, "mqtt")
    presumed(people)
    outbox.deliver_due(b.at(1), 1, urgent=True)
    assert Forwarding.objects.get().delivered_at is None
    assert "did not confirm" in OutboxMessage.objects.get().last_error
    broker.server.close()


@pytest.mark.django_db(transaction=True)
def test_three_seconds_hold_while_two_other_addresses_hang(centre: Centre) -> None:
    """From the verdict to the centre's answer, with the worker's own threads and two servers that never answer."""
    people = b.cast()
    deaf = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    for one in deaf:
        a_target(people, f"http://127.0.0.1:{one.getsockname()[1]}/")
    a_target(people, centre.address)
    incident = b.an_incident(people)
    verified(people, incident)
    stop = threading.Event()
    carriers = [threading.Thread(target=outbox.carry_urgent, args=(stop,)) for _ in range(outbox.URGENT_CARRIERS)]
    for carrier in carriers:
        carrier.start()
    try:
        handling.judge_true(incident=incident, actor=b.actor(people.first), now=clock.now(), heard="明火")
        end = time.monotonic() + 10
        while not incident.forwardings.filter(delivered_at__isnull=False).exists() and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        stop.set()
        for carrier in carriers:
            carrier.join()
        for one in deaf:
            one.close()
        connections.close_all()
    forwarding = incident.forwardings.get(delivered_at__isnull=False)
    assert forwarding.delivered_at is not None
    assert forwarding.delivered_at <= forwarding.due_at
    incident.refresh_from_db()
    assert incident.state == IncidentState.FORWARDED
