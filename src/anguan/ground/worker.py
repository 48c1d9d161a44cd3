"""The worker process: background jobs by procrastinate; beside them threads for the sweeps and for urgent messages."""

import asyncio
import logging
import signal
import threading
from typing import Final, cast

import psycopg
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from anguan.ground.complaints import Complaint
from anguan.ground.outbox import URGENT_CARRIERS, carry_urgent
from anguan.ground.sweeps import run_until

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_TRIES: Final = 1.0
# Shorter than the supervisor's own patience: a job that takes longer is begun again by the next worker.
_LONGEST_END_S: Final = 5.0


def run() -> None:
    """Work until SIGINT or SIGTERM."""
    stop = threading.Event()
    sweeper = threading.Thread(target=run_until, args=(stop,), name="sweeps", daemon=True)
    sweeper.start()
    for number in range(URGENT_CARRIERS):
        threading.Thread(target=carry_urgent, args=(stop,), name=f"urgent-{number}", daemon=True).start()
    try:
        asyncio.run(_jobs(stop))
    finally:
        stop.set()
        sweeper.join(timeout=5)


async def _jobs(stop: threading.Event) -> None:
    """Work off jobs until a signal comes; a database that is gone is waited for, as the sweeps beside us do."""
    complaint = Complaint(log, "jobs wait for the database")
    loop = asyncio.get_running_loop()
    task: asyncio.Task[None] | None = None

    def end() -> None:
        stop.set()
        if task is not None:
            task.cancel()
            # The worker signs off in the database, and waits half a minute for one that ended before it.
            loop.call_later(_LONGEST_END_S, task.cancel)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    while not stop.is_set():
        task = asyncio.create_task(_work(complaint))
        try:
            await task
        except asyncio.CancelledError:
            stop.set()
        except (ConnectorException, psycopg.Error, OSError) as error:
            # Of the connector's error only its cause says anything.
            complaint.about(error.__cause__ if isinstance(error.__cause__, Exception) else error)
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)


async def _work(complaint: Complaint) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        complaint.over()
        await worker_app.run_worker_async(
            concurrency=2, install_signal_handlers=False, fetch_job_polling_interval=0.5, delete_jobs="successful"
        )
