"""The gateway as a process: its loop, its signals, its settings."""

import asyncio
import gc
import signal
from collections.abc import Callable

import uvloop
from django.db import connection

from anguan.alarms.intake import asked_until_answered, parameters, stream_in_force
from anguan.gateway.server import Gateway, Values
from anguan.ground import clock
from anguan.ground.broker import Broker
from anguan.ground.rules.selectors import rule


def run(host: str, port: int, name: str, broker: Broker | None, say: Callable[[str], None]) -> None:
    """Listen until SIGINT or SIGTERM; raises OSError where the address can't be had."""
    values = asked_until_answered(values_in_force, "the gateway")
    # From here on the gateway's own connections do everything.
    connection.close()
    # Arrivals live for some milliseconds and in no rings. With Python's usual thresholds a busy gateway spends a sixth
    # of its time looking for some among everything that Django has loaded.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)

    async def work() -> None:
        gateway = Gateway(parameters, name, clock.now, values, stream=stream_in_force(), broker=broker)
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
    resends = rule("resend-window", today).values
    return Values(
        answer_s=float(talk["answer_s"]),
        resends=talk["resends"],
        poll_every_s=talk["poll_every_s"],
        missed_heartbeats=talk["missed_heartbeats"],
        clock_error_s=float(talk["clock_error_s"]),
        strangers=talk["strangers"],
        window_s=resends["seconds"],
        message_window_s=resends["request_days"] * 86_400,
    )
