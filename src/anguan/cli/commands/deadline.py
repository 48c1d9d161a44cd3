"""`anguan deadline`: when a legal period ends, by the shipped rules; needs no database and no Django."""

import json
import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from anguan.cli.errors import Unusable
from anguan.core.periods import Calendar, OutOfRange, due
from anguan.ground.calendars import shipped_calendar
from anguan.ground.rules import Kind, Rule, UnknownRule, shipped_rule, shipped_rules

HELP = "when a legal period ends (JSON lines)"

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?")
_DEADLINE_ID = re.compile(r"D[0-9]{2}[a-z]?")


def configure(parser: ArgumentParser) -> None:
    """RULE --from DATE[Thh:mm], or --batch, or --list."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule that is one period, such as D02")
    parser.add_argument("--from", dest="start", metavar="DATE[Thh:mm]", help="the day or minute it runs from")
    parser.add_argument("--batch", action="store_true", help='read {"rule", "from"} lines from standard input')
    parser.add_argument("--list", action="store_true", help="show every deadline rule with its kind")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="also use the calendars imported there (default: ANGUAN_DATA if set)"
    )


def run(args: Namespace) -> int:
    """Print one JSON line for each answer; 2 where a line of a batch can't be answered."""
    if isinstance(sys.stdout, TextIOWrapper):
        # The contract is UTF-8, whatever the terminal's locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    single = args.rule is not None or args.start is not None
    if single + args.batch + args.list != 1 or (single and (args.rule is None or args.start is None)):
        raise Unusable("give RULE --from DATE, or --batch, or --list")
    if args.list:
        for rule in _deadline_rules():
            _print(_listed(rule))
        return 0
    calendar = _calendar(args.data)
    if args.batch:
        return _answer_batch(calendar)
    _print(answer(args.rule, args.start, calendar))
    return 0


def answer(rule_id: str, start: str, calendar: Calendar) -> dict[str, Any]:
    """The answer for one rule and start, as interfaces.md lays it out; `Unusable` where there is none."""
    moment = _parsed(start)
    day = moment.date() if isinstance(moment, datetime) else moment
    rule = _single_period(rule_id, day)
    try:
        result = due(moment, rule.period, calendar)
        extra = {}
        if rule.values.get("waiting"):
            extra["apply_from"] = (result.day + timedelta(days=1)).isoformat()
    except (OutOfRange, OverflowError):
        raise Unusable(f"{rule_id} from {start} ends after 9999-12-31, the last day a date can hold") from None
    return {
        "rule": rule.id,
        "from": start,
        "due": _written(result.due),
        "count": rule.count,
        "unit": rule.period.unit.value,
        "basis": rule.basis,
        "rule_version": rule.version,
        "verified": rule.verified,
        "calendar": result.calendar,
        "roll_forward": rule.roll_forward,
        "provisional": result.provisional,
        "skipped": [skipped.isoformat() for skipped in result.skipped],
        "in_force": rule.covers(day),
        **extra,
    }


def _answer_batch(calendar: Calendar) -> int:
    failed = 0
    first = ""
    for number, line in _lines():
        question: dict[str, Any] = {}
        try:
            question = _question(line)
            _print(answer(question["rule"], question["from"], calendar))
        except Unusable as error:
            failed += 1
            first = first or f"line {number}: {error}"
            _print({**question, "line": number, "error": str(error)})
    sys.stdout.flush()
    if failed:
        print(f"anguan: {failed} line(s) could not be answered; {first}", file=sys.stderr)
        return 2
    return 0


def _lines() -> Iterator[tuple[int, str]]:
    """Line number and text of each line that is not blank; bytes that are no UTF-8 stay visible as escapes."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        line = raw.decode("utf-8-sig", errors="backslashreplace").strip()
        if line:
            yield number, line


def _question(line: str) -> dict[str, Any]:
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        raise Unusable('this is no JSON object with "rule" and "from"') from None
    if not isinstance(question, dict):
        raise Unusable('this is no JSON object with "rule" and "from"')
    if not isinstance(question.get("rule"), str) or not isinstance(question.get("from"), str):
        raise Unusable('"rule" and "from" must both be there and be text')
    return {"rule": question["rule"], "from": question["from"]}


def _single_period(rule_id: str, on: date) -> Rule:
    try:
        rule = shipped_rule(rule_id, on)
    except UnknownRule:
        same = [rule for rule in _deadline_rules() if rule.id.rstrip("ab") == rule_id]
        if not same:
            raise Unusable(f"there is no deadline rule {rule_id!r}; `anguan deadline --list` shows all") from None
        if len(same) > 1:
            raise Unusable(f"{rule_id} is two rules: {' and '.join(rule.id for rule in same)}") from None
        rule = same[0]
    if not _DEADLINE_ID.fullmatch(rule.id):
        raise Unusable(f"there is no deadline rule {rule_id!r}; `anguan deadline --list` shows all")
    if rule.kind is not Kind.PERIOD:
        raise Unusable(f"{rule_id} ({rule.title}) is no single period but {rule.kind.value} ({rule.kind.label})")
    return rule


def _deadline_rules() -> list[Rule]:
    """The newest version of each deadline rule, in the order of the file."""
    newest = {rule.id: rule for rule in shipped_rules() if _DEADLINE_ID.fullmatch(rule.id)}
    return list(newest.values())


def _listed(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "kind": rule.kind.value,
        "title": rule.title,
        "count": rule.count,
        "unit": rule.unit.value if rule.unit else None,
        "roll_forward": rule.roll_forward,
        "basis": rule.basis,
        "rule_version": rule.version,
        "verified": rule.verified,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "jurisdiction": rule.jurisdiction,
    }


def _parsed(start: str) -> date | datetime:
    """A day or a minute; other spellings of ISO 8601 are refused: a mistyped day must not pass for another."""
    read: Callable[[str], date] = datetime.fromisoformat if "T" in start else date.fromisoformat
    try:
        if not _MOMENT.fullmatch(start):
            raise ValueError
        return read(start)
    except ValueError:
        raise Unusable(
            f"{start!r} is no day of the calendar; write 2026-09-30, or 2026-09-30T16:00 for a minute"
        ) from None


def _written(moment: date | datetime) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def _calendar(data: Path | None) -> Calendar:
    """The shipped calendar, with the notices imported into the data folder that was named, if one was.

    A folder of ANGUAN_DATA that holds no database yet has no imported notice either, so none is made for it.
    """
    if data is None and not _holds_database(os.environ.get("ANGUAN_DATA")):
        return shipped_calendar()
    # Only here: all that a database needs takes half a second to load.
    from anguan.cli.database import opened

    with opened(data):
        from anguan.ground.calendars.selectors import current_calendar

        return current_calendar()


def _holds_database(folder: str | None) -> bool:
    if not folder:
        return False
    if os.environ.get("DATABASE_URL"):
        return True
    from anguan.supervisor.postgres import DataFolder

    return DataFolder(Path(folder)).pgdata.is_dir()


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False))
