"""延期与异议的规则: a term may be moved only before it ends, a finding may be contested only within it.

延期: the enterprise applies with a reason, what it does meanwhile, and the day it proposes; a leader of the organ that
issued the order grants or refuses with a reason. Nothing is granted after the term: an application that nobody decided
lapses with it. How early, how long and how often is the rule record `rectification-extension`.

异议: the enterprise contests a finding; somebody else than the finder decides, and the reason is open to both sides.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed
from anguan.hazards.rules.tracks import Track

ORDER: Final = N_("《安全生产法》第六十五条")
HEARD: Final = N_("《行政处罚法》第七条；《安全生产法》第六十五条")


class ExtensionState(Labelled):
    """延期状态."""

    APPLIED = "applied", N_("待决定")
    GRANTED = "granted", N_("已准延期")
    REFUSED = "refused", N_("不予延期")
    LAPSED = "lapsed", N_("期满未决定")


class ExtensionAction(Labelled):
    """延期动作."""

    GRANT = "grant", N_("准予延期")
    REFUSE = "refuse", N_("不予延期")
    LAPSE = "lapse", N_("期满失效")


EXTENSION: Final = Track(
    thing=N_("延期申请"),
    start=ExtensionState.APPLIED,
    table=MappingProxyType(
        {
            (ExtensionState.APPLIED, ExtensionAction.GRANT): ExtensionState.GRANTED,
            (ExtensionState.APPLIED, ExtensionAction.REFUSE): ExtensionState.REFUSED,
            (ExtensionState.APPLIED, ExtensionAction.LAPSE): ExtensionState.LAPSED,
        }
    ),
    following=MappingProxyType(
        {
            ExtensionState.APPLIED: N_("应由机关负责人决定"),
            ExtensionState.GRANTED: N_("应按新的期限整改"),
            ExtensionState.REFUSED: N_("应按原期限整改"),
            ExtensionState.LAPSED: N_("期限已过，应立即整改"),
        }
    ),
    basis=MappingProxyType(dict.fromkeys(ExtensionAction, ORDER)),
)


class ObjectionState(Labelled):
    """异议状态."""

    FILED = "filed", N_("待答复")
    UPHELD = "upheld", N_("维持认定")
    WITHDRAWN = "withdrawn", N_("撤销认定")


class ObjectionAction(Labelled):
    """异议动作."""

    UPHOLD = "uphold", N_("维持认定")
    WITHDRAW = "withdraw", N_("撤销认定")


OBJECTION: Final = Track(
    thing=N_("异议"),
    start=ObjectionState.FILED,
    table=MappingProxyType(
        {
            (ObjectionState.FILED, ObjectionAction.UPHOLD): ObjectionState.UPHELD,
            (ObjectionState.FILED, ObjectionAction.WITHDRAW): ObjectionState.WITHDRAWN,
        }
    ),
    following=MappingProxyType(
        {
            ObjectionState.FILED: N_("应由发现人以外的人答复"),
            ObjectionState.UPHELD: N_("应按期整改"),
            ObjectionState.WITHDRAWN: N_("不再要求整改"),
        }
    ),
    basis=MappingProxyType(dict.fromkeys(ObjectionAction, HEARD)),
)


@dataclass(frozen=True)
class ExtensionLimits:
    """延期的限度: from the rule record; `apply_before` and `decide_within` count working days."""

    most_times: int
    most_days: int
    apply_before: int
    decide_within: int


def check_application(
    *,
    proposed_on: date,
    due_on: date | None,
    last_day: date | None,
    today: date,
    granted_before: int,
    one_waits: bool,
    limits: ExtensionLimits,
) -> None:
    """Refuse an application that comes too late, asks too much or comes once too often.

    `last_day` is the last day on which one may apply: `apply_before` working days before the term ends.
    """
    if due_on is None:
        raise NotAllowed(N_("这条隐患还没有整改期限，不用申请延期。"), basis=ORDER)
    if today > due_on:
        raise NotAllowed(
            N_("整改期限 %(due)s 已过，不能再申请延期；请立即整改并报告。"), basis=ORDER, due=due_on.isoformat()
        )
    if last_day is not None and today > last_day:
        raise NotAllowed(
            N_("延期须在期限届满 %(count)s 个工作日以前申请，最晚是 %(last)s；请按原期限整改。"),
            basis=ORDER,
            count=str(limits.apply_before),
            last=last_day.isoformat(),
        )
    if one_waits:
        raise NotAllowed(N_("已有一份延期申请待决定，请等候答复。"), basis=ORDER)
    if granted_before >= limits.most_times:
        raise NotAllowed(
            N_("这条隐患已经延期 %(count)s 次，达到上限；请按期整改。"), basis=ORDER, count=str(granted_before)
        )
    check_new_term(proposed_on=proposed_on, due_on=due_on, limits=limits)


def check_new_term(*, proposed_on: date, due_on: date, limits: ExtensionLimits) -> None:
    """Refuse a new last day that is none, or that lies further off than the rule lets it."""
    if proposed_on <= due_on:
        raise NotAllowed(N_("延期后的日期应晚于现在的期限 %(due)s。"), basis=ORDER, due=due_on.isoformat())
    latest = due_on + timedelta(days=limits.most_days)
    if proposed_on > latest:
        raise NotAllowed(
            N_("一次最多延期 %(count)s 日，最晚到 %(latest)s；请改一个更早的日期。"),
            basis=ORDER,
            count=str(limits.most_days),
            latest=latest.isoformat(),
        )


def check_grant(*, today: date, due_on: date | None) -> None:
    """Refuse to grant after the term: what has run out can't be lengthened."""
    if due_on is None or today > due_on:
        raise NotAllowed(N_("整改期限已过，不能再准予延期；逾期的按逾期办理。"), basis=ORDER)


def check_objection(*, due_on: date | None, today: date, one_waits: bool, decided_before: bool) -> None:
    """Refuse an objection outside the term, or a second one."""
    if due_on is None or today > due_on:
        raise NotAllowed(N_("异议应在整改期限内提出；期限已过，可以依法申请行政复议。"), basis=HEARD)
    if one_waits:
        raise NotAllowed(N_("已有一份异议待答复，请等候。"), basis=HEARD)
    if decided_before:
        raise NotAllowed(N_("这条隐患的异议已经答复过；仍不服的，可以依法申请行政复议。"), basis=HEARD)


def check_decider(*, found_by_id: str, by_id: str) -> None:
    """Refuse a decision on an objection by whoever found the hazard."""
    if found_by_id and found_by_id == by_id:
        raise NotAllowed(N_("异议不能由发现人自己答复；请换一名同事办理。"), basis=HEARD)
