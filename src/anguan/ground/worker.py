"""The worker process: background jobs by procrastinate; beside them threads for the sweeps and for urgent messages."""

import asyncio
import signal
import threading
from typing import Final, cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from anguan.ground.outbox import URGENT_CARRIERS, carry_urgent
from anguan.ground.sweeps import run_until

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
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        task = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=2, install_signal_handlers=False, fetch_job_polling_interval=0.5, delete_jobs="successful"
            )
        )
        loop = asyncio.get_running_loop()

        def end() -> None:
            task.cancel()
            # The worker signs off in the database, and waits half a minute for one that ended before it.
            loop.call_later(_LONGEST_END_S, task.cancel)

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end)
        try:
            await task
        except asyncio.CancelledError:
            stop.set()
