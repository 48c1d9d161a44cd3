"""The cast of this room's tests: a bureau, its branch, two officers, a firm, and papers in each state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from uuid_utils.compat import uuid7

from anguan.ground.access import Actor
from anguan.papers import services
from anguan.papers.models import Paper
from anguan.papers.rules import FormCode, Party
from anguan.people.models import Competence, Entrustment, Officer, Organ
from anguan.registry.models import Enterprise

# A Monday morning in China.
NOW = datetime(2026, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=8)))
TODAY = date(2026, 3, 2)


def signature_image(slant: int = 0) -> bytes:
    """A PNG as a signature pad makes it: dark strokes on nothing."""
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    points = [(40, 150), (110, 50 + slant), (150, 160), (240, 60), (300, 150 - slant), (380, 70), (460, 140), (560, 60)]
    pen.line(points, fill=(20, 24, 40, 255), width=9, joint="curve")
    saved = BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()


@dataclass
class Cast:
    """Everybody who has to do with a paper."""

    bureau: Organ
    branch: Organ
    entrustment: Entrustment
    first_officer: Officer
    second_officer: Officer
    firm: Enterprise
    actor: Actor

    @property
    def officers(self) -> list[Officer]:
        """The two who check together."""
        return [self.first_officer, self.second_officer]


def enterprise(**fields: Any) -> Enterprise:
    """A visibly fictitious firm."""
    values = {
        "name": "河东示例商业管理有限公司",
        "credit_code": "91510900MA6000001X",
        "address": "遂宁市河东新区示例大道1号",
        "principal": "陈示例",
        "phone": "0825-5550100",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Enterprise.objects.create(**{**values, **fields})


def officer(organ: Organ, **fields: Any) -> Officer:
    """An officer whose certificate counts."""
    values = {"name": "李堃", "certificate_no": "23090001", "valid_to": date(2027, 12, 31), "can_lead": True}
    return Officer.objects.create(organ=organ, **{**values, **fields})


def cast() -> Cast:
    """A bureau that issues, its branch that handles under an entrustment, two officers of the branch, a firm."""
    bureau = Organ.objects.create(
        name="遂宁市示例应急管理局",
        short_name="川遂",
        kind="emergency",
        review_body="遂宁市示例区人民政府",
        court="遂宁市示例区人民法院",
    )
    branch = Organ.objects.create(name="河东新区示例应急分局", short_name="川遂河", kind="branch", parent=bureau)
    for matter in ("inspect", "order"):
        Competence.objects.create(
            organ=bureau,
            matter=matter,
            statute="中华人民共和国安全生产法",
            article="第六十五条",
            valid_from=date(2021, 9, 1),
        )
    entrustment = Entrustment.objects.create(
        entrusting=bureau,
        entrusted=branch,
        document="《行政执法委托书》（示例应急委〔2026〕1号）",
        matters=["inspect", "order"],
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    return Cast(
        bureau=bureau,
        branch=branch,
        entrustment=entrustment,
        first_officer=officer(branch),
        second_officer=officer(branch, name="王镕", certificate_no="23090002", can_lead=False),
        firm=enterprise(),
        actor=Actor(kind="user", id="1", name="李堃", organ_id=branch.pk),
    )


def record_body(**fields: Any) -> dict[str, Any]:
    """What a site record says."""
    return {
        "place": "一层至三层公共区域",
        "started_at": "2026-03-02T09:00",
        "ended_at": "2026-03-02T10:20",
        "attendant": "赵㛃",
        "attendant_post": "安全经理",
        "findings": ["二层东侧疏散通道堆放纸箱，净宽不足。", "三层餐饮区一台可燃气体报警器没有通电。"],
        **fields,
    }


def order_body(**fields: Any) -> dict[str, Any]:
    """What an order says: two problems with their days."""
    return {
        "checked_at": "2026-03-02",
        "place": "一层至三层公共区域",
        "problems": [
            {
                "no": 1,
                "text": "二层东侧疏散通道堆放纸箱，净宽不足。",
                "basis": "《中华人民共和国安全生产法》第四十二条第二款",
                "due_on": "2026-03-05",
            },
            {
                "no": 2,
                "text": "三层餐饮区一台可燃气体报警器没有通电。",
                "basis": "《中华人民共和国安全生产法》第三十六条第四款",
                "due_on": "2026-03-20",
            },
        ],
        **fields,
    }


def recheck_body(**fields: Any) -> dict[str, Any]:
    """What a recheck says: both problems are gone."""
    return {
        "checked_at": "2026-03-20",
        "items": [
            {"no": 1, "text": "二层东侧疏散通道堆放纸箱，净宽不足。", "result": "rectified"},
            {"no": 2, "text": "三层餐饮区一台可燃气体报警器没有通电。", "result": "rectified", "note": "已通电并测试"},
        ],
        "opinion": "所列问题均已整改完毕，同意销案。",
        **fields,
    }


OFFICERS = [{"name": "李堃", "certificate_no": "23090001"}, {"name": "王镕", "certificate_no": "23090002"}]
ITEMS = [
    {"name": "安全生产责任制和教育培训", "basis": "《中华人民共和国安全生产法》第二十一条、第二十八条"},
    {"name": "燃气使用和报警装置", "basis": "《中华人民共和国安全生产法》第三十六条第四款"},
]


def opinions(*roles: str, on: str = "2026-03-02", agrees: bool = True) -> list[dict[str, Any]]:
    """What reviewer and approver wrote."""
    names = {"handler": "李堃", "reviewer": "周示例", "approver": "吴示例"}
    words = "同意。" if agrees else "理由不足，不予批准。"
    return [{"role": role, "name": names[role], "opinion": words, "on": on, "agrees": agrees} for role in roles]


def approval_body(**fields: Any) -> dict[str, Any]:
    """What the approval of a check says."""
    return {
        "units": [{"name": "河东示例商业管理有限公司", "address": "遂宁市河东新区示例大道1号"}],
        "items": ITEMS,
        "kind": "routine",
        "mode": "on_site",
        "why_on_site": "疏散通道和报警装置的状态须在现场核实。",
        "trigger": "年度监督检查计划第3行",
        "clue": "",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-04",
        "officers": OFFICERS,
        "experts": 1,
        "cap_used": 1,
        "cap_limit": 4,
        "exempt_reason": "",
        "opinions": opinions("reviewer", "approver"),
        **fields,
    }


def notice_body(**fields: Any) -> dict[str, Any]:
    """What the notice of a surprise check says."""
    return {
        "items": ITEMS,
        "kind": "routine",
        "mode": "on_site",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-02",
        "place": "示例大道1号商场",
        "officers": OFFICERS,
        "experts": 1,
        "prepare": ["隐患排查治理台账", "燃气报警器检测记录"],
        "cap_used": 1,
        "cap_limit": 4,
        "on_arrival": True,
        **fields,
    }


def scheme_body(**fields: Any) -> dict[str, Any]:
    """What the scheme of a check says."""
    return {
        "industry": "商业综合体",
        "planned_from": "2026-03-02",
        "planned_to": "2026-03-02",
        "officers": OFFICERS,
        "experts": [{"name": "郑示例", "employer": "示例安全技术中心"}],
        "content": ["安全生产责任制和教育培训", "餐饮区燃气使用和报警装置", "疏散通道和安全出口"],
        "method": "查阅资料、询问、现场查看、抽查测试。",
        "remark": "",
        "opinions": opinions("reviewer", "approver"),
        **fields,
    }


def result_body(**fields: Any) -> dict[str, Any]:
    """What the firm is told after a check."""
    return {
        "checked_at": "2026-03-02T09:00",
        "items": ["安全生产责任制和教育培训", "燃气使用和报警装置"],
        "result": "ordered",
        "findings": ["二层东侧疏散通道堆放纸箱，净宽不足。"],
        "handling": ["已责令限期整改，整改后组织复查。"],
        "publicity": "检查结果将在二十个工作日内向社会公开。",
        **fields,
    }


BODIES = {
    FormCode.INSPECTION_APPROVAL: approval_body,
    FormCode.INSPECTION_NOTICE: notice_body,
    FormCode.INSPECTION_SCHEME: scheme_body,
    FormCode.INSPECTION_RESULT: result_body,
    FormCode.SITE_RECORD: record_body,
    FormCode.RECTIFY_ORDER: order_body,
    FormCode.RECHECK_OPINION: recheck_body,
}


def draft(
    people: Cast,
    form: FormCode,
    *,
    body: Mapping[str, Any] | None = None,
    answers: Paper | None = None,
    now: datetime = NOW,
) -> Paper:
    """A paper that nobody has signed yet."""
    return services.draft_paper(
        form=form,
        enterprise=people.firm,
        handling_organ=people.branch,
        body=BODIES[form]() if body is None else body,
        answers=answers,
        actor=people.actor,
        now=now,
    )


def sign_by_all(people: Cast, paper: Paper, *, refused: bool = False, now: datetime = NOW) -> Paper:
    """Both officers sign, and the firm's manager; or the firm refuses."""
    for slant, signer in enumerate(people.officers):
        services.sign_paper(
            paper=paper,
            party=Party.OFFICER,
            name=signer.name,
            certificate_no=signer.certificate_no,
            image=signature_image(slant * 20),
            uid=uuid7(),
            actor=people.actor,
            now=now,
        )
    services.sign_paper(
        paper=paper,
        party=Party.ENTERPRISE,
        name="" if refused else "赵㛃",
        image=None if refused else signature_image(40),
        refused=refused,
        note="现场负责人拒绝签名，物业值班员在场见证。" if refused else "",
        uid=uuid7(),
        actor=people.actor,
        now=now,
    )
    return paper


def issued(
    people: Cast,
    form: FormCode = FormCode.SITE_RECORD,
    *,
    body: Mapping[str, Any] | None = None,
    answers: Paper | None = None,
    refused: bool = False,
    now: datetime = NOW,
) -> Paper:
    """A paper with its number."""
    paper = draft(people, form, body=body, answers=answers, now=now)
    if paper.spec.officers_sign:
        sign_by_all(people, paper, refused=refused, now=now)
    return services.issue_paper(paper=paper, actor=people.actor, now=now)


def serve(people: Cast, *papers: Paper, now: datetime = NOW) -> None:
    """Hand papers over to the firm's manager, who signs for them."""
    services.serve_papers(
        papers=papers,
        method="direct",
        receiver="赵㛃",
        place=people.firm.address,
        servers=people.officers,
        image=signature_image(60),
        uid=uuid7(),
        actor=people.actor,
        now=now,
    )


def served_order(people: Cast, *, now: datetime = NOW) -> Paper:
    """An order in effect, with the record it rests on."""
    record = issued(people, now=now)
    order = issued(people, FormCode.RECTIFY_ORDER, answers=record, now=now)
    serve(people, record, order, now=now)
    order.refresh_from_db()
    return order
