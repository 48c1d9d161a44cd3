"""Carriers to other systems: a document over HTTP (webhook) or MQTT, a short message to a provider's gateway (SMS).

An answer of 2xx, or the broker's PUBACK, is the receipt; everything else is a failure and tried again. Nothing is
followed elsewhere: a redirect would carry a fire alarm to an address that nobody entered.
"""

import hashlib
import hmac
import json
import logging
import urllib.request
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from anguan.ground.models import OutboxMessage
from anguan.ground.outbox import adapter

log = logging.getLogger(__name__)

TIMEOUT_S: Final = 2.0
_KEPT: Final = 300


class Refused(ConnectionError):
    """The other side, or we ourselves, would not take the message to this address."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_about: Any) -> None:
        """Nowhere: the answer stays an error."""


# No proxy of the environment either: where a message goes is what stands in its address.
_opener: Final = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _post(address: str, body: bytes, headers: dict[str, str]) -> str:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise Refused(f"{address} is no http address")
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 checked above
    with _opener.open(request, timeout=TIMEOUT_S) as answer:
        words = " ".join(answer.read(_KEPT).decode(errors="replace").split())
        return f"HTTP {answer.status} {words}".strip()


@adapter("webhook")
def post_document(message: OutboxMessage) -> str:
    """The body as it is, once for each key: a receiver that sees `Idempotency-Key` again has it already.

    Signed with the platform's key for webhooks where there is one, so that the receiver knows who speaks.
    """
    body = message.body.encode()
    headers = {
        "Content-Type": "application/cap+xml; charset=utf-8" if message.body.startswith("<?xml") else "text/plain",
        "Idempotency-Key": message.key,
        "User-Agent": "anguan",
    }
    if settings.WEBHOOK_KEY:
        headers["X-Anguan-Signature"] = hmac.new(settings.WEBHOOK_KEY.encode(), body, hashlib.sha256).hexdigest()
    return _post(message.address, body, headers)


@adapter("sms")
def send_sms(message: OutboxMessage) -> str | None:
    """A short message as JSON to the provider's gateway; without one it is written to the log, which proves nothing."""
    text = "\n".join(part for part in (message.title, message.body) if part)
    if not settings.SMS_URL:
        log.info("sms to %s: %s %s", message.address, message.title, message.link)
        return None
    body = json.dumps({"to": message.address, "text": text, "id": message.key}, ensure_ascii=False).encode()
    return _post(settings.SMS_URL, body, {"Content-Type": "application/json", "Idempotency-Key": message.key})


@adapter("mqtt")
def publish_document(message: OutboxMessage) -> str:
    """The body to `mqtt://host:port/topic` with QoS 1; `mqtts` for TLS. The PUBACK is the receipt.

    User and password are settings, not part of an address: addresses are read on a page and kept in the records.
    """
    # Loaded by whoever forwards to a broker, and by nobody else.
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    parts = urlsplit(message.address)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise Refused(f"{message.address} is no mqtt address")
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect_timeout = TIMEOUT_S
    if settings.MQTT_USER:
        client.username_pw_set(settings.MQTT_USER, settings.MQTT_PASSWORD)
    if parts.scheme == "mqtts":
        client.tls_set()
    client.connect(parts.hostname, parts.port or (8883 if parts.scheme == "mqtts" else 1883), keepalive=10)
    client.loop_start()
    try:
        sent = client.publish(parts.path.removeprefix("/"), message.body.encode(), qos=1)
        sent.wait_for_publish(TIMEOUT_S)
        if not sent.is_published():
            raise TimeoutError("the broker did not confirm in time")
    finally:
        client.disconnect()
        client.loop_stop()
    return f"MQTT PUBACK {sent.mid}"
