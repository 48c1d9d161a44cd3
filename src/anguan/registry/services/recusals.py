"""专家回避: enterprises that an expert keeps away from; draws of experts obey it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Expert
from anguan.registry.models import Enterprise, ExpertRecusal


class RecusalRefused(ValueError):
    """The day is none on which a recusal can begin or end; the message says why."""


@transaction.atomic
def declare_recusal(
    *, expert: Expert, enterprise: Enterprise, source: str, since: date, actor: Actor, now: datetime
) -> ExpertRecusal:
    """申报回避 of an expert; an open one of the same enterprise is returned as it is."""
    Expert.objects.select_for_update().get(pk=expert.pk)
    recusal, created = ExpertRecusal.objects.get_or_create(
        expert=expert, enterprise=enterprise, until=None, defaults={"source": source, "since": since}
    )
    if created:
        audit.record(
            actor=actor,
            action="registry.declare_recusal",
            subject=expert,
            now=now,
            after=audit.snapshot(recusal, "enterprise_id", "source", "since", "until"),
        )
    return recusal


@transaction.atomic
def end_recusal(*, recusal: ExpertRecusal, until: date, reason: str, actor: Actor, now: datetime) -> None:
    """解除回避 on a day, with the reason; it stays on record. Raises `RecusalRefused`."""
    recusal = ExpertRecusal.objects.select_for_update().get(pk=recusal.pk)
    if recusal.until is not None:
        return
    if until < recusal.since:
        raise RecusalRefused(_("解除日期早于申报日期，请核对。"))
    recusal.until = until
    recusal.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="registry.end_recusal",
        subject=recusal.expert,
        now=now,
        before={"enterprise_id": recusal.enterprise_id, "until": None},
        after={"enterprise_id": recusal.enterprise_id, "until": until},
        cause=reason,
    )
