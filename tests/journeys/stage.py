"""The stage of a journey: one clock for server and browsers, a window for each person, pictures of what they see."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from anguan.ground import clock

PATIENCE = 15_000
LARGEST_PICTURE = 150_000
POSITION = {"latitude": 30.503211, "longitude": 105.571234, "accuracy": 12}


@dataclass
class Stage:
    """Opens windows for people and moves the clock that everybody shares."""

    browser: Browser
    address: str
    now: datetime
    pictures: Path | None = None
    faults: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def at(self, moment: datetime) -> None:
        """It is now this moment, for the server and in every window."""
        assert moment >= self.now, "time goes on, never back"
        self.now = moment
        for page in self.pages:
            page.context.clock.set_fixed_time(moment)

    def later(self, **span: float) -> datetime:
        """Time passes; the moment it then is."""
        self.at(self.now + timedelta(**span))
        return self.now

    def window(self, *, phone: bool = False) -> Page:
        """Somebody's own browser: 1440 px wide in an office, 390 px and with a position in a hand."""
        hand: dict[str, Any] = {
            "viewport": {"width": 390, "height": 844},
            "device_scale_factor": 2,
            "has_touch": True,
            "is_mobile": True,
            "geolocation": POSITION,
            "permissions": ["geolocation"],
        }
        office: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
        context = self.browser.new_context(
            base_url=self.address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            reduced_motion="reduce",
            **(hand if phone else office),
        )
        context.set_default_timeout(PATIENCE)
        context.clock.set_fixed_time(self.now)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._note(page, said.type, said.text))
        page.on("response", lambda answer: self._broken(answer.status, answer.url))
        self.pages.append(page)
        return page

    def _note(self, page: Page, kind: str, text: str) -> None:
        # Refusals answer 4xx on purpose, and the browser writes those down as well.
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"{page.url}: {text}")

    def _broken(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"{status} {url}")

    def picture(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep what a page looks like now, for the README; only when asked to."""
        keep_picture(page, self.pictures, name, whole=whole)

    def sheet(self, pdf: bytes, name: str) -> None:
        """Keep the first page of a document, where a program is at hand that draws it."""
        program = shutil.which("pdftoppm")
        if self.pictures is None or program is None:
            return
        drawn = subprocess.run([program, "-png", "-r", "88", "-singlefile", "-"], input=pdf, capture_output=True)
        _keep(drawn.stdout, self.pictures / f"{name}.png")


def pictures_asked() -> Path | None:
    """Where pictures for the README are wanted, if they are."""
    folder = os.environ.get("ANGUAN_PICTURES")
    return Path(folder) if folder else None


def keep_picture(page: Page, folder: Path | None, name: str, *, whole: bool = False) -> None:
    """Keep what a page looks like now, where a folder is given."""
    if folder is None:
        return
    page.evaluate("document.fonts.ready.then(() => 0)")
    # Somebody has read the messages that float over the page.
    for close in page.locator("toast-note button").all():
        close.click()
    _keep(page.screenshot(full_page=whole, animations="disabled"), folder / f"{name}.png")


def _keep(data: bytes, path: Path) -> None:
    """Save as a palette PNG under the size that a repository should carry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(data)) as image:
        picture = image.convert("RGB")
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LARGEST_PICTURE:
            return
    raise AssertionError(f"{path.name} stays larger than {LARGEST_PICTURE} bytes")


@contextmanager
def a_stage(
    browser: Browser, address: str, opens_at: datetime, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Iterator[Stage]:
    """A stage whose clock starts at `opens_at`; its windows are closed behind it, pictured in `folder` if it failed."""
    stage = Stage(browser, address, opens_at, pictures_asked())
    # The threads of the live server read the same clock.
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    expect.set_options(timeout=PATIENCE)
    try:
        yield stage
    except BaseException:
        for number, page in enumerate(stage.pages):
            page.screenshot(path=folder / f"failed-{number}.png", timeout=5000)
        raise
    finally:
        for page in stage.pages:
            page.context.close()


def a_jpeg(folder: Path, name: str, taken_at: datetime, shade: tuple[int, int, int]) -> Path:
    """A photo as a phone's camera leaves it: written at the moment it was taken."""
    picture = Image.new("RGB", (640, 480), shade)
    for step in range(12):
        picture.paste((shade[0] // 2, 40 + step * 12, 90), (40 + step * 45, 120, 70 + step * 45, 430))
    path = folder / f"{name}.jpg"
    picture.save(path, "JPEG", quality=80)
    os.utime(path, (taken_at.timestamp(), taken_at.timestamp()))
    return path
