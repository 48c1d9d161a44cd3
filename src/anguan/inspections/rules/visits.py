"""检查的规则: what may follow what on the spot, who may be there, what a result is called.

A visit is one organ at one enterprise for one matter: two certified officers arrive, go through the checklist, record,
and order where something is wrong. A recheck (复查) is a visit of its own that answers an order.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed


class VisitKind(Labelled):
    """检查类型. Internal supervision of one's own units is no 行政检查 and has no place here (国办发〔2024〕54号)."""

    DRAWN = "drawn", N_("双随机抽查")
    KEY = "key", N_("重点检查")
    CLUE = "clue", N_("线索核查（个案检查）")
    SPECIAL = "special", N_("专项检查")
    EMERGENCY = "emergency", N_("紧急检查")
    RECHECK = "recheck", N_("整改复查")


# What somebody applies for; a drawn visit comes from its batch, a recheck from its order, an emergency from the danger.
APPLIED_FOR: Final = (VisitKind.KEY, VisitKind.CLUE, VisitKind.SPECIAL)


class VisitState(Labelled):
    """检查状态."""

    APPLIED = "applied", N_("待批准")
    REFUSED = "refused", N_("不予批准")
    WITHDRAWN = "withdrawn", N_("已撤回")
    APPROVED = "approved", N_("已批准，待检查")
    ON_SITE = "on_site", N_("现场检查中")
    RECORD_DRAFTED = "record_drafted", N_("记录待签字")
    RECORD_ISSUED = "record_issued", N_("记录已出具")
    MEASURES_DRAFTED = "measures_drafted", N_("现场处理措施待送达")
    ORDER_DRAFTED = "order_drafted", N_("指令书待签字送达")
    ORDERED = "ordered", N_("已责令限期整改")
    CLOSED = "closed", N_("办结")


class VisitAction(Labelled):
    """检查的步骤."""

    APPROVE = "approve", N_("批准检查")
    REFUSE = "refuse", N_("不予批准")
    WITHDRAW = "withdraw", N_("撤回")
    START = "start", N_("到场开始检查")
    DRAFT_RECORD = "draft_record", N_("生成记录")
    CORRECT_RECORD = "correct_record", N_("退回修改")
    ISSUE_RECORD = "issue_record", N_("出具记录")
    DRAFT_MEASURES = "draft_measures", N_("拟现场处理措施决定书")
    SERVE_MEASURES = "serve_measures", N_("送达现场处理措施决定书")
    VOID_MEASURES = "void_measures", N_("现场处理措施决定书作废")
    DRAFT_ORDER = "draft_order", N_("拟责令限期整改指令书")
    SERVE_ORDER = "serve_order", N_("送达指令书")
    CLOSE = "close", N_("办结")
    ORDER_AGAIN = "order_again", N_("指令书作废或隐患反复，另行责令")
    CALL_OFF = "call_off", N_("终止复查")


# 状态表: what may follow what on a visit. A recheck has no order of its own. An emergency visit begins on the spot and
# may still be refused afterwards, as long as nothing was issued. Measures never replace the order: where something
# needs time to be put right, both are served.
VISIT_TABLE: Final[Mapping[tuple[VisitState, VisitAction], VisitState]] = {
    (VisitState.APPLIED, VisitAction.APPROVE): VisitState.APPROVED,
    (VisitState.APPLIED, VisitAction.REFUSE): VisitState.REFUSED,
    (VisitState.APPLIED, VisitAction.WITHDRAW): VisitState.WITHDRAWN,
    (VisitState.APPROVED, VisitAction.WITHDRAW): VisitState.WITHDRAWN,
    (VisitState.ON_SITE, VisitAction.REFUSE): VisitState.REFUSED,
    (VisitState.APPROVED, VisitAction.START): VisitState.ON_SITE,
    (VisitState.ON_SITE, VisitAction.DRAFT_RECORD): VisitState.RECORD_DRAFTED,
    (VisitState.RECORD_DRAFTED, VisitAction.CORRECT_RECORD): VisitState.ON_SITE,
    (VisitState.RECORD_DRAFTED, VisitAction.ISSUE_RECORD): VisitState.RECORD_ISSUED,
    (VisitState.RECORD_ISSUED, VisitAction.DRAFT_MEASURES): VisitState.MEASURES_DRAFTED,
    (VisitState.MEASURES_DRAFTED, VisitAction.SERVE_MEASURES): VisitState.RECORD_ISSUED,
    (VisitState.MEASURES_DRAFTED, VisitAction.VOID_MEASURES): VisitState.RECORD_ISSUED,
    (VisitState.RECORD_ISSUED, VisitAction.DRAFT_ORDER): VisitState.ORDER_DRAFTED,
    (VisitState.ORDER_DRAFTED, VisitAction.SERVE_ORDER): VisitState.ORDERED,
    (VisitState.RECORD_ISSUED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.ORDERED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.APPROVED, VisitAction.CLOSE): VisitState.CLOSED,
    (VisitState.APPROVED, VisitAction.CALL_OFF): VisitState.CLOSED,
    (VisitState.ON_SITE, VisitAction.CALL_OFF): VisitState.CLOSED,
    (VisitState.RECORD_DRAFTED, VisitAction.CALL_OFF): VisitState.CLOSED,
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
        VisitState.MEASURES_DRAFTED,
        VisitState.ORDER_DRAFTED,
    }
)
# Not begun: nobody was there yet, and the firm knows nothing.
NOT_BEGUN: Final = frozenset({VisitState.APPLIED, VisitState.APPROVED})
# What an officer still has to do something about, for the desk and its index.
IN_HAND: Final = frozenset(
    {
        VisitState.APPROVED,
        VisitState.ON_SITE,
        VisitState.RECORD_DRAFTED,
        VisitState.RECORD_ISSUED,
        VisitState.MEASURES_DRAFTED,
        VisitState.ORDER_DRAFTED,
    }
)
# 复查 that has issued nothing: it is called off when the last hazard that it was about has ended elsewhere.
MAY_BE_CALLED_OFF: Final = frozenset({VisitState.APPROVED, VisitState.ON_SITE, VisitState.RECORD_DRAFTED})
# Never took place: counts for nothing.
NEVER_MADE: Final = frozenset({VisitState.REFUSED, VisitState.WITHDRAWN})

_VISIT_REFUSALS: Final[Mapping[VisitAction, str]] = {
    VisitAction.APPROVE: N_("只有待批准的检查可以批准，且只批准一次。"),
    VisitAction.REFUSE: N_("只有待批准的检查，或者还没有出具文书的紧急检查，可以不予批准。"),
    VisitAction.WITHDRAW: N_("检查开始之后不能撤回，请检查完毕并如实记录。"),
    VisitAction.START: N_("只有已批准、还没有开始的检查可以签到。"),
    VisitAction.DRAFT_RECORD: N_("检查开始之后、记录生成之前才能生成记录。"),
    VisitAction.CORRECT_RECORD: N_("只有还没有出具的记录可以退回修改。"),
    VisitAction.ISSUE_RECORD: N_("记录生成并签字之后才能出具，且只出具一次。"),
    VisitAction.DRAFT_MEASURES: N_("先出具现场检查记录，才能作出现场处理措施决定。"),
    VisitAction.SERVE_MEASURES: N_("先拟好现场处理措施决定书，才能送达。"),
    VisitAction.VOID_MEASURES: N_("没有待送达的现场处理措施决定书。"),
    VisitAction.DRAFT_ORDER: N_("先出具现场检查记录，才能责令限期整改。"),
    VisitAction.SERVE_ORDER: N_("先拟好责令限期整改指令书，才能送达。"),
    VisitAction.CLOSE: N_("这次检查还有事没有办完，不能办结。"),
    VisitAction.ORDER_AGAIN: N_("这次检查还没有责令过，不存在另行责令。"),
    VisitAction.CALL_OFF: N_("只有还没有出具意见书的复查可以终止。"),
}


def advance_visit(state: VisitState, action: VisitAction) -> VisitState:
    """The state an action leads to; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return VISIT_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_VISIT_REFUSALS[action]) from None


def check_on_site(state: VisitState) -> None:
    """Refuse an answer before arrival, or after the record was drafted from the answers."""
    if state is VisitState.APPLIED:
        raise NotAllowed(N_("这次检查还没有批准，不能检查（国办发〔2024〕54号）。"))
    if state is VisitState.APPROVED:
        raise NotAllowed(N_("请先到场签到，再逐项检查。"))
    if state is VisitState.CLOSED:
        raise NotAllowed(N_("这次检查已经办结，不能再改检查结果。"))
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
