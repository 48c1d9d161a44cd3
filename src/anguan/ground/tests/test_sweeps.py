"""Sweeps: one that fails comes again and holds up no other."""

import threading
from datetime import UTC, datetime

import pytest

from anguan.ground import sweeps

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[sweeps._Entry]:
    """No sweeps but the test's own."""
    none: list[sweeps._Entry] = []
    monkeypatch.setattr(sweeps, "_entries", none)
    return none


def test_a_sweep_runs_when_its_turn_comes_and_not_before(entries: list[sweeps._Entry]) -> None:
    ran: list[datetime] = []
    sweeps.sweep(every_s=60)(ran.append)
    for tick in (0.0, 30.0, 59.9, 60.0, 61.0, 121.0):
        sweeps.run_due(NOW, tick)
    assert len(ran) == 3
    assert len(entries) == 1


def test_a_sweep_that_fails_is_logged_and_the_others_run(
    entries: list[sweeps._Entry], caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[datetime] = []

    def fails(now: datetime) -> None:
        raise RuntimeError("broken")

    sweeps.sweep(every_s=1)(fails)
    sweeps.sweep(every_s=1)(ran.append)
    sweeps.run_due(NOW, 0.0)
    sweeps.run_due(NOW, 1.0)
    assert len(ran) == 2
    assert "sweep fails failed" in caplog.text
    assert len(entries) == 2


@pytest.mark.django_db
def test_the_loop_ends_when_asked(entries: list[sweeps._Entry]) -> None:
    stop = threading.Event()
    stop.set()
    sweeps.run_until(stop)
    assert entries == []
