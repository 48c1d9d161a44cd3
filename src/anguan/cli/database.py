"""The database of a command: the one of DATABASE_URL, else the embedded one of the data folder, started if need be."""

import hashlib
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from anguan.cli import shipped
from anguan.cli.errors import Unusable
from anguan.supervisor import lifeline, postgres
from anguan.supervisor.processes import command_line

DEFAULT_DATA = Path(".data/demo")
# Of the pool that runs Django's pages, and connections that such a process may hold.
THREADS_A_PROCESS = 8


def add_data_option(parser: ArgumentParser) -> None:
    """`--data DIR`, as every command that needs the database has it; pass `args.data` to `opened`."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder (default: ANGUAN_DATA, else .data/demo)")


def data_folder(data: Path | None) -> Path:
    """The data folder of this call: `--data` before ANGUAN_DATA before `.data/demo`, absolute."""
    return (data or Path(os.environ.get("ANGUAN_DATA") or DEFAULT_DATA)).absolute()


def say(line: str) -> None:
    """A line of progress, beside what the command answers."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def opened(data: Path | None = None, *, migrate: bool = True, report: Callable[[str], None] = say) -> Iterator[Path]:
    """Set Django up on the database of this call, migrated; yields the data folder.

    DATABASE_URL goes before everything. Else the running server of the data folder is joined, or one is started for
    as long as anybody uses it. Raises `Unusable`.
    """
    folder = data_folder(data)
    os.environ["ANGUAN_DATA"] = str(folder)
    if os.environ.get("DATABASE_URL"):
        postgres_folder(folder)
        set_up_django()
        if migrate and not lifeline.is_supervised() and bring_up_to_date(report):
            shipped.load()
        yield folder
        return
    try:
        with postgres.joined(folder, command_line("database", "--data", str(folder)), report) as url:
            os.environ["DATABASE_URL"] = url
            try:
                set_up_django()
                if migrate and bring_up_to_date(report):
                    shipped.load()
                yield folder
            finally:
                del os.environ["DATABASE_URL"]
                close_connections()
    except postgres.Unstartable as error:
        raise Unusable(str(error)) from None


def postgres_folder(folder: Path) -> postgres.DataFolder:
    """The data folder, made where it is missing; raises `Unusable`."""
    try:
        return postgres.DataFolder(folder).prepare()
    except postgres.Unstartable as error:
        raise Unusable(str(error)) from None


def set_up_django() -> None:
    """Load the settings and the rooms; DATABASE_URL and ANGUAN_DATA stand in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anguan.settings")
    import django

    try:
        django.setup()
    except ValueError as error:
        raise Unusable(str(error)) from None


def bring_up_to_date(report: Callable[[str], None] = say) -> bool:
    """Migrate, one process at a time, and say whether there was anything to do. Raises `Unusable`."""
    from anguan.ground import database

    try:
        return database.bring_up_to_date(report)
    except database.Unreachable as error:
        raise Unusable(str(error)) from None


def collect_static(report: Callable[[str], None] = say) -> None:
    """Put scripts, styles and pictures, named by their content, where the web server finds them; only what changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    parts = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            parts.append(f"{name} {state.st_size} {state.st_mtime_ns}")
    stamp = hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
    file = Path(settings.STATIC_ROOT) / ".collected"
    if file.exists() and file.read_text() == stamp:
        return
    report(f"collecting {len(parts)} scripts, styles and pictures")
    call_command("collectstatic", verbosity=0, interactive=False)
    file.write_text(stamp)


def close_connections() -> None:
    """Leave no connection open, nor a pool of them: to a server that may stop now, or to a process that forks."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
