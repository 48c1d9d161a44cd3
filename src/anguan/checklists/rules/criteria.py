"""重大事故隐患判定标准: the published criteria as plain values, and the fire standard's count of elements. Pure.

A hazard is major because a clause of a published standard says so, never by free text (安全生产法 art. 41). Each clause
is told in our own words with its mark: L read in full, V seen in a public copy, M from memory, D our own. Only L is
`verified`; what is not on file a bureau adds in the browser.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from anguan.checklists.rules.stages import NotAllowed
from anguan.core.enums import Labelled
from anguan.core.words import N_


class Field(Labelled):
    """领域: what kind of undertaking a standard is about."""

    INDUSTRY = "industry", N_("工贸")
    HAZCHEM = "hazchem", N_("化工和危险化学品")
    CONSTRUCTION = "construction", N_("房屋市政工程")
    FIRE = "fire", N_("消防")
    GAS = "gas", N_("城镇燃气")
    SPECIAL_EQUIPMENT = "special_equipment", N_("特种设备")
    CIVIL_EXPLOSIVES = "civil_explosives", N_("民用爆炸物品")
    OTHER = "other", N_("其他行业领域")


class Judgement(Labelled):
    """判定方式: one element alone, or several counted together."""

    DIRECT = "direct", N_("直接判定")
    COMPREHENSIVE = "comprehensive", N_("综合判定")


class Mark(Labelled):
    """证据级别: how well we know the wording."""

    READ = "L", N_("已读原文")
    SEEN = "V", N_("见于公开转载")
    MEMORY = "M", N_("凭记忆")
    OWN = "D", N_("本平台设定")


@dataclass(frozen=True)
class CriterionText:
    """判定条款: one clause of a standard in our own words."""

    clause: str
    summary: str
    judgement: Judgement
    evidence: str
    tag: Mark


@dataclass(frozen=True)
class StandardText:
    """判定标准: number, title and field, in force from and to (both days included; None where unknown or open)."""

    number: str
    title: str
    field: Field
    tag: Mark
    note: str
    valid_from: date | None
    valid_to: date | None
    criteria: tuple[CriterionText, ...]


_CLAUSE: Final = re.compile(r"第[一二三四五六七八九十百零\d.]+[条款项]|\d+(\.\d+)+|附录")


def check_clause(clause: str) -> None:
    """Refuse a clause that a document can't cite."""
    if not _CLAUSE.search(clause):
        raise NotAllowed(
            N_("“%(clause)s”不是条款号；应写成“第三条第二项”“第6.2条”或“附录A”这样的形式。"), clause=clause.strip()
        )


def parse_standard(content: Mapping[str, Any]) -> StandardText:
    """A standard with its criteria from TOML content.

    Raises `NotAllowed` for a clause that comes twice, and for clauses of a standard that says no first day.
    """
    head = content["standard"]
    criteria = []
    for row in content.get("criterion", ()):
        check_clause(row["clause"])
        criteria.append(
            CriterionText(
                clause=row["clause"],
                summary=row["summary"],
                judgement=Judgement(row.get("kind", "direct")),
                evidence=row["evidence"],
                tag=Mark(row["tag"]),
            )
        )
    if len({criterion.clause for criterion in criteria}) != len(criteria):
        raise NotAllowed(N_("%(number)s 里有重复的条款。"), number=head["number"])
    if criteria and "valid_from" not in head:
        raise NotAllowed(N_("%(number)s 没有写施行日期，收录条款前应先写明。"), number=head["number"])
    return StandardText(
        number=head["number"],
        title=head["title"],
        field=Field(head["field"]),
        tag=Mark(head["tag"]),
        note=head.get("note", ""),
        valid_from=head.get("valid_from"),
        valid_to=head.get("valid_to"),
        criteria=tuple(criteria),
    )


@cache
def shipped_standards() -> tuple[StandardText, ...]:
    """The standards that come with the program, by file name."""
    folder = files("anguan.checklists") / "data" / "criteria"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(parse_standard(tomllib.loads((folder / name).read_text(encoding="utf-8"))) for name in names)


class Premises(Labelled):
    """场所类型 of the comprehensive judgement of fire hazards."""

    ASSEMBLY = "assembly", N_("人员密集场所")
    EXPLOSIVE = "explosive", N_("易燃易爆危险品场所")
    IMPORTANT = "important", N_("重要场所")
    OTHER = "other", N_("其他场所")


@dataclass(frozen=True)
class Verdict:
    """综合判定结论: major or not, which line decided, and the elements that counted for it.

    Not major: the line that came nearest, with how many elements it still lacks.
    """

    is_major: bool
    line: str
    counted: tuple[str, ...]
    needed: int

    @property
    def lacking(self) -> int:
        """How many more elements would make it major; 0 when it is."""
        return max(0, self.needed - len(self.counted))


def judge_fire(elements: Collection[str], premises: Premises, lines: Sequence[Mapping[str, Any]]) -> Verdict:
    """综合判定重大火灾隐患: count the elements found against each line that applies to the premises.

    `lines` come from the rule record `fire-composite`: an id, the kinds of premises, the elements that count (a number,
    a span like "7.3.1-7.3.9", or all where none are named) and how many make a major hazard. An element found twice
    counts once. Raises `NotAllowed` for an element whose number no standard could carry.
    """
    found = sorted({element.strip() for element in elements}, key=_key)
    nearest: Verdict | None = None
    for line in lines:
        if premises.value not in line["premises"]:
            continue
        counted = tuple(element for element in found if _counts(element, line.get("elements", ())))
        verdict = Verdict(len(counted) >= line["count"], line["id"], counted, line["count"])
        if verdict.is_major:
            return verdict
        if nearest is None or verdict.lacking < nearest.lacking:
            nearest = verdict
    if nearest is None:
        raise NotAllowed(N_("综合判定规则里没有“%(premises)s”的条数，请先登记规则。"), premises=premises.label)
    return nearest


def _key(element: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){1,4}", element, re.ASCII):
        raise NotAllowed(
            N_("“%(element)s”不是综合判定要素的编号；应写标准里的编号，例如 7.3.2。"), element=element[:40]
        )
    return tuple(int(part) for part in element.split("."))


def _counts(element: str, spans: Sequence[str]) -> bool:
    """Whether an element lies under one of the named numbers or spans; naming none means all count."""
    if not spans:
        return True
    number = _key(element)
    for span in spans:
        first, _, last = span.partition("-")
        low, high = _key(first), _key(last or first)
        if low <= number[: len(low)] and number[: len(high)] <= high:
            return True
    return False
