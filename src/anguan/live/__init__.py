"""The small ASGI part: server-sent events and signal intake."""
