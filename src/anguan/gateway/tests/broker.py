"""A real broker for the tests: mosquitto on a port of the loopback, set up as docs/signals.md tells operators to."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt import client as mqtt
from paho.mqtt import publish

from anguan.ground.broker import Broker

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MANUAL = Path(__file__).parents[4] / "docs" / "signals.md"
USERS = {"anguan": "the platform's", "panel-1": "one", "panel-2": "two", "new": "three"}


class RunningBroker:
    """mosquitto with a folder of its own; `broker` is how the platform reaches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = int(listener.getsockname()[1])
        certs = folder / "certs"
        certs.mkdir()
        _certify(certs / "broker.pem", certs / "broker.key")
        passwords = folder / "passwords"
        passwords.write_text("".join(f"{user}:{password}\n" for user, password in USERS.items()))
        subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
        manual = MANUAL.read_text(encoding="utf-8")
        (folder / "rights").write_text(_block(manual, "rights"))
        places = {
            "listener 8883": f"listener {self.port} 127.0.0.1",
            "/etc/mosquitto": str(folder),
            "/var/lib/mosquitto/": f"{folder}/",
        }
        conf = _block(manual, "conf")
        for theirs, ours in places.items():
            assert theirs in conf
            conf = conf.replace(theirs, ours)
        # Started by root it would become a user who may not read its folder.
        (folder / "conf").write_text(conf + "user root\n")
        self.store = folder / "mosquitto.db"
        password_file = folder / "secret"
        password_file.write_text(USERS["anguan"] + "\n")
        self.broker = Broker(
            "127.0.0.1",
            self.port,
            is_encrypted=True,
            user="anguan",
            password_file=str(password_file),
            ca_file=str(certs / "broker.pem"),
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([MOSQUITTO, "-c", self.folder / "conf"], stdout=log, stderr=log)
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end, (self.folder / "log").read_text()
                time.sleep(0.02)

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Stop it as its service does, or kill it."""
        if self.process is not None:
            self.process.send_signal(by)
            self.process.wait(10)
            self.process = None

    def send(self, name: str, body: bytes, *, user: str = "", qos: int = 1, retain: bool = False) -> None:
        """Publish as a device does; with QoS 1 the broker has it afterwards."""
        user = user or name
        publish.single(
            f"anguan/signals/{name}",
            body,
            qos,
            retain,
            "127.0.0.1",
            self.port,
            auth={"username": user, "password": USERS[user]},
            tls={"ca_certs": self.broker.ca_file, "tls_version": ssl.PROTOCOL_TLS_CLIENT},
            protocol=mqtt.MQTTv5,
        )


def _block(manual: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def example() -> str:
    """The signal that the manual shows."""
    return _block(MANUAL.read_text(encoding="utf-8"), "json")


def _certify(certificate: Path, key: Path) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
