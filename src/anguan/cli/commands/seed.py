"""`anguan seed`: the demo district into a data folder."""

import os
from argparse import ArgumentParser, Namespace

from anguan.cli import shipped
from anguan.cli.database import add_data_option, opened, say

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
    from anguan.demo.services import seed
    from anguan.ground import clock

    shipped.load()
    if seed(clock.now()):
        say("the demo district is planted")


def log_ins() -> list[str]:
    """Lines for the terminal: who can log in, each with a one-time secret."""
    from anguan.demo.services import one_time_log_ins
    from anguan.ground import clock

    lines = ["", "One-time codes (each lets in once, at /enter/; every start prints new ones):"]
    lines += [f"  {username:<11} {code}   {role}" for username, role, code in one_time_log_ins(clock.now())]
    return [*lines, ""]
