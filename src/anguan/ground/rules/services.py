"""Writes of rule records: each version once, never over another."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground.access import SYSTEM, Actor
from anguan.ground.audit import record, snapshot
from anguan.ground.rules.models import RuleRecord
from anguan.ground.rules.records import Rule, shipped_rules

_WORDING = ("title", "tag", "note", "valid_to")


class RuleChanged(ValueError):
    """Something else is stored under this rule, place and version; a changed rule needs the next version."""


@dataclass(frozen=True)
class Loaded:
    """What loading did: records written, records whose wording was mended, records that were there already."""

    created: int
    mended: int
    unchanged: int


@transaction.atomic
def load_rules(*, now: datetime, actor: Actor = SYSTEM) -> Loaded:
    """Store every shipped rule record that is not stored yet; safe to repeat.

    Raises `RuleChanged`, and stores nothing, when shipped data changed what decides an outcome under an old version.
    """
    stored = {(row.rule_id, row.jurisdiction, row.version): row for row in RuleRecord.objects.select_for_update()}
    created = mended = 0
    for rule in shipped_rules():
        row = stored.get((rule.id, rule.jurisdiction, rule.version))
        if row is None:
            _store(rule, actor, now)
            created += 1
        else:
            mended += _mend(row, rule, actor, now)
    return Loaded(created, mended, len(shipped_rules()) - created - mended)


@transaction.atomic
def record_rule(*, rule: Rule, actor: Actor, now: datetime) -> RuleRecord:
    """登记规则: store one version, such as a province's own number; the same again changes nothing.

    Raises `RuleChanged`.
    """
    row = (
        RuleRecord.objects.select_for_update()
        .filter(rule_id=rule.id, jurisdiction=rule.jurisdiction, version=rule.version)
        .first()
    )
    if row is None:
        return _store(rule, actor, now)
    _mend(row, rule, actor, now)
    return row


def _store(rule: Rule, actor: Actor, now: datetime) -> RuleRecord:
    row = RuleRecord.objects.create(
        rule_id=rule.id,
        jurisdiction=rule.jurisdiction,
        version=rule.version,
        title=rule.title,
        source=rule.source,
        clause=rule.clause,
        kind=rule.kind.value,
        count=rule.count,
        unit=rule.unit.value if rule.unit else "",
        roll_forward=rule.roll_forward,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        verified=rule.verified,
        tag=rule.tag,
        note=rule.note,
        values=dict(rule.values),
        fingerprint=rule.fingerprint,
        recorded_at=now,
    )
    record(actor=actor, action="ground.record_rule", subject=row, after=snapshot(row), now=now)
    return row


def _mend(row: RuleRecord, rule: Rule, actor: Actor, now: datetime) -> bool:
    """Bring the wording up to date, which decides nothing; True when something changed."""
    if row.fingerprint != rule.fingerprint:
        raise RuleChanged(
            _("规则 %(rule)s 第 %(version)d 版已经登记，内容不同；变更须登记为下一版。")
            % {"rule": rule.id, "version": rule.version}
        )
    before = snapshot(row, *_WORDING)
    for name in _WORDING:
        setattr(row, name, getattr(rule, name))
    after = snapshot(row, *_WORDING)
    if before == after:
        return False
    row.save(update_fields=_WORDING)
    record(actor=actor, action="ground.mend_rule_wording", subject=row, before=before, after=after, now=now)
    return True
