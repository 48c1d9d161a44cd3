"""What the server calls us with, and the few answers that need no more than a line."""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PLAIN = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name in lower case; empty where there is none."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def cookie(scope: Scope, name: str) -> str:
    """A cookie of the request; empty where there is none or the header can't be read."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header(scope, b"cookie"))
    except CookieError:
        return ""
    return str(jar[name].value) if name in jar else ""


def query(scope: Scope, name: str) -> str:
    """A parameter of the address; empty where there is none."""
    return str(parse_qs(scope["query_string"].decode("latin-1")).get(name, [""])[0])


async def answer(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    """A whole answer of one line."""
    await send({"type": "http.response.start", "status": status, "headers": [*PLAIN, *headers]})
    await send({"type": "http.response.body", "body": text.encode()})
