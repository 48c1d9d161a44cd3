"""`anguan event-map`: who announces what to whom."""

from argparse import ArgumentParser, Namespace

from anguan.cli.database import set_up_django

HELP = "who announces what to whom"


def configure(parser: ArgumentParser) -> None:
    """No arguments."""
    del parser


def run(args: Namespace) -> int:
    """One line an event, one indented line a reaction, in the order they run; needs no database."""
    del args
    set_up_django()
    from anguan.ground.events import listeners

    for event, handlers in listeners():
        what = (event.__doc__ or "").strip().splitlines()[0]
        print(f"{event.__module__.removeprefix('anguan.')}.{event.__name__}: {what}")
        for handler in handlers:
            why = (handler.__doc__ or "").strip().splitlines()[0]
            print(f"    {handler.__module__.removeprefix('anguan.')}.{handler.__name__}: {why}")
    return 0
