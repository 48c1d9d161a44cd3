"""双随机抽查和检查的规则: what may follow what, who is in the pool, what a result is called.

A batch (抽查批次) is planned, its pool is frozen, it is committed before the randomness exists, drawn, approved,
visited and published. Whatever goes wrong between commitment and draw breaks it for good: it stays listed, and a second
draw is a new batch. Nothing is ever drawn again in place.

A visit (检查) is one organ at one enterprise for one matter: two certified officers arrive, go through the checklist,
record, and order where something is wrong. A recheck (复查) is a visit of its own that answers an order.

All transitions stand in the two tables below; a further state is a line there, with its word in the enum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class NotAllowed(ValueError):
    """This can't be done now; the message says in Chinese why, and what would be right."""


# --- batches


class BatchState(Labelled):
    """抽查批次状态 (国办发〔2015〕58号; steps of a draw)."""

    PLANNED = "planned", N_("已列入计划")
    POOL_FROZEN = "pool_frozen", N_("名录已冻结")
    COMMITTED = "committed", N_("已承诺，待抽取")
    DRAWN = "drawn", N_("已抽取，待批准")
    APPROVED = "approved", N_("已批准，检查中")
    INSPECTED = "inspected", N_("检查完毕，待公开")
    PUBLISHED = "published", N_("已公开")
    BROKEN = "broken", N_("作废（未能完成抽取）")


class BatchAction(Labelled):
    """抽查批次的步骤."""

    FREEZE = "freeze", N_("冻结名录")
    COMMIT = "commit", N_("公布承诺")
    DRAW = "draw", N_("同时开启并抽取")
    BREAK = "break", N_("作废")
    APPROVE = "approve", N_("批准检查")
    FINISH = "finish", N_("最后一家检查完毕")
    PUBLISH = "publish", N_("公开抽查包")


# 状态表: what may be done with a batch and where it leads. Nothing else changes its state.
BATCH_TABLE: Final[Mapping[tuple[BatchState, BatchAction], BatchState]] = {
    (BatchState.PLANNED, BatchAction.FREEZE): BatchState.POOL_FROZEN,
    (BatchState.POOL_FROZEN, BatchAction.COMMIT): BatchState.COMMITTED,
    (BatchState.COMMITTED, BatchAction.DRAW): BatchState.DRAWN,
    (BatchState.COMMITTED, BatchAction.BREAK): BatchState.BROKEN,
    (BatchState.DRAWN, BatchAction.APPROVE): BatchState.APPROVED,
    (BatchState.APPROVED, BatchAction.FINISH): BatchState.INSPECTED,
    (BatchState.INSPECTED, BatchAction.PUBLISH): BatchState.PUBLISHED,
}

COMMITTED_STATES: Final = frozenset(BatchState) - {BatchState.PLANNED, BatchState.POOL_FROZEN}
DRAWN_STATES: Final = COMMITTED_STATES - {BatchState.COMMITTED, BatchState.BROKEN}

_BATCH_REFUSALS: Final[Mapping[BatchAction, str]] = {
    BatchAction.FREEZE: N_("名录只能冻结一次；要用新的名录，请另立一批。"),
    BatchAction.COMMIT: N_("先冻结名录并收齐各方承诺，才能公布承诺；已公布的不能再改。"),
    BatchAction.DRAW: N_("只有已公布承诺、尚未抽取的批次才能抽取；抽取只有一次，重抽须另立一批。"),
    BatchAction.BREAK: N_("只有已公布承诺、尚未抽取的批次才会作废。"),
    BatchAction.APPROVE: N_("抽取完成之后才能批准检查，且只批准一次。"),
    BatchAction.FINISH: N_("批准之后才有检查可以完毕。"),
    BatchAction.PUBLISH: N_("最后一家检查完毕之后才能公开抽查包，此前公开会泄露检查名单。"),
}


def advance_batch(state: BatchState, action: BatchAction) -> BatchState:
    """The state an action leads to; raises `NotAllowed` with the sentence the clerk reads."""
    try:
        return BATCH_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_BATCH_REFUSALS[action]) from None


class PartyRole(Labelled):
    """参与方: who brings a secret into the draw; two or more, so that no one of them steers it."""

    ORGAN = "organ", N_("检查机关")
    SUPERVISOR = "supervisor", N_("司法监督")
    ENTERPRISE = "enterprise", N_("企业代表")


MINIMUM_PARTIES: Final = 2
# 开启期限: our own setting. A party that has not opened its secret by then has refused, and the batch is broken.
REVEAL_WITHIN: Final = timedelta(days=3)


class BreakReason(Labelled):
    """作废原因: why a committed batch was not drawn."""

    REFUSED = "refused", N_("有参与方拒绝开启秘密")
    WRONG_SECRET = "wrong_secret", N_("开启的秘密与承诺不符")
    NOT_OPENED = "not_opened", N_("逾期未开启秘密")
    BEACON = "beacon", N_("公开随机值未通过核验")
    OTHER = "other", N_("抽取未能完成")


class Exclusion(Labelled):
    """不入名录的原因: why an enterprise is not in the pool of a batch."""

    CLOSED = "closed", N_("已停产、注销、吊销或迁出")
    VISITED = "visited", N_("本年度已按同一事项检查")
    NO_STRATUM = "no_stratum", N_("不属于任何一层")


class OfficerExclusion(Labelled):
    """不参与派员的原因: why an officer is not on the roster of a batch."""

    UNCERTIFIED = "uncertified", N_("执法证在检查期内无效")
    ON_LEAVE = "on_leave", N_("检查期内离岗")


UNRATED: Final = "未评级"


@dataclass(frozen=True)
class StratumPlan:
    """分层: which enterprises belong to a stratum and how many are drawn.

    `industries` are prefixes of the industry code, none meaning all. `key` None takes both key and other enterprises.
    """

    id: str
    targets: int
    alternates: int
    speciality: str = ""
    industries: tuple[str, ...] = ()
    key: bool | None = None

    def takes(self, *, industry_code: str, is_key: bool) -> bool:
        """Whether an enterprise belongs here."""
        if self.key is not None and self.key != is_key:
            return False
        return not self.industries or industry_code.startswith(self.industries)


def place(
    *, is_operating: bool, was_visited: bool, industry_code: str, is_key: bool, strata: Sequence[StratumPlan]
) -> tuple[str, Exclusion | None]:
    """The stratum of an enterprise, or why it is left out: closed first, then visited, then no stratum.

    An enterprise belongs to the first stratum that takes it, so that nobody has two chances.
    """
    if not is_operating:
        return "", Exclusion.CLOSED
    if was_visited:
        return "", Exclusion.VISITED
    for stratum in strata:
        if stratum.takes(industry_code=industry_code, is_key=is_key):
            return stratum.id, None
    return "", Exclusion.NO_STRATUM


def check_plan(strata: Sequence[StratumPlan], weights: Mapping[str, int], officers_per_target: int) -> None:
    """Refuse a plan that could not be drawn: no stratum, two of a name, no target, a weight below 1, one officer."""
    if not strata:
        raise NotAllowed(N_("至少要有一层，写明抽几家。"))
    if len({stratum.id for stratum in strata}) != len(strata):
        raise NotAllowed(N_("各层的名称不能相同。"))
    if any(stratum.targets < 1 or stratum.alternates < 0 for stratum in strata):
        raise NotAllowed(N_("每层至少抽一家，备选不少于零家。"))
    if any(weight < 1 for weight in weights.values()):
        raise NotAllowed(N_("每一类的签数至少为 1；签数为零等于事先排除。"))
    if officers_per_target < 2:
        raise NotAllowed(N_("每家至少派两名执法人员（行政处罚法第四十二条）。"))


def whole_second(moment: datetime) -> datetime:
    """A moment without fractions of a second, as the bundle's times are written."""
    return moment.replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """A moment as the bundle writes it: `YYYY-MM-DDThh:mm:ssZ`; `moment` must be in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def check_commit(
    *, now: datetime, not_before: datetime, commitments: Iterable[str], pool_size: int, officers: int, per_target: int
) -> None:
    """Refuse to fix the spec when the randomness may exist already, a party is missing, or nothing could be drawn."""
    made = list(commitments)
    if len(made) < MINIMUM_PARTIES:
        raise NotAllowed(N_("至少要有两个参与方，请先添加。"))
    if not all(made):
        raise NotAllowed(N_("还有参与方没有作出承诺，收齐之后才能公布。"))
    if pool_size == 0:
        raise NotAllowed(N_("名录为空，没有可以抽的企业。"))
    if officers < per_target:
        raise NotAllowed(N_("有效的执法人员不够一组，请先核对执法证和离岗登记。"))
    if whole_second(now) >= not_before:
        raise NotAllowed(N_("约定的随机值时间已到，此时公布承诺不再可信；请另立一批，重新约定时间。"))


def check_reveal(*, now: datetime, not_before: datetime) -> None:
    """Refuse to open a secret before the randomness exists."""
    if now < not_before:
        raise NotAllowed(N_("约定的随机值时间还没有到，现在不能开启秘密。"))


# --- visits


class VisitKind(Labelled):
    """检查类型."""

    DRAWN = "drawn", N_("双随机抽查")
    RECHECK = "recheck", N_("整改复查")


class VisitState(Labelled):
    """检查状态."""

    APPROVED = "approved", N_("已批准，待检查")
    ON_SITE = "on_site", N_("现场检查中")
    RECORD_DRAFTED = "record_drafted", N_("记录待签字")
    RECORD_ISSUED = "record_issued", N_("记录已出具")
    ORDER_DRAFTED = "order_drafted", N_("指令书待签字送达")
    ORDERED = "ordered", N_("已责令限期整改")
    CLOSED = "closed", N_("办结")


class VisitAction(Labelled):
    """检查的步骤."""

    START = "start", N_("到场开始检查")
    DRAFT_RECORD = "draft_record", N_("生成记录")
    CORRECT_RECORD = "correct_record", N_("退回修改")
    ISSUE_RECORD = "issue_record", N_("出具记录")
    DRAFT_ORDER = "draft_order", N_("拟责令限期整改指令书")
    SERVE_ORDER = "serve_order", N_("送达指令书")
    CLOSE = "close", N_("办结")
    ORDER_AGAIN = "order_again", N_("指令书作废或隐患反复，另行责令")


# 状态表: what may follow what on a visit. A recheck has no order of its own.
VISIT_TABLE: Final[Mapping[tuple[VisitState, VisitAction], VisitState]] = {
    (VisitState.APPROVED, VisitAction.START): VisitState.ON_SITE,
    (VisitState.ON_SITE, VisitAction.DRAFT_RECORD): VisitState.RECORD_DRAFTED,
    (VisitState.RECORD_DRAFTED, VisitAction.CORRECT_RECORD): VisitState.ON_SITE,
    (VisitState.RECORD_DRAFTED, VisitAction.ISSUE_RECORD): VisitState.RECORD_ISSUED,
    (VisitState.RECORD_ISSUED, VisitAction.DRAFT_ORDER): VisitState.ORDER_DRAFTED,
    (VisitState.ORDER_DRAFTED, VisitAction.SERVE_ORDER): VisitState.ORDERED,
    (VisitState.RECORD_ISSUED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.ORDERED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.APPROVED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.ORDER_DRAFTED, VisitAction.ORDER_AGAIN): VisitState.RECORD_ISSUED,
    (VisitState.ORDERED, VisitAction.ORDER_AGAIN): VisitState.RECORD_ISSUED,
    (VisitState.CLOSED, VisitAction.ORDER_AGAIN): VisitState.RECORD_ISSUED,
}

# The officers are still at it: the batch is not finished while one of its visits is in one of these.
RUNNING: Final = frozenset(
    {
        VisitState.APPROVED,
        VisitState.ON_SITE,
        VisitState.RECORD_DRAFTED,
        VisitState.RECORD_ISSUED,
        VisitState.ORDER_DRAFTED,
    }
)

_VISIT_REFUSALS: Final[Mapping[VisitAction, str]] = {
    VisitAction.START: N_("这次检查已经开始，不必再次签到。"),
    VisitAction.DRAFT_RECORD: N_("检查开始之后、记录生成之前才能生成记录。"),
    VisitAction.CORRECT_RECORD: N_("只有还没有出具的记录可以退回修改。"),
    VisitAction.ISSUE_RECORD: N_("记录生成并签字之后才能出具，且只出具一次。"),
    VisitAction.DRAFT_ORDER: N_("先出具现场检查记录，才能责令限期整改。"),
    VisitAction.SERVE_ORDER: N_("先拟好责令限期整改指令书，才能送达。"),
    VisitAction.CLOSE: N_("这次检查还有事没有办完，不能办结。"),
    VisitAction.ORDER_AGAIN: N_("这次检查还没有责令过，不存在另行责令。"),
}


def advance_visit(state: VisitState, action: VisitAction) -> VisitState:
    """The state an action leads to; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return VISIT_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_VISIT_REFUSALS[action]) from None


def check_on_site(state: VisitState) -> None:
    """Refuse an answer before arrival, or after the record was drafted from the answers."""
    if state is VisitState.APPROVED:
        raise NotAllowed(N_("请先到场签到，再逐项检查。"))
    if state is not VisitState.ON_SITE:
        raise NotAllowed(N_("记录已经生成，不能再改检查结果；要改请先退回修改。"))


def check_team(assigned: Iterable[int], present: Iterable[int], certified: Iterable[int]) -> None:
    """Refuse to start unless the officers who were drawn are there, two or more, with valid certificates.

    行政处罚法 art. 42; 安全生产法 art. 67: without them the enterprise may refuse. Ids of officers.
    """
    here = set(present)
    if here - set(assigned):
        raise NotAllowed(N_("只有抽中的执法人员可以检查，请核对人员。"))
    if len(here) < 2:
        raise NotAllowed(N_("现场须有两名以上抽中的执法人员（行政处罚法第四十二条）。"))
    if here - set(certified):
        raise NotAllowed(N_("有执法人员的执法证今天无效，不能检查。"))


def check_present_certified(*, is_certified: bool) -> None:
    """Refuse an act by somebody whose certificate does not count today (行政处罚法 art. 42)."""
    if not is_certified:
        raise NotAllowed(N_("有执法人员的执法证今天无效，不能检查。"))


class Outcome(Labelled):
    """检查项结果."""

    CONFORMS = "conforms", N_("符合")
    FAILS = "fails", N_("不符合")
    NOT_APPLICABLE = "na", N_("不适用")


class ResultCategory(Labelled):
    """抽查结果类别 (as market supervision publishes them)."""

    NO_PROBLEM = "no_problem", N_("未发现问题")
    ORDERED = "ordered", N_("发现问题已责令改正")
    NOT_PUBLISHED = "not_published", N_("未按规定公示应当公示的信息")
    OBSTRUCTED = "obstructed", N_("不配合检查情节严重")
    UNREACHABLE = "unreachable", N_("通过登记的住所无法联系")
    NO_ACTIVITY = "no_activity", N_("未发现开展本次检查涉及的经营活动")
    PENDING = "pending", N_("发现问题待后续处理")


# 未能检查的结果: a visit that ends at the door, with the reason as its result.
WITHOUT_CHECK: Final = frozenset({ResultCategory.OBSTRUCTED, ResultCategory.UNREACHABLE, ResultCategory.NO_ACTIVITY})


def category_of(outcomes: Iterable[Outcome]) -> ResultCategory:
    """What a visit's answers amount to once its order, if one was due, is served."""
    return ResultCategory.ORDERED if Outcome.FAILS in set(outcomes) else ResultCategory.NO_PROBLEM


def missing_numbers(numbers: Iterable[int], answered: Iterable[int]) -> list[int]:
    """The questions that still lack an answer, in order."""
    return sorted(set(numbers) - set(answered))


def suggested_due(today: date, days: int) -> date:
    """The day that the officer finds filled in as the end of rectification; the first day is not counted."""
    return today + timedelta(days=days)


# 任务码 is good for a working day on the spot, no longer.
TASK_CODE_VALID_FOR: Final = timedelta(hours=12)


def diagram(table: Mapping[tuple[Labelled, Labelled], Labelled]) -> str:
    """One of the two tables as a Mermaid state diagram, for README.md."""
    states = type(next(iter(table.values())))
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in states]
    lines += [f"    {before.value} --> {after.value} : {action.label}" for (before, action), after in table.items()]
    return "\n".join(lines)
