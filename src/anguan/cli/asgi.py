"""What the web server calls: pages by Django's WSGI handler in threads, `/live/*` natively by `live`.

Django's own ASGI path halves the throughput of pages (its middleware is synchronous), hence the dispatcher.
"""

import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from anguan.cli.database import THREADS_A_PROCESS
from anguan.supervisor.lifeline import die_with_parent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# This module is imported by the server's worker processes, which must not keep the port when the server is killed.
die_with_parent(os.getppid(), signal.SIGKILL)
# Its types name each message of the protocol apart; ours say less and fit every server.
pages: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=THREADS_A_PROCESS)

# Django stands now, and the streams read its settings and models.
from anguan.live import app as live  # noqa: E402  # after the set-up


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] == "http" and scope["path"].startswith(live.PREFIX):
        await live.application(scope, receive, send)
    elif scope["type"] == "http":

        async def received() -> MutableMapping[str, Any]:
            # a2wsgi hands this to `run_coroutine_threadsafe`; the server's own `receive` gives a bare future.
            return await receive()

        await pages(scope, received, send)
    elif scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await live.shutdown()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
