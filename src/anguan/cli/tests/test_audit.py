"""`anguan audit verify` and the evidence of a day."""

from argparse import Namespace
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection

from anguan.cli.commands import audit as command
from anguan.ground import audit, clock, evidence_days
from anguan.ground.models import Evidence

pytestmark = pytest.mark.django_db


def test_evidence_that_was_exchanged_is_a_fault_like_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    now = stored + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(command, "opened", lambda _data: nullcontext())
    Evidence.objects.create(
        uid=UUID(int=1), sha256=sha256(b"1").hexdigest(), kind="photo", media_type="image/png", size=1,
        taken_at=stored, taken_by_id="", taken_by_name="", owner_type="x", owner_id="1", stored_at=stored,
    )  # fmt: skip
    evidence_days.record_days(now)
    assert command.run(Namespace(data=None)) == 0
    told = capsys.readouterr()
    assert told.out == f"1 records, root {audit.root()}\n"
    with connection.cursor() as cursor:
        # Whoever owns the database can do it; the table itself refuses.
        cursor.execute("SET LOCAL session_replication_role = replica")
    Evidence.objects.update(sha256="0" * 64)
    assert command.run(Namespace(data=None)) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("2026-03-02 的证据与当日根值不符：链上记的是 1 件")
