"""抽查批次, from plan to publication. Every step locks the batch, re-reads it, and asks the table what may follow."""

import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.checklists.models import InspectionItem
from anguan.ground import audit, clock
from anguan.ground.access import Actor, rule_actor
from anguan.ground.events import publish
from anguan.ground.numbering import allocate
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind, Differs
from anguan.inspections.draws.beacons import check_beacon
from anguan.inspections.events import BatchBroken, BatchCommitted, BatchDrawn
from anguan.inspections.models import (
    Assignment,
    Batch,
    BatchConflict,
    BatchOfficer,
    BatchParty,
    PoolEntry,
    Visit,
    VisitOfficer,
)
from anguan.inspections.rules import (
    REVEAL_WITHIN,
    RUNNING,
    UNRATED,
    WITHOUT_CHECK,
    BatchAction,
    BatchState,
    BreakReason,
    NotAllowed,
    OfficerExclusion,
    PartyRole,
    StratumPlan,
    VisitKind,
    VisitState,
    advance_batch,
    check_commit,
    check_plan,
    check_reveal,
    place,
    stamp,
    whole_second,
)
from anguan.inspections.selectors import bundle_of, conflict_rows, officer_rows, pool_rows
from anguan.inspections.services.sealing import Unsealable, seal, unseal
from anguan.people.models import Officer, Organ, User
from anguan.people.rules import Role
from anguan.registry.models import DeclaredConflict, Enterprise
from anguan.registry.rules import EnterpriseStatus

HEX_64 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def plan_batch(
    *,
    title: str,
    organ: Organ,
    item: InspectionItem,
    window_from: date,
    window_to: date,
    strata: Sequence[StratumPlan],
    weights: Mapping[str, int],
    beacon_kind: BeaconKind,
    not_before: datetime,
    actor: Actor,
    now: datetime,
    beacon_round: str = "",
    officers_per_target: int = 2,
) -> Batch:
    """列入计划: begin a batch. For drand the round follows from `not_before`, which then becomes that round's time."""
    check_plan(strata, weights, officers_per_target)
    if item.checklist_id is None:
        raise NotAllowed(_("这个事项还没有检查表，不能安排检查。"))
    if window_to < clock.local_day(now):
        raise NotAllowed(_("检查期已经过去，请重新填写。"))
    not_before = whole_second(not_before).astimezone(UTC)
    if beacon_kind is BeaconKind.DRAND_QUICKNET:
        number = draws.round_at(not_before)
        beacon_round, not_before = str(number), draws.time_of_round(number)
    elif beacon_kind is BeaconKind.PUBLIC_VALUE and not beacon_round.strip():
        raise NotAllowed(_("请写明用哪一个将来公布的数值，例如某期彩票的中奖号码。"))
    elif beacon_kind is BeaconKind.PARTIES_ONLY:
        beacon_round = ""
    if not_before <= now:
        raise NotAllowed(_("约定的随机值时间必须在将来，这样没有人事先知道它。"))
    batch = Batch.objects.create(
        # The number goes on, never back: a broken batch keeps its code.
        code=_next_code(organ, clock.local_day(now).year),
        title=title.strip(),
        organ=organ,
        item=item,
        window_from=window_from,
        window_to=window_to,
        strata=[asdict(stratum) for stratum in strata],
        weights=dict(weights),
        officers_per_target=officers_per_target,
        beacon_kind=beacon_kind,
        beacon_round=beacon_round.strip(),
        not_before=not_before,
        planned_by_name=actor.name,
        planned_at=now,
    )
    audit.record(
        actor=actor,
        action="inspections.plan_batch",
        subject=batch,
        now=now,
        after=audit.snapshot(batch, "code", "title", "strata", "weights", "beacon_kind", "beacon_round", "not_before"),
    )
    return batch


def _next_code(organ: Organ, year: int) -> str:
    return f"SJ-{organ.pk}-{year}-{allocate(organ_id=organ.pk, prefix='抽查', year=year):03d}"


@transaction.atomic
def add_party(*, batch: Batch, role: PartyRole, user: User, actor: Actor, now: datetime) -> BatchParty:
    """添加参与方: before the commitment. The organ's party is a leader of it, the enterprise's a principal."""
    batch = _locked(batch)
    if batch.state not in {BatchState.PLANNED, BatchState.POOL_FROZEN}:
        raise NotAllowed(_("承诺公布之后不能再增减参与方。"))
    enterprise = _standing_of(role, user, batch.organ, clock.local_day(now))
    if batch.parties.filter(user=user).exists():
        raise NotAllowed(_("这位已经是本批的参与方，一个人不能代表两方。"))
    position = batch.parties.count() + 1
    alike = batch.parties.filter(role=role).count()
    party = BatchParty.objects.create(
        batch=batch,
        position=position,
        role=role,
        # The bundle is public: it names the part somebody plays, not the person and not the enterprise.
        name=role.label if not alike else f"{role.label} {alike + 1}",
        user=user,
        enterprise=enterprise,
    )
    audit.record(
        actor=actor,
        action="inspections.add_party",
        subject=batch,
        now=now,
        after={"party": party.name, "user": user.pk},
    )
    return party


def _standing_of(role: PartyRole, user: User, organ: Organ, today: date) -> Enterprise | None:
    if role is PartyRole.ENTERPRISE:
        membership = (
            user.memberships.filter(role=Role.PRINCIPAL)
            .filter(Q(until__isnull=True) | Q(until__gte=today))
            .select_related("enterprise")
            .first()
        )
        if membership is None:
            raise NotAllowed(_("企业代表须是企业的主要负责人。"))
        return membership.enterprise
    grants = user.grants.all()
    if role is PartyRole.ORGAN and not grants.filter(role=Role.LEADER, organ=organ).exists():
        raise NotAllowed(_("检查机关一方须是本机关的负责人。"))
    if role is PartyRole.SUPERVISOR and not grants.filter(role=Role.SUPERVISOR).exists():
        raise NotAllowed(_("司法监督一方须是司法监督员。"))
    return None


@transaction.atomic
def freeze_pool(*, batch: Batch, actor: Actor, now: datetime) -> Batch:
    """冻结名录: a snapshot of enterprises, officers and conflicts, each with its reason where left out.

    Pseudonyms and salts are random and made for this batch alone, so that nothing links two batches.
    """
    batch = _locked(batch)
    before = batch.state
    state = advance_batch(BatchState(batch.state), BatchAction.FREEZE)
    strata = [_stratum(row) for row in batch.strata]
    visited = set(
        Visit.objects.filter(
            organ=batch.organ,
            item__code=batch.item.code,
            kind=VisitKind.DRAWN,
            due_on__year=clock.local_day(now).year,
        )
        .exclude(category__in=WITHOUT_CHECK)
        .values_list("enterprise_id", flat=True)
    )
    taken: set[str] = set()
    entries = []
    enterprises = Enterprise.objects.filter(merged_into__isnull=True).order_by("pk")
    for enterprise in enterprises.iterator(chunk_size=2000):
        stratum, exclusion = place(
            is_operating=enterprise.status == EnterpriseStatus.OPERATING,
            was_visited=enterprise.pk in visited,
            industry_code=enterprise.industry_code,
            is_key=enterprise.is_key,
            strata=strata,
        )
        entry = PoolEntry(
            batch=batch, enterprise=enterprise, enterprise_name=enterprise.name, exclusion=exclusion or ""
        )
        if exclusion is None:
            entry.pseudonym = _pseudonym("T", taken)
            entry.stratum = stratum
            entry.risk_class = enterprise.risk_level or UNRATED
            if entry.risk_class not in batch.weights:
                raise NotAllowed(_("风险等级“%(level)s”没有签数，请先补上。") % {"level": entry.risk_class})
            entry.salt = randomness.token_hex(16)
        entries.append(entry)
    PoolEntry.objects.bulk_create(entries, batch_size=2000)
    _freeze_officers(batch, clock.local_day(now), taken)
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
            "pool": sum(not entry.exclusion for entry in entries),
            "left_out": sum(bool(entry.exclusion) for entry in entries),
            "officers": batch.officers.filter(exclusion="").count(),
            "conflicts": batch.conflicts.count(),
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
    declared = (
        DeclaredConflict.objects.filter(officer__in=on_roster, since__lte=batch.window_to)
        .filter(Q(until__isnull=True) | Q(until__gte=batch.window_from))
        .select_related("enterprise")
    )
    targets = {entry.enterprise_id: entry for entry in batch.pool.filter(exclusion="")}
    BatchConflict.objects.bulk_create(
        (
            BatchConflict(batch=batch, officer=on_roster[row.officer_id], target=targets[target_id], declared=row)
            for row in declared
            # A conflict declared with an enterprise that was merged since holds for what it was merged into.
            if (target_id := row.enterprise.merged_into_id or row.enterprise_id) in targets
        ),
        ignore_conflicts=True,
    )


def _pseudonym(letter: str, taken: set[str]) -> str:
    while (name := f"{letter}-{randomness.token_hex(5)}") in taken:
        pass
    taken.add(name)
    return name


@transaction.atomic
def submit_commitment(*, party: BatchParty, commitment: str, actor: Actor, now: datetime) -> BatchParty:
    """作出承诺: only the commitment arrives; the secret stays with the party. It can be replaced until all is fixed."""
    batch = _locked(party.batch)
    party = BatchParty.objects.select_for_update().get(pk=party.pk)
    _must_be(party, actor)
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
    batch = _locked(batch)
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
    function = draws.named("sha256")
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
        "pool_root": draws.pool_root(pool, batch.weights, function),
        "officers_digest": function.value(officers),
        "conflicts_digest": function.value(conflicts),
        "beacon": {"kind": batch.beacon_kind, "round": _round(batch), "not_before": stamp(batch.not_before)},
        "committed_at": stamp(committed_at),
    }
    batch.spec = spec
    batch.spec_digest = function.value(spec)
    batch.state = state
    batch.committed_at = committed_at
    batch.reveal_by = batch.not_before + REVEAL_WITHIN
    batch.save(update_fields=["spec", "spec_digest", "state", "committed_at", "reveal_by"])
    audit.record(
        actor=actor,
        action="inspections.commit_batch",
        subject=batch,
        now=now,
        after={
            "state": state,
            "spec_digest": batch.spec_digest,
            "commitments": {party.name: party.commitment for party in parties},
        },
    )
    publish(BatchCommitted(batch.pk, batch.code))
    return batch


def _round(batch: Batch) -> int | str | None:
    if batch.beacon_kind == BeaconKind.PARTIES_ONLY:
        return None
    return int(batch.beacon_round) if batch.beacon_kind == BeaconKind.DRAND_QUICKNET else batch.beacon_round


@transaction.atomic
def enter_beacon(
    *, batch: Batch, value: str, actor: Actor, now: datetime, signature: str = "", source: str = ""
) -> Batch:
    """登记公开随机值: once it exists. A drand value is proven by its signature, offline; what does not hold is refused.

    Opens the secrets when all are in.
    """
    batch = _locked(batch)
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
                {"spec": batch.spec, "beacon": {"value": value, "signature": signature}}  # type: ignore[typeddict-item]
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
    batch = _locked(party.batch)
    party = BatchParty.objects.select_for_update().get(pk=party.pk)
    _must_be(party, actor)
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
    batch = _locked(party.batch)
    _must_be(party, actor)
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
    batch = _locked(batch)
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
    batch.state = state
    batch.drawn_at = now
    batch.save(update_fields=["result", "state", "drawn_at"])
    _store_assignments(batch)
    targets = len(whole["result"]["targets"])
    audit.record(
        actor=actor,
        action="inspections.draw",
        subject=batch,
        now=now,
        before={"state": BatchState.COMMITTED},
        after={"state": batch.state, "seed": whole["result"]["seed"], "targets": targets},
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
    batch = _locked(batch)
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
            batch = _locked(late)
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


@transaction.atomic
def approve_batch(*, batch: Batch, actor: Actor, now: datetime) -> list[Visit]:
    """批准检查: the head of the organ approves; each staffed target becomes a visit with its drawn officers.

    Every check needs prior approval (国办发〔2024〕54号). Enterprises are not told: the checks are unannounced.
    """
    batch = _locked(batch)
    state = advance_batch(BatchState(batch.state), BatchAction.APPROVE)
    assert batch.item.checklist is not None
    visits = []
    drawn = batch.assignments.filter(is_alternate=False, is_unstaffed=False).select_related("target__enterprise")
    for assignment in drawn:
        visit = Visit.objects.create(
            uid=uuid7(),
            kind=VisitKind.DRAWN,
            batch=batch,
            assignment=assignment,
            enterprise=assignment.target.enterprise,
            organ=batch.organ,
            item=batch.item,
            checklist=batch.item.checklist,
            due_on=batch.window_to,
            approved_at=now,
            approved_by_name=actor.name,
        )
        team = sorted(assignment.officers.select_related("officer"), key=lambda entry: (not entry.leader, entry.pk))
        VisitOfficer.objects.bulk_create(
            VisitOfficer(visit=visit, officer=entry.officer, position=position)
            for position, entry in enumerate(team, start=1)
        )
        visits.append(visit)
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
        after={"state": state, "visits": len(visits)},
    )
    finish_batch_when_done(batch=batch, actor=actor, now=now)
    return visits


@transaction.atomic
def finish_batch_when_done(*, batch: Batch, actor: Actor, now: datetime) -> bool:
    """检查完毕: after the last visit the bundle may be published; True when that is now."""
    batch = _locked(batch)
    if batch.state != BatchState.APPROVED:
        return False
    if batch.visits.filter(kind=VisitKind.DRAWN, state__in=[VisitState(state) for state in RUNNING]).exists():
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
    batch = _locked(batch)
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


def _locked(batch: Batch) -> Batch:
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("organ", "item__item_list", "item__checklist")
        .get(pk=batch.pk)
    )


def _must_be(party: BatchParty, actor: Actor) -> None:
    if actor.id != str(party.user_id):
        raise PermissionDenied(_("只有这一方本人可以办理。"))


def _stratum(row: Mapping[str, Any]) -> StratumPlan:
    return StratumPlan(**{**row, "industries": tuple(row["industries"])})
