"""The cast of this room's tests: two officers, the enterprise's safety manager, a served order, photos."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image
from uuid_utils.compat import uuid7

from anguan.ground.access import Actor
from anguan.ground.photos import Photo
from anguan.hazards import services
from anguan.hazards.models import (
    Acceptance,
    Extension,
    Hazard,
    InterimMeasure,
    Listing,
    Rectification,
    RectificationPlan,
)
from anguan.papers.models import Paper
from anguan.papers.tests import builders as papers
from anguan.people.models import Officer, RoleGrant, User
from anguan.people.rules import Role
from anguan.registry.models import Enterprise, Membership

FOUND_AT = papers.NOW
SERVED_AT = FOUND_AT + timedelta(hours=2)
REPORTED_AT = SERVED_AT + timedelta(days=3)
CHECKED_AT = REPORTED_AT + timedelta(days=1)
_shades = iter(range(1, 10_000))


def a_photo(taken_at: datetime, *, uid: UUID | None = None, shade: int | None = None) -> Photo:
    """A picture of its own; the same `shade` gives the same bytes."""
    number = next(_shades) if shade is None else shade
    saved = BytesIO()
    Image.new("RGB", (16, 16), (number % 256, number // 256, 90)).save(saved, "PNG")
    return Photo(uid=uid or uuid7(), data=saved.getvalue(), taken_at=taken_at)


@dataclass
class Cast:
    """Who has to do with a hazard."""

    papers: papers.Cast
    firm: Enterprise
    first: Officer
    second: Officer
    officer: User
    leader: User
    manager: User
    stranger: User
    outsider: User

    @property
    def officers(self) -> list[Officer]:
        return [self.first, self.second]


def actor(user: User | None, organ_id: int = 0) -> Actor:
    """A person as the cause of a write; an officer has an account here."""
    assert user is not None
    return Actor(kind="user", id=str(user.pk), name=user.name, organ_id=organ_id)


def _user(name: str, **fields: Any) -> User:
    return User.objects.create_user(username=f"u{uuid7().hex}", name=name, **fields)


def cast() -> Cast:
    """A branch with two officers and a leader, a firm with a safety manager, a manager of another firm, a clerk of
    another organ."""
    base = papers.cast()
    officer, second = _user("李堃"), _user("王镕")
    leader, manager = _user("周领导"), _user("赵㛃", email="zhao@example.com", phone="13900000000")
    stranger, outsider = _user("钱外人"), _user("孙邻局")
    for one, user in ((base.first_officer, officer), (base.second_officer, second)):
        one.user = user
        one.save()
        RoleGrant.objects.create(user=user, role=Role.OFFICER, organ=base.branch)
    RoleGrant.objects.create(user=leader, role=Role.LEADER, organ=base.branch)
    RoleGrant.objects.create(user=outsider, role=Role.OFFICER, organ=base.bureau)
    other = papers.enterprise(name="河东另一示例酒店有限公司", credit_code="91510900MA6000002Y")
    for user, firm in ((manager, base.firm), (stranger, other)):
        Membership.objects.create(user=user, enterprise=firm, role=Role.SAFETY_MANAGER, since=date(2026, 1, 1))
    return Cast(base, base.firm, base.first_officer, base.second_officer, officer, leader, manager, stranger, outsider)


def a_hazard(people: Cast, **fields: Any) -> Hazard:
    """A general hazard as two officers find it."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "enterprise": people.firm,
        "source": "inspection",
        "place": "二层东侧",
        "description": "疏散通道堆放纸箱，净宽不足",
        "level": "general",
        "organ": people.papers.branch,
        "actor": actor(people.officer, people.papers.branch.pk),
        "now": FOUND_AT,
    }
    return services.find_hazard(**{**values, **fields})


def an_order(people: Cast, *, number: int = 1, **fields: Any) -> Paper:
    """A served order, as quick as a row; the journey of a real one is tested in its own room."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "form": "rectify_order",
        "form_version": 1,
        "state": "served",
        "issuing_organ": people.papers.bureau,
        "handling_organ": people.papers.branch,
        "entrustment": people.papers.entrustment,
        "enterprise": people.firm,
        "title": "责令限期整改指令书",
        "prefix": "应急责改",
        "year": 2026,
        "serial": number,
        "number": f"（川遂）应急责改〔2026〕{number}号",
        "content": {},
        "body_hash": "0" * 64,
        "pdf_sha256": "0" * 64,
        "confirm_code": f"{number:010d}",
        "drafted_at": FOUND_AT,
        "drafted_by_name": "李堃",
        "issued_at": SERVED_AT,
        "effective_at": SERVED_AT,
    }
    return Paper.objects.create(**{**values, **fields})


def ordered(people: Cast, hazard: Hazard | None = None, *, number: int = 1) -> Hazard:
    """A hazard whose order was served."""
    found = hazard or a_hazard(people)
    officer = actor(people.officer, people.papers.branch.pk)
    services.attach_order(hazards=[found], paper=an_order(people, number=number), actor=officer, now=SERVED_AT)
    found.refresh_from_db()
    return found


def report(people: Cast, hazard: Hazard, **fields: Any) -> Rectification:
    """The safety manager says that it is done."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "description": "纸箱已全部清走，划了禁止堆放线。",
        "photos": [a_photo(REPORTED_AT - timedelta(minutes=5))],
        "actor": actor(people.manager),
        "now": REPORTED_AT,
    }
    return services.report_rectification(hazard=hazard, **{**values, **fields})


def reported(people: Cast) -> Hazard:
    """A hazard that waits for its recheck."""
    hazard = ordered(people)
    report(people, hazard)
    hazard.refresh_from_db()
    return hazard


def verify(people: Cast, hazard: Hazard, *, accepted: bool = True, **fields: Any) -> Hazard:
    """The two officers recheck."""
    values: dict[str, Any] = {
        "officers": people.officers,
        "reason": "" if accepted else "通道仍有杂物。",
        "actor": actor(people.officer, people.papers.branch.pk),
        "now": CHECKED_AT,
    }
    return services.verify_rectification(hazard=hazard, accepted=accepted, **{**values, **fields})


def an_extension(people: Cast, hazard: Hazard, **fields: Any) -> Extension:
    """The enterprise asks for two weeks more."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "reason": "配件厂家停产，替代件本月中旬到货。",
        "measures": "封闭二层东侧并增设临时疏散指示。",
        "proposed_on": date(2026, 4, 15),
        "actor": actor(people.manager),
        "now": REPORTED_AT,
    }
    return services.apply_for_extension(hazard=hazard, **{**values, **fields})


def a_site_decision(people: Cast, *, number: int = 1, **fields: Any) -> Paper:
    """A served 现场处理措施决定书, as quick as a row."""
    return an_order(people, number=number + 500, form="site_measures", title="现场处理措施决定书", **fields)


def a_major(people: Cast, **fields: Any) -> Hazard:
    """A major hazard as two officers find it."""
    return a_hazard(people, level="major", criterion="GB 35181-2025 第6.2条", **fields)


FIXES: dict[str, str] = {
    "responsibility": "总经理负责，工程部经理具体实施。",
    "measures": "更换全部防火卷帘控制器，逐樘联动测试。",
    "funds": "12 万元，已列入本月预算。",
    "time_limit": "20 日内完成更换，5 日内完成测试。",
    "contingency": "施工期间增设灭火器和两名巡查员，发现险情立即疏散。",
}


def a_plan(people: Cast, hazard: Hazard, *, approved: bool = True) -> RectificationPlan:
    """The enterprise's plan of five fixes, approved by an officer unless told otherwise."""
    plan = services.submit_plan(
        hazard=hazard, uid=uuid7(), fixes=FIXES, finish_on=date(2026, 3, 25), actor=actor(people.manager), now=SERVED_AT
    )
    if not approved:
        return plan
    officer = actor(people.officer, people.papers.branch.pk)
    return services.decide_plan(plan=plan, approved=True, actor=officer, now=SERVED_AT)


def a_stop(people: Cast, hazard: Hazard, *, number: int = 1) -> InterimMeasure:
    """Production is stopped by a served decision."""
    return services.decide_measure(
        hazard=hazard,
        uid=uuid7(),
        kind="stop_production",
        scope="二层东侧商铺",
        paper=a_site_decision(people, number=number),
        actor=actor(people.officer, people.papers.branch.pk),
        now=SERVED_AT,
    )


def applied(people: Cast, hazard: Hazard) -> Acceptance:
    """The enterprise applies for acceptance with an assessment."""
    return services.apply_for_acceptance(
        hazard=hazard,
        uid=uuid7(),
        assessor="agency",
        assessed_by="示例安全评价有限公司",
        assessed_on=REPORTED_AT.date(),
        assessment="治理措施符合方案，隐患已消除。",
        actor=actor(people.manager),
        now=REPORTED_AT,
    )


def accepted_major(people: Cast) -> Hazard:
    """A major hazard up to the on-site acceptance, with production still stopped."""
    hazard = ordered(people, a_major(people))
    a_plan(people, hazard)
    a_stop(people, hazard)
    report(people, hazard)
    applied(people, hazard)
    return verify(people, hazard)


def resumed(people: Cast, hazard: Hazard) -> Hazard:
    """Production goes on after review and consent."""
    for measure in hazard.measures.all():
        asked = services.ask_to_resume(
            measure=measure, reason="已验收合格", actor=actor(people.manager), now=CHECKED_AT
        )
        services.decide_resumption(
            measure=asked, consents=True, review="现场核对无误。", actor=actor(people.leader), now=CHECKED_AT
        )
    return hazard


def hung(people: Cast, hazard: Hazard, **fields: Any) -> Listing:
    """The leader hangs the hazard at county level."""
    values: dict[str, Any] = {
        "uid": uuid7(),
        "level": "county",
        "notice_no": "示安委督〔2026〕1号",
        "responsible": "周领导",
        "office": "示例区副区长",
        "due_on": date(2026, 4, 30),
        "actor": actor(people.leader, people.papers.branch.pk),
        "now": SERVED_AT,
    }
    return services.hang_hazard(hazard=hazard, **{**values, **fields})
