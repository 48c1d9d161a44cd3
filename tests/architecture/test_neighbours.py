"""What a room may take from another: models, selectors, services, events; of its rules the vocabulary only."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "anguan"
# Not rooms: everybody stands on them, or they stand outside.
COMMON = {"core", "wire", "ground", "ui", "settings", "supervisor"}
CLOSED = {"views", "forms", "urls", "api", "panels", "menu", "admin"}
# The root that mounts what rooms offer.
MOUNTS = {("web", "api")}


def foreign_imports() -> Iterator[tuple[str, str, str, str]]:
    """Room and module that import, and the other room's module and name."""
    for file in sorted(SOURCE.rglob("*.py")):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        if len(parts) < 2 or parts[0] in COMMON or "migrations" in parts or "tests" in parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("anguan."):
                other = node.module.split(".")[1:]
                if other[0] not in COMMON and other[0] != parts[0]:
                    for alias in node.names:
                        yield parts[0], parts[1], ".".join(other), alias.name


IMPORTS = sorted(set(foreign_imports()))


def test_there_is_something_to_look_at() -> None:
    assert len(IMPORTS) > 50


@pytest.mark.parametrize("found", IMPORTS, ids=lambda found: f"{found[0]}.{found[1]} takes {found[2]}.{found[3]}")
def test_a_neighbour_takes_only_what_is_offered(found: tuple[str, str, str, str]) -> None:
    room, module, other, name = found
    layer = other.split(".")[1] if "." in other else name
    if (room, module) not in MOUNTS:
        assert layer not in CLOSED, "pages, forms and panels are a room's own"
    if layer == "rules":
        taken = getattr(importlib.import_module(f"anguan.{other}"), name)
        is_word = isinstance(taken, type) and issubclass(taken, Enum)
        is_group = isinstance(taken, frozenset | tuple) and all(isinstance(member, Enum) for member in taken)
        is_refusal = isinstance(taken, type) and issubclass(taken, Exception)
        is_value = isinstance(taken, type) and is_dataclass(taken)
        assert is_word or is_group or is_refusal or is_value, "rules of another room are asked through its services"
