"""The public page compares a file in the reader's own browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from anguan.papers import selectors
from anguan.papers.tests import builders


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_citizen_compares_a_file_without_sending_it(phone: Page, tmp_path: Path) -> None:
    paper = builders.issued(builders.cast())
    genuine, altered = tmp_path / "genuine.pdf", tmp_path / "altered.pdf"
    genuine.write_bytes(selectors.pdf_of(paper))
    altered.write_bytes(genuine.read_bytes() + b" ")

    phone.goto(f"/public/papers/{paper.confirm_code}/")
    expect(phone.get_by_text(paper.number)).to_be_visible()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.get_by_label("选择文件").set_input_files(genuine)
    expect(phone.get_by_text("一致：这个文件就是出具的那一份")).to_be_visible()
    phone.get_by_label("选择文件").set_input_files(altered)
    expect(phone.get_by_text("不一致：")).to_be_visible()
    assert asked == []
