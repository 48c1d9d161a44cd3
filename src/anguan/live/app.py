"""`/live/*`: which path is whose. Everything here is native ASGI; Django's middleware does not run."""

from collections.abc import Mapping

from anguan.live import alarms, signals
from anguan.live.protocol import Application, Receive, Scope, Send, answer

ROUTES: Mapping[str, Application] = {"/live/alarms": alarms.stream, "/live/signals": signals.signals}
PREFIX = "/live/"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below `/live/`."""
    route = ROUTES.get(scope["path"])
    if route is None:
        await answer(send, 404, "not found")
        return
    await route(scope, receive, send)


async def shutdown() -> None:
    """End every stream and the connections behind them, so that the process can go."""
    await alarms.hub.stop()
    await signals.desk.stop()
