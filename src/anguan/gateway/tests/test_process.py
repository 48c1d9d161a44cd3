"""The gateway as a process, without a socket or a database."""

import logging

import pytest
from django.db import OperationalError

from anguan.alarms.intake import asked_until_answered, connecting
from anguan.gateway.server import Values


def test_a_gateway_that_starts_before_its_database_waits_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connecting, "_SECONDS_BETWEEN_QUESTIONS", 0.001)
    said: list[Exception | Values] = [
        OperationalError("starting up"),
        OperationalError("starting up"),
        Values(window_s=7),
    ]
    answers = iter(said)

    def ask() -> Values:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with caplog.at_level(logging.WARNING):
        assert asked_until_answered(ask, "the gateway").window_s == 7
    assert [record.getMessage() for record in caplog.records] == ["the gateway waits for the database: starting up"]
