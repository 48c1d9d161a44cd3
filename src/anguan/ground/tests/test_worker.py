"""The worker's jobs and a database that goes and comes; without one."""

import asyncio
import logging
import os
import signal
import threading

import pytest
from procrastinate.exceptions import ConnectorException

from anguan.ground import worker
from anguan.ground.complaints import Complaint


def test_jobs_wait_for_a_database_that_is_gone_and_end_when_they_are_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_SECONDS_BETWEEN_TRIES", 0.001)
    tries: list[int] = []

    async def work(complaint: Complaint) -> None:
        tries.append(len(tries))
        if len(tries) in {1, 3, 4}:
            raise ConnectorException from OSError("gone")
        complaint.over()
        if len(tries) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(60)

    monkeypatch.setattr(worker, "_work", work)
    stop = threading.Event()
    with caplog.at_level(logging.WARNING):
        asyncio.run(asyncio.wait_for(worker._jobs(stop), 10))
    assert (len(tries), stop.is_set()) == (5, True)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "jobs wait for the database: gone",
        "jobs wait for the database: over after 0 s",
        "jobs wait for the database: gone",
        "jobs wait for the database: over after 0 s",
    ]
