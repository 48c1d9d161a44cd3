"""Where signals come from over MQTT: the address in `ANGUAN_MQTT_URL`, taken apart.

mqtts://user@host:8883/anguan/signals?password_file=/etc/anguan/mqtt-password&ca_file=/etc/anguan/broker-ca.pem

The path is the topic below which sources publish. Options: `password_file` (else the password stands in the address),
`ca_file` for a broker whose certificate a private authority has signed, `cert_file` and `key_file` where the broker
asks for ours, `client_id` where two platforms share a broker, `verify=off` for nothing but trials.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_TOPIC: Final = "anguan/signals"
_TLS_OPTIONS: Final = frozenset({"ca_file", "cert_file", "key_file", "verify"})
_OPTIONS: Final = frozenset({"password_file", "client_id"}) | _TLS_OPTIONS


@dataclass(frozen=True)
class Broker:
    """How to reach a broker; files are read at each connection, so that they may be renewed."""

    host: str
    port: int
    topic: str = DEFAULT_TOPIC
    is_encrypted: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    verifies: bool = True
    client_id: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def secret(self) -> str:
        """The password; OSError where its file can't be read."""
        if self.password_file:
            return Path(self.password_file).read_text(encoding="utf-8").rstrip("\r\n")
        return self.password

    def tls(self) -> ssl.SSLContext | None:
        """What the line is encrypted with; OSError where a file can't be read or is none of its kind."""
        if not self.is_encrypted:
            return None
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if not self.verifies:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.cert_file:
            context.load_cert_chain(self.cert_file, self.key_file or None)
        return context


def broker_from_url(url: str) -> Broker:
    """The broker of an address; ValueError says what is wrong with it."""
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError("ANGUAN_MQTT_URL must be mqtts://user@host:8883/topic, or mqtt:// on a line nobody else reads")
    is_encrypted = parts.scheme == "mqtts"
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - _OPTIONS):
        raise ValueError(f"ANGUAN_MQTT_URL knows no option {unknown[0]!r}; it knows {', '.join(sorted(_OPTIONS))}")
    if not is_encrypted and (idle := sorted(options.keys() & _TLS_OPTIONS)):
        raise ValueError(f"ANGUAN_MQTT_URL is not encrypted, so {idle[0]} means nothing; write mqtts://")
    if options.get("verify", "on") not in {"on", "off"}:
        raise ValueError("verify of ANGUAN_MQTT_URL is on or off")
    try:
        port = parts.port or (8883 if is_encrypted else 1883)
    except ValueError:
        raise ValueError("the port of ANGUAN_MQTT_URL is a number up to 65535") from None
    topic = unquote(parts.path).strip("/") or DEFAULT_TOPIC
    if any(character in "+#" or not character.isprintable() for character in topic):
        raise ValueError("the path of ANGUAN_MQTT_URL is the topic above the sources, without + and #")
    return Broker(
        parts.hostname,
        port,
        topic,
        is_encrypted,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        options.get("password_file", ""),
        options.get("ca_file", ""),
        options.get("cert_file", ""),
        options.get("key_file", ""),
        options.get("verify") != "off",
        options.get("client_id", ""),
    )
