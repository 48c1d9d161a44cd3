"""`anguan simulate devices`: fire-alarm devices that send real frames over real sockets."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import nullcontext
from pathlib import Path

from anguan.cli.commands.gateway import address
from anguan.cli.errors import Unusable

HELP = "play fire-alarm devices that report to a gateway"


def configure(parser: ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="devices")
    devices = what.add_parser("devices", help="devices of GB/T 26875.3 over TCP")
    devices.add_argument("--units", type=_count, required=True, metavar="N", help="how many devices")
    devices.add_argument("--rate", type=float, required=True, metavar="FRAMES_PER_S", help="of all together")
    devices.add_argument("--to", type=address, required=True, metavar="ADDR:PORT", help="the gateway")
    devices.add_argument("--seconds", type=float, metavar="S", help="default: until Ctrl-C")
    devices.add_argument("--seed", type=int, default=1, metavar="K", help="what they say (default: 1)")
    devices.add_argument("--fires", type=int, default=0, metavar="N", help="fires among ten thousand frames")
    devices.add_argument("--answer-within", type=float, default=10.0, metavar="S", help="then resend (default: 10)")
    devices.add_argument("--resends", type=int, default=3, metavar="N", help="then give up (default: 3)")
    devices.add_argument("--journal", type=Path, metavar="FILE", help="a line for each acknowledged frame")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 50_000:
        raise ArgumentTypeError("between 1 and 50000")
    return number


def run(args: Namespace) -> int:
    from anguan.simulator import running

    load = running.Load(
        units=args.units,
        rate=args.rate,
        host=args.to[0],
        port=args.to[1],
        seconds=args.seconds,
        seed=args.seed,
        fires=args.fires,
        answer_s=args.answer_within,
        resends=args.resends,
    )
    try:
        journal = args.journal.open("a", encoding="ascii") if args.journal else nullcontext()
    except OSError as error:
        raise Unusable(f"the journal {args.journal} can't be written: {error.strerror}") from None
    with journal as file:
        running.run(load, file, say=lambda line: print(json.dumps(line), flush=True))
    return 0
