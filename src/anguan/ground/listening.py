"""Asynchronous connections to the database, beside Django's: for processes that listen rather than ask."""

from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import AsyncConnection

# What Django adds for its own cursors.
_DJANGOS = frozenset({"cursor_factory", "context", "prepare_threshold"})


def connection_parameters() -> dict[str, Any]:
    """What libpq needs to reach the database of the settings, whatever pool Django keeps beside it."""
    parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in _DJANGOS}


async def connect(application: str) -> AsyncConnection[tuple[Any, ...]]:
    """A connection in autocommit that notices within half a minute when the server is gone without a word."""
    return await AsyncConnection.connect(
        **{
            **connection_parameters(),
            "autocommit": True,
            "application_name": application,
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        }
    )


async def beat(connection: AsyncConnection[Any], process: str, now: datetime) -> None:
    """Tell `/readyz` that a process lives, as `sweeps.beat` does over Django's connection."""
    await connection.execute(
        "INSERT INTO ground_heartbeat (process, at) VALUES (%s, %s)"
        " ON CONFLICT (process) DO UPDATE SET at = excluded.at",
        (process, now),
    )
