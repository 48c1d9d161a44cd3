"""空查说明: the leader says why an officer who kept finding nothing at a firm goes there again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.inspections.models import EmptyChecksExplained
from anguan.inspections.rules import NotAllowed
from anguan.inspections.services.visits.acting import leads
from anguan.people.models import Officer
from anguan.registry.models import Enterprise


@transaction.atomic
def explain_empty_checks(
    *, officer: Officer, enterprise: Enterprise, reason: str, actor: Actor, now: datetime
) -> EmptyChecksExplained:
    """说明: checks up to today no longer block; one explanation a day of a pair is enough."""
    if not leads(actor, officer.organ_id):
        raise PermissionDenied(_("空查由本机关负责人说明。"))
    if not reason.strip():
        raise NotAllowed(_("请写明为什么还由这位执法人员去。"))
    today = clock.local_day(now)
    known = EmptyChecksExplained.objects.filter(officer=officer, enterprise=enterprise, explained_on=today).first()
    if known is not None:
        return known
    row = EmptyChecksExplained.objects.create(
        officer=officer, enterprise=enterprise, reason=reason.strip()[:300], explained_on=today, explained_at=now,
        explained_by_name=actor.name,
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="inspections.explain_empty_checks",
        subject=row,
        now=now,
        after=audit.snapshot(row, "officer_id", "enterprise_id", "reason"),
    )
    return row
