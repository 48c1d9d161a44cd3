"""Visits that somebody applies for: an organ with its area, and an application that nothing stands against."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from anguan.inspections.models import OrganArea, Visit, VisitOfficer
from anguan.inspections.rules import ResultCategory, Trigger, VisitKind, VisitState
from anguan.inspections.services import visits
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast, actor_of
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Officer
from anguan.registry.models import Enterprise

TODAY = date(2026, 3, 2)


def a_district(enterprises: int = 3, code: str = "") -> Cast:
    """The cast with the area where its organ works."""
    cast = a_cast(enterprises=enterprises)
    OrganArea.objects.create(organ=cast.organ, code=code, words="河东新区", valid_from=date(2026, 1, 1))
    return cast


def applied(cast: Cast, now: datetime = MONDAY, **changes: Any) -> Visit:
    """A clue that is to be looked into tomorrow, applied for by the clerk."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "kind": VisitKind.CLUE,
        "organ": cast.organ,
        "enterprise": cast.enterprises[0],
        "item": cast.item,
        "officers": cast.officers[:2],
        "due_on": (now + timedelta(days=5)).date(),
        "visit_on": (now + timedelta(days=1)).date(),
        "trigger": Trigger.CLUE,
        "clue": "12345-2026-001",
        "reason": "群众反映疏散通道堵塞",
        "why_on_site": "通道是否堵塞只能在现场看",
        "actor": actor_of(cast.clerk),
    }
    return visits.apply_visit(**{**values, **changes}, now=now)


def approved_visit(cast: Cast, now: datetime = MONDAY, **changes: Any) -> Visit:
    """A visit that was applied for and approved."""
    return visits.approve_visit(visit=applied(cast, now, **changes), actor=actor_of(cast.leader), now=now)


def arrived(cast: Cast, visit: Visit, now: datetime) -> Visit:
    """The visit after its officers arrived and handed the notice over."""
    officers = [row.officer for row in visit.officers.select_related("officer")]
    actor = actor_of(cast.user_of(officers[0]))
    visit = visits.start_visit(
        visit=visit, present=[officer.pk for officer in officers], host="示例经理", actor=actor, now=now
    )
    return visits.hand_over_notice(
        visit=visit, receiver="示例经理", uid=uuid7(), image=signature_image(40), actor=actor, now=now
    )


def checked(
    cast: Cast,
    enterprise: Enterprise,
    on: datetime,
    *,
    officers: Sequence[Officer] = (),
    category: ResultCategory = ResultCategory.NO_PROBLEM,
    **changes: Any,
) -> Visit:
    """A check that is over, as the table has it; for counts, without going through its papers."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "kind": VisitKind.KEY,
        "state": VisitState.CLOSED,
        "organ": cast.organ,
        "enterprise": enterprise,
        "item": cast.item,
        "checklist": cast.item.checklist,
        "due_on": on.date(),
        "visit_on": on.date(),
        "trigger": Trigger.PLAN,
        "why_on_site": "要看现场",
        "approved_at": on,
        "started_at": on,
        "finished_at": on,
        "category": category,
    }
    visit = Visit.objects.create(**{**values, **changes})
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=officer, position=place, arrived_at=on)
        for place, officer in enumerate(officers, 1)
    )
    return visit
