"""A day without network in a real browser: nothing lost, nothing doubled."""

import json
import os
import secrets
from pathlib import Path

import pytest
from conftest import chromium
from playwright.sync_api import sync_playwright

from anguan.inspections.tests.offline_rounds import play_rounds, wait_for_the_last_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_random_days_lose_nothing_and_double_nothing(live_address: str, tmp_path: Path) -> None:
    rounds = int(os.environ.get("ANGUAN_OFFLINE_ROUNDS", "20"))
    seed = int(os.environ.get("ANGUAN_OFFLINE_SEED") or secrets.randbelow(1_000_000_000))
    program = chromium()
    assert program is not None
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        tally = play_rounds(playwright, program, tmp_path / "phone", live_address, rounds=rounds, first_seed=seed)
    wait_for_the_last_request()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    if told := os.environ.get("ANGUAN_OFFLINE_REPORT"):
        Path(told).write_text(json.dumps(vars(tally)))
    assert not tally.faults, f"ANGUAN_OFFLINE_SEED={seed}\n" + "\n".join(tally.faults)
    assert (tally.rounds, tally.lost, tally.doubled, tally.refused) == (rounds, 0, 0, 0)
