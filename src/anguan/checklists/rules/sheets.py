"""检查表和事项清单: what the shipped data holds, as plain values. Pure; the tables are in `models`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.people.rules import OrganKind


class HazardLevel(Labelled):
    """隐患级别 that a failed item suggests; the officer decides on the spot."""

    GENERAL = "general", N_("一般隐患")
    MAJOR = "major", N_("重大隐患")


class Importance(Labelled):
    """事项类别: key matters may be covered in full, general ones by a low ratio."""

    KEY = "key", N_("重点检查事项")
    GENERAL = "general", N_("一般检查事项")


class SubjectKind(Labelled):
    """对象类型: what a matter is checked on."""

    ENTERPRISE = "enterprise", N_("企业")
    COMPLEX = "complex", N_("商业综合体")
    TENANT = "tenant", N_("商户")
    BUILDING = "building", N_("高层建筑")
    SITE = "site", N_("建筑工地")
    KEY_UNIT = "key_unit", N_("消防安全重点单位")


@dataclass(frozen=True)
class Phrase:
    """隐患描述: a common wording for a question's failure, with its level and days."""

    text: str
    hazard_level: HazardLevel
    days: int


@dataclass(frozen=True)
class Question:
    """检查项: one question with where the duty stands and the three legal chains that follow when it is not met.

    `verified` is true only where violation, order and penalty were read in the full text of the law. `suggested_days`
    is the term for rectification in calendar days that the officer finds filled in. `criterion` is standard and clause
    of a major-hazard criterion that a failure may meet; empty for none.
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
    key: str
    order_organs: tuple[OrganKind, ...] = ()
    penalty_organs: tuple[OrganKind, ...] = ()
    criterion: tuple[str, str] | None = None
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """检查表: the questions of one kind of premises, in order."""

    code: str
    version: str
    title: str
    industry: str
    items: tuple[Question, ...]
    effective_from: date | None = None


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
    importance: Importance = Importance.GENERAL
    partners: tuple[OrganKind, ...] = ()
    subject_kinds: tuple[SubjectKind, ...] = ()


@dataclass(frozen=True)
class List:
    """随机抽查事项清单（一单）: one published version."""

    version: str
    title: str
    published_on: date
    items: tuple[Matter, ...]


@dataclass(frozen=True)
class Chain:
    """法律链条: violation, order and penalty as data, and which kinds of organ may order and penalise.

    A fine under 消防法 58 or 60 is the fire brigade's: another organ may only transfer (安全生产法 art. 69).
    """

    statute: str
    clause: str
    violation_basis: str
    order_basis: str
    penalty_basis: str
    order_organs: tuple[OrganKind, ...] = field(default=())
    penalty_organs: tuple[OrganKind, ...] = field(default=())
    verified: bool = False


class BadSheet(ValueError):
    """The data of a checklist or item list contradicts itself; the message says where."""


def parse_chains(content: Mapping[str, Any]) -> dict[str, Chain]:
    """The named chains of the data file."""
    organs = ("order_organs", "penalty_organs")
    return {
        name: Chain(**{**row, **{key: tuple(OrganKind(kind) for kind in row.get(key, ())) for key in organs}})
        for name, row in content.items()
    }


def parse_sheet(content: dict[str, Any], chains: Mapping[str, Chain] | None = None) -> Sheet:
    """A checklist from its TOML content; raises `BadSheet` when numbers don't run from 1 without a gap.

    A question writes its chains out, or names one of `chains`.
    """
    content = dict(content)
    items = tuple(_question(row, chains or {}, content["title"]) for row in content.pop("item"))
    _refuse_gaps([item.number for item in items], content["title"])
    if len({item.key for item in items}) != len(items):
        raise BadSheet(f"《{content['title']}》里有重复的题目标识。")
    for item in items:
        if item.suggested_days < 1:
            raise BadSheet(f"《{content['title']}》第 {item.number} 项的建议整改天数应至少为 1 天。")
    return Sheet(**content, items=items)


def _question(row: Mapping[str, Any], chains: Mapping[str, Chain], title: str) -> Question:
    values = {**row, "hazard_level": HazardLevel(row.get("hazard_level", "general"))}
    name = values.pop("chain", None)
    if name is not None:
        if name not in chains:
            raise BadSheet(f"《{title}》第 {row['number']} 项引用了没有的法律链条“{name}”。")
        values = {**vars(chains[name]), **values}
    values.setdefault("key", f"q{row['number']:02d}")
    values["criterion"] = tuple(row["criterion"]) if "criterion" in row else None
    values["phrases"] = tuple(_phrase(phrase, values) for phrase in row.get("phrases", ()))
    return Question(**values)


def _phrase(row: str | Mapping[str, Any], question: Mapping[str, Any]) -> Phrase:
    """A phrase as one text, or with a level and days of its own."""
    if isinstance(row, str):
        return Phrase(row, question["hazard_level"], question["suggested_days"])
    level = HazardLevel(row.get("level", question["hazard_level"]))
    return Phrase(row["text"], level, row.get("days", question["suggested_days"]))


def parse_list(content: dict[str, Any]) -> List:
    """An item list from its TOML content; raises `BadSheet` when a code comes twice."""
    content = dict(content)
    items = tuple(_matter(row) for row in content.pop("item"))
    if len({item.code for item in items}) != len(items):
        raise BadSheet(f"《{content['title']}》里有重复的事项编号。")
    return List(**content, items=items)


def _matter(row: Mapping[str, Any]) -> Matter:
    return Matter(
        **{
            **row,
            "importance": Importance(row.get("importance", "general")),
            "partners": tuple(OrganKind(kind) for kind in row.get("partners", ())),
            "subject_kinds": tuple(SubjectKind(kind) for kind in row.get("subject_kinds", ())),
        }
    )


def _refuse_gaps(numbers: Iterable[int], title: str) -> None:
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            raise BadSheet(f"《{title}》的编号应从 1 起连续，第 {expected} 项写成了 {number}。")


_SHEETS: Final = (
    "public-assembly",
    "public-assembly-2",
    "industry-trade",
    "hazchem-dealer",
    "high-rise",
    "building-site",
    "restaurant-gas",
    "fire-key-unit",
)


@cache
def shipped_sheets() -> tuple[Sheet, ...]:
    """The checklists that come with the program, older versions of a code first."""
    chains = parse_chains(_content("chains.toml"))
    return tuple(parse_sheet(_content(f"{name}.toml"), chains) for name in _SHEETS)


@cache
def shipped_lists() -> tuple[List, ...]:
    """The item lists that come with the program, oldest first."""
    return tuple(parse_list(_content(f"{name}.toml")) for name in ("items-2026", "items-2026-2"))


def _content(name: str) -> dict[str, Any]:
    return tomllib.loads((files("anguan.checklists") / "data" / name).read_text(encoding="utf-8"))
