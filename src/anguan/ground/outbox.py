"""发件箱: what leaves the process is a row first, then a delivery that is tried until it succeeds or is declared dead.

Delivery is at least once: a worker that dies between sending and marking sends again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from anguan.ground.models import OutboxMessage

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]

Adapter = Callable[[OutboxMessage], None]
_adapters: dict[str, Adapter] = {}


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
) -> None:
    """Put a message into the outbox in the caller's transaction; a second one with the same key adds nothing."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=channel,
                address=address,
                title=title,
                body=body,
                link=link,
                key=key,
                recipient_id=recipient_id,
                recipient_name=recipient_name,
                created_at=now,
                next_attempt_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def deliver_due(now: datetime, limit: int = 100) -> int:
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
                .filter(state=OutboxMessage.State.WAITING, next_attempt_at__lte=now)
                .order_by("next_attempt_at", "id")
                .first()
            )
            if message is None:
                return tried
            _try(message, now)
    return limit


def _try(message: OutboxMessage, now: datetime) -> None:
    try:
        with transaction.atomic():
            _adapters[message.channel](message)
    except Exception as error:  # A carrier may fail in any way; the row remembers how and is tried again.
        log.warning("outbox %s over %s: %s", message.pk, message.channel, error)
        message.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:500]
        if message.attempts < len(RETRY_AFTER):
            message.next_attempt_at = now + RETRY_AFTER[message.attempts]
        else:
            message.state = OutboxMessage.State.DEAD
    else:
        message.state = OutboxMessage.State.SENT
        message.sent_at = now
        message.last_error = ""
    message.attempts = F("attempts") + 1
    message.save()


@adapter("mail")
def send_mail(message: OutboxMessage) -> None:
    """Real mail through Django's configured backend."""
    # A mail is read elsewhere: its link needs the whole address. A subject is one line, whatever a name brought in.
    link = f"{settings.ANGUAN_ORIGIN}{message.link}" if message.link.startswith("/") else message.link
    text = "\n\n".join(part for part in (message.body, link) if part)
    EmailMessage(" ".join(message.title.split()), text, settings.DEFAULT_FROM_EMAIL, [message.address]).send()


@adapter("sms")
@adapter("wechat")
def print_to_console(message: OutboxMessage) -> None:
    """Stand-in for SMS and WeChat until a carrier is configured: the message is written to the log."""
    log.info("%s to %s: %s %s", message.channel, message.address, message.title, message.link)
