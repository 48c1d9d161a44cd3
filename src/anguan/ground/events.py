"""Announcements between rooms: a lower room publishes, a room above reacts, in the same transaction.

Handlers run in floor order (rooms load from the bottom up), an error stops everything, and every handler is safe to
repeat. Nothing here leaves the process: that is the outbox's work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function as a reaction to `event_type`."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Announce `event` to every reaction, now, inside the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} was announced outside a transaction")
    for handler in _handlers[type(event)]:
        handler(event)


def listeners() -> Iterator[tuple[type, list[Callable[[Any], None]]]]:
    """Event types with their reactions in the order they run, for `anguan event-map`."""
    yield from sorted(_handlers.items(), key=lambda item: item[0].__module__ + item[0].__name__)
