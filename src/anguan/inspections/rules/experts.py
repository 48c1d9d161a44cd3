"""专家的规则: who is on the roster, what may follow what with an opinion, what an expert may never do.

An expert gives a technical opinion. They show no certificate, take no statement, sign and order nothing, and do not
count to the two officers; officers adopt or reject what they say, with a reason, before the record is issued.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed


class ExpertExclusion(Labelled):
    """不参与抽取的原因: why an expert is not on the roster of a batch."""

    NOT_SERVING = "not_serving", N_("聘期不覆盖检查期")
    SPECIALITY = "speciality", N_("专业不符")
    OFFICER = "officer", N_("本人是执法人员")


class OpinionState(Labelled):
    """专家检查意见状态."""

    DRAFTED = "drafted", N_("草稿")
    SUBMITTED = "submitted", N_("已提交，待采纳")
    ADOPTED = "adopted", N_("已采纳")
    REJECTED = "rejected", N_("未采纳")


class OpinionAction(Labelled):
    """专家检查意见的步骤."""

    WRITE = "write", N_("修改意见")
    SUBMIT = "submit", N_("提交意见")
    ADOPT = "adopt", N_("采纳")
    REJECT = "reject", N_("不采纳")


# 状态表: the expert writes and submits, officers decide once.
OPINION_TABLE: Final[Mapping[tuple[OpinionState, OpinionAction], OpinionState]] = {
    (OpinionState.DRAFTED, OpinionAction.WRITE): OpinionState.DRAFTED,
    (OpinionState.DRAFTED, OpinionAction.SUBMIT): OpinionState.SUBMITTED,
    (OpinionState.SUBMITTED, OpinionAction.ADOPT): OpinionState.ADOPTED,
    (OpinionState.SUBMITTED, OpinionAction.REJECT): OpinionState.REJECTED,
}

_REFUSALS: Final[Mapping[OpinionAction, str]] = {
    OpinionAction.WRITE: N_("意见已经提交，不能再改；有补充请写在“总体意见”里，或请执法人员记入检查记录。"),
    OpinionAction.SUBMIT: N_("意见已经提交过，不必再次提交。"),
    OpinionAction.ADOPT: N_("只有已提交、还没有决定的意见可以采纳。"),
    OpinionAction.REJECT: N_("只有已提交、还没有决定的意见可以不采纳。"),
}

MOST_PER_TARGET: Final = 3
MOST_DAYS: Final = Decimal(30)


def advance_opinion(state: OpinionState, action: OpinionAction) -> OpinionState:
    """The state an action leads to; raises `NotAllowed` with the sentence that the expert or the officer reads."""
    try:
        return OPINION_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_REFUSALS[action]) from None


def check_experts_planned(per_target: int, capacity: int) -> None:
    """Refuse a plan with more experts than officers could lead, or with experts who may go nowhere."""
    if not 0 <= per_target <= MOST_PER_TARGET:
        raise NotAllowed(N_("每家的随行专家不能超过三名；专家只提意见，不代替执法人员。"))
    if capacity < 1:
        raise NotAllowed(N_("每名专家至少要能去一家。"))


def place_expert(
    *, is_serving: bool, is_officer: bool, specialities: Collection[str], needed: str
) -> ExpertExclusion | None:
    """Why an expert is not on the roster; None for one who is."""
    if is_officer:
        return ExpertExclusion.OFFICER
    if not is_serving:
        return ExpertExclusion.NOT_SERVING
    if needed and needed not in specialities:
        return ExpertExclusion.SPECIALITY
    return None


def check_call(*, is_serving: bool, is_officer: bool, is_recused: bool, called: int, allowed: int) -> None:
    """Refuse to call an expert by name who may not go there, or one more than the approval allows.

    Their employer may sell something to the firm; then they stay away (专家回避), and nobody is told why.
    """
    if not is_serving:
        raise NotAllowed(N_("这位专家的聘期不覆盖检查日期，请换一位。"))
    if is_officer:
        raise NotAllowed(N_("这位专家本人是执法人员，不能作为专家随行。"))
    if is_recused:
        raise NotAllowed(N_("这位专家对这次检查应当回避，请换一位。"))
    if called >= allowed:
        raise NotAllowed(N_("专家人数在申请里已经定死，不能再增加；要多请的，重新申请。"))


def check_may_write(*, has_arrived: bool, record_issued: bool) -> None:
    """Refuse an opinion before the officers are there, and once the record is issued."""
    if not has_arrived:
        raise NotAllowed(N_("执法人员还没有到场，现在不能写意见。"))
    if record_issued:
        raise NotAllowed(N_("检查记录已经出具，不能再提交意见；请联系检查机关。"))


def check_all_decided(undecided: int) -> None:
    """Refuse to issue a record while an opinion waits: what experts said is adopted or rejected with a reason first."""
    if undecided:
        raise NotAllowed(N_("还有专家意见没有决定采纳与否，请先逐条采纳或不采纳并写明理由，再出具记录。"))


def fee_for(days: Decimal, daily_fee_yuan: Decimal) -> Decimal:
    """专家费 in yuan and fen for half days and whole days; refuses anything else."""
    if not 0 < days <= MOST_DAYS or (days * 2) % 1:
        raise NotAllowed(N_("工作天数以半天为单位，从 0.5 天到 30 天。"))
    return (days * daily_fee_yuan).quantize(Decimal("0.01"))
