"""检查 as what papers are drafted from: the papers of the visit and its rechecks, and what a draft need not be told."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard
from anguan.hazards.paper_origin import problem_of
from anguan.inspections.models import Visit
from anguan.inspections.rules import CountClass, Trigger
from anguan.inspections.selectors import bases_of, team_of, visits_visible_to
from anguan.inspections.services.visits.paperwork import PAPER_KIND
from anguan.papers.origins import Origin
from anguan.papers.rules import Known
from anguan.people.rules import BUREAU, Matter

KIND = "visit"


def visit_origin(viewer: Viewer, uid: UUID) -> Origin | None:
    """The visit for the bureau's people who see it; a sealed one is nobody's before it is opened."""
    if not viewer.has(*BUREAU):
        return None
    visit = visits_visible_to(viewer).select_related("order", "record").filter(uid=uid).first()
    if visit is None:
        return None
    today = clock.local_day(clock.now())
    hazards = list(Hazard.objects.filter(visit_uid=visit.uid).order_by("pk"))
    is_mine = visit.officers.filter(officer=viewer.officer_id).exists() if viewer.officer_id else False
    return Origin(
        kind=KIND,
        uid=visit.uid,
        title=f"{visit.enterprise.name} {visit.item.matter}",
        url=reverse("inspections:visit", args=[visit.uid]),
        enterprise=visit.enterprise,
        organ=visit.organ,
        known=_known(visit, hazards),
        papers=_papers(visit),
        uids=frozenset({visit.uid, *(hazard.uid for hazard in hazards)}),
        bases={matter: bases for matter in Matter if (bases := bases_of(visit.organ, matter, today))},
        hint=_("通知书、检查记录、责令整改和复查的文书，在现场办理里一步步出具，不在这里拟。"),
        hint_url=reverse("inspections_phone:visit", args=[visit.uid]) if is_mine else "",
    )


def _known(visit: Visit, hazards: Iterable[Hazard]) -> Known:
    planned = visit.visit_on or visit.due_on
    return Known(
        place=visit.enterprise.address,
        checked_at=_minute(visit.started_at),
        found_on=clock.local_day(visit.started_at).isoformat() if visit.started_at else "",
        planned_from=planned.isoformat(),
        planned_to=max(planned, visit.due_on).isoformat(),
        source="行政检查",
        trigger=f"{Trigger(visit.trigger).label}：{visit.reason}".rstrip("：")[:200],
        why_on_site=visit.why_on_site,
        kind=PAPER_KIND[CountClass(visit.count_class)],
        mode=visit.mode,
        problems=tuple(problem_of(hazard) for hazard in hazards),
        officers=tuple((row.officer.name, row.officer.certificate_no) for row in team_of(visit)),
        items=((visit.item.matter, visit.item.basis),),
        order=str(visit.order) if visit.order else "",
    )


def _minute(moment: datetime | None) -> str:
    return moment.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _papers(visit: Visit) -> frozenset[int]:
    rows = Visit.objects.filter(Q(pk=visit.pk) | Q(parent=visit)).values_list(
        "approval", "notice", "record", "measures", "order"
    )
    return frozenset(pk for row in rows for pk in row if pk is not None)
