"""One object of each kind that concerns everybody of the cast, and a foreign one: another firm's, another organ's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from typing import cast as typed

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from uuid_utils.compat import uuid7

from anguan.checklists import services as drafting
from anguan.checklists.models import Checklist, Criterion, HazardPhrase, ItemList
from anguan.cli.shipped import load as load_shipped
from anguan.ground import clock, evidence
from anguan.ground.access import Actor
from anguan.ground.models import OutboxMessage
from anguan.hazards.models import Hazard, Transfer
from anguan.hazards.services import find_hazard, report_rectification
from anguan.inspections.models import (
    Assignment,
    BatchExpert,
    BatchParty,
    Concern,
    Opinion,
    OrganArea,
    PoolEntry,
    Replacement,
    RevisitHazard,
    Visit,
    VisitExpert,
    VisitOfficer,
)
from anguan.inspections.rules import PartyRole, ResultCategory, Trigger, VisitKind
from anguan.inspections.services import batches, joint, visits
from anguan.inspections.services.guidance import record_guidance
from anguan.inspections.services.plans import draft_plan
from anguan.inspections.services.subject_lists import draft_subject_list
from anguan.inspections.tests import builders
from anguan.inspections.tests.builders import BEACON, Cast, a_photo, actor_of
from anguan.inspections.tests.plan_builders import a_subject_list, drafted, published
from anguan.papers.models import Paper
from anguan.papers.services import draft_paper, record_consent
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Competence, Expert, Leave, OneTimeCode, Organ, RoleGrant, User
from anguan.people.rules import Role
from anguan.people.services import issue_code
from anguan.people.tests.builders import a_user, an_expert, an_officer, an_organ
from anguan.registry.models import Building, DeclaredConflict, Enterprise, Membership, Tenant
from anguan.registry.services import declare_recusal, invite_member, runs
from anguan.registry.tests.builders import a_complex, a_shop, a_shopkeeper

from .duty_world import duty_objects, plan_objects

ON_SITE = BEACON + timedelta(days=1)
REPORTED = ON_SITE + timedelta(hours=5)
SEEN = {2: "二层东侧安全出口用铁链锁住"}
SEEDER = Actor(kind="system", id="test", name="示例")
Args = tuple[Any, ...]


@dataclass
class World:
    """Who there is, and the arguments of an address by kind of object: own and foreign."""

    users: dict[str, User]
    own: dict[str, list[Args]] = field(default_factory=dict)
    foreign: dict[str, list[Args]] = field(default_factory=dict)


def a_world() -> World:
    """The narrow loop up to the firm's report, with a neighbour's organ and firm beside it."""
    load_shipped()
    cast = builders.a_cast(enterprises=4)
    in_envelopes = builders.opened(builders.committed(cast, sealed=True))
    batch = builders.drawn(cast)
    first, second = batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    for visit, officers in ((first, cast.officers[:2]), (second, cast.officers[2:])):
        visit.officers.all().delete()
        VisitOfficer.objects.bulk_create(
            VisitOfficer(visit=visit, officer=officer, position=place) for place, officer in enumerate(officers)
        )
    firm, other_firm = first.enterprise, second.enterprise
    users = {
        Role.SYSTEM_ADMIN: a_user("sysadmin", Role.SYSTEM_ADMIN, organ=cast.organ),
        Role.SECURITY_ADMIN: a_user("secadmin", Role.SECURITY_ADMIN, organ=cast.organ),
        Role.AUDIT_ADMIN: a_user("auditor", Role.AUDIT_ADMIN, organ=cast.organ),
        Role.CLERK: cast.clerk,
        Role.OFFICER: cast.user_of(cast.officers[0]),
        Role.LEADER: cast.leader,
        Role.SUPERVISOR: cast.supervisor,
        Role.PRINCIPAL: cast.principal,
        Role.SAFETY_MANAGER: a_user("manager"),
        Role.LEGAL_REVIEWER: a_user("reviewer", Role.LEGAL_REVIEWER, organ=cast.organ),
        Role.DUTY_OFFICER: a_user("watch", Role.DUTY_OFFICER, organ=cast.organ),
        Role.DEPARTMENT: a_user("department", Role.DEPARTMENT, organ=an_organ("示例区商务局", kind="other")),
        Role.EXPERT: a_user("expert"),
        Role.TENANT: a_user("shop"),
    }
    expert = an_expert(organ=cast.organ, user=users[Role.EXPERT])
    shop = a_shop(a_complex(firm))
    a_shopkeeper(users[Role.TENANT], shop)
    Membership.objects.all().delete()
    for role in (Role.PRINCIPAL, Role.SAFETY_MANAGER):
        Membership.objects.create(user=users[role], enterprise=firm, role=role, since=date(2026, 1, 1))
    BatchParty.objects.filter(batch=batch, role=PartyRole.ENTERPRISE).update(enterprise=firm)
    recheck = _play(cast, first)
    _, other_actor = builders.team(cast, second)
    visits.end_without_check(
        visit=second, category=ResultCategory.UNREACHABLE, note="大门紧锁", photos=[a_photo(ON_SITE)],
        actor=other_actor, now=ON_SITE,
    )  # fmt: skip
    batch = batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=ON_SITE)
    for user in users.values():
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    world = World({str(role): user for role, user in users.items()})
    _own(world, cast, first, recheck)
    _foreign(world, cast, other_firm, second)
    _before_visits(world, cast, firm, Visit.objects.get(organ__name="邻区应急管理局"))
    _drafts(world, cast)
    world.own["public_batch"] = [(batch.code,)]
    world.own["sealed_batch"] = [(in_envelopes.code,)]
    _plans(world, cast)
    world.own |= _experts_and_shops(expert, shop)
    world.own |= _after_the_draw(first, expert)
    neighbour = Organ.objects.get(name="邻区应急管理局")
    world.own |= duty_objects(cast.organ)
    world.foreign |= duty_objects(neighbour)
    foreign_shop = a_shop(a_complex(other_firm, "邻家广场"))
    other_expert = an_expert("邻区专家", organ=neighbour)
    world.own["form_code"] = world.foreign["form_code"] = [("site_record",)]
    world.own["consent"], world.foreign["consent"] = [(_a_consent(firm),)], [(_a_consent(other_firm),)]
    world.foreign |= _experts_and_shops(other_expert, foreign_shop)
    department = users[Role.DEPARTMENT].grants.get().organ
    world.own |= _handed_over(world.own["hazard"][0][0], department, shop)
    world.foreign |= _handed_over(world.foreign["hazard"][0][0], an_organ("邻区商务局", kind="other"), foreign_shop)
    world.foreign |= _after_the_draw(Visit.objects.get(organ=neighbour), other_expert)
    return world


def _handed_over(uid: Any, receiver: Organ, shop: Tenant) -> dict[str, list[Args]]:
    """A hazard that concerns a shop, on its way to another organ, with what may be asked about it."""
    hazard = Hazard.objects.get(uid=uid)
    hazard.tenant = shop
    hazard.save(update_fields=["tenant"])
    transfer = Transfer.objects.create(
        hazard=hazard, uid=uuid7(), from_organ=hazard.organ, to_organ=receiver, state="sent", reason="由贵局办理",
        proposed_at=ON_SITE, proposed_by_id="0", proposed_by_name="示例", approved_at=ON_SITE,
    )  # fmt: skip
    return {
        "hazard_act": [(uid, "escalate")],
        "hazard_ask": [(uid, "extension")],
        "transfer": [(transfer.uid,)],
        "transfer_act": [(transfer.uid, "receive")],
        "shop_hazard": [(uid,)],
    }


def _after_the_draw(visit: Visit, expert: Expert) -> dict[str, list[Args]]:
    """A drawn target with a request to replace it, an expert's opinion on its visit, and a hazard to see again."""
    batch, firm = visit.batch, visit.enterprise
    assert batch is not None
    if visit.assignment is None:
        entry = PoolEntry.objects.create(
            batch=batch, enterprise=firm, enterprise_name=firm.name, pseudonym="T-1", stratum="一般", risk_class="A",
            salt="00" * 8,
        )  # fmt: skip
        visit.assignment = Assignment.objects.create(
            batch=batch, target=entry, stratum="一般", rank=1, is_alternate=False
        )
        visit.started_at = ON_SITE
        visit.save(update_fields=["assignment", "started_at"])
    replacement = Replacement.objects.create(
        uid=uuid7(), batch=batch, assignment=visit.assignment, kind="target", reason="closed", note="已搬走",
        asked_at=ON_SITE, asked_by_id="0", asked_by_name="示例",
    )  # fmt: skip
    roster = BatchExpert.objects.create(batch=batch, expert=expert, pseudonym="X-1", capacity=1)
    seat = VisitExpert.objects.create(visit=visit, expert=expert, entry=roster)
    opinion = Opinion.objects.create(
        uid=uuid7(), visit_expert=seat, text="通道过窄", state="submitted", written_at=ON_SITE, submitted_at=ON_SITE
    )
    hazard = Hazard.objects.filter(enterprise=firm).order_by("pk").first()
    assert hazard is not None
    RevisitHazard.objects.create(batch=batch, enterprise=firm, hazard=hazard)
    return {
        "drawn_target": [(batch.code, visit.assignment.pk)],
        "replacement": [(replacement.uid,)],
        "opinion": [(visit.uid, opinion.uid)],
        "expert_seat": [(visit.uid, seat.pk)],
        "expert_visit": [(visit.uid,)],
        "expert_item": [(visit.uid, 1)],
        "revisited": [(visit.uid, hazard.uid)],
    }


def _experts_and_shops(expert: Expert, shop: Tenant) -> dict[str, list[Args]]:
    """An expert who keeps away from the mall's operator, and a shop with its manager."""
    firm = shop.complex.operator
    recusal = declare_recusal(
        expert=expert, enterprise=firm, source="曾任顾问", since=date(2026, 1, 1), actor=SEEDER, now=ON_SITE
    )
    member = a_shopkeeper(a_user(f"shop-{shop.pk}"), shop)
    return {
        "expert": [(expert.pk,)],
        "recusal": [(expert.pk, recusal.pk)],
        "shop": [(shop.pk,)],
        "shop_member": [(shop.pk, member.pk)],
    }


def _play(cast: Cast, visit: Visit) -> Visit:
    """The visit up to its recheck: found, ordered, served, reported."""
    _, actor = builders.team(cast, visit)
    builders.begun(cast, visit, ON_SITE)
    builders.answered(cast, visit, ON_SITE, SEEN)
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    builders.signed(cast, visit, ON_SITE)
    visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    builders.signed(cast, visit, ON_SITE)
    visits.issue_order(visit=visit, actor=actor, now=ON_SITE)
    visits.serve(
        visit=visit, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=ON_SITE,
    )  # fmt: skip
    report_rectification(
        hazard=Hazard.objects.get(visit_uid=visit.uid), uid=uuid7(), description="已拆除",
        photos=[a_photo(REPORTED, 200)], actor=actor_of(cast.principal), now=REPORTED,
    )  # fmt: skip
    visit.refresh_from_db()
    return Visit.objects.get(parent=visit)


def _a_draft(cast: Cast, visit: Visit) -> Paper:
    """A draft made by hand from the visit."""
    return draft_paper(
        form="sampling_voucher", enterprise=visit.enterprise, handling_organ=cast.organ, body={},
        origin=("visit", visit.uid), actor=actor_of(cast.clerk), now=ON_SITE,
    )  # fmt: skip


def _own(world: World, cast: Cast, visit: Visit, recheck: Visit) -> None:
    firm, hazard, order = visit.enterprise, Hazard.objects.get(visit_uid=visit.uid), visit.order
    assert order is not None
    sysadmin = world.users[Role.SYSTEM_ADMIN]
    leave = Leave.objects.create(officer=cast.officers[0], since=date(2026, 5, 1), until=date(2026, 5, 3))
    grant = RoleGrant.objects.get(user=cast.clerk, role=Role.CLERK)
    code = issue_code(user=cast.clerk, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=SEEDER, now=clock.now())
    batch = visit.batch
    assert batch is not None
    letter = OutboxMessage.objects.create(
        channel="sms", address="19900001234", title="示例", key="dead", state="dead", next_attempt_at=clock.now(),
        created_at=clock.now(),
    )  # fmt: skip
    world.own = {
        "dead_letter": [(letter.pk,)],
        "reset_code": [("ABCDE-ABCDE-ABCDE-ABCDE",)],
        "evidence": [(evidence.of(hazard)[0].uid,)],
        "credit_code": [(firm.credit_code,)],
        "login_code": [(code,)],
        "invitation": [(invite_member(enterprise=firm, role=Role.PRINCIPAL, actor=SEEDER, now=clock.now()),)],
        "user": [(sysadmin.pk,)],
        "grant": [(cast.clerk.pk, grant.pk)],
        "organ": [(cast.organ.pk,)],
        "officer": [(cast.officers[0].pk,)],
        "leave": [(cast.officers[0].pk, leave.pk)],
        "import_run": [(_a_run(cast.clerk),)],
        "kind": [("enterprise",), ("building",)],
        "icon_size": [(192,)],
        "digest": [("0" * 64,)],
        **_ledger(cast, firm),
        "paper": [(order.uid,)],
        "paper_origin": [("visit", visit.uid), ("hazard", hazard.uid)],
        "paper_draft": [("visit", visit.uid, "site_measures"), ("hazard", hazard.uid, "transfer_approval")],
        "hand_draft": [(_a_draft(cast, visit).uid,)],
        "confirm_code": [(order.confirm_code,)],
        "checklist": [(visit.checklist_id,)],
        "hazard": [(hazard.uid,)],
        "batch": [(batch.code,)],
        "visit": [(visit.uid,), (recheck.uid,)],
        "phone_visit": [(recheck.uid,), (visit.uid,)],
        "visit_item": [(visit.uid, 1)],
        "visit_hazard": [(recheck.uid, hazard.uid)],
        "task_code": [(visits.task_code(visit=recheck, now=clock.now()),)],
    }


def _before_visits(world: World, cast: Cast, firm: Enterprise, neighbour: Visit) -> None:
    """Applications, a sealed visit, a joint check, guidance and a concern; the neighbour's beside them."""
    department = Organ.objects.get(grants__user=world.users[Role.DEPARTMENT])
    OrganArea.objects.create(organ=cast.organ, words="河东新区", valid_from=date(2026, 1, 1))
    spare = next(one for one in cast.enterprises if not one.visits.exists())
    told = {
        "uid": uuid7(), "kind": VisitKind.CLUE, "organ": cast.organ, "enterprise": spare, "item": cast.item,
        "officers": cast.officers[:2], "due_on": date(2026, 3, 20), "trigger": Trigger.CLUE, "clue": "12345",
        "reason": "群众反映", "why_on_site": "要看现场", "actor": actor_of(cast.clerk), "now": ON_SITE,
    }  # fmt: skip
    application = visits.apply_visit(**told)
    sealed = visits.apply_visit(**{**told, "uid": uuid7(), "sealed": True, "departs_at": REPORTED})
    visits.approve_visit(visit=sealed, actor=actor_of(cast.leader), now=ON_SITE)
    task = joint.propose_joint(
        uid=uuid7(), title="联合检查", initiator=cast.organ, enterprise=firm, visit_on=date(2026, 3, 20), reason="节前",
        parts=[(cast.organ, cast.item), (department, cast.item)], actor=actor_of(cast.clerk), now=ON_SITE,
    )  # fmt: skip
    guided = {
        "explained": "讲解", "host": "示例经理", "guided_on": date(2026, 3, 2), "actor": actor_of(cast.clerk),
        "now": ON_SITE,
    }  # fmt: skip
    own, others = [
        record_guidance(uid=uuid7(), organ=officers[0].organ, enterprise=of, officers=officers, **guided)
        for officers, of in (
            (cast.officers[:1], firm),
            ([row.officer for row in neighbour.officers.select_related("officer__organ")], neighbour.enterprise),
        )
    ]
    concerns = [
        Concern.objects.create(kind="past_cap", organ=organ, text="示例", at=ON_SITE)
        for organ in (cast.organ, neighbour.organ)
    ]
    world.own |= {
        "application": [(application.uid,)],
        "sealed_visit": [(sealed.uid,)],
        "joint_task": [(task.uid,)],
        "merge_pair": [(uuid7(), uuid7())],
        "guidance": [(own.uid,)],
        "concern": [(concerns[0].pk,)],
        "empty_pair": [(cast.officers[0].pk, firm.pk)],
        "firm_code": [(visits.enterprise_code(enterprise=firm),)],
    }
    world.foreign |= {
        "application": [(neighbour.uid,)],
        "sealed_visit": [(neighbour.uid,)],
        "guidance": [(others.uid,)],
        "concern": [(concerns[1].pk,)],
        "empty_pair": [(neighbour.officers.all()[0].officer_id, firm.pk)],
    }


def _foreign(world: World, cast: Cast, firm: Enterprise, colleagues_visit: Visit) -> None:
    organ = Organ.objects.create(name="邻区应急管理局", short_name="邻区", kind="emergency")
    Competence.objects.create(
        organ=organ, matter="inspect", statute="中华人民共和国安全生产法", article="第六十五条",
        valid_from=date(2021, 9, 1),
    )  # fmt: skip
    clerk = a_user("neighbour", Role.CLERK, organ=organ)
    leader = a_user("neighbour-leader", Role.LEADER, organ=organ)
    officers = [
        an_officer(f"邻区{name}", organ=organ, user=a_user(f"neighbour{name}", Role.OFFICER, organ=organ))
        for name in "甲乙"
    ]
    batch = builders.planned(
        Cast(organ, clerk, leader, cast.supervisor, cast.principal, officers, [], cast.item), title="邻区抽查"
    )
    hazard = find_hazard(
        uid=uuid7(), enterprise=firm, source="inspection", place="一层", description="灭火器过期", level="general",
        organ=organ, photos=[a_photo(ON_SITE, 90)], actor=actor_of(clerk), now=ON_SITE,
    )  # fmt: skip
    visit = Visit.objects.create(
        uid=uuid7(), kind="drawn", enterprise=firm, organ=organ, item=cast.item, checklist=colleagues_visit.checklist,
        due_on=date(2026, 3, 31), due_is_provisional=False, approved_at=ON_SITE, approved_by_name="邻区负责人",
        batch=batch,
    )  # fmt: skip
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=officer, position=place) for place, officer in enumerate(officers)
    )
    paper = Paper.objects.create(
        uid=uuid7(), form="site_record", form_version=1, issuing_organ=organ, handling_organ=organ, enterprise=firm,
        title="现场检查记录", prefix="应急检记", confirm_code="neighbour0",
        drafted_at=ON_SITE, drafted_by_name="邻区甲",
    )  # fmt: skip
    world.foreign = {
        "evidence": [(evidence.of(hazard)[0].uid,)],
        "credit_code": [(firm.credit_code,)],
        "import_run": [(_a_run(clerk),)],
        **_ledger(cast, firm),
        "paper": [(paper.uid,)],
        # A hazard the whole bureau may read, as its own page; of its papers each sees what they may.
        "paper_origin": [("visit", visit.uid)],
        "paper_draft": [("visit", visit.uid, "site_measures"), ("hazard", hazard.uid, "transfer_approval")],
        "hand_draft": [(paper.uid,)],
        "hazard": [(hazard.uid,)],
        "batch": [(batch.code,)],
        "visit": [(visit.uid,)],
        "phone_visit": [(visit.uid,), (colleagues_visit.uid,)],
        "visit_item": [(visit.uid, 1), (colleagues_visit.uid, 1)],
        "visit_hazard": [(visit.uid, hazard.uid), (colleagues_visit.uid, hazard.uid)],
    }


def _drafts(world: World, cast: Cast) -> None:
    """Versions of checklists, list and criteria on their way, the organ's own and the neighbour's."""
    clerk, neighbour = actor_of(cast.clerk), Organ.objects.get(name="邻区应急管理局")
    first, second = Checklist.objects.filter(code="public-assembly").order_by("pk")
    trade = Checklist.objects.get(code="industry-trade")
    current = ItemList.objects.get(version="2026-v2")
    draft = drafting.draft_checklist(source=second, organ=cast.organ, actor=clerk, now=ON_SITE)
    foreign = drafting.draft_checklist(source=trade, organ=neighbour, actor=SEEDER, now=ON_SITE)
    list_draft = drafting.draft_item_list(source=current, organ=cast.organ, actor=clerk, now=ON_SITE)
    criterion = Criterion.objects.filter(stage="published").order_by("pk")[0]
    drafts = [
        drafting.draft_criterion(
            standard=criterion.standard, clause=f"第{number}条", summary="示例", judgement="direct", evidence="",
            tag="M", organ=organ, actor=clerk, now=ON_SITE,
        )
        for number, organ in (("九十八", cast.organ), ("九十九", neighbour))
    ]  # fmt: skip
    phrase = HazardPhrase.objects.filter(checklist_code=second.code, item_key="q01")[0]
    world.own |= {
        "checklist_pair": [(second.pk, first.pk)],
        "checklist_draft": [(draft.pk,)],
        "question": [(draft.pk, "q03")],
        "published_question": [(second.pk, "q03")],
        "phrase": [(second.pk, "q01", phrase.pk)],
        "item_list": [(current.pk,)],
        "list_draft": [(list_draft.pk,)],
        "matter": [(list_draft.pk, "S02")],
        "criterion": [(criterion.pk,)],
        "criterion_draft": [(drafts[0].pk,)],
        "version": [("checklist", draft.pk), ("list", list_draft.pk), ("criterion", drafts[0].pk)],
        "published_version": [("checklist", second.pk), ("list", current.pk), ("criterion", criterion.pk)],
    }
    world.foreign |= {
        "checklist": [(foreign.pk,)],
        "checklist_pair": [(foreign.pk, trade.pk)],
        "checklist_draft": [(foreign.pk,), (second.pk,)],
        "question": [(foreign.pk, "q03"), (second.pk, "q03")],
        "published_question": [(foreign.pk, "q03")],
        "criterion": [(drafts[1].pk,)],
        "criterion_draft": [(drafts[1].pk,)],
        "version": [("checklist", foreign.pk), ("criterion", drafts[1].pk), ("list", current.pk)],
        "published_version": [("checklist", draft.pk), ("checklist", foreign.pk)],
    }


def _a_consent(firm: Enterprise) -> Any:
    consent = record_consent(
        enterprise=firm, signed_by="示例负责人", kinds=["account"], sheet=signature_image(),
        since=clock.local_day(ON_SITE), uid=uuid7(), actor=SEEDER, now=ON_SITE,
    )  # fmt: skip
    return consent.uid


def _ledger(cast: Cast, firm: Enterprise) -> Mapping[str, list[Args]]:
    """A firm with a building, a member and a declared conflict."""
    building = Building.objects.create(
        name=f"{firm.name}大楼", address=firm.address, height_m="30", storeys_above=8, use="public", manager=firm,
        is_high_rise=True, created_at=ON_SITE, updated_at=ON_SITE,
    )  # fmt: skip
    member = Membership.objects.create(
        user=a_user(f"member-{firm.pk}"), enterprise=firm, role=Role.SAFETY_MANAGER, since=date(2026, 1, 1)
    )
    conflict = DeclaredConflict.objects.create(
        officer=cast.officers[3], enterprise=firm, kind="relative", since=date(2026, 3, 4), source="本人申报",
        declared_at=ON_SITE, declared_by_name="本人",
    )  # fmt: skip
    return {
        **plan_objects(building),
        "enterprise": [(firm.pk,)],
        "ledger_row": [("enterprise", firm.pk), ("building", building.pk)],
        "membership": [(firm.pk, member.pk)],
        "conflict": [(firm.pk, conflict.pk)],
    }


def _plans(world: World, cast: Cast) -> None:
    """The organ's published plan, and the draft of a neighbour."""
    plan = published(cast, drafted(cast))
    world.own["annual_plan"] = world.own["public_plan"] = [(plan.pk,)]
    world.own["language"] = [("en",)]
    world.own["annual_plan_act"] = [(plan.pk, "return")]
    world.own["plan_row"] = [(plan.pk, 1)]
    neighbour = Organ.objects.get(name="邻区应急管理局")
    foreign = draft_plan(organ=neighbour, year=2026, actor=SEEDER, now=ON_SITE)
    world.foreign["annual_plan"] = [(foreign.pk,)]
    world.foreign["annual_plan_act"] = [(foreign.pk, "return")]
    world.foreign["plan_row"] = [(foreign.pk, 1)]
    subjects = a_subject_list(cast)
    world.own["subject_list"] = [(subjects.pk,)]
    world.own["subject_entry"] = [(subjects.pk, 1)]
    other = draft_subject_list(organ=neighbour, actor=SEEDER, now=ON_SITE)
    world.foreign["subject_list"] = [(other.pk,)]
    world.foreign["subject_entry"] = [(other.pk, 1)]


def _a_run(clerk: User) -> int:
    """A file on its way, with its list of faults."""
    rows = "单位名称,统一社会信用代码,地址\n示例公司,91510900MA60000013,示例路1号\n"
    upload = SimpleUploadedFile("企业.csv", rows.encode())
    run = runs.start_run(kind="enterprise", upload=typed("runs.Upload", upload), user_id=clerk.pk, now=ON_SITE)
    Path(runs.problems_file(run)).write_bytes(b"")
    return run.pk
