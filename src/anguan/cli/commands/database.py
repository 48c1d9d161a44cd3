"""`anguan database`: the keeper of the embedded server; other commands start it."""

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path

from anguan.cli.database import data_folder
from anguan.supervisor import postgres

HELP = "keep the embedded database as long as other commands use it (they start it themselves)"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("--stand-by", action="store_true", help="wait for a keeper that is there to end")


def run(args: Namespace) -> int:
    return postgres.keep(data_folder(args.data), stand_by=args.stand_by, announce=_announce)


def _announce(line: str) -> None:
    # Whoever started us reads the first lines and then goes on; later ones reach nobody.
    with suppress(OSError):
        print(line, flush=True)
