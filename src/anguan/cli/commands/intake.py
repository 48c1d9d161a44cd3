"""`anguan intake check`: is what was acknowledged there, once, and numbered without a gap?"""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

HELP = "compare the stored intake with itself and with a simulator's journal"


def configure(parser: ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="check")
    check = what.add_parser("check", help="exit status 0 only where nothing is missing or doubled")
    add_data_option(check)
    check.add_argument("--journal", type=Path, metavar="FILE", help="of `anguan simulate devices`")


def run(args: Namespace) -> int:
    if args.journal is not None and not args.journal.is_file():
        raise Unusable(f"there is no journal {args.journal}")
    with opened(args.data):
        from anguan.alarms.intake import checking

        try:
            found = checking.check(args.journal)
        except ValueError as error:
            raise Unusable(str(error)) from None
    print(json.dumps(found.line()))
    return 0 if found.is_sound else 1
