"""研判进程: works what waits as soon as the intake says so, and looks by itself twice a second.

Any number may run: the lock of `evaluate_pending` lets one work, the others stand by and go on where it ends.
"""

import logging
import threading
import time
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from anguan.alarms.models import Pending
from anguan.alarms.services.devices import PENDING_CHANNEL
from anguan.alarms.services.evaluation import evaluate_pending
from anguan.alarms.services.hearing import most_urgent
from anguan.ground import clock
from anguan.ground.complaints import Complaint
from anguan.ground.sweeps import beat

log = logging.getLogger(__name__)

PROCESS: Final = "evaluator"
# Small, because the fire that comes in while one is worked waits for it.
BATCH: Final = 200
LOOK_EVERY_S: Final = 0.5
_BEAT_EVERY_S: Final = 5.0
# Behind everything that devices can say.
SET_ASIDE: Final = 1000


def run_until(stop: threading.Event) -> None:
    """Evaluate until `stop` is set; a database that is gone for a while is waited for."""
    last_beat = -_BEAT_EVERY_S
    listening_on: object = None
    interrupted = Complaint(log, "the evaluation is interrupted")
    refused = Complaint(log, "a batch can't be judged as a whole, so its signals are judged one by one")
    while not stop.is_set():
        try:
            close_old_connections()
            connection.ensure_connection()
            if connection.connection is not listening_on:
                with connection.cursor() as cursor:
                    cursor.execute(f"LISTEN {PENDING_CHANNEL}")
                listening_on = connection.connection
            if time.monotonic() - last_beat >= _BEAT_EVERY_S:
                beat(PROCESS, clock.now())
                last_beat = time.monotonic()
            # Nothing left to work in is answered by waiting for the next word.
            if _judge(refused) == 0:
                for _word in connection.connection.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                    pass
            interrupted.over()
        except (OperationalError, InterfaceError) as error:
            interrupted.about(error)
            connection.close()
            stop.wait(LOOK_EVERY_S)
    connection.close()


def _judge(refused: Complaint) -> int:
    """Work in one batch; where something in it can't be, the others of it all the same. How many were."""
    try:
        done = evaluate_pending(now=clock.now(), limit=BATCH)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Whatever is wrong with one signal, the fire behind it must not wait for it, nor the process end of it: begun
        # again it would find the same signal.
        refused.about(error)
        return _judge_one_by_one()
    if not done:
        # Nothing waits any more, not even what was set aside.
        refused.over()
    return done


def _judge_one_by_one() -> int:
    done = 0
    for first in iter(lambda: most_urgent(1), []):
        if first[0].urgency == SET_ASIDE or done == BATCH:
            break
        try:
            if not evaluate_pending(now=clock.now(), limit=1):
                break
            done += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # Said once, for from then on it is looked at again only together with others.
            log.exception("%s can't be judged and waits behind all others", first[0])
            Pending.objects.filter(pk=first[0].id).update(urgency=SET_ASIDE)
    return done
