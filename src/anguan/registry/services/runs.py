"""导入的步骤: a file on its way from upload over matching and checking to the ledger.

Small files are worked off at once; the rest by the worker, whose progress stands in a small file beside the upload,
because a transaction can't tell anybody of itself.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.core.coordinates import CoordinateSystem
from anguan.core.words import N_
from anguan.ground.access import Actor
from anguan.ground.spreadsheets import write_rows
from anguan.registry.models import ImportRun
from anguan.registry.rules import Refused
from anguan.registry.services.importing import BAD, ImportFailed, Outcome, RowOutcome, import_sheet
from anguan.registry.sheets.cells import shown
from anguan.registry.sheets.columns import KINDS, missing_columns, suggest
from anguan.registry.sheets.package import Unreadable
from anguan.registry.sheets.reading import Sheet, open_sheet

LARGEST_UPLOAD = 50 * 1024 * 1024
# Up to so many rows nobody waits for the worker.
AT_ONCE = 2000
SHOWN_PROBLEMS = 200
SAMPLES = 3
STALE_AFTER = timedelta(minutes=2)
State = ImportRun.State


class Upload(Protocol):
    """What a browser sends."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


def sentence(refused: Refused) -> str:
    """What was wrong and what would be right, in the reader's language."""
    return _(refused.template) % refused.params if refused.params else _(refused.template)


def folder() -> Path:
    """Where uploads are kept, beside the evidence."""
    return Path(settings.EVIDENCE_ROOT).parent / "imports"


def file_of(run: ImportRun) -> Path:
    """The upload, named by its hash."""
    return folder() / run.file_sha256


def problems_file(run: ImportRun) -> Path:
    """All faults of a checked file as .xlsx."""
    return folder() / f"{run.pk}.problems.xlsx"


def start_run(
    *,
    kind: str,
    upload: Upload,
    user_id: int | None,
    now: datetime,
    header_row: int | None = None,
    coordinates: str = CoordinateSystem.CGCS2000,
) -> ImportRun:
    """Take a file in and pre-match its columns. Raises `Unreadable` with one sentence."""
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise Unreadable(N_("文件超过 50 MB，请拆分后再导入"))
    digest = _keep(upload)
    sheet = open_sheet(folder() / digest, KINDS[kind], header_row=header_row)
    samples = list(islice(sheet.rows(), SAMPLES))
    suggestions = suggest(sheet.kind, [header.text for header in sheet.headers])
    return ImportRun.objects.create(
        kind=kind,
        file_name=(upload.name or "")[-200:],
        file_sha256=digest,
        mapping={
            "sheet": sheet.name,
            "header_row": header_row,
            "coordinates": str(coordinates),
            "found_row": sheet.header_row,
            "columns": {str(one.place): one.field for one in suggestions if one.field},
            "headers": [
                {
                    "place": header.place,
                    "letters": header.letters,
                    "text": header.text,
                    "is_certain": suggestion.is_certain,
                    "samples": [
                        shown(row.cells[header.place])[:40] for row in samples if header.place < len(row.cells)
                    ],
                }
                for header, suggestion in zip(sheet.headers, suggestions, strict=True)
                for place in [header.place]
            ],
        },
        total_rows=sheet.row_estimate,
        uploaded_by_id=user_id,
        uploaded_at=now,
    )


def _keep(upload: Upload) -> str:
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f".{secrets.token_hex(8)}"
    digest = sha256()
    try:
        with draft.open("wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
        draft.rename(folder() / digest.hexdigest())
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest()


def match_columns(*, run: ImportRun, columns: Mapping[int, str], now: datetime) -> None:
    """Set which column means what, and check the file. Raises `Unreadable` where a required column is missing."""
    kind = KINDS[run.kind]
    missing = missing_columns(kind, columns.values())
    if missing:
        names = "、".join(column.name for column in missing)
        raise Unreadable(N_("还没有指定必填的列：%(columns)s"), columns=names)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in (State.UPLOADED, State.CHECKED, State.FAILED):
            return
        run.mapping["columns"] = {str(place): field for place, field in columns.items()}
        run.state, run.failure = State.CHECKING, ""
        run.save(update_fields=["mapping", "state", "failure"])
        is_left = _hand_over(run, "check")
    if not is_left:
        check_run(run, now)


def confirm_run(*, run: ImportRun, partial: bool, actor: Actor, now: datetime) -> None:
    """Write a checked file into the ledger, all its rows or the sound ones."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state != State.CHECKED:
            return
        run.state, run.partial, run.failure = State.WRITING, partial, ""
        run.save(update_fields=["state", "partial", "failure"])
        is_left = _hand_over(run, "write", actor)
    if not is_left:
        write_run(run, actor, now)


def _hand_over(run: ImportRun, step: str, actor: Actor | None = None) -> bool:
    """Leave a long file to the worker; False for a short one, which is worked off here."""
    progress_file(run).unlink(missing_ok=True)
    if run.total_rows <= AT_ONCE:
        return False
    from anguan.registry import tasks

    tasks.work_off.defer(run_id=run.pk, step=step, actor=None if actor is None else asdict(actor))
    return True


def check_run(run: ImportRun, now: datetime) -> None:
    """Tell what would become of each row; the faults are kept for the preview and, all of them, as a file."""
    if run.state != State.CHECKING:
        return
    try:
        outcome = _import(run, Actor(kind="system", id="", name=""), now, dry_run=True)
    except Refused as error:
        _fail(run, str(error), now)
        return
    _note_problems(run, outcome)
    run.state, run.summary, run.done_rows, run.total_rows = State.CHECKED, outcome.summary(), 0, len(outcome.rows)
    run.save()


def write_run(run: ImportRun, actor: Actor, now: datetime) -> None:
    """Write the rows; the state changes in the same transaction, so that a crash leaves neither half."""
    if run.state != State.WRITING:
        return
    try:
        with transaction.atomic():
            outcome = _import(run, actor, now, partial=run.partial)
            run.summary, run.done_rows = outcome.summary(), len(outcome.rows)
            if outcome.is_written:
                run.state, run.finished_at = State.DONE, now
            else:
                # Since the preview something in the ledger changed; the clerk decides again.
                run.state = State.CHECKED
                _note_problems(run, outcome)
            run.save()
    except (Refused, ImportFailed) as error:
        _fail(run, str(error), now)


def _fail(run: ImportRun, why: str, now: datetime) -> None:
    run.state, run.failure, run.finished_at = State.FAILED, why[:500], now
    run.save(update_fields=["state", "failure", "finished_at"])


def opened(run: ImportRun) -> tuple[Sheet, dict[int, str]]:
    """The sheet of a run with its matching."""
    sheet = open_sheet(
        file_of(run),
        KINDS[run.kind],
        sheet_name=run.mapping.get("sheet") or None,
        header_row=run.mapping.get("header_row"),
    )
    return sheet, {int(place): field for place, field in run.mapping["columns"].items()}


def _import(run: ImportRun, actor: Actor, now: datetime, **how: Any) -> Outcome:
    path = progress_file(run)
    path.write_text("0")
    sheet, mapping = opened(run)
    return import_sheet(
        sheet=sheet,
        mapping=mapping,
        actor=actor,
        now=now,
        cause=run.file_name,
        progress=lambda done: _tell(path, done),
        # Files that were uploaded before anybody asked are in the ledger's own system.
        coordinates=run.mapping.get("coordinates", CoordinateSystem.CGCS2000),
        **how,
    )


def _tell(path: Path, done: int) -> None:
    path.write_text(str(done))


def _note_problems(run: ImportRun, outcome: Outcome) -> None:
    bad = [row for row in outcome.rows if row.status in BAD]
    run.problems = [_stored(row) for row in bad[:SHOWN_PROBLEMS]]
    if bad:
        with problems_file(run).open("wb") as file:
            write_rows(
                file,
                ["行", "单元格", "列", "文件中的表头", "填写的内容", "问题"],
                (
                    (row.row, one.cell, one.column, one.header, one.value, one.message)
                    for row in bad
                    for one in row.problems
                ),
                title="问题清单",
                widths=[8, 10, 20, 20, 30, 70],
            )


def _stored(row: RowOutcome) -> dict[str, Any]:
    problems = [
        {
            **one.as_dict(),
            "template": one.refusal.template,
            "params": {name: str(value) for name, value in one.refusal.params.items()},
        }
        for one in row.problems
    ]
    return {"row": row.row, "status": row.status.value, "problems": problems}


# --- progress


def progress_file(run: ImportRun) -> Path:
    """Where the worker says how far it is."""
    return folder() / f"{run.pk}.progress"


def rows_done(run: ImportRun) -> int:
    """How many rows the worker is through with; 0 while the file waits for it."""
    with suppress(OSError, ValueError):
        return int(progress_file(run).read_text() or 0)
    return 0


def give_up_stale(now: datetime) -> int:
    """Runs whose worker died: nothing was written, the clerk starts again. Returns how many."""
    stale = 0
    for run in ImportRun.objects.filter(state__in=[State.CHECKING, State.WRITING]):
        try:
            heard = datetime.fromtimestamp(progress_file(run).stat().st_mtime, now.tzinfo)
        except OSError:
            continue
        if now - heard > STALE_AFTER:
            why = N_("处理中断，什么都没有写入，请重新核对后再导入。")
            stale += ImportRun.objects.filter(pk=run.pk, state=run.state).update(
                state=State.FAILED, failure=why, finished_at=now
            )
    return stale
