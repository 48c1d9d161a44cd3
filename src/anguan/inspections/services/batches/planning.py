"""列入计划: what a batch will be, and who its parties are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.numbering import allocate
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import (
    Batch,
    BatchParty,
    PlanRow,
)
from anguan.inspections.rules import (
    BatchState,
    NotAllowed,
    PartyRole,
    StratumPlan,
    check_experts_planned,
    check_plan,
    whole_second,
)
from anguan.inspections.services.batches.acting import locked
from anguan.inspections.services.plan_use import check_plan_row
from anguan.people.models import Organ, User
from anguan.people.rules import Role
from anguan.registry.models import Enterprise


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
    experts_per_target: int = 0,
    expert_speciality: str = "",
    expert_capacity: int = 3,
    sealed: bool = False,
    plan_row: PlanRow | None = None,
) -> Batch:
    """列入计划: begin a batch. For drand the round follows from `not_before`, which then becomes that round's time.

    `sealed`: what is drawn stays in envelopes, which the teams open when they depart; promised with the commitments.
    """
    check_plan(strata, weights, officers_per_target)
    check_experts_planned(experts_per_target, expert_capacity)
    if item.checklist_id is None:
        raise NotAllowed(_("这个事项还没有检查表，不能安排检查。"))
    if window_to < clock.local_day(now):
        raise NotAllowed(_("检查期已经过去，请重新填写。"))
    check_plan_row(plan_row, organ=organ, item=item, year=window_from.year)
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
        plan_row=plan_row,
        window_from=window_from,
        window_to=window_to,
        strata=[asdict(stratum) for stratum in strata],
        weights=dict(weights),
        officers_per_target=officers_per_target,
        experts_per_target=experts_per_target,
        expert_speciality=expert_speciality.strip(),
        expert_capacity=expert_capacity,
        is_sealed=sealed,
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
        after=audit.snapshot(
            batch,
            "code",
            "title",
            "purpose",
            "plan_row_id",
            "strata",
            "weights",
            "experts_per_target",
            "expert_speciality",
            "is_sealed",
            "beacon_kind",
            "beacon_round",
            "not_before",
        ),
    )
    return batch


def _next_code(organ: Organ, year: int) -> str:
    return f"SJ-{organ.pk}-{year}-{allocate(organ_id=organ.pk, prefix='抽查', year=year):03d}"


@transaction.atomic
def add_party(*, batch: Batch, role: PartyRole, user: User, actor: Actor, now: datetime) -> BatchParty:
    """添加参与方: before the commitment. The organ's party is a leader of it, the enterprise's a principal."""
    batch = locked(batch)
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
