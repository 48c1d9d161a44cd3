"""Which sink a process uses: the database, or the stream where one is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from anguan.alarms.intake.sink import USUAL, IntakeSettings, Sink
from anguan.alarms.intake.writing import Intake

URGENT: Final = "urgent"
OTHER: Final = "other"


@dataclass(frozen=True)
class StreamSettings:
    """Where the stream is and how it is kept."""

    servers: tuple[str, ...]
    name: str = "anguan-intake"
    replicas: int = 3
    most_bytes: int = 8 << 30
    credentials: str = ""
    authority: str = ""

    def subject(self, lane: str) -> str:
        """Where batches of a lane are published."""
        return f"{self.name}.{lane}"


def stream_in_force() -> StreamSettings | None:
    """The stream that the platform is set to use; None where gateways write into the database themselves."""
    if not settings.NATS_SERVERS:
        return None
    return StreamSettings(
        tuple(settings.NATS_SERVERS),
        settings.NATS_STREAM,
        settings.NATS_REPLICAS,
        settings.NATS_MOST_BYTES,
        settings.NATS_CREDENTIALS,
        settings.NATS_AUTHORITY,
    )


def open_sink(
    connect: Callable[[], dict[str, Any]],
    gateway: str,
    now: Callable[[], datetime],
    goes_by: IntakeSettings = USUAL,
    stream: StreamSettings | None = None,
) -> Sink:
    """The sink of one start of one gateway; `connect` tells how to reach the database, `now` is the clock."""
    if stream is None:
        return Intake(connect, gateway, now, goes_by)
    # Whoever needs no stream needs not wait for what reaches one.
    from anguan.alarms.intake.publishing import Publisher

    return Publisher(stream, gateway, now, goes_by)
