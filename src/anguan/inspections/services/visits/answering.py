"""逐项检查: what was found at each item, and on a recheck at each hazard."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.models import ChecklistItem
from anguan.checklists.rules import HazardLevel
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo, keep_photos
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.models import Answer, Visit
from anguan.inspections.rules import (
    NotAllowed,
    Outcome,
    VisitState,
    check_on_site,
    suggested_due,
)
from anguan.inspections.services.visits.acting import locked, officer_on


@transaction.atomic
def answer_item(
    *,
    visit: Visit,
    item: ChecklistItem,
    uid: UUID,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    note: str = "",
    place: str = "",
    level: str = "",
    criterion: str = "",
    due_on: date | None = None,
    photos: Sequence[Photo] = (),
) -> Answer:
    """记录检查项结果: idempotent on `uid`; another answer to the same item takes the place of the earlier one.

    A failure says what was seen; level and term are filled in from the checklist where the officer left them.
    """
    visit = locked(visit)
    officer_on(visit, actor)
    known = _known_answer(visit, uid)
    if known is not None:
        keep_photos(photos, owner=known, actor=actor, now=now)
        return known
    check_on_site(VisitState(visit.state))
    if visit.is_recheck or item.checklist_id != visit.checklist_id:
        raise NotAllowed(_("这一项不在本次检查的检查表里。"))
    note, place = note.strip(), place.strip()
    if outcome is Outcome.FAILS:
        if not note:
            raise NotAllowed(_("不符合的，请写明看到了什么。"))
        level = level or item.hazard_level
        due_on = due_on or suggested_due(clock.local_day(now), item.suggested_days)
        # Refused here and not when the record is issued: by then everybody has signed.
        hazards.check_finding(level=level, criterion=criterion, due_on=due_on, place=place, now=now)
    else:
        level, criterion, due_on = "", "", None
    answer = visit.answers.filter(item=item).first() or Answer(visit=visit, item=item)
    return _keep_answer(
        answer,
        {
            "outcome": outcome,
            "note": note,
            "place": place,
            "level": HazardLevel(level) if level else "",
            "criterion": criterion.strip(),
            "due_on": due_on,
        },
        uid,
        photos,
        actor,
        now,
    )


@transaction.atomic
def answer_hazard(
    *,
    visit: Visit,
    hazard: Hazard,
    uid: UUID,
    is_rectified: bool,
    actor: Actor,
    now: datetime,
    note: str = "",
    photos: Sequence[Photo] = (),
) -> Answer:
    """复查一条隐患: what two officers see of it now; it takes effect when the 整改复查意见书 is issued."""
    visit = locked(visit)
    officer_on(visit, actor)
    known = _known_answer(visit, uid)
    if known is not None:
        keep_photos(photos, owner=known, actor=actor, now=now)
        return known
    check_on_site(VisitState(visit.state))
    if visit.parent is None or hazard.visit_uid != visit.parent.uid:
        raise NotAllowed(_("这条隐患不是本次复查的对象。"))
    note = note.strip()
    if not is_rectified and not note:
        raise NotAllowed(_("没有整改到位的，请写明还差什么。"))
    answer = visit.answers.filter(hazard=hazard).first() or Answer(visit=visit, hazard=hazard)
    outcome = Outcome.CONFORMS if is_rectified else Outcome.FAILS
    return _keep_answer(answer, {"outcome": outcome, "note": note}, uid, photos, actor, now)


def _known_answer(visit: Visit, uid: UUID) -> Answer | None:
    answer = Answer.objects.filter(uid=uid).first()
    if answer is None:
        # An answer that was replaced meanwhile: the phone sent it twice, and the newer one stands.
        return visit.answers.filter(replaced__contains=[uid]).first()
    if answer.visit_id != visit.pk:
        raise NotAllowed(_("这个编号已经用在另一次检查上，请重新填写。"))
    return answer


def _keep_answer(
    answer: Answer, values: dict[str, Any], uid: UUID, photos: Sequence[Photo], actor: Actor, now: datetime
) -> Answer:
    before = audit.snapshot(answer, *values) if answer.pk else None
    if answer.pk:
        answer.replaced = [*answer.replaced, answer.uid]
    for name, value in values.items():
        setattr(answer, name, value)
    answer.uid = uid
    answer.answered_at = now
    answer.answered_by_id = actor.id
    answer.answered_by_name = actor.name
    answer.save()
    kept = keep_photos(photos, owner=answer, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.answer",
        subject=answer,
        now=now,
        before=before,
        after={**audit.snapshot(answer, "item_id", "hazard_id", *values), "photos": [photo.sha256 for photo in kept]},
    )
    return answer
