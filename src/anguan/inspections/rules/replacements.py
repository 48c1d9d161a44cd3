"""备选替换和换员的规则: what may follow what, which reason may be given for whom, and what has to prove it.

Nothing is drawn again: a drawn target that can't be visited gives way to the next alternate of its stratum, a drawn
officer or expert to the next in the ranking of the draw. Somebody asks with a reason and evidence, the head of the
organ decides, and never about what they asked for themselves.
"""

from collections.abc import Mapping
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.rules.refusals import NotAllowed


class ReplacementKind(Labelled):
    """替换什么."""

    TARGET = "target", N_("备选替换")
    OFFICER = "officer", N_("换执法人员")
    EXPERT = "expert", N_("换专家")


class ReplacementState(Labelled):
    """替换申请状态."""

    ASKED = "asked", N_("待负责人批准")
    APPROVED = "approved", N_("已批准")
    REFUSED = "refused", N_("未批准")


class ReplacementAction(Labelled):
    """替换申请的步骤."""

    APPROVE = "approve", N_("批准替换")
    REFUSE = "refuse", N_("不批准替换")


# 状态表: a request is decided once.
REPLACEMENT_TABLE: Final[Mapping[tuple[ReplacementState, ReplacementAction], ReplacementState]] = {
    (ReplacementState.ASKED, ReplacementAction.APPROVE): ReplacementState.APPROVED,
    (ReplacementState.ASKED, ReplacementAction.REFUSE): ReplacementState.REFUSED,
}

_REFUSALS: Final[Mapping[ReplacementAction, str]] = {
    ReplacementAction.APPROVE: N_("这份替换申请已经办结，不能再批准；情况有变请另行申请。"),
    ReplacementAction.REFUSE: N_("这份替换申请已经办结，不能再驳回；情况有变请另行申请。"),
}

REASONS_OF: Final[Mapping[ReplacementKind, tuple[TargetReason | PersonReason, ...]]] = {
    ReplacementKind.TARGET: tuple(TargetReason),
    ReplacementKind.OFFICER: (
        PersonReason.ILL, PersonReason.LEFT, PersonReason.UNCERTIFIED, PersonReason.CONFLICT,
    ),
    ReplacementKind.EXPERT: (PersonReason.ILL, PersonReason.LEFT, PersonReason.TERM_OVER, PersonReason.CONFLICT),
}  # fmt: skip

# 须有照片的原因: what can be seen on the spot has to be shown, unless the ledger says so already.
SEEN_ON_THE_SPOT: Final = frozenset({TargetReason.CLOSED, TargetReason.STOPPED, TargetReason.FORCE_MAJEURE})
SHORTEST_NOTE: Final = 5


def advance_replacement(state: ReplacementState, action: ReplacementAction) -> ReplacementState:
    """The state an action leads to; raises `NotAllowed` with the sentence the leader reads."""
    try:
        return REPLACEMENT_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_REFUSALS[action]) from None


def check_reason(
    kind: ReplacementKind,
    reason: TargetReason | PersonReason,
    *,
    note: str,
    photos: int,
    ledger_confirms: bool,
    checked_jointly: bool,
    at_cap: bool,
) -> None:
    """Refuse a reason that does not fit, is not told, is not shown, or that our own records contradict.

    `ledger_confirms`: the ledger says that the enterprise is not operating. `checked_jointly`: a joint check of it was
    finished within the days of the rule. `at_cap`: the checks of the year have reached the cap.
    """
    if reason not in REASONS_OF[kind]:
        raise NotAllowed(N_("这个原因不适用于这种替换，请另选。"))
    if len(note.strip()) < SHORTEST_NOTE:
        raise NotAllowed(N_("请写明情况和依据：看到了什么、哪份文书、谁告知。替换会连同原因一起公开。"))
    if reason in SEEN_ON_THE_SPOT and not photos and not ledger_confirms:
        raise NotAllowed(N_("请附现场照片；底账里登记的状态还是正常经营，只凭说明不能替换。"))
    if reason == TargetReason.CHECKED_JOINTLY and not checked_jointly:
        raise NotAllowed(N_("系统里没有规定天数内办结的联合检查，不能以此替换；请选实际的原因。"))
    if reason == TargetReason.CAP_REACHED and not at_cap:
        raise NotAllowed(N_("这家企业本年度的检查次数还没有达到上限，不能以此替换。"))


# 未启封也能用的原因: nobody has to know where the visit goes to see that these apply.
_BEFORE_OPENING: Final = frozenset({TargetReason.UNSTAFFED, TargetReason.CAP_REACHED})


def is_known(reason: TargetReason | PersonReason, *, is_closed: bool) -> bool:
    """Whether a reason can be given: of a closed envelope nothing that presupposes knowing where it goes."""
    presupposes = isinstance(reason, TargetReason) or reason is PersonReason.CONFLICT
    return not is_closed or not presupposes or reason in _BEFORE_OPENING


def check_known(reason: TargetReason | PersonReason, *, is_closed: bool) -> None:
    """Refuse a reason that only somebody can give who knows where a closed envelope goes."""
    if not is_known(reason, is_closed=is_closed):
        raise NotAllowed(N_("信封还没有启封，没有人应当知道去哪一家，不能以此替换；请在出发启封之后再申请。"))


def check_decider(*, asked_by: str, decider: str) -> None:
    """Refuse a decision by who asked: two people stand behind each replacement."""
    if asked_by == decider:
        raise NotAllowed(N_("申请替换的人不能自己批准，请由本机关另一位负责人办理。"))


def check_replaceable(kind: ReplacementKind, *, has_begun: bool, is_over: bool, is_staffed: bool, reason: str) -> None:
    """Refuse to replace what has begun or is over, and to give want of officers as a reason where there are some."""
    if is_over:
        raise NotAllowed(N_("这次检查已经办结或已被替换，不能再替换。"))
    if has_begun:
        raise NotAllowed(N_("检查已经开始，不能再替换；未能检查请在现场按未能检查办结。"))
    if kind is ReplacementKind.TARGET and (reason == TargetReason.UNSTAFFED) == is_staffed:
        raise NotAllowed(
            N_("这家已派有检查组，不能以派不出检查组为由替换。")
            if is_staffed
            else N_("这家没有检查组，替换的原因只能是派不出检查组。")
        )
