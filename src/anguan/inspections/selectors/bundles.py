"""The bundle of a batch, and one's own place in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length

from anguan.ground.access import Viewer
from anguan.inspections import draws
from anguan.inspections.models import (
    Batch,
    BatchOfficer,
    BatchParty,
    Envelope,
    PoolEntry,
    PoolLevel,
)
from anguan.inspections.rules import COMMITTED_STATES, BatchState, ReplacementState, stamp
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


def expert_plan(batch: Batch) -> draws.ExpertPlan | None:
    """What is fixed about experts, as the companion has it; None for a batch without any."""
    if not batch.experts_per_target:
        return None
    rows: list[draws.Expert] = [
        {"id": entry.pseudonym, "capacity": entry.capacity, "specialities": entry.specialities}
        for entry in batch.experts.filter(exclusion="")
    ]
    pairs = batch.recusals.values_list("expert__pseudonym", "target__pseudonym")
    return {
        "per_target": batch.experts_per_target,
        "speciality": batch.expert_speciality or None,
        "experts": sorted(rows, key=lambda row: row["id"]),
        "recusals": [{"expert": expert, "target": target, "reason": "declared"} for expert, target in sorted(pairs)],
    }


def steps_of(batch: Batch) -> list[dict[str, Any]]:
    """The steps after the draw in their order, as the companion has them."""
    rows = batch.replacements.filter(state=ReplacementState.APPROVED).order_by("number")
    return [
        {**row.step, "asked_at": stamp_of(row.asked_at), "decided_at": stamp_of(row.decided_at)}
        for row in rows
        if row.step is not None and row.decided_at is not None
    ]


def stamp_of(moment: datetime) -> str:
    """A stored moment as bundle and companion write it."""
    return stamp(moment.astimezone(UTC))


def teams_of(batch: Batch) -> draws.Teams:
    """Who goes where by now: the draw, and every step that was taken since."""
    # The pool is not needed for it, and may be long.
    drawn = {
        "hash": "sha256",
        "spec": batch.spec,
        "officers": officer_rows(batch),
        "conflicts": conflict_rows(batch),
        "result": batch.result,
    }
    teams = draws.Teams(drawn, expert_plan(batch), batch.expert_teams)
    for step in steps_of(batch):
        teams.take(step)
    return teams


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
    """规范和承诺: public as soon as a batch is committed; with the digest of experts, and whether it is sealed."""
    experts = {"experts_digest": batch.experts_digest} if batch.experts_digest else {}
    sealed = {"sealed": True} if batch.is_sealed else {}
    return {
        "format": draws.FORMAT,
        "hash": "sha256",
        "spec": batch.spec,
        "commitments": commitment_rows(list(batch.parties.all())),
        **experts,
        **sealed,
    }


def public_companion(batch: Batch) -> dict[str, Any] | None:
    """随附文件 for everybody: experts and the steps after the draw; None before the bundle was published."""
    bundle = public_bundle(batch)
    return None if bundle is None else draws.companion_of(bundle, expert_plan(batch), steps_of(batch))


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
    envelope: Envelope | None = None

    @property
    def holds(self) -> bool:
        """Whether the proof leads to the published root."""
        return (
            self.proof is not None
            and self.batch.spec is not None
            and draws.verify_membership(self.proof, self.batch.spec["pool_root"])
        )


def _own_envelope(batch: Batch, entry: PoolEntry) -> Envelope | None:
    """The envelope that held this enterprise, once all of them are open to everybody."""
    if not batch.is_sealed or batch.state != BatchState.PUBLISHED:
        return None
    return Envelope.objects.filter(batch=batch, assignment__target=entry).first()


def own_place(viewer: Viewer, batch: Batch, enterprise: Enterprise) -> OwnPlace | None:
    """An enterprise's own place in a committed batch; None for others' enterprises and before the commitment."""
    if enterprise.pk not in viewer.enterprise_ids or batch.state not in COMMITTED_STATES:
        return None
    entry = batch.pool.filter(enterprise=enterprise).first()
    if entry is None:
        return None
    proof = None
    if entry.pseudonym:
        proof = _kept_proof(batch, entry) or draws.prove_membership(pool_rows(batch), batch.weights, entry.pseudonym)
    shown = entry.get_exclusion_display()
    return OwnPlace(batch, entry.pseudonym, entry.stratum, shown, proof, _own_envelope(batch, entry))


def _kept_proof(batch: Batch, entry: PoolEntry) -> draws.Membership | None:
    """The proof from the levels that were kept at the commitment: one slice a level. None for an older batch."""
    first = PoolLevel.objects.filter(batch=batch, level=0).annotate(bytes=Length("hashes")).values("bytes").first()
    if first is None or entry.position is None:
        return None
    size = first["bytes"] // 32
    places = dict(draws.path_places(entry.position, size))
    with connection.cursor() as cursor:
        # Only PostgreSQL can cut a piece out of a stored value without reading the rest of it.
        cursor.execute(
            "SELECT piece.level, substring(kept.hashes FROM piece.place * 32 + 1 FOR 32)"
            " FROM unnest(%s::int[], %s::int[]) AS piece (level, place)"
            " JOIN inspections_poollevel AS kept ON kept.batch_id = %s AND kept.level = piece.level"
            " ORDER BY piece.level",
            [list(places), list(places.values()), batch.pk],
        )
        path = tuple(bytes(piece).hex() for _level, piece in cursor.fetchall())
    weight = batch.weights[entry.risk_class]
    return draws.Membership(entry.pseudonym, entry.stratum, weight, entry.salt, entry.position, size, path)


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
