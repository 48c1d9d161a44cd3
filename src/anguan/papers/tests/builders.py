"""The cast of this room's tests: a bureau, its branch, two officers, a firm, and papers in each state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from uuid_utils.compat import uuid7

from anguan.ground.access import Actor
from anguan.papers import services
from anguan.papers.models import Paper
from anguan.papers.rules import FormCode, Party
from anguan.papers.tests.bodies import BODIES
from anguan.papers.tests.bodies import order_body as order_body
from anguan.papers.tests.bodies import recheck_body as recheck_body
from anguan.papers.tests.bodies import record_body as record_body
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


def of_bureau(people: Cast) -> Cast:
    """The same people, but the bureau acts itself: coercion is never entrusted (行政强制法 art. 17)."""
    first, second = (
        Officer.objects.filter(certificate_no=number).first()
        or officer(people.bureau, name=name, certificate_no=number)
        for number, name in (("23090011", "孙示例"), ("23090012", "钱示例"))
    )
    return replace(people, branch=people.bureau, first_officer=first, second_officer=second)


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
    for matter in ("inspect", "order", "coerce", "penalise"):
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


def every_form(people: Cast) -> dict[FormCode, Paper]:
    """One issued paper of each form, in the order in which they rest on one another."""
    papers: dict[FormCode, Paper] = {}

    def add(who: Cast, form: FormCode, answers: Paper | None = None, days: int = 0, **said: Any) -> Paper:
        now = NOW + timedelta(days=days)
        papers[form] = issued(who, form, body=BODIES[form](**said), answers=answers, now=now)
        return papers[form]

    code, bureau = FormCode, of_bureau(people)
    approval = add(people, code.INSPECTION_APPROVAL)
    notice = add(people, code.INSPECTION_NOTICE, approval)
    add(people, code.INSPECTION_SCHEME, approval)
    record = add(people, code.SITE_RECORD)
    order = add(people, code.RECTIFY_ORDER, record)
    serve(people, notice, record, order)
    add(people, code.RECHECK_OPINION, order, days=18)
    add(people, code.INSPECTION_RESULT, record)
    add(people, code.SITE_MEASURES, record)
    sealing = add(bureau, code.SEIZURE_DECISION, add(bureau, code.COERCION_APPROVAL))
    serve(bureau, sealing, add(bureau, code.SEIZURE_LIST, sealing))
    extension = add(bureau, code.SEIZURE_EXTENSION, sealing, days=20)
    serve(bureau, extension, now=NOW + timedelta(days=20))
    add(bureau, code.SEIZURE_DISPOSAL, extension, days=40)
    cut = add(bureau, code.POWER_CUT_DECISION, add(bureau, code.COERCION_APPROVAL, coercion="power_cut"))
    serve(bureau, cut)
    add(bureau, code.POWER_RESTORE_NOTICE, add(bureau, code.POWER_CUT_NOTICE, cut), days=7)
    add(people, code.SAMPLING_VOUCHER, record)
    kept = add(people, code.PRESERVATION_NOTICE, add(people, code.PRESERVATION_APPROVAL))
    proposal = add(people, code.PRESERVATION_DISPOSAL_APPROVAL, kept, days=2)
    add(people, code.PRESERVATION_DISPOSAL, proposal, days=2)
    add(bureau, code.FILING_APPROVAL)
    add(people, code.TRANSFER_LETTER, add(people, code.TRANSFER_APPROVAL))
    papers[code.SERVICE_RECEIPT] = Paper.objects.filter(form=code.SERVICE_RECEIPT).latest("pk")
    return papers
