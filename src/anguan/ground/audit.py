"""审计: every write by a person or a rule, recorded with its own hash and linked into one chain per organ.

The record is written in the transaction of the act itself. A sealer links what is committed, in order, within about a
second, so that no act waits for another organ's. An edited record fails its content hash, a missing one leaves a gap in
the positions, a cut-off tail disagrees with the chain's head.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Model, OuterRef, Subquery

from anguan.core.canonical import canonical_json
from anguan.core.merkle import tree_hash
from anguan.ground.access import Actor
from anguan.ground.models import AuditHead, AuditRecord, AuditSeal

UNSEALED_LIMIT = timedelta(seconds=10)
GENESIS = "0" * 64
_SEALER_LOCK = 0x616E6775
# How far below the newest linked record the sealer looks every time.
_RECENT = 50_000
_COPY = (
    "COPY ground_auditrecord (chain, at, actor_kind, actor_id, actor_name, action, subject_type, subject_id, cause,"
    " before, after, content_hash) FROM STDIN"
)


def plain(value: Any) -> Any:
    """Turn a field's value into what canonical JSON holds: text, integers, booleans, None, lists and objects."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | Decimal | UUID | float):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    raise TypeError(f"{type(value).__name__} has no place in an audit record")


def snapshot(instance: Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row (all concrete ones when none is named) as plain values, for before and after."""
    names = fields or tuple(field.attname for field in instance._meta.concrete_fields)
    return {name: plain(getattr(instance, name)) for name in names}


def record(
    *,
    actor: Actor,
    action: str,
    subject: Model | tuple[str, str],
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    cause: str = "",
) -> None:
    """Write one audit record in the caller's transaction; `action` is `room.verb`, `cause` what led to it."""
    if isinstance(subject, Model):
        subject_type, subject_id = subject._meta.label_lower, str(subject.pk)
    else:
        subject_type, subject_id = subject
    row = AuditRecord(
        chain=actor.organ_id,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        cause=cause,
        before=None if before is None else plain(before),
        after=None if after is None else plain(after),
    )
    row.content_hash = content_hash(row)
    row.save(force_insert=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of `record_many`: what was done to which row, and its values as `snapshot` gives them."""

    action: str
    subject_id: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record_many(
    *, actor: Actor, subject_type: type[Model], entries: Iterable[Entry], now: datetime, cause: str = ""
) -> int:
    """Write many audit records about rows of one table in the caller's transaction; returns how many.

    Each is the same as `record` would have written.
    """
    label = subject_type._meta.label_lower
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for entry in entries:
            count += 1
            before, after = entry.before, entry.after
            said = (actor.organ_id, now, actor.kind, actor.id, actor.name, entry.action, label, entry.subject_id, cause)
            copy.write_row(
                (
                    *said,
                    None if before is None else json.dumps(before),
                    None if after is None else json.dumps(after),
                    _digest(*said, before, after),
                )
            )
    return count


def content_hash(row: AuditRecord) -> str:
    """SHA-256 over the canonical JSON of everything a record says, its number excepted."""
    return _digest(
        row.chain,
        row.at,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.action,
        row.subject_type,
        row.subject_id,
        row.cause,
        row.before,
        row.after,
    )


def _digest(
    chain: int,
    at: datetime,
    actor_kind: str,
    actor_id: str,
    actor_name: str,
    action: str,
    subject_type: str,
    subject_id: str,
    cause: str,
    before: Any,
    after: Any,
) -> str:
    return sha256(
        canonical_json(
            {
                "chain": chain,
                "at": int(at.timestamp()) * 1_000_000 + at.microsecond,
                "actor": [actor_kind, actor_id, actor_name],
                "action": action,
                "subject": [subject_type, subject_id],
                "cause": cause,
                "before": before,
                "after": after,
            }
        ).encode()
    ).hexdigest()


def link_hash(previous: str, position: int, content: str) -> str:
    """Hash of one link: previous link, position in the chain and the record's content hash."""
    return sha256(f"{previous}\x1f{position}\x1f{content}".encode()).hexdigest()


def seal_pending(now: datetime, limit: int = 5000, *, everything: bool = False) -> int:
    """Link committed records that are not linked yet; returns how many. One sealer at a time works, others return 0.

    Looks at the newest ids only, which takes the same time however many records there are. `everything` looks at all,
    and waits for its turn: a transaction that took very long may commit records far below the newest one.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            if everything:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
            else:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        unsealed = AuditRecord.objects.filter(seal__isnull=True)
        if not everything:
            newest = AuditSeal.objects.aggregate(newest=Max("record_id"))["newest"] or 0
            unsealed = unsealed.filter(pk__gt=newest - _RECENT)
        pending = list(unsealed.order_by("chain", "id").values_list("chain", "id", "content_hash")[:limit])
        for chain, rows in groupby(pending, key=lambda row: row[0]):
            head, _ = AuditHead.objects.get_or_create(chain=chain, defaults={"position": 0, "hash": GENESIS})
            seals = []
            for _, record_id, content in rows:
                head.position += 1
                head.hash = link_hash(head.hash, head.position, content)
                seals.append(
                    AuditSeal(record_id=record_id, chain=chain, position=head.position, hash=head.hash, sealed_at=now)
                )
            AuditSeal.objects.bulk_create(seals)
            head.save()
    return len(pending)


def seal_all(now: datetime) -> int:
    """Link everything that is committed; returns how many records were linked."""
    total = 0
    while sealed := seal_pending(now, everything=True):
        total += sealed
    return total


def root() -> str:
    """RFC 6962 tree hash, hex, over the chains' last hashes in order of organ id: the figure of the day."""
    hashes = AuditHead.objects.order_by("chain").values_list("hash", flat=True)
    return tree_hash([bytes.fromhex(value) for value in hashes]).hex()


@dataclass(frozen=True)
class Verification:
    """The answer of `verify`: how many records, the root, and the first fault in a sentence (None when sound)."""

    records: int
    root: str
    fault: str | None


def progress() -> str:
    """How far records and seals have come, in one small query: another value means that something was written.

    A record that commits after a later one shows when it is sealed, within about a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM ground_auditrecord), (SELECT sum(position) FROM ground_audithead)")
        row = cursor.fetchone()
    return f"{row[0]}.{row[1]}" if row else ""


def verify(now: datetime) -> Verification:
    """Recompute every record and link and name the first that does not hold.

    Seals what is committed first. A record older than ten seconds that stays unsealed is a fault.
    """
    seal_all(now)
    fault = next(_faults(now), None)
    return Verification(records=AuditRecord.objects.count(), root=root(), fault=fault)


def _faults(now: datetime) -> Iterator[str]:
    # The chains' ends are read with the links, in one look at the database: the sealer goes on meanwhile.
    known = dict(AuditHead.objects.values_list("chain", "position"))
    head = AuditHead.objects.filter(chain=OuterRef("chain"))
    seals = (
        AuditSeal.objects.select_related("record")
        .annotate(end=Subquery(head.values("position")), end_hash=Subquery(head.values("hash")))
        .order_by("chain", "position")
    )
    reached: dict[int, tuple[int, str]] = {}
    ends: dict[int, tuple[int | None, str | None]] = {}
    for seal in seals.iterator(chunk_size=2000):
        position, previous = reached.get(seal.chain, (0, GENESIS))
        if seal.position != position + 1:
            yield f"第 {seal.chain} 链缺少第 {position + 1} 条记录（下一条是第 {seal.position} 条）。"
        row = seal.record
        if row.chain != seal.chain:
            yield f"记录 {row.pk} 不属于第 {seal.chain} 链。"
        if content_hash(row) != row.content_hash:
            yield f"第 {seal.chain} 链第 {seal.position} 条（记录 {row.pk}，{row.action}）的内容与其哈希不符。"
        expected = link_hash(previous, seal.position, row.content_hash)
        if seal.hash != expected:
            yield f"第 {seal.chain} 链第 {seal.position} 条（记录 {row.pk}）与前一条衔接不上。"
        reached[seal.chain] = (seal.position, seal.hash)
        ends[seal.chain] = (seal.end, seal.end_hash)
    for chain, position in sorted(known.items()):
        if chain not in reached and position:
            yield f"第 {chain} 链应有 {position} 条，只找到 0 条，尾部缺失或被改。"
    for chain, (end, end_hash) in sorted(ends.items()):
        if end is None:
            yield f"第 {chain} 链没有链首记录。"
        elif reached[chain] != (end, end_hash):
            yield f"第 {chain} 链应有 {end} 条，只找到 {reached[chain][0]} 条，尾部缺失或被改。"
    stale = AuditRecord.objects.filter(seal__isnull=True, at__lt=now - UNSEALED_LIMIT).order_by("id").first()
    if stale is not None:
        yield f"记录 {stale.pk} 超过十秒仍未封存。"


def history(subject: Model) -> list[AuditRecord]:
    """变更记录: the records about one row, newest first."""
    return list(
        AuditRecord.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-id")
    )


def changes(row: AuditRecord) -> list[tuple[str, Any, Any]]:
    """Field, value before and value after of whatever a record changed, in field order."""
    before, after = row.before or {}, row.after or {}
    return [
        (name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def as_text(value: Any) -> str:
    """A plain value as one line, for tables of changes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
