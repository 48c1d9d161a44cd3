"""冻结名录: who is in the pool and on the roster, and why the others are not."""

import secrets as randomness
from collections.abc import Iterable
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.inspections.models import (
    Batch,
    BatchConflict,
    BatchExpert,
    BatchOfficer,
    BatchRecusal,
    PoolEntry,
    Visit,
)
from anguan.inspections.rules import (
    NEVER_MADE,
    UNRATED,
    WITHOUT_CHECK,
    BatchAction,
    BatchPurpose,
    BatchState,
    ConflictKind,
    Exclusion,
    NotAllowed,
    OfficerExclusion,
    VisitKind,
    advance_batch,
    place,
    place_expert,
)
from anguan.inspections.selectors.caps import at_cap_ids, blocked_pairs, lacking_guidance
from anguan.inspections.services.batches.acting import locked, stratum_plan
from anguan.people.models import Expert, Officer
from anguan.registry.models import DeclaredConflict, Enterprise, ExpertRecusal
from anguan.registry.rules import EnterpriseStatus

_COLUMNS: Final = (
    "batch_id", "enterprise_id", "enterprise_name", "pseudonym", "stratum", "risk_class", "position", "salt",
    "exclusion",
)  # fmt: skip
_PSEUDONYM, _POSITION = _COLUMNS.index("pseudonym"), _COLUMNS.index("position")
_COPY: Final = f"COPY inspections_poolentry ({', '.join(_COLUMNS)}) FROM STDIN"


@transaction.atomic
def freeze_pool(*, batch: Batch, actor: Actor, now: datetime) -> Batch:
    """冻结名录: a snapshot of enterprises, officers and conflicts, each with its reason where left out.

    Pseudonyms and salts are random and made for this batch alone, so that nothing links two batches.
    """
    batch = locked(batch)
    before = batch.state
    state = advance_batch(BatchState(batch.state), BatchAction.FREEZE)
    strata = [stratum_plan(row) for row in batch.strata]
    visited = set(
        Visit.objects.filter(
            organ=batch.organ,
            item__code=batch.item.code,
            kind=VisitKind.DRAWN,
            due_on__year=clock.local_day(now).year,
        )
        .exclude(category__in=WITHOUT_CHECK)
        .exclude(state__in=NEVER_MADE)
        .values_list("enterprise_id", flat=True)
    )
    today = clock.local_day(now)
    at_cap, unguided = at_cap_ids(batch.organ, today), lacking_guidance(batch.organ, today)
    is_revisit = batch.purpose == BatchPurpose.REVISIT
    to_revisit = set(batch.revisit_hazards.values_list("enterprise_id", flat=True)) if is_revisit else set()
    taken: set[str] = set()
    # A pool may have a hundred thousand rows: plain values in, plain rows out by COPY, no object for any of them.
    rows: list[list[Any]] = []
    enterprises = Enterprise.objects.filter(merged_into__isnull=True).order_by("pk")
    columns = ("pk", "name", "status", "industry_code", "is_key", "risk_level")
    for pk, name, status, industry_code, is_key, risk_level in enterprises.values_list(*columns).iterator(10_000):
        stratum, exclusion = place(
            is_operating=status == EnterpriseStatus.OPERATING,
            # Whether a report was true is another question than the check of the year.
            was_visited=pk in visited and not is_revisit,
            industry_code=industry_code,
            is_key=is_key,
            strata=strata,
            is_at_cap=pk in at_cap,
            lacks_guidance=pk in unguided,
        )
        if is_revisit and exclusion is None and pk not in to_revisit:
            exclusion = Exclusion.NOT_SELF_CLOSED
        if exclusion is not None:
            rows.append([batch.pk, pk, name, "", "", "", None, "", exclusion.value])
            continue
        pseudonym = _pseudonym("T", taken)
        risk_class = risk_level or UNRATED
        if risk_class not in batch.weights:
            raise NotAllowed(_("风险等级“%(level)s”没有签数，请先补上。") % {"level": risk_class})
        rows.append([batch.pk, pk, name, pseudonym, stratum, risk_class, None, randomness.token_hex(16), ""])
    in_pool = sorted((row for row in rows if row[_PSEUDONYM]), key=itemgetter(_PSEUDONYM))
    for position, row in enumerate(in_pool):
        row[_POSITION] = position
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
    _freeze_officers(batch, clock.local_day(now), taken)
    if batch.experts_per_target:
        _freeze_experts(batch, taken)
    batch.state = state
    batch.frozen_at = now
    batch.save(update_fields=["state", "frozen_at"])
    audit.record(
        actor=actor,
        action="inspections.freeze_pool",
        subject=batch,
        now=now,
        before={"state": before},
        after={
            "state": batch.state,
            "pool": len(in_pool),
            "left_out": len(rows) - len(in_pool),
            "officers": batch.officers.filter(exclusion="").count(),
            "conflicts": batch.conflicts.count(),
            "experts": batch.experts.filter(exclusion="").count(),
        },
    )
    return batch


def _freeze_officers(batch: Batch, today: date, taken: set[str]) -> None:
    roster = []
    for officer in Officer.objects.filter(organ=batch.organ).prefetch_related("leaves").order_by("pk"):
        away = any(
            leave.since <= today <= leave.until or (leave.since <= batch.window_from and batch.window_to <= leave.until)
            for leave in officer.leaves.all()
        )
        exclusion: str = OfficerExclusion.ON_LEAVE if away else ""
        if not (officer.is_certified_on(today) and officer.is_certified_on(batch.window_to)):
            exclusion = OfficerExclusion.UNCERTIFIED
        roster.append(
            BatchOfficer(
                batch=batch,
                officer=officer,
                pseudonym="" if exclusion else _pseudonym("P", taken),
                leader=officer.can_lead,
                capacity=officer.capacity,
                specialities=sorted(set(officer.specialities)),
                exclusion=exclusion,
            )
        )
    BatchOfficer.objects.bulk_create(roster)
    on_roster = {row.officer_id: row for row in batch.officers.filter(exclusion="")}
    declared = list(
        DeclaredConflict.objects.filter(officer__in=on_roster, since__lte=batch.window_to)
        .filter(Q(until__isnull=True) | Q(until__gte=batch.window_from))
        .select_related("enterprise")
    )
    blocked = sorted(blocked_pairs(batch.organ, today))
    targets = _entries_of(batch, {_root(row.enterprise) for row in declared} | {firm for _officer, firm in blocked})
    BatchConflict.objects.bulk_create(
        (
            BatchConflict(batch=batch, officer=on_roster[row.officer_id], target=targets[target_id], declared=row)
            for row in declared
            # A conflict declared with an enterprise that was merged since holds for what it was merged into.
            if (target_id := _root(row.enterprise)) in targets
        ),
        ignore_conflicts=True,
    )
    # Whoever found nothing at a firm time and again does not go there before it is explained; a declaration goes first.
    BatchConflict.objects.bulk_create(
        (
            BatchConflict(
                batch=batch,
                officer=on_roster[officer_id],
                target=targets[enterprise_id],
                kind=ConflictKind.EMPTY_CHECKS,
            )
            for officer_id, enterprise_id in blocked
            if officer_id in on_roster and enterprise_id in targets
        ),
        ignore_conflicts=True,
    )


def _freeze_experts(batch: Batch, taken: set[str]) -> None:
    """The experts who serve through the whole window with the speciality that the batch names, and their recusals."""
    roster = []
    for expert in Expert.objects.filter(Q(organ=batch.organ) | Q(organ__isnull=True)).order_by("pk"):
        exclusion = place_expert(
            is_serving=expert.is_serving_on(batch.window_from) and expert.is_serving_on(batch.window_to),
            is_officer=expert.user_id is not None and Officer.objects.filter(user=expert.user_id).exists(),
            specialities=expert.specialities,
            needed=batch.expert_speciality,
        )
        roster.append(
            BatchExpert(
                batch=batch,
                expert=expert,
                pseudonym="" if exclusion else _pseudonym("X", taken),
                capacity=batch.expert_capacity,
                specialities=sorted(set(expert.specialities)),
                exclusion=exclusion or "",
            )
        )
    BatchExpert.objects.bulk_create(roster)
    on_roster = {row.expert_id: row for row in batch.experts.filter(exclusion="")}
    recusals = list(
        ExpertRecusal.objects.filter(expert__in=on_roster, since__lte=batch.window_to)
        .filter(Q(until__isnull=True) | Q(until__gte=batch.window_from))
        .select_related("enterprise")
    )
    targets = _entries_of(batch, {_root(row.enterprise) for row in recusals})
    BatchRecusal.objects.bulk_create(
        (
            BatchRecusal(batch=batch, expert=on_roster[row.expert_id], target=targets[target_id])
            for row in recusals
            if (target_id := _root(row.enterprise)) in targets
        ),
        ignore_conflicts=True,
    )


def _root(enterprise: Enterprise) -> int:
    """The enterprise that it was merged into, else itself."""
    return enterprise.merged_into_id or enterprise.pk


def _entries_of(batch: Batch, enterprise_ids: Iterable[int]) -> dict[int, PoolEntry]:
    """The places in the pool of the few enterprises that somebody may not go to."""
    return {entry.enterprise_id: entry for entry in batch.pool.filter(exclusion="", enterprise__in=enterprise_ids)}


def _pseudonym(letter: str, taken: set[str]) -> str:
    while (name := f"{letter}-{randomness.token_hex(5)}") in taken:
        pass
    taken.add(name)
    return name
