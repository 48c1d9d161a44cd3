"""每日证据根值: recorded once a day after the day is over, and it tells when something was changed."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection

from anguan.core.merkle import leaf_hash
from anguan.ground import audit, evidence_days
from anguan.ground.models import AuditRecord, Evidence

pytestmark = pytest.mark.django_db
# 23:30 in China on 2 March 2026, and 00:30 the next day.
LATE, EARLY = datetime(2026, 3, 2, 15, 30, tzinfo=UTC), datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


def a_piece(number: int, stored_at: datetime) -> Evidence:
    return Evidence.objects.create(
        uid=UUID(int=number), sha256=sha256(bytes([number])).hexdigest(), kind="photo", media_type="image/png", size=1,
        taken_at=stored_at, taken_by_id="", taken_by_name="", owner_type="x", owner_id="1", stored_at=stored_at,
    )  # fmt: skip


def test_a_day_is_recorded_once_when_it_is_over_and_none_is_left_out() -> None:
    assert evidence_days.record_days(LATE) == 0, "there is no evidence yet"
    piece = a_piece(1, LATE)
    a_piece(2, EARLY + timedelta(days=1))
    assert evidence_days.record_days(EARLY) == 0, "something may still be on its way"
    assert evidence_days.record_days(EARLY + timedelta(minutes=30)) == 1
    assert evidence_days.record_days(EARLY + timedelta(hours=5)) == 0
    assert evidence_days.record_days(EARLY + timedelta(days=3, minutes=30)) == 3, "the empty day between as well"
    newest, filled, empty, first = evidence_days.recorded()
    assert (first.day, first.count) == (date(2026, 3, 2), 1)
    assert first.root == leaf_hash(f"{piece.uid.hex}\x1f{piece.sha256}".encode()).hex()
    assert (empty.count, filled.count, newest.count) == (0, 1, 0)
    assert empty.root == sha256(b"").hexdigest()
    audit.seal_all(EARLY + timedelta(days=3))
    assert AuditRecord.objects.filter(subject_type=evidence_days.SUBJECT, seal__isnull=False).count() == 4


@pytest.mark.parametrize("tampering", ["exchanged", "removed", "added"])
def test_what_was_changed_after_the_day_shows(tampering: str) -> None:
    a_piece(1, LATE)
    a_piece(2, LATE)
    evidence_days.record_days(EARLY + timedelta(hours=2))
    assert evidence_days.verify_days() == []
    with connection.cursor() as cursor:
        # Whoever owns the database can do it; the tables themselves refuse.
        cursor.execute("SET LOCAL session_replication_role = replica")
    if tampering == "exchanged":
        Evidence.objects.filter(uid=UUID(int=1)).update(sha256="0" * 64)
    elif tampering == "removed":
        Evidence.objects.filter(uid=UUID(int=1)).delete()
    else:
        a_piece(3, LATE)
    [(then, now)] = evidence_days.verify_days()
    assert then.day == now.day == date(2026, 3, 2)
    assert then.root != now.root
