"""回避申报 (行政处罚法 art. 43): what keeps an officer away from an enterprise."""

from datetime import date, datetime

from django.db import transaction

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Officer
from anguan.registry.models import DeclaredConflict, Enterprise


@transaction.atomic
def declare_conflict(
    *,
    officer: Officer,
    enterprise: Enterprise,
    kind: str,
    since: date,
    source: str,
    actor: Actor,
    now: datetime,
    until: date | None = None,
) -> DeclaredConflict:
    """Declare that an officer must keep away from an enterprise; draws and signatures obey it from `since` on."""
    conflict = DeclaredConflict.objects.create(
        officer=officer,
        enterprise=enterprise,
        kind=kind,
        since=since,
        until=until,
        source=source,
        declared_at=now,
        declared_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="registry.declare_conflict",
        subject=officer,
        now=now,
        after=audit.snapshot(conflict, "enterprise_id", "kind", "since", "until"),
    )
    return conflict


@transaction.atomic
def end_conflict(*, conflict: DeclaredConflict, until: date, actor: Actor, now: datetime) -> None:
    """End a declared conflict on a day; it stays on record."""
    before = audit.snapshot(conflict, "until")
    conflict.until = until
    conflict.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="registry.end_conflict",
        subject=conflict.officer,
        now=now,
        before=before,
        after=audit.snapshot(conflict, "until"),
    )
