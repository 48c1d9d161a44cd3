"""示例区的一个月: a batch drawn, visited and half rectified, and another that waits for its parties.

Everything goes through the services that the pages call, at the moments it would have happened.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from uuid_utils.compat import uuid7

from anguan.checklists.selectors import items_with_checklist
from anguan.demo.people import BRANCH
from anguan.demo.pictures import photo, signature
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo
from anguan.hazards.models import Hazard
from anguan.hazards.services import report_rectification
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import Outcome, PartyRole, StratumPlan
from anguan.inspections.selectors import team_of
from anguan.inspections.services import batches, visits
from anguan.people.models import Officer, Organ, User
from anguan.people.viewers import viewer_of
from anguan.registry.models import Enterprise, Membership

PUBLIC_PLACES = ("52", "61", "62", "87")
WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8, "未评级": 2}
SEEN_FIRST = {2: "二层东侧安全出口前堆放纸箱，占用约一半宽度", 14: "三层两家餐饮没有可燃气体报警装置"}
SEEN_SECOND = {2: "首层北侧疏散通道摆放货架"}
SEEN_THIRD = {2: "地下一层安全出口被货物堵塞"}


def plant_story(now: datetime) -> None:
    """The month before `now`; needs the ledger and the people."""
    ten = now.replace(hour=2, minute=0, second=0, microsecond=0)
    _drawn_and_visited(ten)
    _waiting_for_parties(now)


def _actor(user: User) -> Actor:
    return viewer_of(user).actor


def _named(username: str) -> User:
    return User.objects.get(username=username)


def _plan(title: str, targets: int, at: datetime, not_before: datetime) -> Batch:
    organ = Organ.objects.get(name=BRANCH)
    clerk = _actor(_named("clerk"))
    batch = batches.plan_batch(
        title=title,
        organ=organ,
        item=items_with_checklist(clock.local_day(at)).get(code="S01"),
        window_from=at.date(),
        window_to=at.date() + timedelta(days=45),
        strata=[StratumPlan("人员密集场所", targets=targets, alternates=2, industries=PUBLIC_PLACES)],
        weights=WEIGHTS,
        beacon_kind=BeaconKind.PARTIES_ONLY,
        not_before=not_before,
        actor=clerk,
        now=at,
    )
    for role, username in (
        (PartyRole.ORGAN, "leader"),
        (PartyRole.SUPERVISOR, "supervisor"),
        (PartyRole.ENTERPRISE, "principal"),
    ):
        batches.add_party(batch=batch, role=role, user=_named(username), actor=clerk, now=at)
    return batches.freeze_pool(batch=batch, actor=clerk, now=at)


def _drawn_and_visited(ten: datetime) -> None:
    planned = ten - timedelta(days=32)
    batch = _plan("人员密集场所四季度双随机抽查（第一批）", 4, planned, planned + timedelta(hours=3))
    secrets = {}
    for party in batch.parties.select_related("user"):
        secrets[party.pk] = token_hex(32)
        commitment = draws.commitment_of(party.name, secrets[party.pk])
        batches.submit_commitment(party=party, commitment=commitment, actor=_actor(party.user), now=planned)
    batches.commit_batch(batch=batch, actor=_actor(_named("clerk")), now=planned + timedelta(hours=1))
    drawn = planned + timedelta(hours=4)
    for party in batch.parties.select_related("user"):
        batches.submit_secret(party=party, secret=secrets[party.pk], actor=_actor(party.user), now=drawn)
    approved = batches.approve_batch(batch=batch, actor=_actor(_named("leader")), now=drawn)
    if len(approved) < 3:
        raise ValueError("the demo's draw found too few targets")
    first, second, third = approved[:3]
    # Closed and public; reported and waiting for its recheck; overdue. The fourth has not begun.
    _visit(first, ten - timedelta(days=27), SEEN_FIRST)
    _rectify(first, ten - timedelta(days=22))
    _recheck(first, ten - timedelta(days=19))
    visits.publish_result(visit=first, actor=_actor(_named("clerk")), now=ten - timedelta(days=18))
    _visit(second, ten - timedelta(days=4), SEEN_SECOND)
    _rectify(second, ten - timedelta(days=2))
    _visit(third, ten - timedelta(days=9), SEEN_THIRD)


def _waiting_for_parties(now: datetime) -> None:
    """A batch in which a visitor of the demo can play the three parties, today."""
    _plan("人员密集场所四季度双随机抽查（第二批）", 3, now, now + timedelta(minutes=30))


def _team(visit: Visit) -> tuple[list[Officer], Actor]:
    officers = [row.officer for row in team_of(visit)]
    user = officers[0].user
    assert user is not None
    return officers, _actor(user)


def _begin(visit: Visit, at: datetime) -> tuple[list[Officer], Actor]:
    officers, actor = _team(visit)
    visits.start_visit(
        visit=visit,
        present=[officer.pk for officer in officers],
        host=visit.enterprise.principal,
        latitude=visit.enterprise.latitude,
        longitude=visit.enterprise.longitude,
        accuracy_m=12,
        actor=actor,
        now=at,
    )
    return officers, actor


def _sign(visit: Visit, at: datetime) -> None:
    officers, actor = _team(visit)
    for officer in officers:
        visits.sign_as_officer(
            visit=visit, officer=officer, uid=uuid7(), image=signature(officer.pk), actor=actor, now=at
        )
    visits.sign_as_enterprise(
        visit=visit, uid=uuid7(), name=visit.enterprise.principal, image=signature(1000 + visit.pk), actor=actor, now=at
    )


def _serve(visit: Visit, actor: Actor, at: datetime) -> None:
    visits.serve(
        visit=visit,
        method="direct",
        receiver=visit.enterprise.principal,
        place=visit.enterprise.address,
        uid=uuid7(),
        image=signature(2000 + visit.pk),
        actor=actor,
        now=at,
    )


def _taken(kind: str, seed: int, at: datetime, enterprise: Enterprise) -> Photo:
    return Photo(
        uid=uuid7(),
        data=photo(kind, seed),
        taken_at=at,
        latitude=enterprise.latitude,
        longitude=enterprise.longitude,
        accuracy_m=15,
    )


def _visit(visit: Visit, at: datetime, seen: Mapping[int, str]) -> None:
    _, actor = _begin(visit, at)
    for item in visit.checklist.items.all():
        note = seen.get(item.number, "")
        pictures = [_taken("blocked", visit.pk * 100 + item.number, at, visit.enterprise)] if note else []
        visits.answer_item(
            visit=visit,
            item=item,
            uid=uuid7(),
            outcome=Outcome.FAILS if note else Outcome.CONFORMS,
            note=note,
            photos=pictures,
            actor=actor,
            now=at + timedelta(minutes=2 * item.number),
        )
    done = at + timedelta(hours=1)
    visits.draft_record(visit=visit, actor=actor, now=done)
    _sign(visit, done)
    visits.issue_record(visit=visit, actor=actor, now=done)
    visits.draft_order(visit=visit, actor=actor, now=done)
    _sign(visit, done)
    visits.issue_order(visit=visit, actor=actor, now=done)
    _serve(visit, actor, done + timedelta(minutes=5))


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
            photos=[_taken("clear", hazard.pk, at, visit.enterprise)],
            actor=_actor(user),
            now=at,
        )


def _recheck(parent: Visit, at: datetime) -> None:
    again = Visit.objects.get(parent=parent)
    _, actor = _begin(again, at)
    for hazard in visits.hazards_to_recheck(again):
        visits.answer_hazard(visit=again, hazard=hazard, uid=uuid7(), is_rectified=True, actor=actor, now=at)
    visits.draft_record(visit=again, actor=actor, now=at)
    _sign(again, at)
    visits.issue_record(visit=again, actor=actor, now=at)
    _serve(again, actor, at + timedelta(minutes=5))
