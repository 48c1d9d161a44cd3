"""发件箱: what leaves the process is a row first, then a delivery that is tried until it succeeds or is declared dead.

Delivery is at least once: a worker that dies between sending and marking sends again. What is urgent (a fire) has
threads of its own and is tried again within seconds, so that neither a slow mail server nor another address that hangs
holds it up.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, perf_counter

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.models import OutboxMessage

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
RETRY_URGENT_AFTER = [timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 30, 60, 300, 1800)]
URGENT_CARRIERS = 3
_LOOK_EVERY_S = 0.5

# Returns what the other side said to it, None where nobody answers.
Adapter = Callable[[OutboxMessage], str | None]
_adapters: dict[str, Adapter] = {}


@dataclass(frozen=True)
class MessageSent:
    """已送达: a carrier delivered a message; `receipt` is what the other side said, empty where it says nothing."""

    key: str
    receipt: str
    sent_at: datetime


def adapter(channel: str) -> Callable[[Adapter], Adapter]:
    """Register the decorated function as the carrier of a channel."""

    def register(deliver: Adapter) -> Adapter:
        _adapters[channel] = deliver
        return deliver

    return register


def post(
    *,
    channel: str,
    address: str,
    title: str,
    key: str,
    now: datetime,
    body: str = "",
    link: str = "",
    recipient_id: str = "",
    recipient_name: str = "",
    is_secret: bool = False,
    is_urgent: bool = False,
) -> None:
    """Put a message into the outbox in the caller's transaction; a second one with the same key adds nothing.

    Of a secret one, text and link are kept only until it is sent or given up.
    """
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=channel,
                address=address,
                title=title,
                body=body,
                link=link,
                key=key,
                is_secret=is_secret,
                is_urgent=is_urgent,
                recipient_id=recipient_id,
                recipient_name=recipient_name,
                created_at=now,
                next_attempt_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def deliver_due(now: datetime, limit: int = 100, *, urgent: bool = False) -> int:
    """Try what is due, one row at a time, so that one bad address holds up nobody; returns how many were tried.

    Stops after some seconds: the same thread seals the audit records, which can't wait for a mail server that hangs.
    """
    began = monotonic()
    for tried in range(limit):
        if monotonic() - began > PATIENCE_S:
            return tried
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(state=OutboxMessage.State.WAITING, is_urgent=urgent, next_attempt_at__lte=now)
                .order_by("next_attempt_at", "id")
                .first()
            )
            if message is None:
                return tried
            _try(message, now)
    return limit


def carry_urgent(stop: threading.Event) -> None:
    """Deliver what is urgent until `stop` is set; the worker runs a few of these side by side."""
    while not stop.is_set():
        close_old_connections()
        tried = 0
        try:
            tried = deliver_due(clock.now(), 1, urgent=True)
        except Exception:
            log.exception("an urgent message could not be delivered")
        if not tried:
            stop.wait(_LOOK_EVERY_S)
    connection.close()


def _try(message: OutboxMessage, now: datetime) -> None:
    began = perf_counter()
    retry_after = RETRY_URGENT_AFTER if message.is_urgent else RETRY_AFTER
    try:
        with transaction.atomic():
            receipt = (_adapters[message.channel](message) or "").replace("\0", "")[:500]
            message.receipt = receipt
            message.sent_at = now + timedelta(seconds=perf_counter() - began)
            publish(MessageSent(message.key, receipt, message.sent_at))
    except Exception as error:  # A carrier may fail in any way; the row remembers how and is tried again.
        log.warning("outbox %s over %s: %s", message.pk, message.channel, error)
        message.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:500]
        message.receipt, message.sent_at = "", None
        if message.attempts < len(retry_after):
            message.next_attempt_at = now + retry_after[message.attempts]
        else:
            message.state = OutboxMessage.State.DEAD
    else:
        message.state = OutboxMessage.State.SENT
        message.last_error = ""
    if message.is_secret and message.state != OutboxMessage.State.WAITING:
        message.body = message.link = ""
    message.attempts = F("attempts") + 1
    message.save()


# --- 未送达


class NotDead(ValueError):
    """The message is not one that was given up; the sentence says so."""


def undelivered() -> QuerySet[OutboxMessage]:
    """未送达: what was tried to the end and reached nobody, newest first."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by("-id")


@transaction.atomic
def try_again(*, message: OutboxMessage, actor: Actor, now: datetime) -> None:
    """重新发送: a message that was given up goes out again at once, with all its tries. Raises `NotDead`.

    A secret one can't: what it carried is gone, and whoever asked for it asks again.
    """
    message = _dead(message)
    if message.is_secret:
        raise NotDead(_("这条消息带有登录凭据，内容已经清除，请对方重新申请。"))
    message.state = OutboxMessage.State.WAITING
    message.attempts = 0
    message.next_attempt_at = now
    message.save(update_fields=["state", "attempts", "next_attempt_at"])
    _told(message, "ground.try_again", actor, now)


@transaction.atomic
def drop(*, message: OutboxMessage, reason: str, actor: Actor, now: datetime) -> None:
    """不再发送: somebody decides that a message needs no further try, and says why. Raises `NotDead`."""
    if not reason.strip():
        raise NotDead(_("请写明不再发送的理由，例如“已电话告知”。"))
    message = _dead(message)
    message.state = OutboxMessage.State.DROPPED
    message.save(update_fields=["state"])
    _told(message, "ground.drop_message", actor, now, cause=reason.strip()[:256])


def _dead(message: OutboxMessage) -> OutboxMessage:
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if message.state != OutboxMessage.State.DEAD:
        raise NotDead(_("这条消息不在未送达之列，可能已经有人处理过。"))
    return message


def _told(message: OutboxMessage, action: str, actor: Actor, now: datetime, cause: str = "") -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=message,
        now=now,
        before={"state": OutboxMessage.State.DEAD},
        after=audit.snapshot(message, "state", "channel", "key"),
        cause=cause,
    )


@adapter("mail")
def send_mail(message: OutboxMessage) -> str | None:
    """Real mail through Django's configured backend; a mail that is only printed proves nothing."""
    # A mail is read elsewhere: its link needs the whole address. A subject is one line, whatever a name brought in.
    link = f"{settings.ANGUAN_ORIGIN}{message.link}" if message.link.startswith("/") else message.link
    text = "\n\n".join(part for part in (message.body, link) if part)
    EmailMessage(" ".join(message.title.split()), text, settings.DEFAULT_FROM_EMAIL, [message.address]).send()
    return None if settings.EMAIL_BACKEND.endswith(".console.EmailBackend") else f"SMTP {settings.EMAIL_HOST}"


@adapter("wechat")
def print_to_console(message: OutboxMessage) -> None:
    """Stand-in for WeChat until a carrier is configured: the message is written to the log."""
    log.info("%s to %s: %s %s", message.channel, message.address, message.title, message.link)
