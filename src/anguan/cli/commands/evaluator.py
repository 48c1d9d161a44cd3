"""`anguan evaluator`: turns what devices said into incidents."""

import signal
import threading
from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened

HELP = "turn signals of fire-alarm devices into incidents (part of `anguan up`)"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)


def run(args: Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with opened(args.data):
        from anguan.alarms.evaluator import run_until

        run_until(stop)
    return 0
