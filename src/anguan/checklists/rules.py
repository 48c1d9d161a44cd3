"""检查表和事项清单: what the shipped data holds, as plain values. Pure; the tables are in `models`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from anguan.core.enums import Labelled
from anguan.core.words import N_


class HazardLevel(Labelled):
    """隐患级别 that a failed item suggests; the officer decides on the spot."""

    GENERAL = "general", N_("一般隐患")
    MAJOR = "major", N_("重大隐患")


@dataclass(frozen=True)
class Question:
    """检查项: one question with where the duty stands and the three legal chains that follow when it is not met.

    `verified` is true only where violation, order and penalty were read in the full text of the law. `suggested_days`
    is the term for rectification in calendar days that the officer finds filled in.
    """

    number: int
    question: str
    look_for: str
    statute: str
    clause: str
    violation_basis: str
    order_basis: str
    penalty_basis: str
    hazard_level: HazardLevel
    suggested_days: int
    verified: bool


@dataclass(frozen=True)
class Sheet:
    """检查表: the questions of one kind of premises, in order."""

    code: str
    version: str
    title: str
    industry: str
    items: tuple[Question, ...]


@dataclass(frozen=True)
class Matter:
    """抽查事项: one row of the list of matters that may be inspected at random."""

    code: str
    matter: str
    basis: str
    targets: str
    base: str
    ratio: str
    cycle: str
    method: str
    subject: str
    checklist: str


@dataclass(frozen=True)
class List:
    """随机抽查事项清单（一单）: one published version."""

    version: str
    title: str
    published_on: date
    items: tuple[Matter, ...]


class BadSheet(ValueError):
    """The data of a checklist or item list contradicts itself; the message says where."""


def parse_sheet(content: dict[str, Any]) -> Sheet:
    """A checklist from its TOML content; raises `BadSheet` when numbers don't run from 1 without a gap."""
    items = tuple(Question(**{**row, "hazard_level": HazardLevel(row["hazard_level"])}) for row in content.pop("item"))
    _refuse_gaps([item.number for item in items], content["title"])
    for item in items:
        if item.suggested_days < 1:
            raise BadSheet(f"《{content['title']}》第 {item.number} 项的建议整改天数应至少为 1 天。")
    return Sheet(**content, items=items)


def parse_list(content: dict[str, Any]) -> List:
    """An item list from its TOML content; raises `BadSheet` when a code comes twice."""
    items = tuple(Matter(**row) for row in content.pop("item"))
    if len({item.code for item in items}) != len(items):
        raise BadSheet(f"《{content['title']}》里有重复的事项编号。")
    return List(**content, items=items)


def _refuse_gaps(numbers: Iterable[int], title: str) -> None:
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            raise BadSheet(f"《{title}》的编号应从 1 起连续，第 {expected} 项写成了 {number}。")


def shipped_sheets() -> tuple[Sheet, ...]:
    """The checklists that come with the program."""
    return (parse_sheet(_content("public-assembly.toml")),)


def shipped_lists() -> tuple[List, ...]:
    """The item lists that come with the program, oldest first."""
    return (parse_list(_content("items-2026.toml")),)


def _content(name: str) -> dict[str, Any]:
    return tomllib.loads((files("anguan.checklists") / "data" / name).read_text(encoding="utf-8"))
