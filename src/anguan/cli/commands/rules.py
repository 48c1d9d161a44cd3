"""`anguan rules`: the shipped rule records as the page docs/statutes.md."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from anguan.cli.errors import Unusable
from anguan.ground.rules.document import statutes_markdown

HELP = "write docs/statutes.md from the rule records"


def configure(parser: ArgumentParser) -> None:
    """`document [FILE]`, or `document -` for standard output."""
    parser.add_argument("act", choices=["document"])
    parser.add_argument(
        "file", nargs="?", default="docs/statutes.md", help="where to (default docs/statutes.md, - prints)"
    )


def run(args: Namespace) -> int:
    """Write the page; exit 0."""
    page = statutes_markdown()
    if args.file == "-":
        print(page, end="")
        return 0
    try:
        Path(args.file).write_text(page, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{args.file} can't be written: {error.strerror}") from None
    return 0
