"""`anguan restore FILE`: a backup into an empty data folder."""

import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from anguan.cli import archive
from anguan.cli.database import add_data_option, bring_up_to_date, data_folder, opened
from anguan.cli.errors import Unusable
from anguan.supervisor.locks import FileLock

HELP = "bring a backup back into an empty data folder"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("file", type=Path, metavar="FILE")


def run(args: Namespace) -> int:
    folder = data_folder(args.data)
    if not args.file.is_file():
        raise Unusable(f"there is no file {args.file}")
    if folder.exists() and any(folder.iterdir()):
        raise Unusable(f"{folder} is not empty; a backup is only restored into an empty data folder (--data DIR)")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = bool(os.environ.get("DATABASE_URL"))
    # The key has to be there before the settings are read, which would make a new one.
    manifest = archive.unpack(args.file, folder, folder / "evidence")
    restored = False
    try:
        with opened(folder, migrate=False):
            if elsewhere:
                _refuse_full_database()
            archive.load(folder)
            bring_up_to_date()
            fault = fault_of(manifest)
        restored = True
    finally:
        if not restored:
            # Nothing half restored stays; what the folder holds now is ours, for it was empty.
            with FileLock(folder / "database.users") as users:
                users.take(seconds=30)
                shutil.rmtree(folder, ignore_errors=True)
    if fault is not None:
        print(f"restored, but {fault}")
        return 1
    print(f"{folder}: {manifest.records} audit records of {manifest.made_at}, root {manifest.root}, as in the backup")
    return 0


def fault_of(manifest: archive.Manifest) -> str | None:
    """What of the loaded database and evidence is not as it was recorded: the first thing, None when all holds."""
    from anguan.ground import audit, clock, evidence_days

    answer = audit.verify(clock.now())
    if answer.fault is not None:
        return f"the audit chain does not verify: {answer.fault}"
    if answer.root != manifest.root:
        return f"the root is {answer.root} and was {manifest.root} when the backup was made"
    # The days' roots stand in the chain: they say something only where the chain holds.
    if (changed := evidence_days.fault_of_days()) is not None:
        return f"the evidence is not what it was: {changed}"
    if (lost := next(_lost_files(), None)) is not None:
        return f"a file is missing: {lost}; take it from another backup"
    return None


def _lost_files() -> Iterator[str]:
    """What the database names and the restored evidence does not hold; what it holds was compared when unpacked."""
    from anguan.ground import evidence
    from anguan.ground.models import Evidence
    from anguan.inspections.models import OfflineFile
    from anguan.papers.models import Paper

    for what, rows in (
        ("evidence", Evidence.objects.values_list("sha256", "uid")),
        ("the PDF of paper", Paper.objects.exclude(pdf_sha256="").values_list("pdf_sha256", "number")),
        ("an offline picture, number", OfflineFile.objects.filter(problem="").values_list("sha256", "pk")),
    ):
        for digest, name in rows.order_by("pk").iterator():
            if not evidence.path_of(digest).is_file():
                yield f"{what} {name}, SHA-256 {digest}"


def _refuse_full_database() -> None:
    from django.db import connection

    if tables := connection.introspection.table_names():
        raise Unusable(f"the database of DATABASE_URL is not empty ({len(tables)} tables); restore into a new one")
