"""Reads of the stored rule records; where none is stored, the shipped ones answer."""

from datetime import date

from anguan.core.periods import Unit
from anguan.ground.rules.models import RuleRecord
from anguan.ground.rules.records import NATIONAL, Kind, Rule, UnknownRule, choose, shipped_rule


def rule(rule_id: str, on: date, jurisdiction: str = NATIONAL) -> Rule:
    """The version of a rule in force on the day `on`: the place's own, else the national one; `UnknownRule` if none.

    Stored records go first; one query. A rule that nobody stored yet comes from the shipped data.
    """
    stored = [
        as_rule(record)
        for record in RuleRecord.objects.filter(rule_id=rule_id, jurisdiction__in={jurisdiction, NATIONAL})
    ]
    for place in (jurisdiction, NATIONAL):
        found = choose((version for version in stored if version.jurisdiction == place), on)
        if found is not None:
            return found
    return shipped_rule(rule_id, on, jurisdiction)


def all_versions() -> list[Rule]:
    """Every stored version of every rule, by id, place and version, for the page of rules."""
    return [as_rule(record) for record in RuleRecord.objects.order_by("rule_id", "jurisdiction", "version")]


def unverified_in_force(on: date) -> list[Rule]:
    """Rules in force on the day `on` whose wording nobody has checked in the full text, for `anguan check`."""
    versions: dict[tuple[str, str], list[Rule]] = {}
    for version in all_versions():
        versions.setdefault((version.id, version.jurisdiction), []).append(version)
    chosen = (choose(group, on) for group in versions.values())
    return [rule for rule in chosen if rule is not None and not rule.verified]


def as_rule(record: RuleRecord) -> Rule:
    """A stored record as the plain value that computations take."""
    return Rule(
        id=record.rule_id,
        version=record.version,
        title=record.title,
        source=record.source,
        clause=record.clause,
        kind=Kind(record.kind),
        tag=record.tag,
        verified=record.verified,
        jurisdiction=record.jurisdiction,
        count=record.count,
        unit=Unit(record.unit) if record.unit else None,
        roll_forward=record.roll_forward,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        note=record.note,
        values=record.values,
    )


__all__ = ["UnknownRule", "all_versions", "as_rule", "rule", "unverified_in_force"]
