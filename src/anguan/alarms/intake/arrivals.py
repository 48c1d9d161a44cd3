"""One thing that came in, from the moment it is read until it is durable."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from anguan.alarms.rules.signals import Observation, standing

log = logging.getLogger(__name__)

Settled = Callable[["Arrival"], None]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS = 1_000_000


def microseconds(moment: datetime) -> int:
    """A moment as PostgreSQL keeps it: microseconds since the year 2000."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(since_2000: int) -> datetime:
    """What `microseconds` made."""
    return _EPOCH + since_2000 * _MICROSECOND


def resend_key(*parts: bytes) -> bytes:
    """Sixteen bytes that a signal and its resends share, and nothing else."""
    return blake2b(b"\0".join(parts), digest_size=16).digest()


class Arrival:
    """A frame, message or request, with what it says.

    `at` is when it came, in microseconds since 2000. `settled` is called once it is durable; then `number` tells its
    place, or is 0 for a resend, which was stored before. `lost` is true only where the database refuses its very
    content: such an arrival is never confirmed.
    """

    __slots__ = (
        "at",
        "client_id",
        "command",
        "context",
        "device_id",
        "followers",
        "is_durable",
        "is_routine",
        "key",
        "lost",
        "number",
        "observations",
        "problem",
        "raw",
        "serial",
        "settled",
        "source",
        "transport",
        "type",
        "urgency",
        "window_s",
    )

    def __init__(
        self,
        *,
        at: int,
        transport: int,
        source: str,
        raw: bytes,
        key: bytes,
        settled: Settled,
        observations: tuple[Observation, ...] = (),
        device_id: int | None = None,
        serial: int | None = None,
        command: int | None = None,
        type: int | None = None,
        client_id: UUID | None = None,
        problem: str = "",
        window_s: int = 0,
        is_routine: bool | None = None,
        context: Any = None,
    ) -> None:
        self.at = at
        self.transport = transport
        self.source = source
        self.raw = raw
        self.key = key
        self.settled = settled
        self.observations = observations
        self.device_id = device_id
        self.serial = serial
        self.command = command
        self.type = type
        self.client_id = client_id
        self.problem = problem
        # 0: that of the intake.
        self.window_s = window_s
        self.context = context
        self.urgency, routine = standing(observations)
        self.is_routine = routine if is_routine is None else is_routine
        self.number = 0
        self.is_durable = False
        self.lost = False
        # Resends that came while this one was on its way; they are settled together with it.
        self.followers: list[Arrival] | None = None

    def until(self, window_s: int) -> int:
        """Until when the same key is a resend, in microseconds since 2000; `window_s` is the usual window."""
        return self.at + (self.window_s or window_s) * _MICROSECONDS

    def settle(self) -> None:
        """Tell whoever waits for it, and for its resends."""
        self._tell(self)
        if self.followers:
            for follower in self.followers:
                follower.is_durable, follower.lost = self.is_durable, self.lost
                self._tell(follower)
            self.followers = None

    @staticmethod
    def _tell(arrival: "Arrival") -> None:
        try:
            arrival.settled(arrival)
        except Exception:
            # Whoever sent this goes without an answer and sends again; all others of the group still get theirs.
            log.exception("telling %s that its signal is settled failed", arrival.source)
