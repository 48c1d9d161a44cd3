"""The database as a whole: can it be reached, is it new enough, are its tables those of this program."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

OLDEST_VERSION = 15
# Any number nobody else uses: "安关" read as an integer. Held by the one process that migrates.
MIGRATION_LOCK = 0x5B895173


class Unreachable(Exception):
    """The database can't be used; the message says why in one sentence."""


def missing_migrations() -> list[str]:
    """`room.name` of each migration that this program has and the database doesn't."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def bring_up_to_date(report: Callable[[str], None]) -> bool:
    """Apply what is missing and say whether anything was; processes that start together wait for the first one.

    Raises `Unreachable`.
    """
    try:
        connection.ensure_connection()
    except OperationalError as error:
        sentence = str(error).strip().splitlines()[0]
        raise Unreachable(f"the database can't be reached: {sentence}") from None
    version = connection.cursor().connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        raise Unreachable(f"PostgreSQL {version} is too old; version {OLDEST_VERSION} or newer is needed")
    if not missing_migrations():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            if missing := missing_migrations():
                report(f"bringing the tables up to date ({len(missing)} steps)")
                call_command("migrate", verbosity=0, interactive=False)
                call_command("createcachetable", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    return True


def is_reachable() -> bool:
    """True when the database answers now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True
