"""Reads of batches and visits, always scoped to who asks.

Who knows a drawn list before the visits is kept small: the organ's leader and clerk see it, an officer sees the visits
assigned to them, the parties and the public see the spec and the commitments, an enterprise sees its own place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from anguan.ground.access import Viewer
from anguan.inspections import draws
from anguan.inspections.models import (
    Answer,
    Assignment,
    Batch,
    BatchOfficer,
    BatchParty,
    PoolEntry,
    Publication,
    Visit,
    VisitOfficer,
)
from anguan.inspections.rules import COMMITTED_STATES, DRAWN_STATES, BatchState, VisitState
from anguan.people.models import User
from anguan.people.rules import Role
from anguan.registry.models import Enterprise

PLANNERS = frozenset({Role.CLERK, Role.LEADER})


# --- batches


def batches_visible_to(viewer: Viewer) -> QuerySet[Batch]:
    """The batches of one's organs for its planners, the committed ones for a supervisor, one's own for any party."""
    condition = Q(parties__user=viewer.user_id) if viewer.user_id else Q(pk__in=[])
    if viewer.has(*PLANNERS):
        condition |= Q(organ__in=viewer.organs_as(*PLANNERS))
    if viewer.has(Role.SUPERVISOR):
        condition |= Q(state__in=COMMITTED_STATES)
    return Batch.objects.filter(condition).select_related("organ", "item").distinct().order_by("-pk")


def may_plan(viewer: Viewer, batch: Batch) -> bool:
    """Whether the viewer works on this batch for its organ, and so sees what was drawn."""
    return batch.organ_id in viewer.organs_as(*PLANNERS)


def may_approve(viewer: Viewer, batch: Batch) -> bool:
    """Whether the viewer heads the organ of this batch."""
    return batch.organ_id in viewer.organs_as(Role.LEADER)


def parties_of(viewer: Viewer) -> QuerySet[BatchParty]:
    """The viewer's own places as a party, with their batches."""
    return BatchParty.objects.filter(user=viewer.user_id).select_related("batch__organ", "batch__item")


def party_candidates(batch: Batch) -> QuerySet[User]:
    """Who could be a party: leaders of the organ, judicial supervisors, principals of enterprises."""
    return (
        User.objects.filter(is_active=True)
        .filter(
            Q(grants__role=Role.LEADER, grants__organ=batch.organ_id)
            | Q(grants__role=Role.SUPERVISOR)
            | Q(memberships__role=Role.PRINCIPAL, memberships__until__isnull=True)
        )
        .exclude(draw_parties__batch=batch)
        .distinct()
        .order_by("name", "pk")
    )


def drawn_list(viewer: Viewer, batch: Batch) -> list[Assignment]:
    """Targets and alternates by name, for those who work on the batch; empty for everybody else."""
    if not may_plan(viewer, batch) or batch.state not in DRAWN_STATES:
        return []
    return list(
        batch.assignments.select_related("target__enterprise", "visit").prefetch_related(
            Prefetch("officers", BatchOfficer.objects.select_related("officer").order_by("-leader", "pk"))
        )
    )


def exclusion_counts(batch: Batch) -> dict[str, int]:
    """How many enterprises were left out of the pool, by reason, most first."""
    rows = batch.pool.exclude(exclusion="").values("exclusion").annotate(rows=Count("pk")).order_by("-rows")
    return {row["exclusion"]: row["rows"] for row in rows}


def stratum_counts(batch: Batch) -> dict[str, dict[str, int]]:
    """How many enterprises of each class are in each stratum of the frozen pool."""
    counts: dict[str, dict[str, int]] = {}
    rows = batch.pool.filter(exclusion="").values("stratum", "risk_class").annotate(rows=Count("pk"))
    for row in rows.order_by("stratum", "risk_class"):
        counts.setdefault(row["stratum"], {})[row["risk_class"]] = row["rows"]
    return counts


# --- the bundle


def pool_rows(batch: Batch) -> list[draws.PoolRow]:
    """The frozen pool as the bundle has it, sorted by id."""
    rows = batch.pool.filter(exclusion="").values_list("pseudonym", "stratum", "risk_class", "salt")
    return sorted(
        ({"id": name, "stratum": stratum, "class": group, "salt": salt} for name, stratum, group, salt in rows),
        key=lambda row: row["id"],
    )


def officer_rows(batch: Batch) -> list[draws.Officer]:
    """The frozen roster as the bundle has it, sorted by id."""
    rows: list[draws.Officer] = [
        {
            "id": entry.pseudonym,
            "leader": entry.leader,
            "capacity": entry.capacity,
            "specialities": entry.specialities,
        }
        for entry in batch.officers.filter(exclusion="")
    ]
    return sorted(rows, key=lambda row: row["id"])


def conflict_rows(batch: Batch) -> list[draws.Conflict]:
    """The frozen conflicts as the bundle has them, sorted; why stays inside."""
    pairs = batch.conflicts.values_list("officer__pseudonym", "target__pseudonym")
    return [{"officer": officer, "target": target, "reason": "declared"} for officer, target in sorted(pairs)]


def commitment_rows(parties: Sequence[BatchParty]) -> list[draws.Commitment]:
    """The parties' promises in their fixed order."""
    return [{"party": party.name, "commitment": party.commitment} for party in parties]


def bundle_of(batch: Batch, parties: Sequence[BatchParty] | None = None) -> dict[str, Any]:
    """The whole bundle of a batch whose secrets are open; what of it may be shown to whom is the caller's to know."""
    parties = list(batch.parties.all()) if parties is None else parties
    beacon = {"value": batch.beacon_value}
    if batch.beacon_signature:
        beacon["signature"] = batch.beacon_signature
    if batch.beacon_source:
        beacon["source"] = batch.beacon_source
    return {
        "format": draws.FORMAT,
        "hash": "sha256",
        "spec": batch.spec,
        "commitments": commitment_rows(parties),
        "beacon": beacon,
        "secrets": [{"party": party.name, "secret": party.secret} for party in parties],
        "pool": pool_rows(batch),
        "officers": officer_rows(batch),
        "conflicts": conflict_rows(batch),
        "result": batch.result,
    }


def public_batches() -> QuerySet[Batch]:
    """Every batch that was ever committed, broken ones included, newest first."""
    return (
        Batch.objects.filter(state__in=COMMITTED_STATES)
        .select_related("organ", "item")
        .prefetch_related("parties")
        .order_by("-committed_at", "-pk")
    )


def promise_of(batch: Batch) -> dict[str, Any]:
    """规范和承诺: what is public as soon as a batch is committed."""
    return {
        "format": draws.FORMAT,
        "hash": "sha256",
        "spec": batch.spec,
        "commitments": commitment_rows(list(batch.parties.all())),
    }


def public_bundle(batch: Batch) -> dict[str, Any] | None:
    """抽查包 for everybody; None before it was published."""
    return bundle_of(batch) if batch.state == BatchState.PUBLISHED else None


@dataclass(frozen=True)
class OwnPlace:
    """本单位在名录中的位置: one's own pseudonym in a batch with the proof that it was in the committed pool."""

    batch: Batch
    pseudonym: str
    stratum: str
    exclusion: str
    proof: draws.Membership | None

    @property
    def holds(self) -> bool:
        """Whether the proof leads to the published root."""
        return (
            self.proof is not None
            and self.batch.spec is not None
            and draws.verify_membership(self.proof, self.batch.spec["pool_root"])
        )


def own_place(viewer: Viewer, batch: Batch, enterprise: Enterprise) -> OwnPlace | None:
    """An enterprise's own place in a committed batch; None for others' enterprises and before the commitment."""
    if enterprise.pk not in viewer.enterprise_ids or batch.state not in COMMITTED_STATES:
        return None
    entry = batch.pool.filter(enterprise=enterprise).first()
    if entry is None:
        return None
    proof = None
    if entry.pseudonym:
        proof = draws.prove_membership(pool_rows(batch), batch.weights, entry.pseudonym)
    return OwnPlace(batch, entry.pseudonym, entry.stratum, entry.get_exclusion_display(), proof)


def own_batches(viewer: Viewer, enterprise: Enterprise, limit: int = 5) -> list[PoolEntry]:
    """The last committed batches whose pool names an enterprise, for its own members."""
    if enterprise.pk not in viewer.enterprise_ids:
        return []
    return list(
        PoolEntry.objects.filter(enterprise=enterprise, batch__state__in=COMMITTED_STATES)
        .select_related("batch")
        .order_by("-batch__committed_at")[:limit]
    )


def own_roster_place(viewer: Viewer, batch: Batch) -> BatchOfficer | None:
    """An officer's own pseudonym in a committed batch."""
    if viewer.officer_id is None or batch.state not in COMMITTED_STATES:
        return None
    return batch.officers.filter(officer=viewer.officer_id).first()


# --- visits


def visits_visible_to(viewer: Viewer) -> QuerySet[Visit]:
    """The organ's visits for its planners, one's own for an officer, for an enterprise those that have begun."""
    condition = Q(pk__in=[])
    if viewer.has(*PLANNERS):
        condition |= Q(organ__in=viewer.organs_as(*PLANNERS))
    if viewer.officer_id is not None:
        condition |= Q(pk__in=VisitOfficer.objects.filter(officer=viewer.officer_id).values("visit"))
    if viewer.enterprise_ids:
        condition |= Q(enterprise__in=viewer.enterprise_ids) & ~Q(state=VisitState.APPROVED)
    return Visit.objects.filter(condition).select_related("enterprise", "organ", "item", "batch").order_by("-pk")


def visits_of_officer(viewer: Viewer) -> QuerySet[Visit]:
    """The visits assigned to the viewer as an officer, whatever else they may see."""
    if viewer.officer_id is None:
        return Visit.objects.none()
    return (
        Visit.objects.filter(officers__officer=viewer.officer_id)
        .select_related("enterprise", "organ", "item", "batch", "checklist", "record", "order", "parent__order")
        .prefetch_related(Prefetch("officers", VisitOfficer.objects.select_related("officer")))
    )


def team_of(visit: Visit) -> list[VisitOfficer]:
    """The officers of a visit, leader first."""
    return list(visit.officers.select_related("officer__organ"))


def answers_of(visit: Visit) -> list[Answer]:
    """What was found, in the order of the checklist."""
    return list(visit.answers.select_related("item", "hazard").order_by("item__number", "hazard_id"))


def checked_this_year(visit: Visit, year: int) -> int:
    """How often the organ has begun a check of this enterprise in a year, rechecks not counted."""
    return Visit.objects.filter(
        enterprise=visit.enterprise_id, organ=visit.organ_id, parent__isnull=True, started_at__year=year
    ).count()


# --- results


def results_to_publish(viewer: Viewer) -> QuerySet[Publication]:
    """Results of the viewer's organs that are not public yet, the most urgent first."""
    if not viewer.has(*PLANNERS):
        return Publication.objects.none()
    return (
        Publication.objects.filter(published_at__isnull=True, visit__organ__in=viewer.organs_as(*PLANNERS))
        .select_related("visit__enterprise", "visit__organ", "visit__item")
        .order_by("due_on", "pk")
    )


def public_results(since: date | None = None) -> QuerySet[Publication]:
    """Published results, newest first."""
    results = Publication.objects.filter(published_at__isnull=False)
    if since is not None:
        results = results.filter(published_at__date__gte=since)
    return results.select_related("visit__enterprise", "visit__organ", "visit__item", "visit__batch").order_by(
        "-published_at", "-pk"
    )
