"""同时开启: the randomness, the secrets, the draw; or what breaks a batch."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor, rule_actor
from anguan.ground.events import publish
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind, Differs
from anguan.inspections.draws.beacons import check_beacon
from anguan.inspections.events import BatchBroken, BatchDrawn
from anguan.inspections.models import (
    Assignment,
    Batch,
    BatchParty,
)
from anguan.inspections.rules import (
    BatchAction,
    BatchState,
    BreakReason,
    NotAllowed,
    advance_batch,
    check_reveal,
)
from anguan.inspections.selectors import bundle_of, expert_plan
from anguan.inspections.services.batches.acting import HEX_64, locked, must_be
from anguan.inspections.services.batches.enveloping import close_envelopes
from anguan.inspections.services.sealing import Unsealable, seal, unseal


@transaction.atomic
def enter_beacon(
    *, batch: Batch, value: str, actor: Actor, now: datetime, signature: str = "", source: str = ""
) -> Batch:
    """登记公开随机值: once it exists. A drand value is proven by its signature, offline; what does not hold is refused.

    Opens the secrets when all are in.
    """
    batch = locked(batch)
    if batch.state != BatchState.COMMITTED:
        raise NotAllowed(_("只有已公布承诺、尚未抽取的批次才登记随机值。"))
    check_reveal(now=now, not_before=batch.not_before)
    value, signature, source = value.strip(), signature.strip().lower(), source.strip()
    if batch.beacon_kind == BeaconKind.PARTIES_ONLY:
        raise NotAllowed(_("这一批只用各方的秘密，不需要登记公开随机值。"))
    if batch.beacon_kind == BeaconKind.PUBLIC_VALUE and (not value or "\x1f" in value):
        raise NotAllowed(_("请填写公布的数值，与来源逐字一致。"))
    if batch.beacon_kind == BeaconKind.DRAND_QUICKNET:
        value = value.lower()
        if not HEX_64.fullmatch(value) or not re.fullmatch(r"[0-9a-f]{96}", signature):
            raise NotAllowed(_("随机值应是 64 位、签名应是 96 位的十六进制数字，请从 drand quicknet 该轮的输出复制。"))
        try:
            check_beacon(
                {"spec": batch.spec, "beacon": {"value": value, "signature": signature}}  # type: ignore[typeddict-item]  # a part of a bundle
            )
        except Differs as difference:
            raise NotAllowed(_("随机值没有通过核验：%(why)s") % {"why": difference}) from None
    batch.beacon_value, batch.beacon_signature, batch.beacon_source = value, signature, source
    batch.beacon_entered_at = now
    batch.save(update_fields=["beacon_value", "beacon_signature", "beacon_source", "beacon_entered_at"])
    audit.record(
        actor=actor,
        action="inspections.enter_beacon",
        subject=batch,
        now=now,
        after=audit.snapshot(batch, "beacon_value", "beacon_signature", "beacon_source"),
    )
    return _open_when_ready(batch, actor, now)


@transaction.atomic
def submit_secret(*, party: BatchParty, secret: str, actor: Actor, now: datetime) -> Batch:
    """开启秘密: the secret arrives sealed; nobody reads it before all are in, then the system opens them together.

    Whoever opens last therefore knows no more than whoever opens first. Idempotent for the same party.
    """
    batch = locked(party.batch)
    party = BatchParty.objects.select_for_update().get(pk=party.pk)
    must_be(party, actor)
    if batch.state != BatchState.COMMITTED:
        raise NotAllowed(_("只有已公布承诺、尚未抽取的批次才能开启秘密。"))
    check_reveal(now=now, not_before=batch.not_before)
    if not HEX_64.fullmatch(secret):
        raise NotAllowed(_("秘密应是 64 位小写十六进制数字，请用生成承诺时保存的那一份。"))
    if party.sealed is not None:
        raise NotAllowed(_("您的秘密已经封存，不能更换；等其他各方到齐后由系统同时开启。"))
    party.sealed = seal(secret, batch=batch.code, party=party.name)
    party.sealed_at = now
    party.save(update_fields=["sealed", "sealed_at"])
    audit.record(actor=actor, action="inspections.submit_secret", subject=batch, now=now, after={"party": party.name})
    return _open_when_ready(batch, actor, now)


@transaction.atomic
def refuse_secret(*, party: BatchParty, reason: str, actor: Actor, now: datetime) -> Batch:
    """拒绝开启: a party will not open its secret; that breaks the batch, visibly."""
    batch = locked(party.batch)
    must_be(party, actor)
    return break_batch(
        batch=batch,
        reason=BreakReason.REFUSED,
        note=f"{party.name}：{reason.strip() or '没有说明理由'}",
        actor=actor,
        now=now,
    )


@transaction.atomic
def reveal(*, batch: Batch, actor: Actor, now: datetime) -> Batch:
    """同时开启并抽取: open all secrets, run the draw, store its result. A secret that does not fit breaks the batch.

    Raises `NotAllowed` before the randomness exists and while a secret or the value is missing.
    """
    batch = locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.DRAW)
    check_reveal(now=now, not_before=batch.not_before)
    parties = list(batch.parties.select_for_update())
    waiting = [party.name for party in parties if party.sealed is None]
    if waiting:
        raise NotAllowed(_("还在等%(parties)s开启秘密，到齐之后才同时开启。") % {"parties": "、".join(waiting)})
    if batch.beacon_kind != BeaconKind.PARTIES_ONLY and not batch.beacon_value:
        raise NotAllowed(_("还没有登记公开随机值，请先登记。"))
    try:
        for party in parties:
            assert party.sealed is not None
            party.secret = unseal(bytes(party.sealed), batch=batch.code, party=party.name)
            if draws.commitment_of(party.name, party.secret) != party.commitment:
                return break_batch(batch=batch, reason=BreakReason.WRONG_SECRET, note=party.name, actor=actor, now=now)
        whole = draws.complete({**bundle_of(batch, parties), "result": None})
    except Unsealable as error:
        return break_batch(batch=batch, reason=BreakReason.WRONG_SECRET, note=str(error), actor=actor, now=now)
    except Differs as difference:
        reason = BreakReason.BEACON if difference.step == draws.Step.BEACON else BreakReason.OTHER
        return break_batch(batch=batch, reason=reason, note=str(difference)[:300], actor=actor, now=now)
    for party in parties:
        party.sealed = None
        party.save(update_fields=["secret", "sealed"])
    batch.result = whole["result"]
    batch.expert_teams = draws.expert_teams(whole, expert_plan(batch))
    batch.state = state
    batch.drawn_at = now
    _store_assignments(batch)
    if batch.is_sealed:
        batch.envelopes_digest = close_envelopes(batch)
    batch.save(update_fields=["result", "expert_teams", "state", "drawn_at", "envelopes_digest"])
    targets = len(whole["result"]["targets"])
    audit.record(
        actor=actor,
        action="inspections.draw",
        subject=batch,
        now=now,
        before={"state": BatchState.COMMITTED},
        after={
            "state": batch.state,
            "seed": whole["result"]["seed"],
            "targets": targets,
            "envelopes_digest": batch.envelopes_digest,
        },
    )
    publish(BatchDrawn(batch.pk, batch.code, targets))
    return batch


def _open_when_ready(batch: Batch, actor: Actor, now: datetime) -> Batch:
    if batch.parties.filter(sealed__isnull=True).exists():
        return batch
    if batch.beacon_kind != BeaconKind.PARTIES_ONLY and not batch.beacon_value:
        return batch
    return reveal(batch=batch, actor=actor, now=now)


def _store_assignments(batch: Batch) -> None:
    targets = {entry.pseudonym: entry for entry in batch.pool.filter(exclusion="")}
    officers = {entry.pseudonym: entry for entry in batch.officers.filter(exclusion="")}
    assert batch.result is not None
    for row in batch.result["targets"]:
        assignment = Assignment.objects.create(
            batch=batch,
            target=targets[row["id"]],
            stratum=row["stratum"],
            rank=row["rank"],
            is_alternate=False,
            is_unstaffed=row["unstaffed"],
        )
        assignment.officers.set([officers[name] for name in row["officers"]])
    for row in batch.result["alternates"]:
        Assignment.objects.create(
            batch=batch, target=targets[row["id"]], stratum=row["stratum"], rank=row["rank"], is_alternate=True
        )


@transaction.atomic
def break_batch(*, batch: Batch, reason: BreakReason, note: str, actor: Actor, now: datetime) -> Batch:
    """作废: a committed batch will not be drawn. It stays listed with the reason; a second draw is a new batch."""
    batch = locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.BREAK)
    batch.state = state
    batch.broken_at = now
    batch.broken_reason = reason
    batch.broken_note = note[:300]
    batch.save(update_fields=["state", "broken_at", "broken_reason", "broken_note"])
    batch.parties.update(sealed=None, secret="")
    audit.record(
        actor=actor,
        action="inspections.break_batch",
        subject=batch,
        now=now,
        before={"state": BatchState.COMMITTED},
        after={"state": state, "reason": reason, "note": batch.broken_note},
    )
    publish(BatchBroken(batch.pk, batch.code, reason))
    return batch


def break_unopened(now: datetime) -> int:
    """逾期未开启: break every committed batch whose time for opening is over; returns how many."""
    broken = 0
    for late in Batch.objects.filter(state=BatchState.COMMITTED, reveal_by__lt=now).order_by("pk"):
        with transaction.atomic():
            batch = locked(late)
            if batch.state != BatchState.COMMITTED:
                # Drawn, or broken by another worker, since we looked.
                continue
            missing = batch.parties.filter(sealed__isnull=True).values_list("name", flat=True)
            break_batch(
                batch=batch,
                reason=BreakReason.NOT_OPENED,
                note="、".join(missing) or "没有登记公开随机值",
                actor=rule_actor("inspections.reveal_within"),
                now=now,
            )
            broken += 1
    return broken
