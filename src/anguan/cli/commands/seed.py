"""`anguan seed`: the demo district into a data folder."""

import os
from argparse import ArgumentParser, Namespace

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
    from anguan.people.models import Organ

    if not Organ.objects.exists():
        say("planting the demo district")
        seed(clock.now())


def log_ins() -> list[str]:
    """Lines for the terminal: who can log in, each with a fresh one-time code."""
    from anguan.demo.people import one_time_log_ins
    from anguan.ground import clock

    rows = one_time_log_ins(clock.now())
    wide = max((len(username) for username, _role, _code in rows), default=0)
    lines = ["", "One-time codes (each lets in once, at /enter/; every start prints new ones):"]
    return [*lines, *(f"  {username:<{wide}}  {code}  {role}" for username, role, code in rows), ""]
