"""短信平台: a provider of short messages that sends none: it takes what the platform posts, says so and confirms.

It stands in for the provider of a real installation (`ANGUAN_SMS_URL`), over the same HTTP, so that a demo without a
network shows how a fire is forwarded and what proves that it arrived.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

MOST: Final = 64 * 1024
CONFIRMED: Final = "示例短信平台已收下（模拟，没有真的发出）"


class Provider:
    """Listens from the beginning; `close` ends it. `say` gets each message that it took."""

    def __init__(self, host: str, port: int, say: Callable[[dict[str, Any]], None]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                message = _read(self)
                if message is None:
                    self.send_error(HTTPStatus.BAD_REQUEST)
                    return
                say(message)
                answer = CONFIRMED.encode()
                self.send_response(HTTPStatus.ACCEPTED)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words: Any) -> None:
                """Nothing: what it took is told by `say`."""

        self._server: Final = ThreadingHTTPServer((host, port), Handler)
        Thread(target=self._server.serve_forever, name="provider", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the platform posts."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _read(request: BaseHTTPRequestHandler) -> dict[str, str] | None:
    """Receiver, words and number of a message; None for anything else."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > MOST:
        return None
    try:
        body = json.loads(request.rfile.read(int(length)))
        return {"sms": str(body["to"]), "text": str(body["text"]), "id": str(body["id"])}
    except (ValueError, KeyError, TypeError):
        return None
