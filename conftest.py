"""What the tests of every room share: a database of their own, a closed network, a browser."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out, each by name."""
    reason = "no Chromium is installed and none can be (apt needs root)"
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser") or "page" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


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

    # Django would take that loop for asynchronous code and refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
