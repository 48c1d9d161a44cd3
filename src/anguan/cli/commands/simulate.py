"""`anguan simulate`: fire-alarm devices that send real frames over real sockets, and systems that publish messages."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import closing, nullcontext
from datetime import time
from pathlib import Path
from typing import IO, Any

from anguan.cli.commands.gateway import address
from anguan.cli.errors import Unusable
from anguan.ground.broker import Broker, broker_from_url

HELP = "play fire-alarm devices that report to a gateway"


def configure(parser: ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="devices|day|messages")
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
    day = what.add_parser("day", help="five units from midnight to midnight: faults, false alarms, a storm, one fire")
    day.add_argument("--to", type=address, required=True, metavar="ADDR:PORT", help="the gateway")
    day.add_argument("--day-seconds", type=float, default=1800.0, metavar="S", help="what a day takes (default: 1800)")
    day.add_argument("--begins", type=_time_of_day, default=9 * 3600, metavar="HH:MM", help="default: 09:00")
    day.add_argument("--days", type=int, metavar="N", help="default: until Ctrl-C")
    day.add_argument("--sms", type=address, metavar="ADDR:PORT", help="also take short messages there, and send none")
    day.add_argument("--journal", type=Path, metavar="FILE", help="a line for each acknowledged frame")
    messages = what.add_parser("messages", help="systems that publish JSON to an MQTT broker (docs/signals.md)")
    messages.add_argument("--to", type=_broker, required=True, metavar="URL", help="mqtts://user@host:8883/anguan/…")
    messages.add_argument("--units", type=_count, default=1, metavar="N", help="1 is named like the user (default)")
    messages.add_argument("--rate", type=float, required=True, metavar="MESSAGES_PER_S", help="of all together")
    messages.add_argument("--seconds", type=float, metavar="S", help="default: until Ctrl-C")
    messages.add_argument("--seed", type=int, default=1, metavar="K", help="what they say (default: 1)")
    messages.add_argument("--fires", type=int, default=0, metavar="N", help="fires among ten thousand messages")
    messages.add_argument("--journal", type=Path, metavar="FILE", help="a line for each message that the broker has")


def _broker(text: str) -> Broker:
    try:
        return broker_from_url(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error).replace("ANGUAN_MQTT_URL", "it")) from None


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 50_000:
        raise ArgumentTypeError("between 1 and 50000")
    return number


def _time_of_day(text: str) -> int:
    moment = time.fromisoformat(text)
    return moment.hour * 3600 + moment.minute * 60


def run(args: Namespace) -> int:
    try:
        journal = args.journal.open("a", encoding="ascii") if args.journal else nullcontext()
    except OSError as error:
        raise Unusable(f"the journal {args.journal} can't be written: {error.strerror}") from None
    with journal as file:
        {"day": _day, "devices": _devices, "messages": _messages}[args.what](args, file)
    return 0


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _day(args: Namespace, journal: IO[str] | None) -> None:
    from anguan.simulator import day, running
    from anguan.simulator.provider import Provider

    course = day.Course(args.to[0], args.to[1], args.day_seconds, args.begins, args.days)
    with closing(Provider(args.sms[0], args.sms[1], _say)) if args.sms else nullcontext():
        running.run_day(course, journal, _say)


def _devices(args: Namespace, journal: IO[str] | None) -> None:
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
    running.run(load, journal, _say)


def _messages(args: Namespace, journal: IO[str] | None) -> None:
    from anguan.simulator import messages, running

    traffic = messages.Traffic(args.to, args.units, args.rate, args.seconds, args.seed, args.fires)
    try:
        running.work(lambda: messages.Publisher(traffic, journal), _say)
    except OSError as error:
        raise Unusable(f"the broker {args.to} can't be used: {error}") from None
