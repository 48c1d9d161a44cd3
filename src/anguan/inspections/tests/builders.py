"""The cast of the draw and the visit: a bureau with four officers, three parties, twelve enterprises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image
from uuid_utils.compat import uuid7

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import items_with_checklist
from anguan.checklists.services import load_shipped
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, BatchParty, Visit
from anguan.inspections.rules import Outcome, PartyRole, StratumPlan
from anguan.inspections.selectors import team_of
from anguan.inspections.services import batches, visits
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Competence, Officer, Organ, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer, an_organ
from anguan.people.viewers import UserViewer, viewer_of
from anguan.registry.models import Enterprise, Membership

# Monday, 2 March 2026, 09:00 in China.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEACON = MONDAY + timedelta(hours=2)
SECRETS = ["11" * 32, "22" * 32, "33" * 32]
STRATA = [StratumPlan("人员密集场所", targets=2, alternates=1)]
WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8, "未评级": 2}


def actor_of(user: User) -> Actor:
    """A user as the cause of a write."""
    return viewer(user).actor


def viewer(user: User) -> UserViewer:
    """A user as who asks."""
    return viewer_of(user)


@dataclass
class Cast:
    """Everybody who has to do with a draw and its visits."""

    organ: Organ
    clerk: User
    leader: User
    supervisor: User
    principal: User
    officers: list[Officer]
    enterprises: list[Enterprise]
    item: InspectionItem
    users: dict[int, User] = field(default_factory=dict)

    def user_of(self, officer: Officer) -> User:
        """The account of an officer."""
        return self.users[officer.pk]


def an_enterprise(number: int, **fields: Any) -> Enterprise:
    """A visibly fictitious enterprise."""
    values: dict[str, Any] = {
        "name": f"示例商场{number}号有限公司",
        "credit_code": f"91510900MA60{number:05}X",
        "address": f"河东新区示例路{number}号",
        "industry_code": "F5211",
        "risk_level": "ABCD"[number % 4],
        "created_at": MONDAY,
        "updated_at": MONDAY,
    }
    return Enterprise.objects.create(**{**values, **fields})


def a_cast(enterprises: int = 12) -> Cast:
    """Bureau, people, enterprises and the published item list."""
    load_shipped(MONDAY)
    organ = an_organ(kind="emergency")
    Organ.objects.filter(pk=organ.pk).update(review_body="示例区人民政府", court="示例区人民法院")
    organ.refresh_from_db()
    for matter in ("inspect", "order"):
        Competence.objects.create(
            organ=organ,
            matter=matter,
            statute="中华人民共和国安全生产法",
            article="第六十五条",
            valid_from=date(2021, 9, 1),
        )
    firms = [an_enterprise(number) for number in range(1, enterprises + 1)]
    principal = a_user("principal", name="主要负责人")
    Membership.objects.create(user=principal, enterprise=firms[0], role=Role.PRINCIPAL, since=date(2025, 1, 1))
    cast = Cast(
        organ=organ,
        clerk=a_user("clerk", Role.CLERK, organ=organ),
        leader=a_user("leader", Role.LEADER, organ=organ),
        supervisor=a_user("supervisor", Role.SUPERVISOR, organ=an_organ("示例区司法局", kind="judicial")),
        principal=principal,
        officers=[],
        enterprises=firms,
        item=items_with_checklist(clock.local_day(MONDAY)).get(code="S01"),
    )
    for name in "甲乙丙丁":
        user = a_user(f"officer{name}", Role.OFFICER, organ=organ)
        officer = an_officer(f"执法员{name}", organ=organ, user=user, can_lead=name in "甲乙")
        cast.officers.append(officer)
        cast.users[officer.pk] = user
    return cast


def planned(cast: Cast, **changes: Any) -> Batch:
    """A batch on the plan, without pool and parties."""
    values: dict[str, Any] = {
        "title": "三月商场双随机抽查",
        "organ": cast.organ,
        "item": cast.item,
        "window_from": date(2026, 3, 2),
        "window_to": date(2026, 3, 31),
        "strata": STRATA,
        "weights": WEIGHTS,
        "beacon_kind": BeaconKind.PARTIES_ONLY,
        "not_before": BEACON,
    }
    return batches.plan_batch(**{**values, **changes}, actor=actor_of(cast.clerk), now=MONDAY)


def parties_of(cast: Cast, batch: Batch) -> list[BatchParty]:
    """The three parties of a batch, added in their order."""
    return [
        batches.add_party(batch=batch, role=role, user=user, actor=actor_of(cast.clerk), now=MONDAY)
        for role, user in [
            (PartyRole.ORGAN, cast.leader),
            (PartyRole.SUPERVISOR, cast.supervisor),
            (PartyRole.ENTERPRISE, cast.principal),
        ]
    ]


def committed(cast: Cast, **changes: Any) -> Batch:
    """A batch whose spec and three commitments are public."""
    batch = planned(cast, **changes)
    for party, secret in zip(parties_of(cast, batch), SECRETS, strict=True):
        batches.submit_commitment(
            party=party,
            commitment=draws.commitment_of(party.name, secret),
            actor=actor_of(party.user),
            now=MONDAY,
        )
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    return batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=MONDAY + timedelta(hours=1))


def opened(batch: Batch, secrets: Sequence[str] = SECRETS) -> Batch:
    """The batch after its parties opened their secrets, one after the other."""
    for party, secret in zip(batch.parties.select_related("user"), secrets, strict=False):
        batch = batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=BEACON)
    return batch


def drawn(cast: Cast) -> Batch:
    """A batch that was drawn."""
    return opened(committed(cast))


def approved(cast: Cast) -> list[Visit]:
    """The visits of a drawn and approved batch."""
    return batches.approve_batch(batch=drawn(cast), actor=actor_of(cast.leader), now=BEACON)


def team(cast: Cast, visit: Visit) -> tuple[list[Officer], Actor]:
    """The officers of a visit, and the first of them as actor."""
    officers = [row.officer for row in team_of(visit)]
    return officers, actor_of(cast.user_of(officers[0]))


def begun(cast: Cast, visit: Visit, now: datetime) -> Visit:
    """The visit after its officers arrived."""
    officers, actor = team(cast, visit)
    return visits.start_visit(
        visit=visit, present=[officer.pk for officer in officers], host="示例经理", actor=actor, now=now
    )


def answered(cast: Cast, visit: Visit, now: datetime, failures: Mapping[int, str] = {}) -> Visit:
    """The visit after every item was answered; `failures` maps item numbers to what was seen."""
    _, actor = team(cast, visit)
    for item in visit.checklist.items.all():
        seen = failures.get(item.number)
        visits.answer_item(
            visit=visit,
            item=item,
            uid=uuid7(),
            outcome=Outcome.FAILS if seen else Outcome.CONFORMS,
            note=seen or "",
            photos=[a_photo(now, item.number)] if seen else [],
            actor=actor,
            now=now,
        )
    return visit


def signed(cast: Cast, visit: Visit, now: datetime) -> None:
    """Both officers and the firm's manager sign the paper in hand."""
    officers, actor = team(cast, visit)
    for slant, officer in enumerate(officers):
        visits.sign_as_officer(
            visit=visit, officer=officer, uid=uuid7(), image=signature_image(slant * 10), actor=actor, now=now
        )
    visits.sign_as_enterprise(
        visit=visit, uid=uuid7(), name="示例经理", image=signature_image(30), actor=actor, now=now
    )


def a_photo(taken_at: datetime, colour: int = 0, uid: UUID | None = None) -> Photo:
    """A small picture; another colour is another picture."""
    saved = BytesIO()
    Image.new("RGB", (8, 8), (colour % 256, 90, 90)).save(saved, "PNG")
    return Photo(uid=uid or uuid7(), data=saved.getvalue(), taken_at=taken_at)
