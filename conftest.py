"""What the tests of every room share: a database of their own, a closed network, a browser."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.db.models.signals import post_migrate

from anguan.supervisor import postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
    from pytest_django.live_server_helper import LiveServer


# Seconds that the long tests take, the rest of 4 400 being short: a file's tests all together, or one by one where each
# stands for itself. Whoever writes another long one adds it here; a figure that is off by half does no harm.
LONG = {
    "tests/journeys/test_year.py": 145,
    "src/anguan/cli/tests/test_platform.py": 95,
    "tests/architecture/test_accessibility.py::test_no_page_has_a_violation[0]": 75,
    "tests/architecture/test_accessibility.py::test_no_page_has_a_violation[1]": 75,
    "tests/journeys/test_duty_day.py": 70,
    "tests/journeys/test_narrow_loop.py": 60,
    "tests/architecture/test_nasty_input.py": 60,
    "tests/architecture/test_access.py": 50,
    "tests/test_offline_in_browser.py::test_random_days_lose_nothing_and_double_nothing[1]": 35,
    "tests/test_offline_in_browser.py::test_random_days_lose_nothing_and_double_nothing[2]": 35,
    "tests/test_kill_nats.py::"
    "test_nothing_that_was_confirmed_is_lost_or_doubled_when_a_node_a_worker_or_the_gateway_is_killed": 30,
    "tests/journeys/test_duty_room.py": 25,
    "src/anguan/inspections/tests/test_offline.py": 25,
}


@pytest.fixture(scope="session")
def test_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An embedded server for this run, unless DATABASE_URL names one; nothing in it outlives the run."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = postgres.Server(postgres.DataFolder(tmp_path_factory.mktemp("data")).prepare(), durable=False)
    server.start()
    settings = connections["default"].settings_dict
    before = {key: settings[key] for key in ("HOST", "USER", "NAME")}
    settings.update(HOST=str(server.socket), USER=postgres.SUPERUSER, NAME=postgres.DATABASE)
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)
        server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(test_postgres: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let pytest-django make its test database, one a process, on that server.

    Roles decide here, not Django's permissions: nobody misses their rows, which every flush would write again.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def _evidence_in_a_temporary_folder(settings: Any, tmp_path: Path) -> None:
    """No test writes evidence into the clone."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def chromium() -> str | None:
    """The browser's program, None where there is none.

    The same engine without a browser's own windows, tabs and settings takes half of the time, a quarter for each new
    window.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first; without a browser its tests are left out, each by name."""
    items[:] = long_ones_first(items, workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    reason = "no Chromium is installed and none can be (apt needs root)"
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser") or "page" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


def long_ones_first(items: list[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """The items in a part of equal number for each worker, each with its share of the long work, the longest first.

    That is how the runner shares them out at the start; what takes no time comes last and is stolen one by one, so that
    all end together. Left to one worker, or to the end, a long test would be waited for by the others.

    Within a part pytest-django's order stays: tests whose transaction is taken back, those that commit, those without
    a database.
    """
    parts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    seconds = [0.0] * workers
    for kind in (IN_TRANSACTION, COMMITTING, WITHOUT_DATABASE):
        long: dict[str, list[pytest.Item]] = {}
        short = []
        for item in items:
            if _kind(item) == kind:
                file = item.nodeid.partition("::")[0]
                name = next((name for name in (item.nodeid, file) if name in LONG), None)
                if name is None:
                    short.append(item)
                else:
                    long.setdefault(name, []).append(item)
        for name in sorted(long, key=lambda name: -LONG[name]):
            least = seconds.index(min(seconds))
            parts[least].extend(long[name])
            seconds[least] += LONG[name]
        dealt = 0
        for number, part in enumerate(parts):
            # The last ones, without a database, fill each part to the number that the runner gives its worker.
            full = (len(items) - dealt) // (workers - number)
            dealt += full
            count = len(short) // (workers - number) if kind < WITHOUT_DATABASE else max(full - len(part), 0)
            part.extend(short[:count])
            del short[:count]
        parts[-1].extend(short)
    return [item for part in parts for item in part]


IN_TRANSACTION, COMMITTING, WITHOUT_DATABASE = range(3)


def _kind(item: pytest.Item) -> int:
    """How a test uses the database; one that makes its own connection counts as one without."""
    fixtures = set(getattr(item, "fixturenames", ()))
    mark = item.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & fixtures or (mark is not None and mark.kwargs.get("transaction")):
        return COMMITTING
    return IN_TRANSACTION if mark is not None or "db" in fixtures else WITHOUT_DATABASE


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each test that did not run."""
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"left out: {report.nodeid} ({why.removeprefix('Skipped: ')})")


@pytest.fixture
def live_address(live_server: "LiveServer") -> str:
    """The address of a running platform on the test's own database."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    """What drives browsers: one for the run, because its loop stays in this thread."""
    from playwright.sync_api import sync_playwright

    # Inside its loop Django opens another connection; the one from before would lie open to the end of the run.
    connections.close_all()
    # Django would take that loop for asynchronous code and refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the loop that Playwright leaves in this thread from tests without a database: they may run one of their own.

    Django keeps another connection for code in a loop than for code in none. What a test opens here is closed with it;
    a test within a transaction stays where its transaction is.
    """
    loop = asyncio._get_running_loop()
    if loop is None or _kind(request.node) != WITHOUT_DATABASE or "playwright" in request.fixturenames:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    connections.close_all()
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def browser(playwright: "Playwright") -> Iterator["Browser"]:
    """One Chromium for the run."""
    opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"])
    yield opened
    opened.close()


@pytest.fixture
def page(browser: "Browser", live_address: str) -> Iterator["Page"]:
    """A fresh window, 1440 px wide, in Chinese; paths are relative to the running platform."""
    context = browser.new_context(
        base_url=live_address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: "Browser", live_address: str) -> Iterator["Page"]:
    """The same at the size of a phone, 390 px wide, with touch and a position."""
    context = browser.new_context(
        base_url=live_address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        geolocation={"latitude": 30.0, "longitude": 120.0},
        permissions=["geolocation"],
    )
    yield context.new_page()
    context.close()
