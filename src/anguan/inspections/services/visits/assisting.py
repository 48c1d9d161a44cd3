"""协助人员: who came along without power to inspect, never more than the approval fixed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections.models import Visit, VisitAssistant
from anguan.inspections.rules import NEVER_MADE, AssistantKind, NotAllowed, VisitState, check_assistants
from anguan.inspections.services.visits.acting import locked, officer_on


@transaction.atomic
def record_assistant(
    *, visit: Visit, kind: AssistantKind, name: str, employer: str, actor: Actor, now: datetime
) -> VisitAssistant:
    """登记协助人员 before or on the spot; the same name twice is one person."""
    visit = locked(visit)
    officer_on(visit, actor)
    name = name.strip()
    if not name:
        raise NotAllowed(_("请写明协助人员的姓名。"))
    if visit.state in NEVER_MADE | {VisitState.APPLIED, VisitState.CLOSED}:
        raise NotAllowed(_("检查批准之后、办结之前才登记协助人员。"))
    if known := visit.assistants.filter(name=name).first():
        return known
    check_assistants(visit.assistants_allowed, visit.assistants.count() + 1)
    row = VisitAssistant.objects.create(
        visit=visit, kind=kind, name=name, employer=employer.strip(), recorded_at=now, recorded_by_name=actor.name
    )
    audit.record(
        actor=actor,
        action="inspections.record_assistant",
        subject=visit,
        now=now,
        after=audit.snapshot(row, "kind", "name", "employer"),
    )
    return row
