"""自查自改回访: a sample of enterprises whose self-closed hazards are seen again, drawn like any other batch."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, RevisitHazard, Visit
from anguan.inspections.rules import (
    UNRATED,
    BatchPurpose,
    NotAllowed,
    RevisitOutcome,
    VisitState,
    check_outcome,
    revisit_stratum,
)
from anguan.inspections.selectors import self_closed_in
from anguan.inspections.services.batches.planning import plan_batch
from anguan.inspections.services.visits.acting import locked, officer_on
from anguan.people.models import Organ
from anguan.registry.rules import RiskLevel

SHARE_RULE = "revisit-share"


@transaction.atomic
def plan_revisit_batch(
    *,
    title: str,
    organ: Organ,
    item: InspectionItem,
    since: date,
    until: date,
    window_from: date,
    window_to: date,
    beacon_kind: BeaconKind,
    not_before: datetime,
    actor: Actor,
    now: datetime,
    beacon_round: str = "",
) -> Batch:
    """列入回访计划: the share of the rule of all enterprises that closed hazards of their own in a period.

    Every enterprise has one ticket: a re-visit asks whether the report was true, not how risky the firm is. The
    hazards stay as they are on this day; who is drawn is a batch like any other.
    """
    if until < since:
        raise NotAllowed(_("统计时段的结束不能早于开始。"))
    found = list(self_closed_in(organ.pk, since, until))
    enterprises = {hazard.enterprise_id for hazard in found}
    share = rule(SHARE_RULE, clock.local_day(now))
    stratum = revisit_stratum(len(enterprises), int(share.values["percent"]))
    batch = plan_batch(
        title=title,
        organ=organ,
        item=item,
        window_from=window_from,
        window_to=window_to,
        strata=[stratum],
        weights={**dict.fromkeys((level.value for level in RiskLevel), 1), UNRATED: 1},
        beacon_kind=beacon_kind,
        beacon_round=beacon_round,
        not_before=not_before,
        actor=actor,
        now=now,
    )
    batch.purpose = BatchPurpose.REVISIT
    batch.save(update_fields=["purpose"])
    RevisitHazard.objects.bulk_create(
        RevisitHazard(batch=batch, enterprise_id=hazard.enterprise_id, hazard=hazard) for hazard in found
    )
    audit.record(
        actor=actor,
        action="inspections.plan_revisit_batch",
        subject=batch,
        now=now,
        after={
            "since": since,
            "until": until,
            "enterprises": len(enterprises),
            "hazards": len(found),
            "rule": f"{share.id} v{share.version}",
        },
    )
    return batch


@transaction.atomic
def record_revisit(
    *,
    visit: Visit,
    hazard: Hazard,
    outcome: RevisitOutcome,
    note: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    photos: Sequence[Photo] = (),
) -> RevisitHazard:
    """登记回访结果: confirmed, or reopened with a word and a photo; a reopened hazard needs an order like any other.

    `uid` is the form's own: sent twice, it counts once.
    """
    visit = locked(visit)
    officer_on(visit, actor)
    row = _held(visit, hazard)
    if row.uid == uid:
        return row
    check_outcome(
        outcome,
        note=note,
        photos=len(photos),
        is_on_site=visit.state == VisitState.ON_SITE,
        is_decided=bool(row.outcome),
    )
    row.uid, row.outcome, row.note, row.decided_at, row.decided_by_name = (
        uid,
        outcome,
        note.strip()[:500],
        now,
        actor.name,
    )
    row.save()
    keep_photos(photos, owner=row, actor=actor, now=now)
    if outcome is RevisitOutcome.REOPENED:
        hazards.reopen_hazard(hazard=row.hazard, reason=row.note, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.record_revisit",
        subject=row,
        now=now,
        after=audit.snapshot(row, "hazard_id", "outcome", "note"),
    )
    return row


def _held(visit: Visit, hazard: Hazard) -> RevisitHazard:
    row = (
        RevisitHazard.objects.select_for_update(of=("self",))
        .select_related("hazard")
        .filter(batch=visit.batch_id, enterprise=visit.enterprise_id, hazard=hazard)
        .first()
    )
    if row is None:
        raise NotAllowed(_("这条隐患不在本次回访里。"))
    return row
