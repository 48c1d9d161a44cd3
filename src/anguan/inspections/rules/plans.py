"""年度监督检查计划的规则: what may follow what, whether the year can hold it, and who may stand on the subject list.

安全生产法 art. 62(2) asks for an annual plan by class and grade. A plan is drafted, coordinated with the levels above
and below so that no enterprise is checked twice, approved by the organ's leader, filed with the people's government
and published. What is published never changes: an amendment is a further version that goes the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.periods import Calendar
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed

_DAY = timedelta(days=1)


class PlanState(Labelled):
    """年度计划状态."""

    DRAFT = "draft", N_("编制中")
    COORDINATED = "coordinated", N_("已与上下级衔接，待批准")
    APPROVED = "approved", N_("已批准，待备案")
    FILED = "filed", N_("已备案，待公布")
    PUBLISHED = "published", N_("已公布")
    SUPERSEDED = "superseded", N_("已由新版本代替")


class PlanAction(Labelled):
    """年度计划的步骤."""

    COORDINATE = "coordinate", N_("与上下级衔接")
    RETURN = "return", N_("退回修改")
    APPROVE = "approve", N_("批准")
    FILE = "file", N_("报政府备案")
    PUBLISH = "publish", N_("公布")
    SUPERSEDE = "supersede", N_("新版本公布")


# 状态表: what may follow what. Only a draft can be edited; what was published stays readable for ever.
PLAN_TABLE: Final[Mapping[tuple[PlanState, PlanAction], PlanState]] = {
    (PlanState.DRAFT, PlanAction.COORDINATE): PlanState.COORDINATED,
    (PlanState.COORDINATED, PlanAction.RETURN): PlanState.DRAFT,
    (PlanState.COORDINATED, PlanAction.APPROVE): PlanState.APPROVED,
    (PlanState.APPROVED, PlanAction.FILE): PlanState.FILED,
    (PlanState.FILED, PlanAction.PUBLISH): PlanState.PUBLISHED,
    (PlanState.PUBLISHED, PlanAction.SUPERSEDE): PlanState.SUPERSEDED,
}

PUBLIC_PLANS: Final = frozenset({PlanState.PUBLISHED, PlanState.SUPERSEDED})
OPEN_PLANS: Final = frozenset(PlanState) - PUBLIC_PLANS

_PLAN_REFUSALS: Final[Mapping[PlanAction, str]] = {
    PlanAction.COORDINATE: N_("只有编制中的计划才能登记衔接；已经衔接的要修改，请先退回。"),
    PlanAction.RETURN: N_("只有待批准的计划可以退回修改；批准之后要改，须公布后另立新版本。"),
    PlanAction.APPROVE: N_("先登记与上下级的衔接，机关负责人才能批准；每个版本只批准一次。"),
    PlanAction.FILE: N_("机关负责人批准之后才能报政府备案。"),
    PlanAction.PUBLISH: N_("先报政府备案并登记文号，才能公布；未公布的计划不能据以检查。"),
    PlanAction.SUPERSEDE: N_("只有已公布的版本才会被新版本代替。"),
}


def advance_plan(state: PlanState, action: PlanAction) -> PlanState:
    """The state an action leads to; raises `NotAllowed` with the sentence the clerk reads."""
    try:
        return PLAN_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_PLAN_REFUSALS[action]) from None


def check_editable(state: PlanState) -> None:
    """Refuse to change a plan that others already rely on."""
    if state is not PlanState.DRAFT:
        raise NotAllowed(N_("只有编制中的计划可以修改；待批准的请先退回，已公布的请另立新版本。"))


def check_amendable(state: PlanState, reason: str) -> None:
    """Refuse a further version of what is not in force, or one without a reason."""
    if state is not PlanState.PUBLISHED:
        raise NotAllowed(N_("只有现行公布的版本可以调整；还没有公布的，请退回修改。"))
    if not reason.strip():
        raise NotAllowed(N_("请写明调整计划的原因，它会随新版本公布。"))


class TargetKind(Labelled):
    """检查对象怎么定: named one by one (重点检查), or drawn from a pool (双随机)."""

    NAMED = "named", N_("具体检查对象")
    POOL = "pool", N_("双随机对象")


class RowMode(Labelled):
    """检查方式; 国办发〔2024〕54号 puts what can be done off-site first."""

    ON_SITE = "on_site", N_("现场检查")
    OFF_SITE = "off_site", N_("非现场检查")
    OFF_SITE_FIRST = "off_site_first", N_("先非现场、有疑点再到现场")


class JointPart(Labelled):
    """是否跨部门联合, and which part the organ plays in it."""

    NONE = "none", N_("不联合")
    LEAD = "lead", N_("联合，本机关牵头")
    PARTNER = "partner", N_("联合，本机关配合")


class OtherWork(Labelled):
    """其他执法工作日: enforcement that is no planned check (安监总政法〔2017〕150号)."""

    LICENSING = "licensing", N_("行政许可")
    ACCIDENTS = "accidents", N_("事故调查处理")
    COMPLAINTS = "complaints", N_("举报投诉核查")
    JOINT_CHECKS = "joint_checks", N_("参加联合检查")
    FILING = "filing", N_("登记备案")
    INTERMEDIARIES = "intermediaries", N_("中介服务监管")
    TRAINING_OTHERS = "training_others", N_("组织安全培训")
    REMEDIES = "remedies", N_("复议、诉讼和听证")
    ASSIGNED = "assigned", N_("上级交办的其他执法工作")


class NonEnforcement(Labelled):
    """非执法工作日: working days without enforcement."""

    DUTY = "duty", N_("机关值班")
    STUDY = "study", N_("学习培训、考核")
    MEETINGS = "meetings", N_("会议")
    GUIDING = "guiding", N_("指导下级")
    PARTY = "party", N_("党群活动")
    LEAVE = "leave", N_("病假、事假、法定年休假")


@dataclass(frozen=True)
class Workload:
    """一项检查的工作量: `checks` visits, each of `days` days by `officers` officers."""

    checks: int
    days: Decimal
    officers: int

    @property
    def officer_days(self) -> Decimal:
        """工作日: what these checks take of everybody's year."""
        return self.checks * self.days * self.officers


@dataclass(frozen=True)
class Capacity:
    """计划测算: what the year holds and what the plan asks of it, all in officer-days (工作日×人).

    `provisional` where the year's holiday notice is not loaded, so that only weekends are known.
    """

    working_days: int
    staff: int
    other: Decimal
    non: Decimal
    needed: Decimal
    provisional: bool

    @property
    def total(self) -> Decimal:
        """总法定工作日: working days of the year times enforcement staff."""
        return Decimal(self.working_days * self.staff)

    @property
    def inspection_days(self) -> Decimal:
        """监督检查工作日: what is left for planned checks; below zero where the rest is already too much."""
        return self.total - self.other - self.non

    @property
    def left(self) -> Decimal:
        """What stays free; below zero where the plan does not fit."""
        return self.inspection_days - self.needed

    @property
    def fits(self) -> bool:
        """Whether the year holds the plan."""
        return self.left >= 0


def working_days_of(year: int, calendar: Calendar, since: date | None = None) -> tuple[int, bool]:
    """Working days of a year (from the day `since` on, itself included) and whether the count is provisional."""
    day, count = since or date(year, 1, 1), 0
    while day.year == year:
        count += calendar.is_working_day(day)
        if day == date.max:
            break
        day += _DAY
    return count, not calendar.has_notice(year)


def capacity_of(
    *,
    working_days: int,
    provisional: bool,
    staff: int,
    other_days: Mapping[str, Decimal],
    non_days: Mapping[str, Decimal],
    workloads: Iterable[Workload],
) -> Capacity:
    """计划测算: working days × staff, less other enforcement and non-enforcement; the checks must fit the rest."""
    return Capacity(
        working_days=working_days,
        staff=staff,
        other=sum(other_days.values(), Decimal()),
        non=sum(non_days.values(), Decimal()),
        needed=sum((load.officer_days for load in workloads), Decimal()),
        provisional=provisional,
    )


def days_text(days: Decimal) -> str:
    """Officer-days as people write them: 4, 67.5."""
    return f"{days.normalize():f}"


def check_fits(capacity: Capacity) -> None:
    """Refuse a plan that nobody could carry out: no staff, no days left, or more checks than days."""
    if capacity.staff < 1:
        raise NotAllowed(N_("请先填写执法人员人数，才能测算计划做不做得完。"))
    if capacity.inspection_days <= 0:
        raise NotAllowed(N_("其他执法和非执法工作日已经用完全年工作日，没有可以安排检查的时间，请核对测算表。"))
    if not capacity.fits:
        raise NotAllowed(
            N_("计划的检查需要 %(needed)s 个工作日，只有 %(held)s 个：请减少检查、缩短每次时间，或核对测算表。"),
            needed=days_text(capacity.needed),
            held=days_text(capacity.inspection_days),
        )


def check_row_used(*, is_own: bool, is_in_force: bool, year: int, checked_in: int, is_same_item: bool) -> None:
    """Refuse to count a check for a row of a plan that it does not carry out."""
    if not is_own:
        raise NotAllowed(N_("这一行是别的机关的计划，请选本机关现行公布计划里的行。"))
    if not is_in_force:
        raise NotAllowed(N_("这一行所在的计划没有公布，或者已由新版本代替，不能据以检查；请选现行公布计划里的行。"))
    if year != checked_in:
        raise NotAllowed(
            N_("这一行是 %(year)s 年的计划，检查却在 %(other)s 年，请选当年的行。"),
            year=str(year),
            other=str(checked_in),
        )
    if not is_same_item:
        raise NotAllowed(N_("这一行计划的检查事项与所选的不同，请改选事项或者计划的行。"))


def check_row(
    *,
    kind: TargetKind,
    named: int,
    pool_size: int | None,
    pool_count: int | None,
    frequency: int,
    cap: int,
    months: Sequence[int],
    joint: JointPart,
    partners: str,
) -> None:
    """Refuse a row that says too little to be carried out or checked: whom, how often, when, with whom."""
    if kind is TargetKind.NAMED and not named:
        raise NotAllowed(N_("请列出具体检查对象；不点名的请改为双随机，并写明总数和抽取数。"))
    if kind is TargetKind.POOL:
        if named:
            raise NotAllowed(N_("双随机的对象由抽取产生，不能事先点名；要点名的请另列一行具体检查对象。"))
        if not pool_size or not pool_count:
            raise NotAllowed(N_("双随机的对象请写明总数和抽取数，比例由此算出。"))
        if pool_count > pool_size:
            raise NotAllowed(N_("抽取数不能多于对象总数。"))
    if frequency < 1:
        raise NotAllowed(N_("每家每年至少检查一次，否则请删去这一行。"))
    if cap < frequency:
        raise NotAllowed(N_("频次上限不能低于计划频次（国办发〔2024〕54号要求公布年度频次上限）。"))
    if not months or any(month not in range(1, 13) for month in months) or len(set(months)) != len(months):
        raise NotAllowed(N_("请选择检查安排在哪几个月。"))
    if joint is not JointPart.NONE and not partners.strip():
        raise NotAllowed(N_("联合检查请写明牵头或配合的部门。"))
    if joint is JointPart.NONE and partners.strip():
        raise NotAllowed(N_("写了联合部门，请选择本机关牵头还是配合。"))


def ratio_text(count: int | None, size: int | None) -> str:
    """抽取比例 as a plan prints it, in hundredths of a percent at most; empty where nothing is drawn."""
    if not count or not size:
        return ""
    return f"{(Decimal(count) * 100 / size).quantize(Decimal('0.01')).normalize():f}%"


def doubled(ours: Mapping[int, str], theirs: Mapping[int, str]) -> list[int]:
    """Enterprises that two plans both name, by id; an enterprise belongs to one level (应急〔2025〕11号)."""
    return sorted(ours.keys() & theirs.keys())


def check_not_doubled(names: Sequence[str], other: str) -> None:
    """Refuse a plan that names enterprises which another level's plan already names; says which."""
    if names:
        raise NotAllowed(
            N_("%(other)s的计划已列入：%(names)s。同一企业不由两级重复检查，请删去或改为联合检查。"),
            other=other,
            names="、".join(names[:5]) + ("…" if len(names) > 5 else ""),
        )


def check_filing(*, number: str, filed_on: date, approved_on: date, today: date) -> None:
    """Refuse a filing without a number, before the approval, or in the future."""
    if not number.strip():
        raise NotAllowed(N_("请填写备案文号。"))
    if filed_on < approved_on:
        raise NotAllowed(N_("备案日期早于批准日期，请核对：先批准，后备案。"))
    if filed_on > today:
        raise NotAllowed(N_("备案日期还没有到，请填写实际备案的日期。"))


# ---- 检查主体清单 (subject list) ----


class SubjectState(Labelled):
    """检查主体清单状态."""

    DRAFT = "draft", N_("编制中")
    FILED = "filed", N_("已报司法行政部门")
    PUBLISHED = "published", N_("已公布")
    SUPERSEDED = "superseded", N_("已由新版本代替")


class SubjectAction(Labelled):
    """检查主体清单的步骤."""

    FILE = "file", N_("报司法行政部门")
    PUBLISH = "publish", N_("公布")
    SUPERSEDE = "supersede", N_("新版本公布")


SUBJECT_TABLE: Final[Mapping[tuple[SubjectState, SubjectAction], SubjectState]] = {
    (SubjectState.DRAFT, SubjectAction.FILE): SubjectState.FILED,
    (SubjectState.FILED, SubjectAction.PUBLISH): SubjectState.PUBLISHED,
    (SubjectState.PUBLISHED, SubjectAction.SUPERSEDE): SubjectState.SUPERSEDED,
}
PUBLIC_SUBJECTS: Final = frozenset({SubjectState.PUBLISHED, SubjectState.SUPERSEDED})

_SUBJECT_REFUSALS: Final[Mapping[SubjectAction, str]] = {
    SubjectAction.FILE: N_("只有编制中的主体清单可以报送；已报送的不能再改，请另立新版本。"),
    SubjectAction.PUBLISH: N_("先报司法行政部门，才能公布主体清单。"),
    SubjectAction.SUPERSEDE: N_("只有已公布的主体清单才会被新版本代替。"),
}


def advance_subject_list(state: SubjectState, action: SubjectAction) -> SubjectState:
    """The state an action leads to; raises `NotAllowed` with the sentence the clerk reads."""
    try:
        return SUBJECT_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_SUBJECT_REFUSALS[action]) from None


class SubjectKind(Labelled):
    """主体性质: what somebody who wants to inspect is; the first three may, within their scope."""

    OWN_POWER = "own_power", N_("行政机关（法定职权）")
    AUTHORISED = "authorised", N_("法律、法规授权的组织")
    ENTRUSTED = "entrusted", N_("受委托的组织")
    COORDINATING = "coordinating", N_("议事协调机构（安委会、安委办等）")
    TESTING = "testing", N_("检验检测机构")
    INSTITUTE = "institute", N_("科研、技术支撑单位")
    INTERMEDIARY = "intermediary", N_("购买服务的中介机构")
    GRID_WORKERS = "grid_workers", N_("网格员")
    TEMPORARY = "temporary", N_("临时、外聘和辅助人员")
    UNCERTIFIED = "uncertified", N_("没有执法证的人员")


MAY_INSPECT: Final = frozenset({SubjectKind.OWN_POWER, SubjectKind.AUTHORISED, SubjectKind.ENTRUSTED})

# 国办发〔2024〕54号: who may not inspect, and what they may do instead.
_BARRED: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.COORDINATING: N_(
        "议事协调机构没有行政检查权（国办发〔2024〕54号），安委会、安委办不能以自己的名义检查；由有职权的成员单位列入。"
    ),
    SubjectKind.TESTING: N_(
        "检验检测机构不能实施行政检查（国办发〔2024〕54号）；可以受检查机关委托检测，不列入主体清单。"
    ),
    SubjectKind.INSTITUTE: N_(
        "科研、技术支撑单位不能实施行政检查（国办发〔2024〕54号）；可以派专家提供意见，由执法人员检查。"
    ),
    SubjectKind.INTERMEDIARY: N_(
        "行政检查不能外包给中介机构（国办发〔2024〕54号）；购买的服务只能协助，人数须事先写入检查审批表。"
    ),
    SubjectKind.GRID_WORKERS: N_("网格员没有行政检查权（国办发〔2024〕54号）；发现问题请报线索，由执法人员核查。"),
    SubjectKind.TEMPORARY: N_(
        "临时、外聘和辅助人员不能实施行政检查（国办发〔2024〕54号）；只能在执法人员带领下协助，人数须事先批准。"
    ),
    SubjectKind.UNCERTIFIED: N_(
        "没有执法证的人员不能实施行政检查（行政处罚法第四十二条、国办发〔2024〕54号）；取得执法证后列入人员名录。"
    ),
}


def check_subject(*, kind: SubjectKind, basis: str, has_competence: bool, entrusted_on_day: bool, scope: str) -> None:
    """Refuse whom the law bars, and whoever cannot show the power that they claim."""
    if kind in _BARRED:
        raise NotAllowed(_BARRED[kind])
    if not basis.strip():
        raise NotAllowed(N_("请写明检查权的依据：法律、法规的名称和条款，或者委托书。"))
    if not scope.strip():
        raise NotAllowed(N_("请写明检查权的范围；超出范围的检查无效。"))
    if kind is SubjectKind.ENTRUSTED and not entrusted_on_day:
        raise NotAllowed(N_("没有登记在有效期内的行政检查委托书，不能按受委托组织列入（行政处罚法第二十条）。"))
    if kind is SubjectKind.OWN_POWER and not has_competence:
        raise NotAllowed(N_("这个机关没有登记行政检查的法定职权；请先登记职权，或按受委托组织列入。"))


def fixed_day(year: int, month_day: str) -> date:
    """A rule's fixed day (`MM-DD`) in a year."""
    month, day = map(int, month_day.split("-"))
    return date(year, month, day)
