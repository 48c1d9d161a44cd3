"""Sweeps: short loops that ask what is due, run by the worker; deadlines are stored dates, never countdowns."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections

from anguan.ground import audit, clock, evidence_days, outbox
from anguan.ground.models import Heartbeat

log = logging.getLogger(__name__)
Sweep = Callable[[datetime], object]


@dataclass
class _Entry:
    run: Sweep
    every_s: float
    due_at: float = 0.0


_entries: list[_Entry] = []


def sweep(*, every_s: float) -> Callable[[Sweep], Sweep]:
    """Register the decorated function to be called with the present moment about every so many seconds."""

    def register(run: Sweep) -> Sweep:
        _entries.append(_Entry(run, every_s))
        return run

    return register


sweep(every_s=0.5)(audit.seal_pending)
sweep(every_s=30)(audit.seal_all)
sweep(every_s=0.5)(outbox.deliver_due)
sweep(every_s=600)(evidence_days.record_days)


def beat(process: str, now: datetime) -> None:
    """Tell `/readyz` that a process lives."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": now})


def run_due(now: datetime, tick: float) -> None:
    """Run every sweep whose turn has come; one that fails is logged and comes again, the others are not held up."""
    for entry in _entries:
        if tick < entry.due_at:
            continue
        entry.due_at = tick + entry.every_s
        try:
            entry.run(now)
        except Exception:
            log.exception("sweep %s failed", getattr(entry.run, "__name__", entry.run))


def run_until(stop: threading.Event, process: str = "worker") -> None:
    """Loop over the sweeps until `stop` is set."""
    last_beat = 0.0
    while not stop.is_set():
        close_old_connections()
        tick = time.monotonic()
        now = clock.now()
        if tick - last_beat > 5:
            try:
                beat(process, now)
                last_beat = tick
            except Exception:
                log.exception("heartbeat failed")
        run_due(now, tick)
        stop.wait(0.25)
