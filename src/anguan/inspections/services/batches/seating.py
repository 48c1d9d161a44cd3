"""派员: the visit that a staffed target becomes, with the officers and experts who were drawn for it."""

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.ground.access import rule_actor
from anguan.inspections.models import (
    Assignment,
    Batch,
    BatchExpert,
    BatchOfficer,
    Envelope,
    Visit,
    VisitExpert,
    VisitOfficer,
)
from anguan.inspections.rules import VisitKind
from anguan.inspections.selectors.caps import CAPS
from anguan.inspections.services.gates import checklist_of
from anguan.inspections.services.taking_up import take_up


def open_visit(
    *, batch: Batch, assignment: Assignment, experts: Iterable[BatchExpert], approved_by: str, now: datetime
) -> Visit:
    """The visit of a drawn target: approved with its officers, and with the head-count of its experts."""
    experts = list(experts)
    visit = Visit.objects.create(
        uid=uuid7(),
        kind=VisitKind.DRAWN,
        batch=batch,
        assignment=assignment,
        enterprise=assignment.target.enterprise,
        organ=batch.organ,
        item=batch.item,
        plan_row=batch.plan_row,
        checklist=checklist_of(batch.item, clock.local_day(now)),
        due_on=batch.window_to,
        experts_allowed=len(experts),
        approved_at=now,
        approved_by_name=approved_by,
        **_closed(batch, assignment),
    )
    seat_officers(visit, assignment.officers.select_related("officer"))
    seat_experts(visit, experts)
    take_up(visit, actor=rule_actor(CAPS), now=now)
    return visit


def _closed(batch: Batch, assignment: Assignment) -> dict[str, Any]:
    """密封: the visit of a sealed draw is behind the commitment that was published when it was drawn."""
    if not batch.is_sealed:
        return {}
    envelope = Envelope.objects.get(assignment=assignment)
    return {
        "is_sealed": True,
        "target_hash": envelope.commitment,
        "target_salt": envelope.salt,
        # The window is what was approved: within it the team departs when it will, before it nobody does.
        "departs_at": datetime.combine(batch.window_from, time.min, clock.CHINA),
    }


def seat_officers(visit: Visit, team: Iterable[BatchOfficer]) -> None:
    """Make these the officers of a visit that has not begun, a leader first."""
    seats = sorted(team, key=lambda entry: (not entry.leader, entry.pk))
    visit.officers.exclude(officer__in=[entry.officer_id for entry in seats]).delete()
    for position, entry in enumerate(seats, start=1):
        VisitOfficer.objects.update_or_create(visit=visit, officer=entry.officer, defaults={"position": position})


def seat_experts(visit: Visit, experts: Iterable[BatchExpert]) -> None:
    """Make these the experts of a visit that has not begun, each with the fee of a day as it stands now."""
    seats = list(experts)
    visit.experts.exclude(entry__in=seats).delete()
    for entry in seats:
        VisitExpert.objects.get_or_create(
            visit=visit,
            expert=entry.expert,
            defaults={"entry": entry, "daily_fee_yuan": entry.expert.fee_yuan or Decimal(0)},
        )


def experts_by_name(batch: Batch) -> dict[str, BatchExpert]:
    """The experts of a batch by pseudonym."""
    return {entry.pseudonym: entry for entry in batch.experts.filter(exclusion="").select_related("expert")}
