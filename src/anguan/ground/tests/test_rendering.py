"""Typst to PDF: the same bytes again, rare characters, and refusals instead of empty boxes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from anguan.ground import rendering
from anguan.ground.rendering import CannotRender

TEMPLATES = Path(__file__).parent / "data"
NOW = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


def test_the_same_values_give_the_same_bytes() -> None:
    template = TEMPLATES / "sample.typ"
    first, second = (rendering.render_pdf(template=template, values={"text": "堃镕㛃"}, moment=NOW) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", ["堃", "镕", "㛃", "喆", "犇", "垚", "䶮", "𬭳"])
def test_rare_characters_of_names_can_be_printed(name: str) -> None:
    rendering.check_drawable({"name": name})


def test_a_template_with_a_warning_is_refused() -> None:
    template = TEMPLATES / "unknown_font.typ"
    with pytest.raises(CannotRender, match="unknown font family"):
        rendering.render_pdf(template=template, values={}, moment=NOW)
