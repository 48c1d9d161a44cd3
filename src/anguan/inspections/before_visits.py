"""What comes before and beside a visit, elsewhere: rows of the desk, and what may be begun at an enterprise."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.inspections.rules import ConcernKind, VisitKind, VisitState
from anguan.inspections.selectors import oversight
from anguan.people.rules import BUREAU, Role
from anguan.registry.models import Enterprise
from anguan.ui.desk import DeskRow, Group
from anguan.ui.panels import reader_of, register_panel

ROWS = 10


def acts_at_enterprise(request: HttpRequest, subject: object) -> SafeString | None:
    """What may be begun at an enterprise: an application, guidance, the code for its wall."""
    assert isinstance(subject, Enterprise)
    viewer = reader_of(request)
    is_bureau = viewer.has(*BUREAU)
    if subject.merged_into_id is not None or not (is_bureau or subject.pk in viewer.enterprise_ids):
        return None
    context = {"enterprise": subject, "is_bureau": is_bureau, "is_officer": viewer.has(Role.OFFICER)}
    return SafeString(render_to_string("inspections/panel_acts.html", context, request=request))


register_panel("registry.enterprise", order=31, render=acts_at_enterprise)


def before_visits(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    """What an application, a sealed visit, a joint check or a concern asks of somebody."""
    for visit in oversight.applications(viewer)[:ROWS]:
        late = visit.awaits_approval and visit.approve_by is not None
        yield DeskRow(
            group=Group.DUE,
            subject=str(visit) if visit.is_closed_envelope else visit.enterprise.name,
            asked=_("补办批准紧急检查") if late else _("批准检查：%(kind)s") % {"kind": _(VisitKind(visit.kind).label)},
            url=reverse("inspections:application", args=[visit.uid]),
            button=_("去批准"),
            due_on=clock.local_day(visit.approve_by) if visit.approve_by else visit.visit_on or visit.due_on,
        )
    if viewer.officer_id is not None:
        sealed = oversight.sealed_visits(viewer).filter(
            officers__officer=viewer.officer_id, opened_at__isnull=True, state=VisitState.APPROVED,
            departs_at__date__lte=today + timedelta(days=1),
        )  # fmt: skip
        for visit in sealed[:ROWS]:
            yield DeskRow(
                group=Group.DUE, subject=str(visit), asked=_("出发时启封密封检查"), url=reverse("inspections:sealed"),
                button=_("去启封"), due_on=clock.local_day(visit.departs_at) if visit.departs_at else None,
            )  # fmt: skip
    for part in oversight.joint_parts_of(viewer)[:ROWS]:
        yield DeskRow(
            group=Group.DUE, subject=part.task.enterprise.name,
            asked=_("答复联合检查：%(title)s") % {"title": part.task.title},
            url=reverse("inspections:joint_task", args=[part.task.uid]), button=_("去答复"), due_on=part.task.visit_on,
        )  # fmt: skip
    if viewer.has(Role.SUPERVISOR):
        for concern in oversight.concerns_visible_to(viewer).filter(handled_at__isnull=True)[:ROWS]:
            yield DeskRow(
                group=Group.DUE,
                subject=concern.organ.name,
                asked=_("核实监督线索：%(kind)s") % {"kind": _(ConcernKind(concern.kind).label)},
                url=reverse("inspections:concerns"),
                button=_("去核实"),
                due_on=None,
            )
