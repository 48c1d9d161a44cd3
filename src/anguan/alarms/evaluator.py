"""研判进程: works what waits as soon as the intake says so, and looks by itself twice a second.

Any number may run: the lock of `evaluate_pending` lets one work, the others stand by and go on where it ends.
"""

import logging
import threading
import time
from typing import Final

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from anguan.alarms.services.evaluation import evaluate_pending
from anguan.ground import clock
from anguan.ground.sweeps import beat

log = logging.getLogger(__name__)

PROCESS: Final = "evaluator"
CHANNEL: Final = "alarms_pending"
# Small, because the fire that comes in while one is worked waits for it.
BATCH: Final = 200
LOOK_EVERY_S: Final = 0.5
_BEAT_EVERY_S: Final = 5.0


def run_until(stop: threading.Event) -> None:
    """Evaluate until `stop` is set; a database that is gone for a while is waited for."""
    last_beat = -_BEAT_EVERY_S
    listening_on: object = None
    while not stop.is_set():
        try:
            close_old_connections()
            connection.ensure_connection()
            if connection.connection is not listening_on:
                with connection.cursor() as cursor:
                    cursor.execute(f"LISTEN {CHANNEL}")
                listening_on = connection.connection
            if time.monotonic() - last_beat >= _BEAT_EVERY_S:
                beat(PROCESS, clock.now())
                last_beat = time.monotonic()
            # Nothing left to work in is answered by waiting for the next word.
            if evaluate_pending(now=clock.now(), limit=BATCH) == 0:
                for _word in connection.connection.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                    pass
        except (DatabaseError, InterfaceError):
            log.exception("the evaluation was interrupted")
            connection.close()
            stop.wait(LOOK_EVERY_S)
    connection.close()
