"""The small elements do in a real browser what their names say, and the browser's policy lets them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

AXE = Path(__file__).resolve().parents[4] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
THEMES_AND_WIDTHS: list[tuple[Literal["light", "dark"], int]] = [
    ("light", 1440),
    ("dark", 1440),
    ("dark", 390),
    ("light", 390),
]


@pytest.fixture
def patterns(page: "Page", settings: Any) -> Iterator["Page"]:
    """The page of all components, as the demo shows it; an error on its console fails the test."""
    settings.ANGUAN_DEMO = True
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto("/patterns")
    yield page
    assert faults == []


def answer_with(html: str) -> Any:
    def answer(route: "Route") -> None:
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)

    return answer


def test_a_question_is_asked_before_a_paper_is_voided(patterns: "Page") -> None:
    patterns.get_by_role("button", name="作废文书").click()
    dialog = patterns.get_by_role("dialog", name="作废文书")
    assert "作废后不能恢复" in dialog.inner_text()
    assert patterns.evaluate("document.activeElement.id") == "why"
    patterns.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_a_row_opens_beside_the_list_and_the_address_tells_it(patterns: "Page") -> None:
    patterns.route("**/detail", answer_with("<h2>云栖里</h2>"))
    patterns.evaluate("document.querySelector('#rows a').setAttribute('href', '/detail')")
    patterns.locator("#rows tr").first.locator("td").nth(2).click()
    patterns.get_by_role("heading", name="云栖里").wait_for()
    assert patterns.url.endswith("?panel=%2Fdetail")
    patterns.keyboard.press("Escape")
    assert patterns.locator("side-panel").is_hidden()
    assert patterns.url.endswith("/patterns")


def test_a_sent_link_cannot_bring_a_foreign_page_into_the_panel(patterns: "Page") -> None:
    for path in ("//evil.example/x", "https://evil.example/x", "/\\evil.example/x"):
        patterns.goto(f"/patterns?panel={path}")
        assert patterns.locator("side-panel").is_hidden()


def test_hidden_columns_stay_hidden(patterns: "Page") -> None:
    for _ in range(2):
        patterns.get_by_role("button", name="选择列").click()
        patterns.get_by_role("group", name="选择列").get_by_label("地址").set_checked(False)
        assert patterns.locator("#list th").nth(1).is_hidden()
        patterns.reload()
        assert patterns.locator("#list th").nth(1).is_hidden()


def test_the_theme_is_kept(patterns: "Page") -> None:
    for expected in ("light", "dark"):
        patterns.locator("theme-switch button").click()
        assert patterns.evaluate("document.documentElement.dataset.theme") == expected
    patterns.reload()
    assert patterns.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_keyboard_leads_to_the_search_and_through_the_rows(patterns: "Page") -> None:
    patterns.keyboard.press("/")
    assert patterns.evaluate("document.activeElement.id") == "find"
    patterns.keyboard.press("Escape")
    for _ in range(2):
        patterns.keyboard.press("j")
    assert patterns.evaluate("document.activeElement.textContent") == "星河虚构百货有限公司"


def test_a_filter_swaps_only_the_list_and_stands_in_the_address(patterns: "Page") -> None:
    with patterns.expect_response(lambda answer: "state=overdue" in answer.url) as answered:
        patterns.locator(".chip", has_text="逾期").click()
    assert answered.value.request.headers["hx-target"] == "list"
    patterns.wait_for_url("**/patterns?state=overdue")
    assert patterns.locator("#list").count() == 1


def test_a_picture_travels_with_the_hash_of_its_own_bytes(patterns: "Page", tmp_path: Path) -> None:
    picture = tmp_path / "door.jpg"
    picture.write_bytes(b"\xff\xd8\xff" + bytes(range(256)) * 40)
    patterns.locator("photo-capture input[type=file]").set_input_files(picture)
    patterns.locator(".shots li").wait_for()
    sent = patterns.locator("input[name=shot_sha256]").input_value()
    assert sent == hashlib.sha256(picture.read_bytes()).hexdigest()
    patterns.get_by_role("button", name="去掉这张").click()
    assert patterns.locator("input[name=shot_sha256]").count() == 0


def test_a_signature_becomes_a_picture_and_can_be_taken_back(patterns: "Page") -> None:
    canvas = patterns.locator("signature-pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    patterns.mouse.move(box["x"] + 30, box["y"] + 40)
    patterns.mouse.down()
    patterns.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
    patterns.mouse.up()
    field = patterns.locator("input[name=sample]")
    assert field.input_value().startswith("data:image/png;base64,")
    patterns.get_by_role("button", name="重写").click()
    assert field.input_value() == ""


def test_progress_stops_asking_when_the_work_is_done(patterns: "Page") -> None:
    patterns.route("**/job", answer_with("<p>导入完成</p>"))
    patterns.evaluate(
        """() => {
            const bar = document.createElement("busy-poll");
            bar.dataset.url = "/job";
            document.querySelector("main").append(bar);
        }"""
    )
    patterns.get_by_text("导入完成").wait_for(timeout=5000)
    assert patterns.locator("busy-poll[data-url]").count() == 0


def test_axe_finds_nothing_among_the_components(patterns: "Page") -> None:
    # Through the debugger, as the page's own policy rightly refuses a script that it does not serve.
    patterns.context.new_cdp_session(patterns).send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    for theme, width in THEMES_AND_WIDTHS:
        # Without motion, so that no colour is measured on its way from one theme to the other.
        patterns.emulate_media(color_scheme=theme, reduced_motion="reduce")
        patterns.set_viewport_size({"width": width, "height": 900})
        found = patterns.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])")
        assert found == [], (theme, width)
        assert patterns.evaluate("document.documentElement.scrollWidth") == width
