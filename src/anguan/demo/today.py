"""示例区的今天: what waits for somebody who looks around: a hung hazard, a paper to review, a sealed check, a task.

Each firm is a key enterprise of its own, so that nothing of it depends on the draw.
"""

from datetime import datetime, timedelta

from uuid_utils.compat import uuid7

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import items_with_checklist
from anguan.demo.acts import acting, answer, begin, notify, order, serve, sign, taken, team
from anguan.demo.people import BRANCH, FIRE, TENANT
from anguan.demo.plan import DEALERS, PUBLIC, row_of_plan
from anguan.ground import clock
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.models import Visit
from anguan.inspections.rules import Trigger, VisitKind
from anguan.inspections.rules.plans import TargetKind
from anguan.inspections.services import joint, visits
from anguan.inspections.services.experts import call_expert
from anguan.papers.rules import FormCode
from anguan.papers.services import draft_paper, send_paper
from anguan.people.models import Expert, Officer, Organ
from anguan.registry.models import Complex, Enterprise, Tenant

CRITERION = "GB 35181-2025 附录A"
SEEN_IN_THE_MALL = {
    2: "三层西侧商铺门前疏散通道摆放货架",
    9: "火灾报警主机把三层的探测器全部屏蔽，没有登记原因和期限",
}
FIXES = {
    "responsibility": "总经理负责，工程部实施，安全部每日检查。",
    "measures": "解除屏蔽，更换失效探测器，逐区做报警和联动测试。",
    "funds": "八万元，从安全生产费用列支。",
    "time_limit": "二十日内完成修复，五日内完成测试。",
    "contingency": "修复期间三层停止使用，增设巡查人员和灭火器。",
}


def plant_today(now: datetime) -> None:
    """What waits at `now`; needs the plan and the ledger."""
    mall = Complex.objects.select_related("operator").earliest("pk").operator
    key = Enterprise.objects.filter(is_key=True).exclude(pk=mall.pk).order_by("pk")
    malls = iter(key.filter(industry_code__regex=PUBLIC))
    _hung_hazard(mall, now)
    _sent_for_review(mall, now)
    _found_by_themselves(mall, now)
    _sealed(key.filter(industry_code=DEALERS)[0], now)
    _task_of_today(next(malls), now)
    _on_site_with_expert(next(malls), now)
    _joint(next(malls), now)


def _item(code: str, day: datetime) -> InspectionItem:
    return items_with_checklist(clock.local_day(day)).get(code=code)


def _officers(*names: str) -> list[Officer]:
    return list(Officer.objects.filter(organ__name=BRANCH, name__in=[f"执法员{name}" for name in names]))


def _applied(
    firm: Enterprise, names: str, at: datetime, on: datetime, *, sealed: bool = False, experts: int = 0
) -> Visit:
    """A check of a key enterprise as the plan has it, applied for by the clerk."""
    day, item = clock.local_day(on), "S04" if firm.industry_code == DEALERS else "S01"
    return visits.apply_visit(
        uid=uuid7(),
        kind=VisitKind.KEY,
        organ=Organ.objects.get(name=BRANCH),
        enterprise=firm,
        item=_item(item, at),
        officers=_officers(*names),
        due_on=day + timedelta(days=2),
        visit_on=day,
        trigger=Trigger.PLAN,
        reason="重点检查企业全覆盖",
        why_on_site="疏散通道和消防设施只能在现场看",
        experts=experts,
        sealed=sealed,
        departs_at=on if sealed else None,
        plan_row=row_of_plan(TargetKind.NAMED, item, on),
        actor=acting("clerk"),
        now=at,
    )


def _approved(visit: Visit, at: datetime) -> Visit:
    return visits.approve_visit(visit=visit, actor=acting("leader"), now=at)


def _hung_hazard(mall: Enterprise, now: datetime) -> None:
    """挂牌督办中: found twelve days ago, a floor out of use, public; a shop has its part in another."""
    found_at = now - timedelta(days=12)
    visit = _approved(_applied(mall, "甲乙", found_at - timedelta(days=1), found_at), found_at - timedelta(hours=20))
    actor = begin(visit, found_at)
    notify(visit, actor, found_at)
    answer(visit, found_at, SEEN_IN_THE_MALL, major={9: CRITERION}, days=40)
    done = found_at + timedelta(hours=1)
    visits.draft_record(visit=visit, actor=actor, now=done)
    sign(visit, done)
    visits.issue_record(visit=visit, actor=actor, now=done)
    major = Hazard.objects.get(visit_uid=visit.uid, level="major")
    visit = visits.draft_measures(
        visit=visit,
        measure="stop_use",
        requirements=["三层停止使用，撤出顾客和员工"],
        hazards=[major],
        actor=actor,
        now=done,
    )
    sign(visit, done)
    visit = visits.issue_measures(visit=visit, actor=actor, now=done)
    serve(visit, actor, done)
    order(visit, actor, done)
    _supervise(Hazard.objects.get(pk=major.pk), visit, done)
    shop = Tenant.objects.get(members__user__username=TENANT[0])
    other = Hazard.objects.get(visit_uid=visit.uid, level="general")
    hazards.name_tenant(hazard=other, tenant=shop, actor=acting("manager"), now=done + timedelta(hours=3))


def _supervise(major: Hazard, visit: Visit, at: datetime) -> None:
    visit.refresh_from_db()
    officer, leader, day = acting("officer2"), acting("leader"), timedelta(days=1)
    hazards.decide_measure(
        hazard=major, uid=uuid7(), kind="stop_use", scope="三层全部区域", paper=visit.measures, actor=officer, now=at
    )
    hung = hazards.hang_hazard(
        hazard=major,
        uid=uuid7(),
        level="county",
        notice_no=f"示安委督〔{at.year}〕1号",
        responsible="周示例",
        office="示例区副区长",
        due_on=clock.local_day(at + 30 * day),
        actor=leader,
        now=at + day,
    )
    hazards.publish_listing(listing=hung, actor=officer, now=at + 2 * day)
    major.refresh_from_db()
    plan = hazards.submit_plan(
        hazard=major,
        uid=uuid7(),
        fixes=FIXES,
        finish_on=major.due_on or clock.local_day(at + 20 * day),
        actor=acting("manager"),
        now=at + 2 * day,
    )
    hazards.decide_plan(plan=plan, approved=True, actor=officer, now=at + 3 * day)


def _sent_for_review(mall: Enterprise, now: datetime) -> None:
    """案件移送审批: who shielded the detectors is the fire body's to ask; the legal reviewer looks at it first."""
    at = now - timedelta(hours=1)
    hazard = Hazard.objects.get(enterprise=mall, level="major")
    assert hazard.visit_uid is not None
    visit = Visit.objects.select_related("record").get(uid=hazard.visit_uid)
    assert visit.record is not None
    officers, actor = team(visit)
    paper = draft_paper(
        form=FormCode.TRANSFER_APPROVAL,
        enterprise=mall,
        handling_organ=visit.organ,
        body={
            "case_name": "涉嫌擅自停用消防设施",
            "receiver": FIRE,
            "facts": f"现场检查发现：{hazard.description}。现场检查记录和照片在案。",
            "reason": "停用消防设施由消防救援机构依消防法查处，本机关没有职权，依据安全生产法第六十九条移送。",
            "is_crime": False,
            "materials": [f"现场检查记录{visit.record.number}复印件1份", "现场照片2张"],
            "officers": [{"name": one.name, "certificate_no": one.certificate_no} for one in officers],
        },
        answers=visit.record,
        origin=("hazard", hazard.uid),
        actor=actor,
        now=at,
    )
    send_paper(paper=paper, uid=uuid7(), actor=actor, now=at + timedelta(minutes=10))


def _found_by_themselves(mall: Enterprise, now: datetime) -> None:
    """自查自报: one closed by the mall itself, which a draw of re-visits may take up, and one still open."""
    at, manager = now - timedelta(days=6), acting("manager")
    for number, (place, text) in enumerate((("二层配电间", "配电间门口堆放纸箱"), ("首层卸货区", "灭火器压力不足"))):
        own = hazards.report_own_hazard(
            uid=uuid7(), enterprise=mall, place=place, description=text,
            photos=[taken("blocked", 900_000 + number, at, mall)], may_be_major=False, actor=manager, now=at,
        )  # fmt: skip
        if number == 0:
            hazards.close_own_hazard(
                hazard=own, uid=uuid7(), description="已清走，并划线标明不得堆放。",
                photos=[taken("clear", 900_000 + number, at + timedelta(hours=3), mall)], actor=manager,
                now=at + timedelta(hours=4),
            )  # fmt: skip


def _sealed(firm: Enterprise, now: datetime) -> None:
    """密封检查: approved, and its hour of departure has come; the team opens it."""
    visit = _applied(firm, "甲乙", now - timedelta(hours=2), now, sealed=True)
    _approved(visit, now - timedelta(hours=1))


def _task_of_today(firm: Enterprise, now: datetime) -> None:
    """今天的检查: approved yesterday; officers download it and go on without network."""
    _approved(_applied(firm, "甲乙", now - timedelta(days=1), now), now - timedelta(hours=20))


def _on_site_with_expert(firm: Enterprise, now: datetime) -> None:
    """现场检查中: begun half an hour ago, its first items seen; the expert writes an opinion beside it."""
    visit = _applied(firm, "丙丁", now - timedelta(days=2), now, experts=1)
    expert = Expert.objects.get(user__username="expert")
    call_expert(
        visit=visit, expert=expert, reason="用电安全是其专业", actor=acting("leader"), now=now - timedelta(days=1)
    )
    _approved(visit, now - timedelta(days=1))
    at = now - timedelta(minutes=30)
    notify(visit, begin(visit, at), at)
    answer(visit, at, {}, upto=3)


def _joint(firm: Enterprise, now: datetime) -> None:
    """联合检查: the branch has accepted, its head has to approve, the fire body has to answer."""
    organ, on = Organ.objects.get(name=BRANCH), now + timedelta(days=3)
    task = joint.propose_joint(
        uid=uuid7(),
        title=f"{firm.name}用电和消防联合检查",
        initiator=organ,
        enterprise=firm,
        visit_on=clock.local_day(on),
        reason="岁末年初用电和消防一次查清",
        parts=[(organ, _item("S01", now)), (Organ.objects.get(name=FIRE), _item("S01", now))],
        actor=acting("clerk"),
        now=now,
    )
    joint.accept_joint(
        part=task.participants.get(organ=organ), officers=_officers("丙", "戊"), actor=acting("clerk"), now=now
    )
