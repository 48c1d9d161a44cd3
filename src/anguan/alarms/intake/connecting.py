"""How the intake reaches the database: the one of the settings, over connections of its own."""

from typing import Any

from django.db import connection


def parameters(name: str) -> dict[str, Any]:
    """What `psycopg.connect` takes to reach the database of the settings; `name` tells who we are in its lists."""
    ours = connection.get_connection_params()
    left_out = {"cursor_factory", "context", "prepare_threshold", "pool"}
    given = {key: value for key, value in ours.items() if key not in left_out and value != ""}
    # Over a network a dead server is noticed within a minute; nothing waits longer for a connection than ten seconds.
    return {
        "connect_timeout": 10,
        "keepalives_idle": 20,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **given,
        "application_name": name,
    }
