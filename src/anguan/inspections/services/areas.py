"""管辖区域: where an organ checks, as its head declares it."""

from datetime import date, datetime

from django.db import transaction

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections.models import OrganArea
from anguan.people.models import Organ


@transaction.atomic
def declare_area(
    *, organ: Organ, words: str, valid_from: date, actor: Actor, now: datetime, code: str = ""
) -> OrganArea:
    """登记管辖区域; the same words from the same day are one area."""
    area, created = OrganArea.objects.get_or_create(
        organ=organ, words=words.strip(), valid_from=valid_from, defaults={"code": code}
    )
    if created:
        audit.record(
            actor=actor,
            action="inspections.declare_area",
            subject=area,
            now=now,
            after=audit.snapshot(area, "organ_id", "words", "code", "valid_from"),
        )
    return area
