"""What every step of a visit needs: the row held, the officer who acts, the record of it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    VisitState,
    check_afterwards,
)
from anguan.people.models import Officer, RoleGrant
from anguan.people.rules import Role


def locked(visit: Visit) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",))
        .select_related("enterprise", "organ", "checklist", "batch", "record", "measures", "order", "parent__order")
        .get(pk=visit.pk)
    )


def officer_on(visit: Visit, actor: Actor) -> Officer:
    """The officer who acts, who must be one of those assigned."""
    row = visit.officers.filter(officer__user_id=actor.id).select_related("officer").first() if actor.id else None
    if row is None:
        raise PermissionDenied(_("这次检查没有派给您，不能办理。"))
    return row.officer


def leads(actor: Actor, organ_id: int) -> bool:
    """Whether the actor heads an organ."""
    return RoleGrant.objects.filter(user_id=int(actor.id or 0), role=Role.LEADER, organ=organ_id).exists()


def check_approved(visit: Visit) -> None:
    """Refuse to draw up papers of an emergency check whose approval is overdue."""
    check_afterwards(is_approved=not visit.awaits_approval, is_overdue=visit.approval_overdue_at is not None)


def told(visit: Visit, action: str, before: VisitState, actor: Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=visit,
        now=now,
        before={"state": before},
        after=audit.snapshot(visit, "state", "record_id", "order_id"),
    )
