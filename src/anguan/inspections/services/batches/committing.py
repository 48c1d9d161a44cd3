"""公布承诺: everything is fixed before the randomness exists."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.events import BatchCommitted
from anguan.inspections.models import (
    Batch,
    BatchParty,
    PoolLevel,
)
from anguan.inspections.rules import (
    REVEAL_WITHIN,
    BatchAction,
    BatchState,
    NotAllowed,
    PartyRole,
    advance_batch,
    check_commit,
    stamp,
    whole_second,
)
from anguan.inspections.selectors import conflict_rows, expert_plan, officer_rows, pool_rows
from anguan.inspections.services.batches.acting import HEX_64, locked, must_be


@transaction.atomic
def submit_commitment(*, party: BatchParty, commitment: str, actor: Actor, now: datetime) -> BatchParty:
    """作出承诺: only the commitment arrives; the secret stays with the party. It can be replaced until all is fixed."""
    batch = locked(party.batch)
    party = BatchParty.objects.select_for_update().get(pk=party.pk)
    must_be(party, actor)
    if batch.state not in {BatchState.PLANNED, BatchState.POOL_FROZEN}:
        raise NotAllowed(_("承诺已经公布，不能再改。"))
    if not HEX_64.fullmatch(commitment):
        raise NotAllowed(_("承诺值应是 64 位小写十六进制数字，请在本页生成。"))
    before = audit.snapshot(party, "commitment")
    party.commitment = commitment
    party.committed_at = now
    party.save(update_fields=["commitment", "committed_at"])
    audit.record(
        actor=actor,
        action="inspections.submit_commitment",
        subject=batch,
        now=now,
        before=before,
        after={"party": party.name, "commitment": commitment},
    )
    return party


@transaction.atomic
def commit_batch(*, batch: Batch, actor: Actor, now: datetime) -> Batch:
    """公布承诺: fix the spec with root and digests before the randomness exists; nothing changes from here."""
    batch = locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.COMMIT)
    pool, officers, conflicts = pool_rows(batch), officer_rows(batch), conflict_rows(batch)
    parties = list(batch.parties.all())
    if parties and all(party.role == PartyRole.ORGAN for party in parties):
        raise NotAllowed(_("参与方不能都是检查机关自己的人，否则抽取由一方说了算；请加上司法监督员或企业代表。"))
    check_commit(
        now=now,
        not_before=batch.not_before,
        commitments=[party.commitment for party in parties],
        pool_size=len(pool),
        officers=len(officers),
        per_target=batch.officers_per_target,
    )
    experts = expert_plan(batch)
    if experts is not None and not experts["experts"]:
        raise NotAllowed(_("没有聘期和专业都符合的专家，不能约定专家随行；请另立一批，或先登记专家。"))
    function = draws.named("sha256")
    levels = draws.tree_levels(pool, batch.weights, function)
    committed_at = whole_second(now).astimezone(UTC)
    spec: dict[str, Any] = {
        "batch": batch.code,
        "title": batch.title,
        "organ": batch.organ.name,
        "item_list": batch.item.item_list.version,
        "strata": [
            {
                "id": row["id"],
                "targets": row["targets"],
                "alternates": row["alternates"],
                "speciality": row["speciality"] or None,
            }
            for row in batch.strata
        ],
        "weights": batch.weights,
        "officers_per_target": batch.officers_per_target,
        "pool_root": levels[-1].hex(),
        "officers_digest": function.value(officers),
        "conflicts_digest": function.value(conflicts),
        "beacon": {"kind": batch.beacon_kind, "round": _round(batch), "not_before": stamp(batch.not_before)},
        "committed_at": stamp(committed_at),
    }
    batch.spec = spec
    batch.spec_digest = function.value(spec)
    batch.experts_digest = draws.experts_digest(experts) if experts is not None else ""
    batch.state = state
    batch.committed_at = committed_at
    batch.reveal_by = batch.not_before + REVEAL_WITHIN
    batch.save(update_fields=["spec", "spec_digest", "experts_digest", "state", "committed_at", "reveal_by"])
    PoolLevel.objects.bulk_create(
        PoolLevel(batch=batch, level=number, hashes=hashes) for number, hashes in enumerate(levels)
    )
    audit.record(
        actor=actor,
        action="inspections.commit_batch",
        subject=batch,
        now=now,
        after={
            "state": state,
            "spec_digest": batch.spec_digest,
            "experts_digest": batch.experts_digest,
            "sealed": batch.is_sealed,
            "commitments": {party.name: party.commitment for party in parties},
        },
    )
    publish(BatchCommitted(batch.pk, batch.code))
    return batch


def _round(batch: Batch) -> int | str | None:
    if batch.beacon_kind == BeaconKind.PARTIES_ONLY:
        return None
    return int(batch.beacon_round) if batch.beacon_kind == BeaconKind.DRAND_QUICKNET else batch.beacon_round
