"""联合检查的规则: 进一次门、查多项事 (国办发〔2024〕54号; 安全生产法 art. 69)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed


class JointState(Labelled):
    """联合检查状态."""

    INVITING = "inviting", N_("等各部门答复")
    SETTLED = "settled", N_("已确定")
    DONE = "done", N_("检查完毕")
    CANCELLED = "cancelled", N_("已取消")


class JointAction(Labelled):
    """联合检查的步骤."""

    SETTLE = "settle", N_("答复到齐")
    CANCEL = "cancel", N_("取消")
    FINISH = "finish", N_("最后一家部门检查完毕")


JOINT_TABLE: Final[Mapping[tuple[JointState, JointAction], JointState]] = {
    (JointState.INVITING, JointAction.SETTLE): JointState.SETTLED,
    (JointState.INVITING, JointAction.CANCEL): JointState.CANCELLED,
    (JointState.SETTLED, JointAction.CANCEL): JointState.CANCELLED,
    (JointState.SETTLED, JointAction.FINISH): JointState.DONE,
}

_REFUSALS: Final[Mapping[JointAction, str]] = {
    JointAction.SETTLE: N_("只有还在等答复的联合检查可以确定。"),
    JointAction.CANCEL: N_("已经检查完毕或取消的联合检查不能再取消。"),
    JointAction.FINISH: N_("各部门答复到齐之后，检查才能完毕。"),
}


class JointAnswer(Labelled):
    """参加部门的答复."""

    INVITED = "invited", N_("待答复")
    ACCEPTED = "accepted", N_("参加")
    DECLINED = "declined", N_("不参加")


def advance_joint(state: JointState, action: JointAction) -> JointState:
    """The state an action leads to; raises `NotAllowed` with its sentence."""
    try:
        return JOINT_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_REFUSALS[action]) from None


@dataclass(frozen=True)
class Planned:
    """A check that is planned: which, whose, where and when."""

    visit_id: int
    organ_id: int
    enterprise_id: int
    day: date


def to_merge(planned: Iterable[Planned], within_days: int) -> list[tuple[Planned, Planned]]:
    """Pairs of different organs that plan to come to one firm within so many days; each check is in one pair at most.

    The closest days go together first, so that nobody waits longer than needed.
    """
    by_firm: dict[int, list[Planned]] = {}
    for one in planned:
        by_firm.setdefault(one.enterprise_id, []).append(one)
    found: list[tuple[Planned, Planned]] = []
    for checks in by_firm.values():
        pairs = [
            (first, second)
            for first, second in combinations(sorted(checks, key=lambda one: (one.day, one.visit_id)), 2)
            if first.organ_id != second.organ_id and (second.day - first.day).days <= within_days
        ]
        taken: set[int] = set()
        for first, second in sorted(pairs, key=lambda pair: ((pair[1].day - pair[0].day).days, pair[0].visit_id)):
            if taken.isdisjoint({first.visit_id, second.visit_id}):
                taken |= {first.visit_id, second.visit_id}
                found.append((first, second))
    return found
