"""`anguan manage …`: Django's own commands, for developers."""

import argparse
from argparse import ArgumentParser, Namespace
from pathlib import Path

from anguan.cli.database import opened, set_up_django

HELP = "Django's management commands, for developers (makemigrations, shell, …)"

WITHOUT_DATABASE = {"makemigrations", "makemessages", "compilemessages", "help", "diffsettings", "check"}


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="…")


def run(args: Namespace) -> int:
    from django.core.management import execute_from_command_line

    words = ["anguan manage", *args.words]
    if not args.words or args.words[0] in WITHOUT_DATABASE:
        set_up_django()
        execute_from_command_line(words)
    else:
        with opened(args.data, migrate=False):
            execute_from_command_line(words)
    return 0
