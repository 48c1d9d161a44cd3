"""Says that something fails once, however often it is tried, and once that it works again."""

import logging
import time
from typing import Final

import psycopg


class Complaint:
    """One thing that may fail for a while; `since` is when it began to, by the monotonic clock, None while it works."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        """`what` is said before the reason."""
        self.since: float | None = None
        self._log: Final = log
        self._what: Final = what
        self._told: set[str] = set()

    def about(self, error: Exception) -> None:
        """It failed; each kind of reason is told once until `over`."""
        if self.since is None:
            self.since = time.monotonic()
        kind = (error.sqlstate if isinstance(error, psycopg.Error) else None) or type(error).__name__
        if kind not in self._told:
            self._told.add(kind)
            self._log.warning("%s: %s", self._what, str(error).strip().partition("\n")[0])

    def over(self) -> None:
        """It works; said only where it did not."""
        if self.since is not None:
            self._log.warning("%s: over after %.0f s", self._what, time.monotonic() - self.since)
            self.since = None
            self._told.clear()
