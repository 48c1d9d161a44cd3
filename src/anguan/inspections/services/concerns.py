"""监督线索: what the judicial supervisor is told, and what they make of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections.models import Concern, Visit
from anguan.inspections.rules import ConcernKind, NotAllowed
from anguan.people.models import Organ


def raise_concern(
    *, kind: ConcernKind, text: str, actor: Actor, now: datetime, visit: Visit | None = None, organ: Organ | None = None
) -> Concern:
    """告知监督: one concern of a kind per visit, however often it is found again."""
    if visit is not None and (known := Concern.objects.filter(visit=visit, kind=kind).first()):
        return known
    about = organ or (visit.organ if visit is not None else None)
    assert about is not None
    concern = Concern.objects.create(kind=kind, organ=about, visit=visit, text=text[:500], at=now)
    audit.record(
        actor=actor,
        action="inspections.raise_concern",
        subject=concern,
        now=now,
        after=audit.snapshot(concern, "kind", "organ_id", "visit_id", "text"),
    )
    return concern


@transaction.atomic
def handle_concern(*, concern: Concern, opinion: str, actor: Actor, now: datetime) -> Concern:
    """监督意见: what the supervisor found; once."""
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if concern.handled_at is not None:
        raise NotAllowed(_("这条线索已经有监督意见，不能再改。"))
    if not opinion.strip():
        raise NotAllowed(_("请写明核实的情况和意见。"))
    concern.handled_at, concern.handled_by_name, concern.opinion = now, actor.name, opinion.strip()[:500]
    concern.save(update_fields=["handled_at", "handled_by_name", "opinion"])
    audit.record(
        actor=actor,
        action="inspections.handle_concern",
        subject=concern,
        now=now,
        after=audit.snapshot(concern, "handled_at", "opinion"),
    )
    return concern
