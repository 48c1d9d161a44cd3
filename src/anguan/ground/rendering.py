"""文书排版: a typst template and plain values become a PDF with its fonts inside.

Values reach the template as one JSON text and are never read as typst source, so nothing that somebody typed can run or
break a page. A warning of the compiler is an error here (an unknown font gives a page of empty boxes and only a
warning), and a character that none of the fonts can draw is refused before anything is drawn.

The same template, values and moment give the same bytes.
"""

import json
import struct
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _
from PIL import Image

FONTS = Path(__file__).parent / "fonts"

# 仿宋 first, as GB/T 9704 wants the body, for whoever puts a licensed face into the folder; 宋体 is always there and
# draws what the first one lacks (rare characters of names).
BODY_FACES = ("FangSong_GB2312", "FZFangSong-Z02S", "FangSong", "Noto Serif SC")
TITLE_FACES = ("FZXiaoBiaoSong-B05S", "Noto Serif SC")

_SIGNATURE_WIDTH = 720  # pixels: more than a pen on a phone needs, and small enough for a hundred signatures


class CannotRender(ValueError):
    """The document can't be drawn as it should be; the message is what the person reads."""


class _Press:
    """The one compiler of this process with its fonts, used by one thread at a time."""

    def __init__(self) -> None:
        files = sorted(path for path in FONTS.glob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc"})
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        families = {family.lower(): family for family in fonts.families()}
        self.body = [families[face.lower()] for face in BODY_FACES if face.lower() in families]
        self.title = [families[face.lower()] for face in TITLE_FACES if face.lower() in families]
        if not self.body or not self.title:
            raise CannotRender(_("缺少文书用的中文字体，请先运行 make setup。"))
        self.drawable = frozenset().union(*(_characters_of(path) for path in files))
        self.compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
        self.lock = threading.Lock()


@cache
def _press() -> _Press:
    return _Press()


def render_pdf(*, template: Path, values: Mapping[str, Any], moment: datetime) -> bytes:
    """The PDF of a typst template filled with `values`, dated `moment`.

    The template finds the values by `json(bytes(sys.inputs.values))`, with `faces.body` and `faces.title` added; it may
    import files of its own folder only. Pictures are values too: see `picture`. Raises `CannotRender`.
    """
    press = _press()
    check_drawable(values)
    text = json.dumps({**values, "faces": {"body": press.body, "title": press.title}}, ensure_ascii=False)
    with press.lock:
        try:
            pdf, warnings = press.compiler.compile_with_warnings(
                input=str(template),
                root=str(template.parent),
                format="pdf",
                sys_inputs={"values": text},
                timestamp=int(moment.timestamp()),
            )
        except typst.TypstError as error:
            raise CannotRender(_("文书 %(name)s 排版出错：%(why)s") % {"name": template.stem, "why": error}) from error
    if warnings:
        why = "; ".join(warning.message for warning in warnings)
        raise CannotRender(_("文书 %(name)s 排版有警告：%(why)s") % {"name": template.stem, "why": why})
    assert isinstance(pdf, bytes)
    return pdf


def check_drawable(values: object) -> None:
    """Raise `CannotRender` naming the first character in any text of `values` that no font can draw."""
    drawable = _press().drawable
    for text in _texts(values):
        for position, character in enumerate(text):
            if ord(character) in drawable or character in "\n\t":
                continue
            around = text[max(0, position - 6) : position + 7]
            name = unicodedata.name(character, "")
            raise CannotRender(
                _(
                    "“%(around)s”里的字符“%(character)s”（U+%(code)04X %(name)s）字库中没有，"
                    "无法印在文书上，请换用其他写法。"
                )
                % {"around": around, "character": character, "code": ord(character), "name": name}
            )


def drawable_characters() -> frozenset[int]:
    """The code points that a document can show, for whoever has to know before the text arrives here."""
    return _press().drawable


def _texts(values: object) -> Iterator[str]:
    if isinstance(values, Picture):
        return
    if isinstance(values, str):
        yield values
    elif isinstance(values, Mapping):
        for value in values.values():
            yield from _texts(value)
    elif isinstance(values, Sequence):
        for value in values:
            yield from _texts(value)


class Picture(str):
    """An SVG text that a template draws; made by `picture` and `qr_code`."""

    __slots__ = ()


def picture(data: bytes) -> Picture:
    """A PNG, JPEG or WebP wrapped for a template; drawn again as a small PNG, so that only pixels are carried."""
    with Image.open(BytesIO(data)) as image:
        drawn = image.convert("RGBA")
    drawn.thumbnail((_SIGNATURE_WIDTH, _SIGNATURE_WIDTH))
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    flat = BytesIO()
    paper.convert("L").save(flat, "PNG")
    width, height = drawn.size
    return Picture(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/png;base64,{b64encode(flat.getvalue()).decode()}"/></svg>'
    )


def qr_code(text: str) -> Picture:
    """The QR code of a text, with error correction M, which still reads after a fold or a stamp across it."""
    svg = BytesIO()
    segno.make(text, error="m", micro=False).save(svg, kind="svg", xmldecl=False, border=0)
    return Picture(svg.getvalue().decode())


def _characters_of(path: Path) -> frozenset[int]:
    """Code points that the face or faces in a TrueType or OpenType file can draw, read from their `cmap` tables."""
    data = path.read_bytes()
    starts = [0]
    if data[:4] == b"ttcf":
        (count,) = struct.unpack_from(">I", data, 8)
        starts = list(struct.unpack_from(f">{count}I", data, 12))
    found: set[int] = set()
    for start in starts:
        (tables,) = struct.unpack_from(">H", data, start + 4)
        for index in range(tables):
            tag, _checksum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
            if tag == b"cmap":
                found |= _characters_of_cmap(data, offset)
    return frozenset(found)


def _characters_of_cmap(data: bytes, cmap: int) -> set[int]:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    by_format: dict[int, int] = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        if (platform, encoding) in {(0, 3), (0, 4), (3, 1), (3, 10)}:
            (kind,) = struct.unpack_from(">H", data, cmap + offset)
            by_format[kind] = cmap + offset
    found: set[int] = set()
    if 12 in by_format:  # the whole of Unicode; format 4 holds only its first plane
        at = by_format[12]
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for group in range(groups):
            first, last, _glyph = struct.unpack_from(">III", data, at + 16 + 12 * group)
            found.update(range(first, last + 1))
    elif 4 in by_format:
        at = by_format[4]
        (doubled,) = struct.unpack_from(">H", data, at + 6)
        segments = doubled // 2
        ends = struct.unpack_from(f">{segments}H", data, at + 14)
        firsts = struct.unpack_from(f">{segments}H", data, at + 16 + doubled)
        for first, last in zip(firsts, ends, strict=True):
            found.update(range(first, last + 1))
        found.discard(0xFFFF)
    return found
