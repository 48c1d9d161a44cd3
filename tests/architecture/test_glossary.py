"""docs/glossary.md is a contract: every path in it leads somewhere."""

import importlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.urls import URLResolver, get_resolver

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
HEADER = "| 中文 | 别称 | room | model or state | service | URL | 法条 |"


def rows() -> list[list[str]]:
    """Cells of each row below the header."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    start = lines.index(HEADER) + 2
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:] if line.startswith("|")]


def find(path: str) -> object:
    """What a dotted path below `anguan.` names."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(["anguan", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    raise AssertionError(path)


def url_names() -> set[str]:
    """Every URL name, with its namespace."""
    names = set()

    def walk(resolver: URLResolver, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif pattern.name:
                names.add(prefix + pattern.name)

    walk(get_resolver(), "")
    return names


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_every_path_of_a_term_leads_somewhere(row: list[str]) -> None:
    assert len(row) == 7, row
    for cell in (row[3], row[4]):
        for path in re.findall(r"`([^`]+)`", cell):
            find(path)
    for name in re.findall(r"`([^`]+)`", row[5]):
        assert name in url_names(), name


def test_a_term_stands_once() -> None:
    terms = [row[0] for row in rows()]
    assert len(terms) == len(set(terms))


def in_one(forms: str | Iterable[str] | None) -> str:
    """A text, or all its plural forms."""
    return forms if isinstance(forms, str) else " ".join(forms or ())


def test_a_check_has_one_english_word() -> None:
    others = []
    for file in sorted((GLOSSARY.parents[1] / "src").rglob("locale/en/LC_MESSAGES/django.po")):
        with file.open("rb") as lines:
            for message in read_po(lines):
                asked, said = in_one(message.id), in_one(message.string)
                if "检查" in asked and re.search(r"(?<![-(])\b(inspect|visit)", said, re.IGNORECASE):
                    others.append((file.parts[-5], asked, said))
    assert not others
