"""Which texts the rooms show, and which of them their English catalogues know.

Chinese is the text in the source; each room keeps its own English beside it.
"""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "anguan"
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# A message: its context, and its text or (singular, plural).
Key = tuple[str | None, str | tuple[str, ...]]


def rooms() -> list[Path]:
    """The folders of all packages of the house."""
    return sorted(folder for folder in SOURCE.iterdir() if (folder / "__init__.py").exists())


def catalogue_of(room: Path) -> Path:
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def texts_of(room: Path) -> dict[Key, str]:
    """Each text that the room shows, with the first place it stands at."""
    found: dict[Key, str] = {}
    for file in sorted(room.rglob("*")):
        parts = file.relative_to(room).parts
        if {"tests", "migrations", "static", "__pycache__"} & set(parts):
            continue
        if file.suffix == ".py":
            source = file.read_bytes()
        elif file.suffix in {".html", ".txt"} and "templates" in parts:
            source = _python_of(file)
        else:
            continue
        for line, text, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
            key = (context, tuple(text) if isinstance(text, (list, tuple)) else text)
            found.setdefault(key, f"{file.relative_to(SOURCE.parents[1])}:{line}")
    return {key: place for key, place in found.items() if key[1]}


def _python_of(template: Path) -> bytes:
    """A template as Django hands it to gettext's tools: Python calls where texts stand, X elsewhere."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anguan.settings")
    from django.utils.translation.template import templatize

    # In brackets, so that the template's indentation means nothing to Python.
    return f"(\n{templatize(template.read_text(encoding='utf-8'), origin=str(template))}\n)".encode()


def read(file: Path) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale="en")


def keys_of(catalogue: Catalog) -> Iterator[tuple[Key, object]]:
    """Key and translation of each message but the header."""
    for message in catalogue:
        if message.id:
            text = tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id
            yield (message.context, text), message.string


def doubles_in(file: Path) -> list[str]:
    """Texts that stand in a catalogue twice; Babel's reader folds them silently."""
    seen: set[str] = set()
    doubles = []
    for block in re.split(r"\n\s*\n", file.read_text(encoding="utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        key = "\n".join(lines).partition("msgstr")[0].strip()
        if key in seen and key:
            doubles.append(key)
        seen.add(key)
    return doubles
