"""The gateway as a process: its loop, its signals, its settings."""

import asyncio
import gc
import signal
from collections.abc import Callable

import uvloop
from django.db import connection

from anguan.alarms.intake import parameters
from anguan.gateway.server import Gateway, Values
from anguan.ground import clock
from anguan.ground.rules.selectors import rule


def run(host: str, port: int, name: str, say: Callable[[str], None]) -> None:
    """Listen until SIGINT or SIGTERM; raises OSError where the address can't be had."""
    values = values_in_force()
    # From here on the gateway's own connections do everything.
    connection.close()
    # Arrivals live for some milliseconds and in no rings. With Python's usual thresholds a busy gateway spends a sixth
    # of its time looking for some among everything that Django has loaded.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)

    async def work() -> None:
        gateway = Gateway(parameters, name, clock.now, values)
        bound = await gateway.start(host, port)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, gateway.stop)
        say(f"listening on {host}:{bound}")
        await gateway.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


def values_in_force() -> Values:
    """What the rules say today."""
    today = clock.local_day(clock.now())
    talk = rule("device-conversation", today).values
    return Values(
        answer_s=float(talk["answer_s"]),
        resends=talk["resends"],
        poll_every_s=talk["poll_every_s"],
        missed_heartbeats=talk["missed_heartbeats"],
        clock_error_s=float(talk["clock_error_s"]),
        strangers=talk["strangers"],
        window_s=rule("resend-window", today).values["seconds"],
    )
