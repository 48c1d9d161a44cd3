"""批准检查 and what follows: visits, the end of the batch, its bundle for everybody."""

from datetime import datetime

from django.db import transaction

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections import draws
from anguan.inspections.models import (
    Batch,
    Visit,
)
from anguan.inspections.rules import (
    RUNNING,
    BatchAction,
    BatchState,
    ReplacementState,
    VisitKind,
    VisitState,
    advance_batch,
)
from anguan.inspections.selectors import bundle_of
from anguan.inspections.services.batches.acting import locked
from anguan.inspections.services.batches.seating import experts_by_name, open_visit


@transaction.atomic
def approve_batch(*, batch: Batch, actor: Actor, now: datetime) -> list[Visit]:
    """批准检查: the head of the organ approves; each staffed target becomes a visit with its drawn officers.

    Every check needs prior approval (国办发〔2024〕54号). Enterprises are not told: the checks are unannounced.
    """
    batch = locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.APPROVE)
    drawn = batch.assignments.filter(is_alternate=False, is_unstaffed=False).select_related("target__enterprise")
    experts = experts_by_name(batch)
    drawn_experts = {team["target"]: team["experts"] for team in batch.expert_teams or []}
    visits = [
        open_visit(
            batch=batch,
            assignment=assignment,
            experts=[experts[name] for name in drawn_experts.get(assignment.target.pseudonym, [])],
            approved_by=actor.name,
            now=now,
        )
        for assignment in drawn
    ]
    batch.state = state
    batch.approved_at = now
    batch.approved_by_name = actor.name
    batch.save(update_fields=["state", "approved_at", "approved_by_name"])
    audit.record(
        actor=actor,
        action="inspections.approve_batch",
        subject=batch,
        now=now,
        before={"state": BatchState.DRAWN},
        after={
            "state": state,
            "visits": len(visits),
            # The head-count of experts is part of what is approved (国办发〔2024〕54号: nobody assists beyond it).
            "experts": sum(visit.experts_allowed for visit in visits),
        },
    )
    finish_batch_when_done(batch=batch, actor=actor, now=now)
    return visits


@transaction.atomic
def finish_batch_when_done(*, batch: Batch, actor: Actor, now: datetime) -> bool:
    """检查完毕: after the last visit the bundle may be published; True when that is now."""
    batch = locked(batch)
    if batch.state != BatchState.APPROVED:
        return False
    if batch.visits.filter(kind=VisitKind.DRAWN, state__in=[VisitState(state) for state in RUNNING]).exists():
        return False
    # An alternate may still come in: a target without a team has no visit that would keep the batch open.
    if batch.replacements.filter(state=ReplacementState.ASKED).exists():
        return False
    batch.state = advance_batch(BatchState(batch.state), BatchAction.FINISH)
    batch.inspected_at = now
    batch.save(update_fields=["state", "inspected_at"])
    audit.record(
        actor=actor,
        action="inspections.finish_batch",
        subject=batch,
        now=now,
        before={"state": BatchState.APPROVED},
        after={"state": batch.state},
    )
    return True


@transaction.atomic
def publish_bundle(*, batch: Batch, actor: Actor, now: datetime) -> Batch:
    """公开抽查包: secrets, pool and result, under pseudonyms, so that anybody can run the draw again."""
    batch = locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.PUBLISH)
    # What is published must verify; if it did not, the fault would be ours and has to be found before.
    draws.verify(bundle_of(batch))
    batch.state = state
    batch.published_at = now
    batch.save(update_fields=["state", "published_at"])
    audit.record(
        actor=actor,
        action="inspections.publish_bundle",
        subject=batch,
        now=now,
        before={"state": BatchState.INSPECTED},
        after={"state": state},
    )
    return batch
