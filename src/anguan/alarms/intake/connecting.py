"""How the intake reaches the database: the one of the settings, over connections of its own."""

import logging
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

T = TypeVar("T")
_SECONDS_BETWEEN_QUESTIONS: Final = 0.5


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
        "tcp_user_timeout": 30_000,
        **given,
        "application_name": name,
    }


def asked_until_answered(ask: Callable[[], T], who: str) -> T:
    """A process that starts beside its database waits for it: ended and started again, it would count as broken."""
    is_told = False
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError) as error:
            if not is_told:
                is_told = True
                log.warning("%s waits for the database: %s", who, str(error).strip().partition("\n")[0])
            connection.close()
            time.sleep(_SECONDS_BETWEEN_QUESTIONS)
