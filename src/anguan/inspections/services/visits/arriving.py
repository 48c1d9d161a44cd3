"""到场: the officers who were drawn are there, or find nobody."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo, keep_photos
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    WITHOUT_CHECK,
    ConcernKind,
    NotAllowed,
    ResultCategory,
    VisitAction,
    VisitState,
    advance_visit,
    check_present_certified,
    check_team,
)
from anguan.inspections.selectors import team_of
from anguan.inspections.selectors.caps import marks_at
from anguan.inspections.services.concerns import raise_concern
from anguan.inspections.services.taking_up import check_common_day, check_room, ensure_code, tell_marks
from anguan.inspections.services.visits.acting import locked, officer_on
from anguan.inspections.services.visits.envelopes import check_open
from anguan.inspections.services.visits.results import finish


@transaction.atomic
def start_visit(
    *,
    visit: Visit,
    present: Collection[int],
    actor: Actor,
    now: datetime,
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    accuracy_m: int | None = None,
    host: str = "",
) -> Visit:
    """到场签到: the drawn officers are there, two or more, each certified today. `present` are ids of officers.

    Safe to repeat: a visit that has begun stays as it began. Without a position it is recorded as without one.
    """
    visit = locked(visit)
    me = officer_on(visit, actor)
    if visit.state == VisitState.ON_SITE:
        return visit
    check_open(visit)
    check_room(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.START)
    team = team_of(visit)
    today = clock.local_day(now)
    check_common_day(visit, today)
    if me.pk not in present:
        raise NotAllowed(_("签到的人自己须在现场。"))
    check_team(
        assigned=[row.officer_id for row in team],
        present=present,
        certified=[row.officer_id for row in team if row.officer.is_certified_on(today)],
    )
    visit.state = state
    visit.started_at = now
    visit.latitude, visit.longitude, visit.accuracy_m = latitude, longitude, accuracy_m
    visit.host = host.strip()[:60]
    visit.save(update_fields=["state", "started_at", "latitude", "longitude", "accuracy_m", "host"])
    visit.officers.filter(officer__in=present).update(arrived_at=now)
    ensure_code(visit, now)
    visit.marks = [mark.value for mark in marks_at(visit.organ, visit.enterprise, today, visit)]
    visit.save(update_fields=["marks"])
    tell_marks(visit, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.start_visit",
        subject=visit,
        now=now,
        before={"state": VisitState.APPROVED},
        after={
            **audit.snapshot(visit, "state", "started_at", "latitude", "longitude", "accuracy_m"),
            "present": sorted(present),
        },
    )
    return visit


@transaction.atomic
def end_without_check(
    *, visit: Visit, category: ResultCategory, note: str, photos: Sequence[Photo], actor: Actor, now: datetime
) -> Visit:
    """未能检查: nobody to be found, no such business, or entry refused; told with a note and a photo."""
    visit = locked(visit)
    me = officer_on(visit, actor)
    check_open(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.CLOSE)
    if visit.is_recheck:
        raise NotAllowed(_("复查要逐条看隐患，不能按未能检查办结。"))
    check_present_certified(is_certified=me.is_certified_on(clock.local_day(now)))
    if visit.state != VisitState.APPROVED or category not in WITHOUT_CHECK:
        raise NotAllowed(_("已经到场开始的检查要检查完，不能按未能检查办结。"))
    if not note.strip() or not photos:
        raise NotAllowed(_("请写明情况并拍一张现场照片，作为未能检查的凭据。"))
    keep_photos(photos, owner=visit, actor=actor, now=now)
    visit.note = note.strip()[:500]
    visit.state, visit.closed_at = state, now
    visit.save(update_fields=["note", "state", "closed_at"])
    if category == ResultCategory.OBSTRUCTED:
        # A firm may refuse an irregular check: that is looked at before it is held against the firm (54号).
        raise_concern(kind=ConcernKind.ENTRY_REFUSED, visit=visit, text=visit.note, actor=actor, now=now)
    finish(visit, category, actor, now)
    return visit
