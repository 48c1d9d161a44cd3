"""`anguan seed`: the demo district into a data folder."""

import os
from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened

HELP = "put the demo district into the database; a second time changes nothing"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)


def run(args: Namespace) -> int:
    os.environ["ANGUAN_DEMO"] = "1"
    with opened(args.data):
        plant()
    return 0


def plant() -> None:
    """Make the demo district, where it isn't there yet."""


def log_ins() -> list[str]:
    """Lines for the terminal: who can log in, each with a one-time secret."""
    return []
