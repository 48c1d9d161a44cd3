"""导入: checked rows of a file into the ledger, all or none, each write on record, in batches."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from anguan.core.coordinates import CoordinateSystem
from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.registry.events import EnterpriseStatusChanged
from anguan.registry.models import Enterprise, Found
from anguan.registry.rules import Refused
from anguan.registry.services.rows import make_findable, recorded_fields
from anguan.registry.services.targets import TARGETS, Draft, Target
from anguan.registry.sheets.checking import CellProblem, CheckedRow, check_rows
from anguan.registry.sheets.columns import KINDS, Kind
from anguan.registry.sheets.reading import Header, Sheet, Skipped

BATCH = 2000
_LOCK = 0x6C656467
Progress = Callable[[int], None]


class Status(Labelled):
    """What becomes of one row of a file."""

    CREATED = "created", N_("新增")
    UPDATED = "updated", N_("更新")
    UNCHANGED = "unchanged", N_("无变化")
    REFUSED = "refused", N_("有误")
    DUPLICATE = "duplicate", N_("重复")


BAD = frozenset({Status.REFUSED, Status.DUPLICATE})


class ImportFailed(ValueError):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row; `id` is the ledger's, None where the row isn't in it."""

    row: int
    status: Status
    id: int | None = None
    problems: tuple[CellProblem, ...] = ()


@dataclass
class Outcome:
    """What became of a file. `is_written` is False for a trial, and where faults kept everything out."""

    rows: list[RowOutcome] = field(default_factory=list)
    counts: Counter[Status] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    is_written: bool = False

    @property
    def bad(self) -> int:
        """How many rows can't be written."""
        return sum(self.counts[status] for status in BAD)

    def summary(self) -> dict[str, Any]:
        """Counts by status, the rows in all, those left out because they are no data, and whether it was written."""
        counts = {status.value: self.counts[status] for status in Status}
        return {"rows": len(self.rows), **counts, "skipped": len(self.skipped), "written": self.is_written}


def import_sheet(
    *,
    sheet: Sheet,
    actor: Actor,
    now: datetime,
    mapping: Mapping[int, str] | None = None,
    partial: bool = False,
    dry_run: bool = False,
    cause: str = "",
    progress: Progress | None = None,
    coordinates: str = CoordinateSystem.CGCS2000,
) -> Outcome:
    """Import the rows of an opened sheet; with refused or double rows nothing is written unless `partial`.

    `mapping` is place of column to field, by default the sheet's own. `dry_run` tells what would become of each row.
    `progress` gets the number of rows done. `coordinates` is the system of positions in rows that name none. Raises
    `sheets.package.Unreadable` and `ImportFailed`.
    """
    chosen = dict(sheet.mapping if mapping is None else mapping)
    rows = check_rows(sheet.kind, sheet, chosen, coordinates=coordinates)
    places = {header.place: header for header in sheet.headers}
    headers = {name: places[place] for place, name in chosen.items() if place in places}
    outcome = import_rows(
        kind=sheet.kind,
        rows=rows,
        headers=headers,
        actor=actor,
        now=now,
        partial=partial,
        dry_run=dry_run,
        cause=cause,
        progress=progress,
    )
    outcome.skipped = list(sheet.skipped)
    return outcome


def import_rows(
    *,
    kind: Kind,
    rows: Iterable[CheckedRow],
    actor: Actor,
    now: datetime,
    headers: Mapping[str, Header] | None = None,
    partial: bool = False,
    dry_run: bool = False,
    cause: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """As `import_sheet`, for rows that were checked already. `headers` tells the file's columns by field."""
    try:
        with transaction.atomic():
            return _Run(kind, headers or {}, actor, now, cause, dry_run=dry_run, partial=partial).run(rows, progress)
    except IntegrityError as error:
        raise ImportFailed(_("导入时有人改动了同样的记录，什么都没有写入，请再导入一次。")) from error


class RowRefused(ValueError):
    """One row typed by hand that the ledger can't take; `field` is the form's."""

    def __init__(self, field: str, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.field = field
        self.refusal = refusal


def create_row(*, kind: str, values: Mapping[str, Any], actor: Actor, now: datetime) -> int:
    """Make one row from cleaned values of the kind's columns; returns its id. Raises `RowRefused`."""
    sheet_kind = KINDS[kind]
    key = sheet_kind.key_fields[0]
    row = CheckedRow(0, {name: None if value == "" else value for name, value in values.items()})
    trial = import_rows(kind=sheet_kind, rows=[row], actor=actor, now=now, dry_run=True).rows[0]
    if trial.problems:
        names = {column.name: column.field for column in sheet_kind.columns}
        raise RowRefused(names[trial.problems[0].column], trial.problems[0].refusal)
    if trial.status is not Status.CREATED:
        raise RowRefused(key, Refused(N_("底账里已经有这一条（%(key)s相同），请查找后变更"), key=sheet_kind.key_label))
    row = CheckedRow(0, dict(row.values))
    made = import_rows(kind=sheet_kind, rows=[row], actor=actor, now=now).rows[0]
    if made.id is None:
        raise RowRefused(key, Refused(N_("刚才有人登记了同一条，请查找后变更")))
    return made.id


class _Run:
    def __init__(
        self,
        kind: Kind,
        headers: Mapping[str, Header],
        actor: Actor,
        now: datetime,
        cause: str,
        *,
        dry_run: bool,
        partial: bool,
    ) -> None:
        self.kind, self.headers, self.actor, self.now, self.cause = kind, headers, actor, now, cause[:256]
        self.is_trial, self.partial = dry_run, partial
        if not dry_run:
            _lock(kind)
        self.target: Target = TARGETS[kind.name]()
        self.outcome = Outcome()
        self.met: dict[int, int] = {}
        self.status_changes: list[EnterpriseStatusChanged] = []
        self.table = Table(self.target.model)
        if not dry_run:
            self.table.gather_words()

    def run(self, rows: Iterable[CheckedRow], progress: Progress | None) -> Outcome:
        left = iter(rows)
        while batch := list(islice(left, BATCH)):
            self._take(batch)
            if progress is not None:
                progress(len(self.outcome.rows))
        out = self.outcome
        if self.is_trial or (out.bad and not self.partial):
            # Ids of rows that were rolled back lead nowhere.
            transaction.set_rollback(True)
            out.rows = [RowOutcome(row.row, row.status) if row.status is Status.CREATED else row for row in out.rows]
            return out
        if out.counts[Status.CREATED] + out.counts[Status.UPDATED] > BATCH:
            self.table.settle_words()
        for change in self.status_changes:
            publish(change)
        out.is_written = True
        return out

    @property
    def _may_write(self) -> bool:
        return not self.is_trial and (self.partial or not self.outcome.bad)

    def _take(self, batch: list[CheckedRow]) -> None:
        told: dict[int, RowOutcome] = {}
        sound = []
        for row in batch:
            if row.errors:
                told[row.row_number] = RowOutcome(row.row_number, Status.REFUSED, None, tuple(row.errors))
            elif row.duplicate_of is not None:
                told[row.row_number] = self._double(row, row.duplicate_of)
            else:
                sound.append(row)
        drafts = self.target.drafts(sound)
        good = []
        for draft in drafts:
            number = draft.row.row_number
            if draft.refused:
                problems = tuple(self._problem(draft.row, name, refusal) for name, refusal in draft.refused)
                told[number] = RowOutcome(number, Status.REFUSED, None, problems)
            else:
                good.append(draft)
        self._settle(good, told)
        for row in batch:
            result = told[row.row_number]
            self.outcome.rows.append(result)
            self.outcome.counts[result.status] += 1

    def _settle(self, drafts: list[Draft], told: dict[int, RowOutcome]) -> None:
        existing = self.target.existing([draft.key for draft in drafts]) if drafts else {}
        created: list[Draft] = []
        changed: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
        attaching: list[tuple[Draft, int]] = []
        for draft in drafts:
            number, found = draft.row.row_number, existing.get(draft.key)
            if found is None:
                created.append(draft)
                continue
            if found.pk in self.met:
                told[number] = self._double(draft.row, self.met[found.pk])
                continue
            self.met[found.pk] = number
            change = self._changed(draft, found)
            is_news = change is not None or bool(draft.attached)
            told[number] = RowOutcome(number, Status.UPDATED if is_news else Status.UNCHANGED, found.pk)
            if change:
                changed.append((found, *change))
            if draft.attached:
                attaching.append((draft, found.pk))
        refused = any(result.status in BAD for result in told.values())
        writes = self._may_write and (self.partial or not refused)
        ids: list[Any] = self.table.new_ids(len(created)) if writes else [None] * len(created)
        for draft, pk in zip(created, ids, strict=True):
            told[draft.row.row_number] = RowOutcome(draft.row.row_number, Status.CREATED, pk)
        if writes:
            self._write([self._made(draft, pk) for draft, pk in zip(created, ids, strict=True)], changed)
            attaching += [(draft, pk) for draft, pk in zip(created, ids, strict=True) if draft.attached]
            for draft, pk in attaching:
                self.target.attach(draft, pk, actor=self.actor, now=self.now, cause=self.cause)

    def _made(self, draft: Draft, pk: int) -> Any:
        row = self.target.model(pk=pk, **{**self.target.defaults, **draft.fields})
        self.target.complete(row, self.actor)
        if isinstance(row, Found):
            row.created_at = row.updated_at = self.now
            make_findable(row)
        return row

    def _changed(self, draft: Draft, found: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Before and after of what differs, set on the row; None when nothing does."""
        self.target.settle(draft, found)
        # What the ledger has already is no news, in whichever system it is written this time.
        if all(draft.fields.get(name) == getattr(found, name, None) for name in ("longitude", "latitude")):
            draft.fields.pop("given_in", None)
        if all(getattr(found, name) == value for name, value in draft.fields.items()):
            return None
        names = recorded_fields(self.target.model)
        before = audit.snapshot(found, *names)
        for name, value in draft.fields.items():
            setattr(found, name, value)
        if isinstance(found, Found):
            make_findable(found)
            found.updated_at = self.now
        after = audit.snapshot(found, *names)
        differing = [name for name in names if before[name] != after[name]]
        if isinstance(found, Enterprise) and "status" in differing:
            self.status_changes.append(EnterpriseStatusChanged(found.pk, before["status"], after["status"]))
        return {name: before[name] for name in differing}, {name: after[name] for name in differing}

    def _write(self, created: list[Any], changed: list[tuple[Any, dict[str, Any], dict[str, Any]]]) -> None:
        names = recorded_fields(self.target.model)
        self.table.insert(created)
        self.table.overwrite([row for row, _, _ in changed])
        entries = self._entries(created, changed, names)
        audit.record_many(
            actor=self.actor, subject_type=self.target.model, now=self.now, cause=self.cause, entries=entries
        )

    def _entries(
        self, created: list[Any], changed: list[tuple[Any, dict[str, Any], dict[str, Any]]], names: tuple[str, ...]
    ) -> Iterator[audit.Entry]:
        for row in created:
            yield audit.Entry("registry.create", str(row.pk), None, audit.snapshot(row, *names))
        for row, before, after in changed:
            yield audit.Entry("registry.change", str(row.pk), before, after)

    def _double(self, row: CheckedRow, first: int) -> RowOutcome:
        refusal = Refused(
            N_("与第 %(row)s 行是同一条（%(key)s相同），只能保留一行"), row=first, key=self.kind.key_label
        )
        problem = self._problem(row, self.kind.key_fields[0], refusal)
        return RowOutcome(row.row_number, Status.DUPLICATE, None, (problem,))

    def _problem(self, row: CheckedRow, name: str, refusal: Refused) -> CellProblem:
        header = self.headers.get(name)
        value = row.values.get(name)
        shown = "、".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        return CellProblem(
            self.kind.by_field[name].name,
            header.text if header else "",
            shown[:200],
            refusal,
            f"{header.letters}{row.row_number}" if header else "",
        )


def _lock(kind: Kind) -> None:
    """One import of a kind at a time: the second waits, and then finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, kind.name])


class Table:
    """Many rows of a model written by COPY, whose ids are known before."""

    def __init__(self, model: type[Model]) -> None:
        fields = model._meta.concrete_fields
        table = str(model._meta.db_table)
        self.name = connection.ops.quote_name(table)
        self.draft = connection.ops.quote_name(f"{table}_draft")
        self.word_indexes = [index.name for index in model._meta.indexes if isinstance(index, GinIndex)]
        self.attributes = [one.attname for one in fields]
        self.columns = [connection.ops.quote_name(str(one.column)) for one in fields]
        self.arrays = {index for index, one in enumerate(fields) if one.get_internal_type() == "ArrayField"}

    def gather_words(self) -> None:
        """Let the indexes of search words take in many rows at once: a third of an import's time otherwise.

        Holds for this transaction only.
        """
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
            cursor.execute("SET LOCAL maintenance_work_mem = '128MB'")

    def settle_words(self) -> None:
        """Put what is still gathered in its place, so that the first search doesn't wait for it."""
        with connection.cursor() as cursor:
            for name in self.word_indexes:
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])

    def new_ids(self, count: int) -> list[int]:
        """Ids that nobody else will get."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [self.name, count],
            )
            return [pk for (pk,) in cursor.fetchall()]

    def insert(self, rows: list[Any]) -> None:
        """Write new rows."""
        if rows:
            self._copy(self.name, rows)

    def overwrite(self, rows: list[Any]) -> None:
        """Write rows that are there already, every column."""
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {self.draft} (LIKE {self.name}) ON COMMIT DROP")
            cursor.execute(f"TRUNCATE {self.draft}")
            self._copy(self.draft, rows)
            columns = ", ".join(column for column in self.columns if column != '"id"')
            values = ", ".join(f"draft.{column}" for column in self.columns if column != '"id"')
            cursor.execute(
                f"UPDATE {self.name} SET ({columns}) = ROW({values}) FROM {self.draft} draft"  # noqa: S608  # our names
                f" WHERE {self.name}.id = draft.id"
            )

    def _copy(self, table: str, rows: list[Any]) -> None:
        statement = f"COPY {table} ({', '.join(self.columns)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                values = [getattr(row, name) for name in self.attributes]
                for index in self.arrays:
                    values[index] = _array(values[index])
                copy.write_row(values)


def _array(texts: list[str]) -> str:
    """A list of texts as PostgreSQL reads an array; several times faster than the driver's own for search tokens."""
    # Letters, digits and the mark of initials need no quotes, and so short none of them can be NULL.
    if texts and all(texts) and len(max(texts, key=len)) < 4 and "".join(texts).replace("~", "").isalnum():
        return f"{{{','.join(texts)}}}"
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
    return "{" + ",".join(quoted) + "}"
