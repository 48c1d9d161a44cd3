"""企业合并: two rows that are one enterprise; the loser stays as an alias, nothing is re-pointed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.registry.events import EnterpriseMerged
from anguan.registry.models import Enterprise

__all__ = ["EnterpriseMerged", "MergeRefused", "merge_enterprises"]


class MergeRefused(ValueError):
    """These two can't be merged; the message says why."""


@transaction.atomic
def merge_enterprises(*, loser: Enterprise, winner: Enterprise, reason: str, actor: Actor, now: datetime) -> None:
    """Make `loser` an alias of `winner`; whatever points to it is read through the alias from now on."""
    rows = {
        row.pk: row
        for row in Enterprise.objects.select_for_update().filter(pk__in=[loser.pk, winner.pk]).order_by("pk")
    }
    if len(rows) < 2:
        raise MergeRefused(_("请选择另一家企业，不能与自己合并。"))
    loser, winner = rows[loser.pk], rows[winner.pk]
    if loser.merged_into_id is not None:
        raise MergeRefused(_("%(name)s 已经并入别的企业。") % {"name": loser.name})
    if winner.merged_into_id is not None:
        raise MergeRefused(_("%(name)s 已经并入别的企业，请选择现存的那一家。") % {"name": winner.name})
    loser.merged_into = winner
    loser.updated_at = now
    loser.save(update_fields=["merged_into", "updated_at"])
    audit.record(
        actor=actor,
        action="registry.merge",
        subject=loser,
        now=now,
        before={"merged_into_id": None},
        after={"merged_into_id": winner.pk},
        cause=reason,
    )
    audit.record(
        actor=actor,
        action="registry.absorb",
        subject=winner,
        now=now,
        after={"absorbed_id": loser.pk},
        cause=reason,
    )
    publish(EnterpriseMerged(loser_id=loser.pk, winner_id=winner.pk))
