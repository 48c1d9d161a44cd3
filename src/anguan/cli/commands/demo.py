"""`anguan demo`: the platform with the demo district."""

from argparse import ArgumentParser, Namespace

from anguan.cli.commands import seed, up

HELP = "run the platform with the demo district"


def configure(parser: ArgumentParser) -> None:
    up.configure(parser)


def run(args: Namespace) -> int:
    return up.run_platform(args, prepare=seed.plant, announce=seed.log_ins, demo=True)
