"""`anguan restore FILE`: a backup into an empty data folder."""

import os
import shutil
from argparse import ArgumentParser, Namespace
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
            from anguan.ground import audit, clock

            answer = audit.verify(clock.now())
        restored = True
    finally:
        if not restored:
            # Nothing half restored stays; what the folder holds now is ours, for it was empty.
            with FileLock(folder / "database.users") as users:
                users.take(seconds=30)
                shutil.rmtree(folder, ignore_errors=True)
    if answer.fault is not None:
        print(f"restored, but the audit chain does not verify: {answer.fault}")
        return 1
    if answer.root != manifest.root:
        print(f"restored, but the root is {answer.root} and was {manifest.root} when the backup was made")
        return 1
    print(f"{folder}: {manifest.records} audit records of {manifest.made_at}, root {answer.root}, as in the backup")
    return 0


def _refuse_full_database() -> None:
    from django.db import connection

    if tables := connection.introspection.table_names():
        raise Unusable(f"the database of DATABASE_URL is not empty ({len(tables)} tables); restore into a new one")
