"""备份: the whole state of a platform in one file, and back.

The file is a tar of `database.dump` (pg_dump's custom format), `evidence/…`, `secret-key` where the data folder has
one, and at its end `manifest.json` with the size and SHA-256 of each and the root of the audit chains. It holds the key
and everybody's data: it is made readable by its owner only and wants to be kept like a key.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from anguan.cli.errors import Unusable
from anguan.supervisor import postgres

FORMAT = "anguan-backup/1"
# Everything a backup may hold; a name outside of it is never unpacked.
MEMBER = re.compile(r"database\.dump|secret-key|evidence/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    records: int
    root: str
    files: dict[str, dict[str, int | str]]


class _Hashing:
    """A file that is hashed while the tar reads or writes it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def write(target: Path, folder: Path, evidence: Path, now: datetime) -> Manifest:
    """Write the backup of the open database and of the evidence; raises `Unusable`.

    May run while the platform works: the dump is one moment's, and evidence is never changed, only added.
    """
    if target.exists():
        raise Unusable(f"{target} is there already; a backup never overwrites a file")
    draft = target.with_name(f".{target.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".anguan-backup-") as work,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        ):
            dump = Path(work) / "database.dump"
            records, root = _dump(dump, now)
            files: dict[str, dict[str, int | str]] = {}
            with tarfile.open(fileobj=out, mode="w") as tar:
                for name, path in _members(dump, folder, evidence):
                    files[name] = _add(tar, name, path)
                manifest = Manifest(now.isoformat(), records, root, files)
                text = json.dumps({"format": FORMAT, "version": version("anguan"), **vars(manifest)}, indent=1).encode()
                entry = tarfile.TarInfo("manifest.json")
                entry.size, entry.mode = len(text), 0o600
                tar.addfile(entry, io.BytesIO(text))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
    except OSError as error:
        raise Unusable(f"{target} can't be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _dump(file: Path, now: datetime) -> tuple[int, str]:
    """Dump one moment of the database in which every audit record is sealed; how many there are and their root."""
    from django.db import connection, transaction

    from anguan.ground import audit
    from anguan.ground.models import AuditRecord

    for _attempt in range(100):
        audit.seal_all(now)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT pg_export_snapshot()")
                (snapshot,) = cursor.fetchone()
            if AuditRecord.objects.filter(seal__isnull=True).exists():
                # Somebody wrote between sealing and looking.
                continue
            _run(
                "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--file", str(file), os.environ["DATABASE_URL"]
            )
            return AuditRecord.objects.count(), audit.root()
    raise Unusable("the platform writes faster than its records are sealed; try again in a quieter minute")


def _run(program: str, *words: str) -> None:
    done = subprocess.run(  # noqa: S603 our own binary
        [postgres.binaries() / program, *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Unusable(f"{program} failed: {lines[0]}")


def _members(dump: Path, folder: Path, evidence: Path) -> Iterator[tuple[str, Path]]:
    yield "database.dump", dump
    if (key := folder / "secret-key").exists():
        yield "secret-key", key
    for path in sorted(evidence.rglob("*")):
        name = f"evidence/{path.relative_to(evidence)}"
        # What is being written at this moment has another name until it is whole.
        if path.is_file() and MEMBER.fullmatch(name):
            yield name, path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, int | str]:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        source = _Hashing(file)
        tar.addfile(entry, source)
    digest = source.digest.hexdigest()
    if name.startswith("evidence/") and not name.endswith(digest):
        raise Unusable(f"{path} is not what its name says: evidence was changed; no backup is made of it")
    return {"size": entry.size, "sha256": digest}


def unpack(source: Path, folder: Path, evidence: Path) -> Manifest:
    """Unpack a backup into an empty folder and check every hash; raises `Unusable` and then leaves nothing behind.

    The dump lies in `folder / "database.dump"` afterwards, for `load`.
    """
    try:
        with tarfile.open(source) as tar:
            return _unpack(tar, folder, evidence)
    except (tarfile.TarError, OSError, ValueError, KeyError, Unusable) as error:
        discard(folder, evidence)
        if isinstance(error, Unusable):
            raise
        raise Unusable(f"{source} is no whole backup of this platform: {error}") from None


def _unpack(tar: tarfile.TarFile, folder: Path, evidence: Path) -> Manifest:
    found: dict[str, dict[str, int | str]] = {}
    manifest = None
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise Unusable(f"the backup holds {entry.name!r}, which is no plain file")
        if entry.name == "manifest.json":
            facts = json.load(content)
            if facts["format"] != FORMAT:
                raise Unusable(f"the backup has the format {facts['format']!r}; this program reads {FORMAT!r}")
            manifest = Manifest(facts["made_at"], facts["records"], facts["root"], facts["files"])
            continue
        if not MEMBER.fullmatch(entry.name):
            raise Unusable(f"the backup holds {entry.name!r}, which belongs into none")
        target = evidence / entry.name.removeprefix("evidence/") if "/" in entry.name else folder / entry.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        hashing = _Hashing(content)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(hashing, out, CHUNK)
        digest = hashing.digest.hexdigest()
        # A manifest can be written anew to fit a changed file; the name of evidence is what the database knows it by.
        if entry.name.startswith("evidence/") and not entry.name.endswith(digest):
            raise Unusable(f"{entry.name} in the backup is not what its name says: the evidence was changed")
        found[entry.name] = {"size": entry.size, "sha256": digest}
    if manifest is None:
        raise Unusable("the backup has no manifest: it was cut off")
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            raise Unusable(f"{name} in the backup is not what its manifest says")
    return manifest


def load(folder: Path) -> None:
    """Load the unpacked dump into the open, empty database, whole or not at all; raises `Unusable`."""
    dump = folder / "database.dump"
    options = ("--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, "--dbname", os.environ["DATABASE_URL"], str(dump))
    dump.unlink()


def discard(folder: Path, evidence: Path) -> None:
    """Take away what `unpack` left in a folder that was empty before."""
    for path in (folder / "database.dump", folder / "secret-key"):
        path.unlink(missing_ok=True)
    shutil.rmtree(evidence, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
