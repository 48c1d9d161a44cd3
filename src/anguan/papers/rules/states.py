"""文书的状态与先后: what may be done in which state, and which paper must stand before another.

A paper is a draft until it is issued (出具): then it gets its number, its text is frozen and hashed, its PDF is drawn.
A paper that goes to a party takes effect by service (送达). Nothing that was issued is ever changed; it can only be
voided (作废), with a reason, and the number stays with it.

    draft ──issue──► issued ──serve──► served
      │                 │                 │
      └──────void───────┴──────void───────┴──► void
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from anguan.core.words import N_
from anguan.papers.rules.bodies import is_agreed
from anguan.papers.rules.vocabulary import Action, Form, FormCode, NotAllowed, PaperState

# 状态表: what may be done in which state and where it leads. Nothing else changes a paper.
TRANSITIONS: Final[Mapping[tuple[PaperState, Action], PaperState]] = {
    (PaperState.DRAFT, Action.ISSUE): PaperState.ISSUED,
    (PaperState.ISSUED, Action.SERVE): PaperState.SERVED,
    (PaperState.DRAFT, Action.VOID): PaperState.VOID,
    (PaperState.ISSUED, Action.VOID): PaperState.VOID,
    (PaperState.SERVED, Action.VOID): PaperState.VOID,
}

_REFUSALS: Final[Mapping[tuple[PaperState, Action], str]] = {
    (PaperState.DRAFT, Action.SERVE): N_("这份文书还是拟稿，先出具，再送达。"),
    (PaperState.ISSUED, Action.ISSUE): N_("这份文书已经出具，文号和内容不能再变；有错请作废后另出。"),
    (PaperState.SERVED, Action.ISSUE): N_("这份文书已经送达，文号和内容不能再变；有错请作废后另出。"),
    (PaperState.SERVED, Action.SERVE): N_("这份文书已经送达，不必再送。"),
    (PaperState.VOID, Action.ISSUE): N_("这份文书已经作废，请另拟一份。"),
    (PaperState.VOID, Action.SERVE): N_("这份文书已经作废，不能送达。"),
    (PaperState.VOID, Action.VOID): N_("这份文书已经作废。"),
}


def advance(state: PaperState, action: Action) -> PaperState:
    """The state an action leads to; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise NotAllowed(_REFUSALS[state, action]) from None


def check_service(form: Form) -> None:
    """Refuse to serve a form that goes to nobody."""
    if form.code is FormCode.SERVICE_RECEIPT:
        raise NotAllowed(N_("送达回执留存案卷，不送达当事人。"))
    if not form.goes_to_party:
        raise NotAllowed(N_("这是机关内部文书，留存案卷，不送达当事人。"))


def check_follows(
    form: Form,
    earlier: FormCode | None,
    earlier_state: PaperState | None,
    body: Mapping[str, Any] = MappingProxyType({}),
    earlier_body: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """文书先后: refuse a paper before the one it answers was issued or, where it must have taken effect, served.

    Order of the papers as enforcement systems keep it: 3→4, 5→6; 7→8→9, 10, 11; 7→13→12→14; 19→20→21→22; 43→44. What is
    done on the spot in an emergency is approved afterwards (行政强制法 art. 19), so it needs nothing before it; nor
    must the party have notice before the power is cut in an emergency (安全生产法 art. 70).
    """
    if earlier is None and (not form.follows or (form.code in _ON_THE_SPOT and body.get("on_the_spot") is True)):
        return
    stands = earlier_state in {PaperState.ISSUED, PaperState.SERVED}
    if earlier is None or earlier not in form.follows | form.may_follow or not stands:
        raise NotAllowed(_BEFORE.get(form.code, N_("这份文书不能以那份文书为依据，请核对。")))
    if "opinions" in earlier_body and not is_agreed(earlier_body):
        raise NotAllowed(N_("审批意见是不同意，不能据此出具文书；情况有变的，请重新报批。"))
    if form.answers_served and earlier_state is not PaperState.SERVED and earlier_body.get("is_emergency") is not True:
        raise NotAllowed(_NOT_IN_EFFECT[form.code])


_ON_THE_SPOT: Final = frozenset({FormCode.SEIZURE_DECISION})

_BEFORE: Final[Mapping[FormCode, str]] = {
    FormCode.RECTIFY_ORDER: N_("还没有已出具的现场检查记录，请先出具现场检查记录，再责令限期整改。"),
    FormCode.SITE_MEASURES: N_("还没有已出具的现场检查记录，请先出具现场检查记录，再作出现场处理措施决定。"),
    FormCode.RECHECK_OPINION: N_("还没有已出具的责令限期整改指令书，不能出具整改复查意见书。"),
    FormCode.SEIZURE_DECISION: N_("查封、扣押须先经批准，请先出具行政强制审批表；情况紧急当场实施的，请注明。"),
    FormCode.SEIZURE_LIST: N_("清单随查封扣押决定书出具，请先出具决定书。"),
    FormCode.SEIZURE_EXTENSION: N_("还没有已出具的查封扣押决定书，没有期限可以延长。"),
    FormCode.SEIZURE_DISPOSAL: N_("还没有已出具的查封扣押决定书，没有可以处理的财物。"),
    FormCode.POWER_CUT_DECISION: N_("停止供电须经本部门主要负责人批准，请先出具行政强制审批表（安全生产法第七十条）。"),
    FormCode.POWER_CUT_NOTICE: N_("还没有已出具的停止供电决定书，不能通知供电单位。"),
    FormCode.POWER_RESTORE_NOTICE: N_("还没有已出具的停止供电通知书，不必通知恢复供电。"),
    FormCode.PRESERVATION_NOTICE: N_("先行登记保存证据须先经批准，请先出具审批表（行政处罚法第五十六条）。"),
    FormCode.PRESERVATION_DISPOSAL_APPROVAL: N_("还没有已出具的先行登记保存证据通知书，没有可以处理的证据。"),
    FormCode.PRESERVATION_DISPOSAL: N_("对登记保存的证据作出处理须先经批准，请先出具处理审批表。"),
    FormCode.TRANSFER_LETTER: N_("案件移送须先经批准，请先出具案件移送审批表。"),
}

_NOT_IN_EFFECT: Final[Mapping[FormCode, str]] = {
    FormCode.RECHECK_OPINION: N_("责令整改或者采取措施的文书送达后才生效，请先送达，再出具整改复查意见书。"),
    FormCode.SEIZURE_EXTENSION: N_("查封扣押决定书送达后才生效，请先送达，再延长期限。"),
    FormCode.SEIZURE_DISPOSAL: N_("查封扣押的文书送达后才生效，请先送达，再作出处理。"),
    FormCode.POWER_CUT_NOTICE: N_("停止供电须提前通知生产经营单位，请先送达停止供电决定书，再通知供电单位。"),
}
