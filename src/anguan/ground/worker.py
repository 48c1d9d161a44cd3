"""The worker process: background jobs by procrastinate; beside them threads for the sweeps and for urgent messages."""

import asyncio
import signal
import threading
from typing import cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from anguan.ground.outbox import URGENT_CARRIERS, carry_urgent
from anguan.ground.sweeps import run_until


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
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            stop.set()
