"""Each node of the stream, a worker and the gateway are killed under load; more in `make soak ONLY=kill-nats`."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from soak.kill_nats import IN_TURN, NODES, play

from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture


@pytest.mark.slow
@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert connection.settings_dict["NAME"].startswith("test_")


@pytest.mark.slow
@pytest.mark.usefixtures("committed")
def test_nothing_that_was_confirmed_is_lost_or_doubled_when_a_node_a_worker_or_the_gateway_is_killed() -> None:
    reach = connection.get_connection_params()
    options = {name: reach[name] for name in ("host", "port", "user", "password") if reach.get(name)}
    faults, figures = play(IN_TURN, f"postgresql:///{reach['dbname']}?{urlencode(options)}")
    assert faults == []
    assert figures["stored"] >= figures["confirmed"] > 0
    # The gateway was killed once, and its batches are numbered anew.
    assert figures["starts"] == 2
    assert figures["nodes_hit"] == NODES
