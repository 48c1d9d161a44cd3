"""`anguan ledger`: empty tables to fill in, import of a filled one, the district's figures. Prints JSON lines."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable
from anguan.core.coordinates import CoordinateSystem
from anguan.registry.sheets.checking import check_rows
from anguan.registry.sheets.columns import KINDS
from anguan.registry.sheets.package import Unreadable
from anguan.registry.sheets.reading import Sheet, open_sheet
from anguan.registry.sheets.templates import write_template

HELP = "the ledger: template, import, stats"

AVAILABLE = list(KINDS)
# Seconds between two pictures of the bar: for a person at a terminal, and for a log.
_PICTURE, _LOG = 0.2, 10.0


def configure(parser: ArgumentParser) -> None:
    """template --kind KIND FILE.xlsx, import --kind KIND FILE, stats."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="template|import|stats")
    template = acts.add_parser("template", help="write an empty table with headers, hints and drop-downs")
    importing = acts.add_parser("import", help="import an .xlsx or .csv file; all rows or none")
    for act in (template, importing):
        act.add_argument("--kind", required=True, metavar="KIND", help="、".join(AVAILABLE))
        act.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--dry-run", action="store_true", help="tell what would become of each row, write nothing")
    importing.add_argument("--partial", action="store_true", help="write the sound rows although others are refused")
    importing.add_argument(
        "--coordinates",
        choices=[one.value for one in CoordinateSystem],
        default=CoordinateSystem.CGCS2000.value,
        help="the system of positions in rows that name none; they are kept in CGCS2000",
    )
    add_data_option(importing)
    stats = acts.add_parser("stats", help="the district's figures")
    stats.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="as the ledger stood when that day ended")
    add_data_option(stats)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"日期“{text}”无法识别，应写成 2026-11-23 这样。") from None


def run(args: Namespace) -> int:
    """0 when done, 1 when rows were refused, `Unusable` for what can't be read or told."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if args.act == "stats":
        return _stats(args)
    if args.kind not in AVAILABLE:
        raise Unusable(f"没有“{args.kind}”这种台账，可用的有：{'、'.join(AVAILABLE)}。")
    return _template(args) if args.act == "template" else _import(args)


def _print(line: Mapping[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False))


def _template(args: Namespace) -> int:
    try:
        write_template(KINDS[args.kind], args.file)
    except OSError as error:
        raise Unusable(f"写不了 {args.file}：{error.strerror or error}。") from None
    print(f"模板已写入 {args.file}", file=sys.stderr)
    return 0


def _import(args: Namespace) -> int:
    kind = KINDS[args.kind]
    try:
        sheet = open_sheet(args.file, kind)
        # Tells of a missing column before the database is opened.
        check_rows(kind, sheet)
    except Unreadable as error:
        raise Unusable(f"{args.file.name}：{error}。") from None
    with opened(args.data):
        return _import_into_ledger(args, sheet)


def _import_into_ledger(args: Namespace, sheet: Sheet) -> int:
    from anguan.ground import clock
    from anguan.ground.access import Actor
    from anguan.registry.services import ImportFailed, import_sheet

    bar = _bar(sheet.row_estimate)
    try:
        outcome = import_sheet(
            sheet=sheet,
            actor=Actor(kind="system", id="command", name="命令行"),
            now=clock.now(),
            partial=args.partial,
            dry_run=args.dry_run,
            cause=args.file.name,
            progress=bar,
            coordinates=args.coordinates,
        )
    except Unreadable as error:
        raise Unusable(f"{args.file.name}：{error}。") from None
    except ImportFailed as error:
        raise Unusable(str(error)) from None
    finally:
        if sys.stderr.isatty():
            print(file=sys.stderr)
    for row in outcome.rows:
        errors = [problem.as_dict() for problem in row.problems]
        _print({"row": row.row, "status": row.status.value, "id": row.id, "errors": errors})
    _print({"summary": {"kind": args.kind, **outcome.summary(), "dry_run": args.dry_run}})
    for skipped in outcome.skipped:
        print(f"第 {skipped.number} 行不是数据，已略过：{skipped.text[:60]}", file=sys.stderr)
    if outcome.bad and not outcome.is_written and not args.dry_run:
        print(
            f"有 {outcome.bad} 行不能导入，什么都没有写入；改正后再导入，或用 --partial 只写其余各行。", file=sys.stderr
        )
    return 1 if outcome.bad else 0


def _bar(total: int) -> Callable[[int], None]:
    """A progress bar on standard error: one that moves for a terminal, a line now and then for a log."""
    is_terminal = sys.stderr.isatty()
    wait = _PICTURE if is_terminal else _LOG
    last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < wait and done < total:
            return
        last = now
        share = min(1.0, done / total) if total else 1.0
        if is_terminal:
            filled = round(share * 30)
            bar = "█" * filled + "░" * (30 - filled)
            print(f"\r{bar} {share:4.0%} {done}/{total}", end="", file=sys.stderr, flush=True)
        elif done < total:
            print(f"{share:.0%} {done}/{total}", file=sys.stderr, flush=True)

    return show


def _stats(args: Namespace) -> int:
    with opened(args.data):
        from anguan.ground import clock
        from anguan.registry.selectors import NotKnown, figures_as_of

        today = clock.local_day(clock.now())
        try:
            figures = figures_as_of(args.as_of or today, today)
        except NotKnown as error:
            raise Unusable(str(error)) from None
    for one in figures:
        _print({"key": one.key, "label": one.label, "value": one.value, "query": one.query, "rows": one.path})
    return 0
