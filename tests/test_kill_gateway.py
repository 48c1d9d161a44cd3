"""Five kills of what holds the alarms, under load; a hundred in `make soak ONLY=kill-gateway`."""

import pytest
from soak.kill_gateway import VICTIMS, play


@pytest.mark.slow
def test_nothing_that_was_confirmed_is_lost_or_doubled_when_gateway_or_database_is_killed() -> None:
    faults, figures = play(len(VICTIMS))
    assert faults == []
    assert figures["stored"] >= figures["confirmed"] > 0
    # Twice the gateway itself was killed, and numbered anew.
    assert figures["starts"] == 3
