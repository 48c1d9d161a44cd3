"""文书的状态与先后: what may be done in which state, and which paper must stand before another.

A paper is a draft until it is issued (出具): then it gets its number, its text is frozen and hashed, its PDF is drawn.
A paper that goes to a party takes effect by service (送达). Nothing that was issued is ever changed; it can only be
voided (作废), with a reason, and the number stays with it.

    draft ──issue──► issued ──serve──► served
      │                 │                 │
      └──────void───────┴──────void───────┴──► void
"""

from collections.abc import Mapping
from typing import Final

from anguan.core.words import N_
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


def check_follows(form: Form, earlier: FormCode | None, earlier_state: PaperState | None) -> None:
    """文书先后: refuse a paper before the one it answers was issued or, where it must have taken effect, served.

    Order of the papers as enforcement systems keep it: 现场检查记录 before 责令限期整改指令书 before 整改复查意见书.
    """
    if not form.follows and earlier is None:
        return
    stands = earlier_state in {PaperState.ISSUED, PaperState.SERVED}
    if not form.follows and earlier in form.may_follow and stands:
        return
    if earlier not in form.follows or not stands:
        raise NotAllowed(_BEFORE.get(form.code, N_("这份文书不能以那份文书为依据，请核对。")))
    if form.answers_served and earlier_state is not PaperState.SERVED:
        raise NotAllowed(N_("责令限期整改指令书送达后才生效，请先送达，再出具整改复查意见书。"))


_BEFORE: Final[Mapping[FormCode, str]] = {
    FormCode.RECTIFY_ORDER: N_("还没有已出具的现场检查记录，请先出具现场检查记录，再责令限期整改。"),
    FormCode.RECHECK_OPINION: N_("还没有已出具的责令限期整改指令书，不能出具整改复查意见书。"),
}
