"""`anguan draw`: verify a published 双随机 draw, or run one; needs no database and no Django."""

import json
import sys
from argparse import ArgumentParser, Namespace
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from anguan.cli.errors import Unusable
from anguan.inspections import draws

HELP = "verify or run a draw bundle (format anguan-draw/1)"

# About five minutes of hashing; a district's batch has a few thousand tickets.
MOST_TICKETS = 300_000_000


def configure(parser: ArgumentParser) -> None:
    """verify BUNDLE.json, run BUNDLE.json."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|run")
    for name, help_text in (
        ("verify", "check a published bundle; exit 1 names the first thing that differs"),
        ("run", "complete a bundle whose result is missing; prints the whole bundle"),
    ):
        action = actions.add_parser(name, help=help_text, description=help_text)
        action.add_argument("bundle", type=Path, metavar="BUNDLE.json")
        action.add_argument(
            "--most-tickets",
            type=int,
            default=MOST_TICKETS,
            metavar="N",
            help=f"refuse a bundle whose weights ask for more hashes (default {MOST_TICKETS})",
        )
        if name == "verify":
            action.add_argument(
                "--companion",
                type=Path,
                metavar="COMPANION.json",
                help="also check experts and the steps after the draw (format anguan-draw-companion/1)",
            )
            action.add_argument(
                "--envelopes",
                type=Path,
                metavar="ENVELOPES.json",
                help="also check the opened envelopes of a sealed draw (format anguan-draw-envelopes/1)",
            )


def run(args: Namespace) -> int:
    """0 and what was found, or the drawn bundle; 1 with the first difference; `Unusable` for what is no bundle."""
    if isinstance(sys.stdout, TextIOWrapper):
        # The words are Chinese, whatever the terminal's locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        raw = draws.parse(_read(args.bundle))
        if args.action == "verify":
            _print_verification(draws.verify(raw, most_tickets=args.most_tickets))
            if args.companion is not None:
                _print_companion(draws.verify_companion(draws.parse(_read(args.companion)), raw))
            if args.envelopes is not None:
                _print_envelopes(draws.verify_envelopes(draws.parse(_read(args.envelopes)), raw))
        else:
            print(json.dumps(_completed(raw, args.most_tickets), ensure_ascii=False, indent=1))
    except draws.Unreadable as error:
        raise Unusable(f"{args.bundle}：{error}") from None
    except draws.TooManyTickets as error:
        raise Unusable(f"{args.bundle}：{error}（--most-tickets N）") from None
    except (draws.Differs, draws.CompanionDiffers) as difference:
        # `run` promises a bundle on standard output, so its refusal goes to the other stream.
        print(difference, file=sys.stdout if args.action == "verify" else sys.stderr)
        return 1
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"读不了 {path}：{error.strerror or error}。") from None


def _completed(raw: Any, most_tickets: int) -> draws.Bundle:
    if isinstance(raw, dict) and raw.get("result") is not None:
        raise Unusable("这份抽查包已有 result，绝不原地重抽；要核对请用 anguan draw verify。")
    return draws.complete(raw, most_tickets=most_tickets)


def _print_verification(verification: draws.Verification) -> None:
    print(verification.headline)
    if verification.unstaffed:
        print(f"其中 {verification.unstaffed} 家未能配齐检查人员（unstaffed）。")
    print(f"随机源：{verification.beacon_kind.value}（{verification.beacon_kind.label}）")
    for sentence, values in verification.proves:
        print(f"能证明：{sentence % values}")
    for sentence, values in verification.cannot_prove:
        print(f"不能证明：{sentence % values}")


def _print_companion(verification: draws.CompanionVerification) -> None:
    print(
        f"companion verified: {verification.targets_replaced} targets replaced, {verification.targets_lost} lost,"
        f" {verification.people_replaced} people replaced, {verification.experts} experts"
    )
    if verification.experts_digest is not None:
        print(f"专家名册摘要：{verification.experts_digest}，请与承诺公布时的 experts_digest 逐字核对。")


def _print_envelopes(verification: draws.EnvelopesVerification) -> None:
    print(
        f"envelopes verified: {verification.envelopes} envelopes, {verification.opened} opened by their teams"
        f" ({verification.early} early), {verification.read} readings by the approver"
    )
    print(f"信封摘要：{verification.digest}，请与抽取当天公布的信封摘要逐字核对。")
