"""The bundle of a batch, and one's own place in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anguan.ground.access import Viewer
from anguan.inspections import draws
from anguan.inspections.models import (
    Batch,
    BatchOfficer,
    BatchParty,
    PoolEntry,
)
from anguan.inspections.rules import COMMITTED_STATES, BatchState
from anguan.registry.models import Enterprise


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
