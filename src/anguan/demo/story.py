"""示例区的一个月: a batch drawn, visited and half rectified, and another that waits for its parties.

Everything goes through the services that the pages call, at the moments it would have happened.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from uuid_utils.compat import uuid7

from anguan.checklists.selectors import items_with_checklist
from anguan.demo.acts import acting, actor_of, answer, begin, order, serve, sign, taken
from anguan.demo.people import BRANCH
from anguan.demo.plan import PUBLIC_PLACES, row_of_plan
from anguan.ground import clock
from anguan.hazards.models import Hazard
from anguan.hazards.services import report_rectification
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import PartyRole, StratumPlan
from anguan.inspections.rules.plans import TargetKind
from anguan.inspections.services import batches, visits
from anguan.people.models import Organ, User
from anguan.registry.models import Membership

WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8, "未评级": 2}
SEEN_FIRST = {2: "二层东侧安全出口前堆放纸箱，占用约一半宽度", 14: "三层两家餐饮没有可燃气体报警装置"}
SEEN_SECOND = {2: "首层北侧疏散通道摆放货架"}
SEEN_THIRD = {2: "地下一层安全出口被货物堵塞"}


def plant_story(now: datetime) -> None:
    """The month before `now`; needs the plan."""
    ten = now.replace(hour=2, minute=0, second=0, microsecond=0)
    _refused(ten)
    _drawn_and_visited(ten)
    _waiting_for_parties(now)


def _plan(title: str, targets: int, at: datetime, not_before: datetime) -> Batch:
    organ = Organ.objects.get(name=BRANCH)
    clerk = acting("clerk")
    batch = batches.plan_batch(
        title=title,
        organ=organ,
        item=items_with_checklist(clock.local_day(at)).get(code="S01"),
        window_from=at.date(),
        window_to=at.date() + timedelta(days=45),
        # Key enterprises are covered by name; a draw leaves them out.
        strata=[StratumPlan("人员密集场所", targets=targets, alternates=2, industries=PUBLIC_PLACES, key=False)],
        weights=WEIGHTS,
        beacon_kind=BeaconKind.PARTIES_ONLY,
        not_before=not_before,
        plan_row=row_of_plan(TargetKind.POOL, "S01", at),
        actor=clerk,
        now=at,
    )
    for role, username in (
        (PartyRole.ORGAN, "leader"),
        (PartyRole.SUPERVISOR, "supervisor"),
        (PartyRole.ENTERPRISE, "principal"),
    ):
        batches.add_party(batch=batch, role=role, user=User.objects.get(username=username), actor=clerk, now=at)
    return batches.freeze_pool(batch=batch, actor=clerk, now=at)


def _committed(batch: Batch, at: datetime) -> dict[int, str]:
    """Every party commits at `at`, and an hour later the commitments are public; returns the secrets by party."""
    secrets = {party.pk: token_hex(32) for party in batch.parties.all()}
    for party in batch.parties.select_related("user"):
        commitment = draws.commitment_of(party.name, secrets[party.pk])
        batches.submit_commitment(party=party, commitment=commitment, actor=actor_of(party.user), now=at)
    batches.commit_batch(batch=batch, actor=acting("clerk"), now=at + timedelta(hours=1))
    return secrets


def _refused(ten: datetime) -> None:
    """A batch that was never drawn: a party refused to open its secret, and that stays public."""
    planned = ten - timedelta(days=34)
    batch = _plan("人员密集场所双随机抽查（未能完成抽取）", 3, planned, planned + timedelta(hours=3))
    _committed(batch, planned)
    party = batch.parties.select_related("user").get(role=PartyRole.SUPERVISOR)
    batches.refuse_secret(
        party=party,
        reason="名录里有企业已经搬走，应先更新底账",
        actor=actor_of(party.user),
        now=planned + timedelta(hours=4),
    )


def _drawn_and_visited(ten: datetime) -> None:
    planned = ten - timedelta(days=32)
    batch = _plan("人员密集场所四季度双随机抽查（第一批）", 4, planned, planned + timedelta(hours=3))
    secrets = _committed(batch, planned)
    drawn = planned + timedelta(hours=4)
    for party in batch.parties.select_related("user"):
        batches.submit_secret(party=party, secret=secrets[party.pk], actor=actor_of(party.user), now=drawn)
    approved = batches.approve_batch(batch=batch, actor=acting("leader"), now=drawn)
    if len(approved) < 3:
        raise ValueError("the demo's draw found too few targets")
    first, second, third = approved[:3]
    # Closed and public; reported and waiting for its recheck; overdue. The fourth has not begun.
    _visit(first, ten - timedelta(days=27), SEEN_FIRST)
    _rectify(first, ten - timedelta(days=22))
    _recheck(first, ten - timedelta(days=19))
    visits.publish_result(visit=first, actor=acting("clerk"), now=ten - timedelta(days=18))
    _visit(second, ten - timedelta(days=4), SEEN_SECOND)
    _rectify(second, ten - timedelta(days=2))
    _visit(third, ten - timedelta(days=9), SEEN_THIRD)


def _waiting_for_parties(now: datetime) -> None:
    """A batch in which a visitor of the demo can play the three parties, today."""
    _plan("人员密集场所四季度双随机抽查（第二批）", 3, now, now + timedelta(minutes=30))


def _visit(visit: Visit, at: datetime, seen: Mapping[int, str]) -> None:
    actor = begin(visit, at)
    answer(visit, at, seen)
    done = at + timedelta(hours=1)
    visits.draft_record(visit=visit, actor=actor, now=done)
    sign(visit, done)
    visits.issue_record(visit=visit, actor=actor, now=done)
    order(visit, actor, done)


def _rectify(visit: Visit, at: datetime) -> None:
    """The enterprise's manager reports with a picture; whoever speaks for it is its own principal in the demo."""
    user, _ = User.objects.get_or_create(
        username=f"firm{visit.enterprise_id}", defaults={"name": visit.enterprise.principal}
    )
    Membership.objects.get_or_create(
        user=user, enterprise=visit.enterprise, role="safety_manager", defaults={"since": at.date()}
    )
    for hazard in Hazard.objects.filter(visit_uid=visit.uid).order_by("pk"):
        report_rectification(
            hazard=hazard,
            uid=uuid7(),
            description="已清理并安排专人每日巡查，现场照片附后。",
            photos=[taken("clear", hazard.pk, at, visit.enterprise)],
            actor=actor_of(user),
            now=at,
        )


def _recheck(parent: Visit, at: datetime) -> None:
    again = Visit.objects.get(parent=parent)
    actor = begin(again, at)
    for hazard in visits.hazards_to_recheck(again):
        visits.answer_hazard(visit=again, hazard=hazard, uid=uuid7(), is_rectified=True, actor=actor, now=at)
    visits.draft_record(visit=again, actor=actor, now=at)
    sign(again, at)
    visits.issue_record(visit=again, actor=actor, now=at)
    serve(again, actor, at + timedelta(minutes=5))
