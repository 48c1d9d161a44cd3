"""The duty room as it runs: processes on the tests' own database, and somebody before a screen."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from benchmarks.running import free_port
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from anguan.people.models import User
from anguan.people.tests.builders import logged_in

from .stage import PATIENCE


def database_url() -> str:
    """The tests' database as another process reaches it."""
    known = connection.settings_dict
    if str(known["HOST"]).startswith("/"):
        return f"postgresql://{known['USER']}@/{known['NAME']}?host={quote(str(known['HOST']), safe='')}"
    password = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    at = f"{known['HOST']}:{known['PORT'] or 5432}"
    return f"postgresql://{known['USER']}{password}@{at}/{known['NAME']}"


def command(*words: str) -> subprocess.Popen[bytes]:
    """`anguan …` beside the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "anguan.cli", *words],
        env={**os.environ, "DATABASE_URL": database_url(), "ANGUAN_SECRET_KEY": settings.SECRET_KEY},
        stdout=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop it as a supervisor does."""
    process.terminate()
    process.wait(20)


class Server:
    """`anguan web` on the tests' database, which can be stopped and started on the same port."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = command("web", "--data", str(self.data), "--processes", "1", "--port", str(self.port))
        patience = time.monotonic() + 90
        while time.monotonic() < patience:
            try:
                if urllib.request.urlopen(f"{self.address}/healthz").status == 200:
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def stop(self) -> None:
        assert self.process is not None
        end(self.process)


def seat(browser: Browser, server: Server, user: User) -> tuple[BrowserContext, Page]:
    """A screen of the duty room with this person before it; `mark` tells whether it was loaded anew."""
    context = browser.new_context(
        base_url=server.address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    key = logged_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": key, "url": server.address}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto("/alarms/")
    expect(page.locator("live-feed")).to_have_attribute("data-state", "live")
    page.evaluate("window.mark = 'same page'")
    return context, page
