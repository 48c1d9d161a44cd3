"""The colours of the house are legible in light and dark: worked out, not believed."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[4] / "frontend" / "src" / "styles" / "tokens.css"
GROUNDS = ("paper", "panel", "sunken")


def colours_of(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def blocks() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    light = css[css.index(":root {") : css.index("@media (prefers-color-scheme: dark)")]
    by_system = css[css.index("@media (prefers-color-scheme: dark)") : css.index(':root[data-theme="dark"]')]
    by_switch = css[css.index(':root[data-theme="dark"]') : css.index(":root:has(body.phone)")]
    return {"light": colours_of(light), "dark": colours_of(by_switch), "dark by system": colours_of(by_system)}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *product(("ink", "ink-soft", "link", "overdue", "risk-larger"), (*GROUNDS, "brand-wash")),
    *((f"risk-{level}", f"risk-{level}-wash") for level in ("major", "larger", "general", "low")),
    *((state, f"{state}-wash") for state in ("open", "waiting", "done", "overdue", "void")),
    *((name, "panel") for name in ("risk-major", "done", "waiting", "open")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-brand", "masthead"),
    ("on-masthead-soft", "masthead"),
    ("on-cinnabar", "cinnabar"),
    ("ink", "risk-larger-wash"),
    ("ink", "cinnabar-wash"),
    ("risk-major", "cinnabar-wash"),
]
# Borders of controls, the ring of the focus, bars: what must be seen but not read.
SHAPE_PAIRS = list(product(("outline", "focus", "link"), GROUNDS))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(theme: str, front: str, back: str) -> None:
    colours = blocks()[theme]
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPE_PAIRS)
def test_shapes_stand_out_from_their_ground(theme: str, front: str, back: str) -> None:
    colours = blocks()[theme]
    assert contrast(colours[front], colours[back]) >= 3


def test_the_systems_dark_and_the_switchs_dark_are_the_same() -> None:
    assert blocks()["dark"] == blocks()["dark by system"]


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
