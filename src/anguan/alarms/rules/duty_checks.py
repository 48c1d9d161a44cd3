"""查岗的规则: when somebody is asked whether the control room is manned, and what follows from the answer.

The moments are random and known to nobody before; a share of them falls into the night; no shift is asked too often and
two questions keep apart. Who answers too late or not at all is called, and the absence is explained or a violation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from math import ceil
from random import Random
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.refusals import NotAllowed
from anguan.core.enums import Labelled
from anguan.core.words import N_


class DutyCheckState(Labelled):
    """查岗状态."""

    PLANNED = "planned", N_("待发出")
    SENT = "sent", N_("已发出")
    ANSWERED = "answered", N_("按时应答")
    LATE = "late", N_("超时应答")
    MISSED = "missed", N_("未应答")
    CALLED = "called", N_("已电话查问")
    EXPLAINED = "explained", N_("情况属实")
    VIOLATION = "violation", N_("脱岗")
    CANCELLED = "cancelled", N_("未发出")


class DutyCheckAction(Labelled):
    """查岗动作."""

    SEND = "send", N_("发出查岗")
    ANSWER = "answer", N_("应答")
    ANSWER_LATE = "answer_late", N_("超时应答")
    RUN_OUT = "run_out", N_("应答时限届满")
    CALL = "call", N_("电话查问")
    EXPLAIN = "explain", N_("认定情况属实")
    FIND_VIOLATION = "find_violation", N_("认定脱岗")
    CANCEL = "cancel", N_("取消")


_S, _A = DutyCheckState, DutyCheckAction

TRANSITIONS: Final[Mapping[tuple[DutyCheckState, DutyCheckAction], DutyCheckState]] = MappingProxyType(
    {
        (_S.PLANNED, _A.SEND): _S.SENT,
        (_S.PLANNED, _A.CANCEL): _S.CANCELLED,
        # The command never reached the device: nobody was asked.
        (_S.SENT, _A.CANCEL): _S.CANCELLED,
        (_S.SENT, _A.ANSWER): _S.ANSWERED,
        (_S.SENT, _A.ANSWER_LATE): _S.LATE,
        (_S.SENT, _A.RUN_OUT): _S.MISSED,
        (_S.MISSED, _A.ANSWER_LATE): _S.LATE,
        (_S.LATE, _A.CALL): _S.CALLED,
        (_S.MISSED, _A.CALL): _S.CALLED,
        (_S.CALLED, _A.EXPLAIN): _S.EXPLAINED,
        (_S.CALLED, _A.FIND_VIOLATION): _S.VIOLATION,
    }
)
ASKS_OPERATOR: Final = frozenset({_S.LATE, _S.MISSED, _S.CALLED})
# What the score counts: asked, and answered in time.
COUNTED: Final = frozenset(_S) - {_S.PLANNED, _S.CANCELLED, _S.SENT}

NEXT: Final[Mapping[DutyCheckState, str]] = MappingProxyType(
    {
        _S.PLANNED: N_("应等平台按时发出"),
        _S.SENT: N_("应等对方在时限内应答"),
        _S.ANSWERED: N_("已按时应答，不用再办"),
        _S.LATE: N_("应电话查问原因"),
        _S.MISSED: N_("应电话查问原因"),
        _S.CALLED: N_("应认定情况属实或者脱岗"),
        _S.EXPLAINED: N_("已认定，不用再办"),
        _S.VIOLATION: N_("已认定，不用再办"),
        _S.CANCELLED: N_("没有送达，需要时另发一次"),
    }
)


def advance(state: DutyCheckState, action: DutyCheckAction) -> DutyCheckState:
    """The state after `action`; raises `NotAllowed`."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise NotAllowed(
            N_("查岗现为“%(state)s”，不能%(action)s；%(next)s。"),
            state=state.label,
            action=action.label,
            next=NEXT[state],
        ) from None


def answered(*, due_at: datetime, at: datetime) -> DutyCheckAction:
    """What an answer counts as: the last moment is still in time."""
    return DutyCheckAction.ANSWER if at <= due_at else DutyCheckAction.ANSWER_LATE


@dataclass(frozen=True, slots=True)
class Plan:
    """The figures of the rule record `duty-check`."""

    a_day: int
    night_share: Fraction
    night_from: int
    night_to: int
    per_shift: int
    shift_hours: int
    gap: timedelta
    minutes: int
    wait: timedelta
    pass_score: Fraction

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "Plan":
        """From the values of a rule record, decimals in text."""
        whole = {name: int(str(values[name])) for name in ("a_day", "night_from", "night_to", "per_shift", "minutes")}
        return cls(
            **whole,
            shift_hours=int(str(values["shift_hours"])),
            night_share=Fraction(str(values["night_share"])),
            pass_score=Fraction(str(values["pass_score"])),
            gap=timedelta(minutes=int(str(values["gap_minutes"]))),
            wait=timedelta(minutes=int(str(values["wait_minutes"]))),
        )


def moments(plan: Plan, day: date, zone: tzinfo, random: Random) -> list[datetime]:
    """The random moments of one day, in order: the night's share first, no shift too often, none too close.

    A plan that asks for more than fits gets as many as do.
    """
    night = ceil(plan.a_day * plan.night_share)
    chosen: list[datetime] = []
    midnight = datetime.combine(day, time(), zone)
    night_minutes = range(plan.night_from * 60, plan.night_to * 60)
    other_minutes = [minute for minute in range(24 * 60) if minute not in night_minutes]
    for minutes, wanted in ((night_minutes, night), (other_minutes, plan.a_day - night)):
        shuffled = random.sample(minutes, len(minutes))
        for minute in shuffled:
            if wanted <= 0:
                break
            moment = midnight + timedelta(minutes=minute, seconds=random.randrange(60))
            if _fits(plan, moment, midnight, chosen):
                chosen.append(moment)
                wanted -= 1
    return sorted(chosen)


def _fits(plan: Plan, moment: datetime, midnight: datetime, chosen: Iterable[datetime]) -> bool:
    shift = timedelta(hours=plan.shift_hours)
    same_shift = 0
    for other in chosen:
        if abs(other - moment) < plan.gap:
            return False
        same_shift += (other - midnight) // shift == (moment - midnight) // shift
    return same_shift < plan.per_shift


def score(states: Iterable[DutyCheckState]) -> Fraction | None:
    """查岗得分: answered in time of all that were asked; None where nobody was."""
    counted = [state for state in states if state in COUNTED]
    return Fraction(sum(state is _S.ANSWERED for state in counted), len(counted)) if counted else None


def diagram() -> str:
    """The table as a Mermaid state diagram, for README.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {_S.PLANNED.value}"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in DutyCheckState]
    lines += [
        f"    {before.value} --> {after.value} : {action.label}" for (before, action), after in TRANSITIONS.items()
    ]
    ends = [state for state in DutyCheckState if not any(before is state for before, _ in TRANSITIONS)]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines)
