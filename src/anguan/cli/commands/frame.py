"""`anguan frame`: what frames of GB/T 26875.3 say; needs no database and no Django."""

import base64
import binascii
import json
import sys
from argparse import ArgumentParser, Namespace
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from anguan.cli.errors import Unusable
from anguan.cli.frame_table import table
from anguan.wire.gbt26875 import PROFILES, Damaged, FrameStream, Profile, Received, read_frame
from anguan.wire.gbt26875.plain import plain

HELP = "what frames of the fire-alarm protocol say (GB/T 26875.3)"

# A capture of a whole day fits; more at once is no question for a command line.
MOST_BYTES = 256 * 1024 * 1024
# An answer, the profile that it was read by, and what it tells; None for a line that stands for no bytes.
Told = tuple[dict[str, Any], Profile, Received | Damaged | None]
# One encoder for all lines: `json.dumps` makes a new one for each.
_written = json.JSONEncoder(ensure_ascii=False).encode
_HEX = frozenset(b"0123456789abcdefABCDEF")


def configure(parser: ArgumentParser) -> None:
    """decode [FILE] [--profile NAME] [--stream] [--input FORM] [--table] [--language zh|en]."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="decode")
    help_text = "frames, one a line, into one JSON answer a line; exit 1 where one of them is damaged"
    decode = actions.add_parser("decode", help=help_text, description=help_text)
    decode.add_argument("file", nargs="?", type=Path, metavar="FILE", help="read this instead of standard input")
    decode.add_argument(
        "--profile",
        choices=sorted(PROFILES),
        default="standard",
        metavar="NAME",
        help=f"how the device departs from the standard: {', '.join(PROFILES)} (default standard); "
        "a line may name its own: PROFILE HEX",
    )
    decode.add_argument("--stream", action="store_true", help="take the whole input as one byte stream")
    decode.add_argument(
        "--input",
        choices=("hex", "base64", "binary"),
        default=None,
        metavar="FORM",
        help="hex, base64, or binary with --stream (default: hex, and binary where a stream is no hex)",
    )
    decode.add_argument("--table", action="store_true", help="print tables to read instead of JSON lines")
    decode.add_argument("--language", choices=("zh", "en"), default="zh", help="the words of the tables (default zh)")


def run(args: Namespace) -> int:
    """0 when every answer is sound, 1 when one is not, 2 when a line is no bytes at all."""
    if isinstance(sys.stdout, TextIOWrapper):
        # The contract is UTF-8, whatever the terminal's locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if args.input == "binary" and not args.stream:
        raise Unusable("binary input has no lines; add --stream")
    profile = PROFILES[args.profile]
    answers = _stream(args, profile) if args.stream else _lines(args, profile)
    damaged = unusable = 0
    for number, (answer, used, event) in enumerate(answers, start=1):
        damaged += not answer["ok"]
        unusable += event is None
        if args.table:
            told = table(number, answer, used, event, args.language)
        else:
            told = _written(answer)
        # At once, so that a program may ask line by line.
        print(told, flush=not args.stream)
    sys.stdout.flush()
    if unusable:
        print(f"anguan: {unusable} line(s) are no {args.input or 'hex'} text", file=sys.stderr)
        return 2
    return 1 if damaged else 0


def _lines(args: Namespace, profile: Profile) -> Iterator[Told]:
    """One answer a line that is not blank."""
    for line in _opened(args.file):
        words = line.removeprefix(BOM_UTF8).split()
        if not words:
            continue
        used = profile
        if (name := words[0].decode("ascii", "replace")) in PROFILES:
            used = PROFILES[name]
            words = words[1:]
        try:
            raw = _bytes_of(b"".join(words), args.input or "hex")
        except ValueError as error:
            yield {"ok": False, "error": "input", "detail": str(error)}, used, None
        else:
            event = read_frame(raw, used)
            yield plain(event, used), used, event


def _stream(args: Namespace, profile: Profile) -> Iterator[Told]:
    """One answer for each frame and each stretch between frames."""
    given = _read(args.file)
    text = b"".join(given.removeprefix(BOM_UTF8).split())
    form = args.input or ("hex" if _HEX.issuperset(text) else "binary")
    try:
        raw = given if form == "binary" else _bytes_of(text, form)
    except ValueError as error:
        raise Unusable(f"the input is no {form} text: {error}") from None
    stream = FrameStream(profile)
    for at in range(0, len(raw), 65_536):
        for event in stream.feed(raw[at : at + 65_536]):
            yield plain(event, profile), profile, event
    for event in stream.close():
        yield plain(event, profile), profile, event


def _bytes_of(text: bytes, form: str) -> bytes:
    """The bytes that a text stands for; ValueError with what is wrong."""
    if form == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError(f"no base64: {error}") from None
    if not _HEX.issuperset(text):
        raise ValueError("a character that is no hex digit")
    if len(text) % 2:
        raise ValueError("an odd number of hex digits")
    return bytes.fromhex(text.decode("ascii"))


def _read(file: Path | None) -> bytes:
    """The whole input, up to a length that memory holds."""
    given = b"".join(_opened(file, MOST_BYTES + 1))
    if len(given) > MOST_BYTES:
        raise Unusable(f"the input is longer than {MOST_BYTES >> 20} MiB; cut it into pieces")
    return given


def _opened(file: Path | None, most: int | None = None) -> Iterator[bytes]:
    """The input's lines, or its first `most` bytes in one piece."""
    try:
        with nullcontext(sys.stdin.buffer) if file is None else file.open("rb") as source:
            if most is None:
                yield from source
            else:
                yield source.read(most)
    except OSError as error:
        raise Unusable(f"{file or 'standard input'} can't be read: {error.strerror or error}") from None
