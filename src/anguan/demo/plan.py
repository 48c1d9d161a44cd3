"""示例区的一年: where organs work, who may inspect, the published annual plan, and whom officers guided first."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from uuid_utils.compat import uuid7

from anguan.checklists.selectors import items_with_checklist
from anguan.demo.acts import acting
from anguan.demo.district import REGION
from anguan.demo.people import BRANCH, BUREAU, FIRE, JUDICIAL
from anguan.demo.pictures import signature
from anguan.ground import clock
from anguan.inspections.models import AnnualPlan, PlanRow
from anguan.inspections.rules.plans import NonEnforcement, OtherWork, RowMode, SubjectKind, TargetKind
from anguan.inspections.services import areas, guidance, plans, subject_lists
from anguan.papers.rules import ConsentKind
from anguan.papers.services import record_consent
from anguan.people.models import Officer, Organ
from anguan.registry.models import Complex, Enterprise

DISTRICT = "示例区"
DEALERS = "5169"
# Trade, hotels, restaurants and cinemas: where many people are.
PUBLIC_PLACES = ("52", "61", "62", "87")
PUBLIC = f"^({'|'.join(PUBLIC_PLACES)})"
EXPLAINED = "讲解安全出口、用电、燃气和动火管理的要求，发放自查清单。"


def plant_plan(now: datetime) -> None:
    """Needs the ledger and the people. The plan dates from January, as the law wants it."""
    opened = min(now, datetime(now.year, 1, 8, 2, 0, tzinfo=now.tzinfo))
    _declare_areas(opened)
    _list_subjects(opened)
    _plan_the_year(opened, now)
    _guide(now)
    _consent(now)


def _declare_areas(opened: datetime) -> None:
    for name, leader in ((BUREAU, "leader"), (BRANCH, "leader"), (FIRE, "fireleader")):
        areas.declare_area(
            organ=Organ.objects.get(name=name),
            words=DISTRICT,
            code=REGION,
            valid_from=date(opened.year - 1, 1, 1),
            actor=acting(leader),
            now=opened,
        )


def _list_subjects(opened: datetime) -> None:
    """检查主体清单: the bureau and the fire body by their own power, the branch by the entrustment."""
    clerk = acting("clerk")
    made = subject_lists.draft_subject_list(organ=Organ.objects.get(name=BRANCH), actor=clerk, now=opened)
    for name, kind, basis, scope in (
        (BUREAU, SubjectKind.OWN_POWER, "安全生产法第六十五条", "本市生产经营单位的安全生产"),
        (BRANCH, SubjectKind.ENTRUSTED, "示例市应急管理局行政执法委托书（示例）", "示例区生产经营单位的安全生产"),
        (FIRE, SubjectKind.OWN_POWER, "消防法第五十三条", "示例区机关、团体、企业、事业单位遵守消防法律的情况"),
    ):
        subject_lists.enter_subject(
            subject_list=made, subject=Organ.objects.get(name=name), kind=kind, basis=basis, scope=scope, actor=clerk,
            now=opened,
        )  # fmt: skip
    subject_lists.file_subject_list(
        subject_list=made, filed_with=JUDICIAL, filed_on=clock.local_day(opened), actor=clerk, now=opened
    )
    subject_lists.publish_subject_list(subject_list=made, actor=clerk, now=opened)


def _plan_the_year(opened: datetime, now: datetime) -> AnnualPlan:
    """年度计划: every key enterprise by name, the others by draws; approved, filed and published."""
    clerk, organ = acting("clerk"), Organ.objects.get(name=BRANCH)
    # The item list of today: what checks rest on; an older one may have been replaced since January.
    items = items_with_checklist(clock.local_day(now))
    plan = plans.draft_plan(organ=organ, year=opened.year, actor=clerk, now=opened)
    plans.keep_capacity(
        plan=plan,
        staff=5,
        other_days={
            OtherWork.COMPLAINTS: Decimal(180),
            OtherWork.ACCIDENTS: Decimal(60),
            OtherWork.JOINT_CHECKS: Decimal(90),
        },
        non_days={
            NonEnforcement.STUDY: Decimal(75),
            NonEnforcement.MEETINGS: Decimal(60),
            NonEnforcement.LEAVE: Decimal(70),
        },
        actor=clerk,
        now=opened,
    )
    key = Enterprise.objects.filter(is_key=True).order_by("pk")
    drawn = Enterprise.objects.filter(is_key=False, status="operating", industry_code__regex=PUBLIC).count()
    months = range(2, 13)
    for values in (
        plans.RowValues(
            item=items.get(code="S01"), basis="", target_kind=TargetKind.NAMED, targets="重点检查企业",
            content="安全生产主体责任、疏散通道、用电和消防设施", mode=RowMode.ON_SITE, months=months,
            named=list(key.exclude(industry_code=DEALERS)), cap=4,
        ),
        plans.RowValues(
            item=items.get(code="S04"), basis="", target_kind=TargetKind.NAMED, targets="危险化学品经营单位",
            content="许可、储存、应急处置", mode=RowMode.ON_SITE, months=months,
            named=list(key.filter(industry_code=DEALERS)), cap=4,
        ),
        plans.RowValues(
            item=items.get(code="S01"), basis="", target_kind=TargetKind.POOL, targets="商场、宾馆、餐饮、文化娱乐场所",
            content="疏散通道、安全出口、可燃气体报警", mode=RowMode.OFF_SITE_FIRST, months=(3, 6, 9, 10, 11, 12),
            pool_size=drawn, pool_count=min(drawn, 12), cap=2,
        ),
    ):  # fmt: skip
        plans.keep_row(plan=plan, values=values, actor=clerk, now=opened)
    plans.coordinate_plan(plan=plan, coordinated_with=BUREAU, actor=clerk, now=opened)
    plans.approve_plan(plan=plan, actor=acting("leader"), now=opened)
    plans.file_plan(
        plan=plan, filed_with="示例区人民政府", number=f"示例备〔{opened.year}〕1号",
        filed_on=clock.local_day(opened), actor=clerk, now=opened,
    )  # fmt: skip
    return plans.publish_plan(plan=plan, actor=clerk, now=opened)


def row_of_plan(kind: TargetKind, item: str, at: datetime) -> PlanRow | None:
    """The row of the year's plan that a check of a day carries out; None in the days before there is a plan."""
    rows = PlanRow.objects.filter(plan__published_at__lte=at, plan__year=clock.local_day(at).year)
    return rows.filter(target_kind=kind, item__code=item).first()


def _guide(now: datetime) -> None:
    """指导服务 at key enterprises, by both bodies; one of them noted what to do by when."""
    firms = Enterprise.objects.filter(is_key=True).order_by("pk")
    for number, firm in enumerate(firms):
        for prefix, organ in (("执法员", BRANCH), ("消防员", FIRE))[: 2 if number < 2 else 1]:
            officers = Officer.objects.filter(name__startswith=prefix, organ__name=organ, user__isnull=False)
            at = now - timedelta(days=60 - 2 * number)
            guidance.record_guidance(
                uid=uuid7(),
                organ=Organ.objects.get(name=organ),
                enterprise=firm,
                officers=list(officers.order_by("pk")[:1]),
                guided_on=clock.local_day(at),
                host=firm.principal,
                explained=EXPLAINED,
                problems=[("后门杂物请清走", clock.local_day(at + timedelta(days=10)))] if number == 1 else [],
                actor=acting("officer1" if organ == BRANCH else "fireofficer1"),
                now=at,
            )


def _consent(now: datetime) -> None:
    """电子送达: the mall has agreed in writing where papers may reach it."""
    mall = Complex.objects.select_related("operator").earliest("pk").operator
    record_consent(
        enterprise=mall,
        signed_by=mall.principal,
        kinds=[ConsentKind.ACCOUNT, ConsentKind.POSTAL],
        address=mall.address,
        sheet=signature(7),
        since=clock.local_day(now - timedelta(days=50)),
        uid=uuid7(),
        actor=acting("clerk"),
        now=now - timedelta(days=50),
        name="送达地址确认书.png",
    )
