"""`anguan gateway`: the sockets of fire-alarm devices."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

if TYPE_CHECKING:
    from anguan.ground.broker import Broker

HELP = "listen for fire-alarm devices (part of `anguan up`)"
DEFAULT = "127.0.0.1:26875"


def address(text: str) -> tuple[str, int]:
    """`ADDR:PORT` or `[ADDR]:PORT` taken apart."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ArgumentTypeError(f"{text!r} is no ADDR:PORT")
    return host.strip("[]"), int(port)


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("--listen", type=address, default=DEFAULT, metavar="ADDR:PORT", help=f"default: {DEFAULT}")
    parser.add_argument("--name", default="gateway", help="tells several gateways apart (default: gateway)")


def broker() -> "Broker | None":
    """Whose signals we take by MQTT, by `ANGUAN_MQTT_URL`; raises `Unusable` where that is no address."""
    from anguan.ground.broker import broker_from_url

    url = os.environ.get("ANGUAN_MQTT_URL", "")
    try:
        return broker_from_url(url) if url else None
    except ValueError as error:
        raise Unusable(str(error)) from None


def run(args: Namespace) -> int:
    signals_from = broker()
    with opened(args.data):
        from anguan.gateway import process

        host, port = args.listen
        try:
            process.run(host, port, args.name, signals_from, say=_say)
        except OSError as error:
            raise Unusable(f"{host}:{port} can't be used: {error.strerror or error}") from None
    return 0


def _say(line: str) -> None:
    # The log may lie on a full disk, and that is no reason to be deaf.
    with suppress(OSError):
        print(line, flush=True)
