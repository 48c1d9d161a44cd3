"""`anguan audit verify`: does every record of every write still hold?"""

import sys
from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened

HELP = "verify: recompute every audit record and link, and say the root"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("act", choices=["verify"])


def run(args: Namespace) -> int:
    """Exit 0 with "N records, root HASH", or 1 with the first broken record."""
    with opened(args.data):
        from anguan.ground import audit, clock

        answer = audit.verify(clock.now())
    if answer.fault is not None:
        print(answer.fault, file=sys.stderr)
        return 1
    print(f"{answer.records} records, root {answer.root}")
    return 0
