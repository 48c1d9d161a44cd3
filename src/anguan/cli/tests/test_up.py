"""Where `anguan up` says that it is, and who takes the short messages of a demo."""

import os

import pytest

from anguan.cli.commands.up import own_origin, simulated_provider


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


def test_the_simulator_takes_the_short_messages_of_a_demo_unless_a_provider_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANGUAN_SMS_URL", "https://sms.example/")
    assert simulated_provider() == []
    monkeypatch.setenv("ANGUAN_SMS_URL", "")
    option, address = simulated_provider()
    assert option == "--sms"
    assert os.environ["ANGUAN_SMS_URL"] == f"http://{address}/"
