"""Where `anguan up` says that it is."""

import pytest

from anguan.cli.commands.up import own_origin


@pytest.mark.parametrize(
    ("bind", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8100"),
        ("localhost", "http://localhost:8100"),
        ("::1", "http://[::1]:8100"),
    ],
)
def test_codes_on_papers_name_the_port_that_is_served(bind: str, origin: str) -> None:
    assert own_origin(bind, 8100) == origin
