"""取流进程: drains the stream into the database; any number may run."""

import asyncio
import gc
import signal

import uvloop
from django.db import connection

from anguan.alarms.intake import StreamSettings, asked_until_answered, draining, parameters
from anguan.ground import clock
from anguan.ground.rules.selectors import rule


def run(stream: StreamSettings) -> None:
    """Work until SIGINT or SIGTERM."""
    window_s = asked_until_answered(_window_in_force, "ingest")
    # From here on ingest's own connections do everything.
    connection.close()
    # As in the gateway: what is read lives for some milliseconds and in no rings.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)

    async def work() -> None:
        ingest = draining.Ingest(parameters, stream, clock.now, window_s=window_s)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ingest.stop)
        await ingest.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


def _window_in_force() -> int:
    return int(rule("resend-window", clock.local_day(clock.now())).values["seconds"])
