"""`anguan audit verify`: does every record of every write, and the evidence of every day, still hold?"""

import sys
from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened

HELP = "verify: recompute every audit record and link and each day's evidence, and say the root"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("act", choices=["verify"])


def run(args: Namespace) -> int:
    """Exit 0 with "N records, root HASH", or 1 with the first broken record or day of evidence."""
    with opened(args.data):
        from anguan.ground import audit, clock, evidence_days

        answer = audit.verify(clock.now())
        # The days' roots stand in the chain: they say something only where the chain holds.
        fault = answer.fault or evidence_days.fault_of_days()
    if fault is not None:
        print(fault, file=sys.stderr)
        return 1
    print(f"{answer.records} records, root {answer.root}")
    return 0
