"""发件箱: nothing leaves before its cause is certain, and one bad address holds up nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings

from anguan.ground import events, outbox
from anguan.ground.access import Actor
from anguan.ground.models import AuditRecord, OutboxMessage

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def post(key: str, address: str = "manager@example.org", channel: str = "mail") -> None:
    outbox.post(channel=channel, address=address, title="请整改", body="两条隐患", link="/m/", key=key, now=NOW)


@pytest.fixture
def broken_carrier(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A carrier that fails; the list counts its tries."""
    tries: list[int] = []

    def fail(message: OutboxMessage) -> None:
        tries.append(message.pk)
        raise ConnectionError("no route")

    monkeypatch.setitem(outbox._adapters, "sms", fail)
    return tries


def test_a_message_is_sent_once() -> None:
    post("order-1")
    assert outbox.deliver_due(NOW) == 1
    assert outbox.deliver_due(NOW + timedelta(hours=1)) == 0
    assert [message.subject for message in mail.outbox] == ["请整改"]
    assert "/m/" in mail.outbox[0].body
    assert OutboxMessage.objects.get().state == "sent"


def test_the_same_cause_leaves_one_message() -> None:
    post("order-1")
    post("order-1", address="other@example.org")
    assert OutboxMessage.objects.get().address == "manager@example.org"


def test_nothing_leaves_when_the_work_failed() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        post("order-1")
        raise RuntimeError
    assert outbox.deliver_due(NOW) == 0
    assert mail.outbox == []


def test_a_carrier_that_fails_is_tried_later_and_later_and_then_declared_dead(broken_carrier: list[int]) -> None:
    post("order-1", channel="sms")
    moment, waits = NOW, []
    for _ in range(6):
        outbox.deliver_due(moment)
        message = OutboxMessage.objects.get()
        if message.state == "dead":
            break
        waits.append(message.next_attempt_at - moment)
        moment = message.next_attempt_at
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
    assert OutboxMessage.objects.get().state == "dead"
    assert "no route" in OutboxMessage.objects.get().last_error
    assert len(broken_carrier) == 6


def test_one_bad_message_does_not_hold_up_the_next(broken_carrier: list[int]) -> None:
    post("first", channel="sms")
    post("second")
    outbox.deliver_due(NOW)
    assert len(mail.outbox) == 1
    assert len(broken_carrier) == 1


def test_a_mail_server_that_hangs_does_not_hold_up_the_sealing_of_records(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = iter([0.0, 1.0, 6.0])
    monkeypatch.setattr("anguan.ground.outbox.monotonic", lambda: next(passed))
    for number in range(4):
        post(f"order-{number}")
    assert outbox.deliver_due(NOW) == 1


@override_settings(ANGUAN_ORIGIN="https://anguan.example.org")
def test_a_mail_has_one_line_as_its_subject_and_a_whole_address_as_its_link() -> None:
    outbox.post(
        channel="mail", address="a@example.org", title="请整改\nBcc: b@example.org", link="/m/", key="order-1", now=NOW
    )
    outbox.deliver_due(NOW)
    (sent,) = mail.outbox
    assert sent.subject == "请整改 Bcc: b@example.org"
    assert "https://anguan.example.org/m/" in sent.body


ADMINISTRATOR = Actor(kind="user", id="1", name="系统管理员")


def a_dead_one(broken_carrier: list[int], **more: Any) -> OutboxMessage:
    """A message that was tried to the end."""
    del broken_carrier
    outbox.post(channel="sms", address="1", title="请整改", body="内容", link="/x/", key="dead", now=NOW, **more)
    moment = NOW
    while (message := OutboxMessage.objects.get()).state == "waiting":
        outbox.deliver_due(moment)
        moment += timedelta(days=1)
    assert message.state == "dead"
    return message


def test_a_dead_message_can_be_tried_again_with_all_its_tries(broken_carrier: list[int]) -> None:
    message = a_dead_one(broken_carrier)
    outbox.try_again(message=message, actor=ADMINISTRATOR, now=NOW)
    assert list(outbox.undelivered()) == []
    outbox.deliver_due(NOW)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 1)
    with pytest.raises(outbox.NotDead, match="不在未送达之列"):
        outbox.try_again(message=message, actor=ADMINISTRATOR, now=NOW)


def test_a_dead_message_is_dropped_only_with_a_reason(broken_carrier: list[int]) -> None:
    message = a_dead_one(broken_carrier)
    with pytest.raises(outbox.NotDead, match="请写明"):
        outbox.drop(message=message, reason="  ", actor=ADMINISTRATOR, now=NOW)
    outbox.drop(message=message, reason="已电话告知", actor=ADMINISTRATOR, now=NOW)
    assert list(outbox.undelivered()) == []
    assert AuditRecord.objects.get(action="ground.drop_message").cause == "已电话告知"


def test_a_secret_is_gone_once_its_message_was_sent_or_given_up(broken_carrier: list[int]) -> None:
    outbox.post(channel="mail", address="a@example.org", title="重设密码", body="码", link="/r/x/", key="s", now=NOW,
                is_secret=True)  # fmt: skip
    outbox.deliver_due(NOW)
    assert "/r/x/" in mail.outbox[0].body
    assert OutboxMessage.objects.values_list("body", "link").get() == ("", "")
    OutboxMessage.objects.all().delete()
    message = a_dead_one(broken_carrier, is_secret=True)
    assert (message.body, message.link) == ("", "")
    with pytest.raises(outbox.NotDead, match="重新申请"):
        outbox.try_again(message=message, actor=ADMINISTRATOR, now=NOW)


def urgent(key: str, channel: str = "sms") -> None:
    outbox.post(channel=channel, address="119", title="火警", key=key, now=NOW, is_urgent=True)


def test_what_is_urgent_has_carriers_of_its_own_and_is_tried_again_within_seconds(broken_carrier: list[int]) -> None:
    post("letter")
    urgent("fire")
    assert outbox.deliver_due(NOW, urgent=True) == 1
    fire = OutboxMessage.objects.get(key="fire")
    assert fire.next_attempt_at - NOW == timedelta(seconds=1)
    assert OutboxMessage.objects.get(key="letter").attempts == 0
    assert outbox.deliver_due(NOW) == 1
    assert [message.subject for message in mail.outbox] == ["请整改"]


def test_what_the_other_side_said_is_kept_and_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[outbox.MessageSent] = []
    monkeypatch.setitem(events._handlers, outbox.MessageSent, [heard.append])
    monkeypatch.setitem(outbox._adapters, "sms", lambda message: f"202 {message.key}")
    urgent("fire")
    assert outbox.deliver_due(NOW, urgent=True) == 1
    sent = OutboxMessage.objects.get()
    assert (sent.state, sent.receipt) == ("sent", "202 fire")
    assert sent.sent_at is not None
    assert NOW <= sent.sent_at < NOW + timedelta(seconds=2)
    assert heard == [outbox.MessageSent("fire", "202 fire", sent.sent_at)]


def test_a_message_whose_announcement_fails_is_not_taken_for_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_event: outbox.MessageSent) -> None:
        raise LookupError("no such forwarding")

    monkeypatch.setitem(events._handlers, outbox.MessageSent, [refuse])
    post("letter")
    outbox.deliver_due(NOW)
    letter = OutboxMessage.objects.get()
    assert (letter.state, letter.sent_at, letter.receipt) == ("waiting", None, "")
    assert "no such forwarding" in letter.last_error
