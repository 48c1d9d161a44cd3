"""What `anguan restore` finds wrong in a backup that is whole as a file and was changed before or after it was made."""

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from anguan.cli import archive
from anguan.cli.archive import Manifest
from anguan.cli.commands.restore import fault_of
from anguan.cli.errors import Unusable
from anguan.ground import audit, clock, evidence, evidence_days
from anguan.ground.models import Evidence

STORED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PICTURE = b"a picture of 2 March"
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def manifest(db: None, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """One piece of evidence, its day recorded and sealed; the manifest of a backup made then."""
    now = STORED + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    evidence.write(PICTURE)
    Evidence.objects.create(
        uid=UUID(int=1), sha256=DIGEST, kind="photo", media_type="image/png", size=len(PICTURE),
        taken_at=STORED, taken_by_id="", taken_by_name="", owner_type="x", owner_id="1", stored_at=STORED,
    )  # fmt: skip
    evidence_days.record_days(now)
    audit.seal_all(now)
    return Manifest(now.isoformat(), 1, audit.root(), {})


def test_what_is_as_it_was_has_no_fault(manifest: Manifest) -> None:
    assert fault_of(manifest) is None


def test_a_day_whose_evidence_was_exchanged_is_told(manifest: Manifest) -> None:
    evidence.write(b"another picture")
    with connection.cursor() as cursor:
        # Whoever owns the database can do it; the table itself refuses.
        cursor.execute("SET LOCAL session_replication_role = replica")
    Evidence.objects.update(sha256=hashlib.sha256(b"another picture").hexdigest())
    assert str(fault_of(manifest)).startswith("the evidence is not what it was: 2026-03-02 的证据与当日根值不符")


def test_a_file_that_the_backup_left_out_is_told(manifest: Manifest) -> None:
    evidence.path_of(DIGEST).unlink()
    assert fault_of(manifest) == (
        f"a file is missing: evidence {UUID(int=1)}, SHA-256 {DIGEST}; take it from another backup"
    )


def test_a_backup_of_another_state_is_told(manifest: Manifest) -> None:
    other = Manifest(manifest.made_at, 1, "0" * 64, {})
    assert str(fault_of(other)).startswith("the root is")


def test_a_manifest_written_to_fit_a_changed_picture_is_refused(tmp_path: Path) -> None:
    name, changed = f"evidence/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}", b"a forged picture"
    files = {name: {"size": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}}
    facts = {"format": archive.FORMAT, "made_at": "", "records": 0, "root": "", "files": files}
    with tarfile.open(tmp_path / "forged.tar", "w") as tar:
        for member, data in ((name, changed), ("manifest.json", json.dumps(facts).encode())):
            entry = tarfile.TarInfo(member)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    folder = tmp_path / "data"
    with pytest.raises(Unusable, match="the evidence was changed"):
        archive.unpack(tmp_path / "forged.tar", folder, folder / "evidence")
    assert not folder.exists()
