"""每日证据根值: the Merkle root over what was stored on a day, recorded in the audit chain after the day is over.

Whoever has the day's list of evidence and the chain can tell that nothing of it was taken away, added or exchanged.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from anguan.core.merkle import tree_hash
from anguan.ground import audit, clock
from anguan.ground.access import rule_actor
from anguan.ground.models import AuditRecord, Evidence

ACTION = "ground.record_evidence_day"
SUBJECT = "ground.evidence_day"
# A transaction that began before midnight may still be under way; an hour later none is.
SETTLES_AFTER = timedelta(hours=1)
_LOCK = 0x65766964
_MOST_DAYS = 31


@dataclass(frozen=True)
class EvidenceDay:
    """One day's evidence: how many pieces, and the root over them."""

    day: date
    count: int
    root: str


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time.min, clock.CHINA)
    return start, start + timedelta(days=1)


def root_of(day: date) -> EvidenceDay:
    """The root over a day's evidence as it stands now, a leaf a piece in the order of ids: id, 0x1F, SHA-256."""
    start, end = _bounds(day)
    rows = Evidence.objects.filter(stored_at__gte=start, stored_at__lt=end).order_by("uid").values_list("uid", "sha256")
    leaves = [f"{uid.hex}\x1f{digest}".encode() for uid, digest in rows]
    return EvidenceDay(day, len(leaves), tree_hash(leaves).hex())


def recorded(limit: int = 0) -> list[EvidenceDay]:
    """The roots in the audit chain, newest day first; all of them without a limit."""
    rows = AuditRecord.objects.filter(subject_type=SUBJECT, action=ACTION).order_by("-subject_id")
    return [
        EvidenceDay(date.fromisoformat(row.subject_id), row.after["count"], row.after["root"])
        for row in (rows[:limit] if limit else rows)
        if row.after is not None
    ]


def _next_day() -> date | None:
    """The day after the last one recorded, or the day of the first evidence; None where there is none."""
    last = AuditRecord.objects.filter(subject_type=SUBJECT, action=ACTION).order_by("-subject_id").first()
    if last is not None:
        return date.fromisoformat(last.subject_id) + timedelta(days=1)
    first = Evidence.objects.order_by("stored_at").values_list("stored_at", flat=True).first()
    return clock.local_day(first) if first is not None else None


def record_days(now: datetime) -> int:
    """Record every day that is over and not recorded, one after the other, none left out; returns how many."""
    count = 0
    while count < _MOST_DAYS:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Two workers at once would record one day twice.
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            day = _next_day()
            if day is None or _bounds(day)[1] + SETTLES_AFTER > now:
                return count
            found = root_of(day)
            audit.record(
                actor=rule_actor("ground.evidence_day"),
                action=ACTION,
                subject=(SUBJECT, day.isoformat()),
                now=now,
                after={"count": found.count, "root": found.root},
            )
        count += 1
    return count


def fault_of_days() -> str | None:
    """The newest day whose evidence is not what was recorded, in a sentence; None when all days hold."""
    for then, now in verify_days():
        return (
            f"{then.day} 的证据与当日根值不符：链上记的是 {then.count} 件、{then.root[:16]}…，"
            f"现有 {now.count} 件、{now.root[:16]}…。"
        )
    return None


def verify_days() -> list[tuple[EvidenceDay, EvidenceDay]]:
    """The days whose evidence is not what was recorded: as recorded, and as it stands now; empty when all is well."""
    return [(then, now) for then in recorded() if (now := root_of(then.day)) != then]
