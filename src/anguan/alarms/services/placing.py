"""点位上图: where a point stands on the plan of its storey."""

from datetime import datetime
from math import isfinite

from django.db import transaction

from anguan.alarms.models import Point
from anguan.alarms.rules.refusals import NotAllowed
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.registry.models import FloorPlan

_TOLD = ("plan_id", "x", "y")


@transaction.atomic
def place_point(*, point: Point, plan: FloorPlan, x: float, y: float, actor: Actor, now: datetime) -> Point:
    """标注点位: at these fractions of the picture's width and height. Raises `NotAllowed`."""
    row = Point.objects.select_for_update(of=("self",)).select_related("device").get(pk=point.pk)
    if plan.building_id != row.device.building_id:
        raise NotAllowed(N_("这张平面图不是装置所在建筑的，请选本建筑的图。"))
    if not (isfinite(x) and isfinite(y) and 0 <= x <= 1 and 0 <= y <= 1):
        raise NotAllowed(N_("位置不在图上，请在图片范围内点选。"))
    before = audit.snapshot(row, *_TOLD)
    row.plan, row.x, row.y = plan, round(x, 5), round(y, 5)
    row.save(update_fields=["plan", "x", "y"])
    _noted(row, "alarms.place_point", before, actor, now)
    return row


@transaction.atomic
def lift_point(*, point: Point, actor: Actor, now: datetime) -> Point:
    """取消标注: the point stands on no plan any more."""
    row = Point.objects.select_for_update(of=("self",)).get(pk=point.pk)
    before = audit.snapshot(row, *_TOLD)
    row.plan, row.x, row.y = None, None, None
    row.save(update_fields=["plan", "x", "y"])
    _noted(row, "alarms.lift_point", before, actor, now)
    return row


def _noted(row: Point, action: str, before: dict[str, object], actor: Actor, now: datetime) -> None:
    audit.record(actor=actor, action=action, subject=row, now=now, before=before, after=audit.snapshot(row, *_TOLD))
