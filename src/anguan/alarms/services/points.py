"""点位: what a point is called, which zone it watches, whether the building is defenceless without it."""

from datetime import datetime

from django.db import transaction

from anguan.alarms.models import Point
from anguan.ground import audit
from anguan.ground.access import Actor

_TOLD = ("text", "zone", "maker", "is_critical")


@transaction.atomic
def describe_point(
    *, point: Point, text: str, zone: str, maker: str, is_critical: bool, actor: Actor, now: datetime
) -> Point:
    """登记点位: the words of its page; the zone decides which detectors confirm each other."""
    row = Point.objects.select_for_update().get(pk=point.pk)
    before = audit.snapshot(row, *_TOLD)
    row.text, row.zone, row.maker, row.is_critical = text.strip(), zone.strip(), maker.strip(), is_critical
    row.save(update_fields=list(_TOLD))
    after = audit.snapshot(row, *_TOLD)
    if after != before:
        audit.record(actor=actor, action="alarms.describe_point", subject=row, now=now, before=before, after=after)
    return row
