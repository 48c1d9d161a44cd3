"""`anguan gateway`: the sockets of fire-alarm devices."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

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


def run(args: Namespace) -> int:
    with opened(args.data):
        from anguan.gateway import process

        host, port = args.listen
        try:
            process.run(host, port, args.name, say=lambda line: print(line, flush=True))
        except OSError as error:
            raise Unusable(f"{host}:{port} can't be used: {error.strerror or error}") from None
    return 0
