"""A browser that draws maps: the processor does what a graphics card would."""

from collections.abc import Iterator

import pytest
from conftest import chromium
from playwright.sync_api import Browser, Page, Playwright, expect

SOFTWARE_GL = ["--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="session")
def drawing_browser(playwright: Playwright) -> Iterator[Browser]:
    """One such browser for the run."""
    opened = playwright.chromium.launch(executable_path=chromium(), args=SOFTWARE_GL)
    yield opened
    opened.close()


@pytest.fixture
def drawing_page(drawing_browser: Browser, live_address: str) -> Iterator[Page]:
    """A small window of it, with time to draw."""
    expect.set_options(timeout=30_000)
    context = drawing_browser.new_context(base_url=live_address, locale="zh-CN", viewport={"width": 900, "height": 640})
    yield context.new_page()
    context.close()
    expect.set_options(timeout=5_000)
