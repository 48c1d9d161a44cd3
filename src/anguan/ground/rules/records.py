"""Rule records as plain values, and the shipped ones read from this package's data; knows no Django and no database."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from anguan.core.canonical import canonical_json
from anguan.core.enums import Labelled
from anguan.core.periods import Period, Unit
from anguan.core.words import N_

NATIONAL = "CN"


class Kind(Labelled):
    """规则类型: the form a rule has, and so which function answers it."""

    PERIOD = "period", N_("单一期间")
    BACKWARD = "backward", N_("倒推期间")
    CAPPED = "capped", N_("按日累计封顶")
    COMPOUND = "compound", N_("分段或可延长")
    DEPENDENT = "dependent", N_("起算点由程序定")
    FIXED_DATE = "fixed_date", N_("固定日期")
    RANGE = "range", N_("幅度")
    TRIGGER = "trigger", N_("次数触发")
    THRESHOLD = "threshold", N_("界限值")
    SETTING = "setting", N_("设置")
    TEXT = "text", N_("文书用语")


class UnknownRule(LookupError):
    """No rule record has this id."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(f"没有编号为“{rule_id}”的规则；anguan deadline --list 列出全部期限规则。")


@dataclass(frozen=True)
class Rule:
    """规则: one version of one time limit, threshold, setting or text of the law.

    `verified` is true only where the wording was read in the full text of the law (tag L). `values` holds what a plain
    period cannot say; decimals in it are text. `valid_from` and `valid_to` are None where unknown or open.
    """

    id: str
    version: int
    title: str
    source: str
    clause: str
    kind: Kind
    tag: str
    verified: bool
    jurisdiction: str = NATIONAL
    count: int | None = None
    unit: Unit | None = None
    roll_forward: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """The law and article as they are cited: 《中华人民共和国行政处罚法》第六十条."""
        return self.source + self.clause

    @property
    def period(self) -> Period:
        """The period the rule sets; ValueError for rules that set none."""
        if self.count is None or self.unit is None:
            raise ValueError(f"规则 {self.id} 不是一个期间。")
        return Period(self.count, self.unit, self.roll_forward)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what decides an outcome. Title, note and the end of validity are left out: wording may be mended,
        and a version ends when its successor begins."""
        return sha256(
            canonical_json(
                {
                    "id": self.id,
                    "jurisdiction": self.jurisdiction,
                    "version": self.version,
                    "source": self.source,
                    "clause": self.clause,
                    "kind": self.kind.value,
                    "count": self.count,
                    "unit": self.unit.value if self.unit else None,
                    "roll_forward": self.roll_forward,
                    "valid_from": self.valid_from.isoformat() if self.valid_from else None,
                    "verified": self.verified,
                    "values": self.values,
                }
            ).encode()
        ).hexdigest()

    def covers(self, day: date) -> bool:
        """True when this version's own dates include `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def choose(versions: Iterable[Rule], on: date) -> Rule | None:
    """The newest version in force on the day `on`; before the first one began, the first; None of none.

    A day before the first known version is answered with that version rather than refused: the older text is not on
    file, and `Rule.covers` tells the caller so.
    """
    ordered = sorted(versions, key=lambda rule: rule.version)
    in_force = [rule for rule in ordered if rule.covers(on)]
    if in_force:
        return in_force[-1]
    begun = [rule for rule in ordered if rule.valid_from is None or rule.valid_from <= on]
    return begun[-1] if begun else (ordered[0] if ordered else None)


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Every record in this package's data files, in the order of files and records."""
    folder = files("anguan.ground.rules") / "data"
    rules: list[Rule] = []
    for name in ("deadlines.toml", "settings.toml", "inspections.toml", "intake.toml", "alarms.toml"):
        content = tomllib.loads((folder / name).read_text(encoding="utf-8"))
        sources: dict[str, dict[str, Any]] = content.get("law", {})
        rules += [_parsed(record, sources) for record in content["rule"]]
    return tuple(rules)


@cache
def _versions(rule_id: str, jurisdiction: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in shipped_rules() if rule.id == rule_id and rule.jurisdiction == jurisdiction)


def shipped_rule(rule_id: str, on: date, jurisdiction: str = NATIONAL) -> Rule:
    """The shipped version of a rule in force on the day `on` in a place, else the national one; else `UnknownRule`."""
    found = choose(_versions(rule_id, jurisdiction), on) or choose(_versions(rule_id, NATIONAL), on)
    if found is None:
        raise UnknownRule(rule_id)
    return found


def _parsed(record: Mapping[str, Any], laws: Mapping[str, Mapping[str, Any]]) -> Rule:
    """One record of a data file; `law` names an entry of its [law] table, which gives the source and its date."""
    law = laws[record["law"]] if "law" in record else {}
    tag: str = record["tag"]
    return Rule(
        id=record["id"],
        version=record.get("version", 1),
        title=record["title"],
        source=record.get("source", law.get("name", "")),
        clause=record.get("clause", ""),
        kind=Kind(record["kind"]),
        tag=tag,
        verified=tag == "L",
        jurisdiction=record.get("jurisdiction", NATIONAL),
        count=record.get("count"),
        unit=Unit(record["unit"]) if "unit" in record else None,
        roll_forward=record.get("roll_forward", False),
        valid_from=record.get("valid_from", law.get("valid_from")),
        valid_to=record.get("valid_to", law.get("valid_to")),
        note=record.get("note", ""),
        values=record.get("values", {}),
    )
