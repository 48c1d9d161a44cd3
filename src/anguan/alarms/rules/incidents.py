"""警情的规则: what may follow what between the first signal and the verdict, who may do it, and which timer runs.

Everything about transitions lives in this file. An incident (警情) is one cause, however many signals tell of it. It is
received, presented on a screen, acknowledged by one operator who then handles it, verified by calling and looking, and
ends in a verdict: true fire (forwarded, handled), false with its cause, test, fault with a repair request. Whoever
can't be reached makes it unreachable, which asks for help and ends nothing. What is no fire and returns to normal by
itself is closed by the platform. A verdict of false, test or fault can still become true fire until it is closed.

The timers stand in the same rows: an act starts some and meets others; how long each runs is the rule record
`alarm-timers`. The diagram in README.md is drawn from this table.

Sources: GB 50440-2007 (10 s and 3 s, second-hand), GB 26875.1-2011; one and three minutes of micro fire stations; the
operator's 30 s is this platform's own. The marks stand in the rule records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.refusals import NotAllowed
from anguan.core.enums import Labelled
from anguan.core.words import N_


class IncidentKind(Labelled):
    """警情类别: what the signals of one cause tell of, most urgent first."""

    FIRE = "fire", N_("火警")
    SUPERVISORY = "supervisory", N_("监管报警")
    LINKAGE = "linkage", N_("联动动作")
    MANUAL = "manual", N_("联动手动")
    OFFLINE = "offline", N_("离线")
    FAULT = "fault", N_("故障")
    SHIELDED = "shielded", N_("屏蔽")


# What ends in a verdict by a person, always; the others also end when the state returns to normal.
NEEDS_VERDICT: Final = frozenset({IncidentKind.FIRE})
KIND_ORDER: Final[Mapping[IncidentKind, int]] = MappingProxyType({kind: n for n, kind in enumerate(IncidentKind)})


class IncidentState(Labelled):
    """警情状态: where an incident stands between its first signal and its end."""

    RECEIVED = "received", N_("已接收")
    PRESENTED = "presented", N_("已呈现")
    ACKNOWLEDGED = "acknowledged", N_("已受理")
    VERIFYING = "verifying", N_("核实中")
    UNREACHABLE = "unreachable", N_("联系不上")
    TRUE_FIRE = "true_fire", N_("真实火警")
    FORWARDED = "forwarded", N_("已上报")
    HANDLED = "handled", N_("已处置")
    FALSE = "false", N_("误报")
    TEST = "test", N_("测试")
    FAULT = "fault", N_("设备故障")
    CLOSED = "closed", N_("已办结")


class IncidentAction(Labelled):
    """处置动作: what moves an incident on."""

    PRESENT = "present", N_("呈现")
    ACKNOWLEDGE = "acknowledge", N_("受理")
    TAKE_OVER = "take_over", N_("接手")
    VERIFY = "verify", N_("核实")
    ARRIVE = "arrive", N_("登记到场")
    REPORT_UNREACHABLE = "report_unreachable", N_("登记联系不上")
    JUDGE_TRUE = "judge_true", N_("判定为真实火警")
    JUDGE_FALSE = "judge_false", N_("判定为误报")
    JUDGE_TEST = "judge_test", N_("判定为测试")
    JUDGE_FAULT = "judge_fault", N_("判定为设备故障")
    FORWARD = "forward", N_("上报")
    HANDLE = "handle", N_("登记处置完毕")
    CLOSE = "close", N_("办结")
    NOTE = "note", N_("附记")
    RESTORE = "restore", N_("自行恢复")


class Timer(Labelled):
    """时限: what is measured from one act to the next."""

    PRESENT = "present", N_("呈现")
    ACKNOWLEDGE = "acknowledge", N_("受理")
    ON_SITE = "on_site", N_("现场确认")
    MICRO_STATION = "micro_station", N_("微型消防站到场")
    FORWARD = "forward", N_("上报")


class Who(Labelled):
    """谁可以办: the part somebody plays in an incident."""

    PLATFORM = "platform", N_("平台")
    OPERATOR = "operator", N_("本机构值班人员")
    HANDLER = "handler", N_("受理人")


class FalseCause(Labelled):
    """误报原因: why a detector told of a fire that wasn't there."""

    DUST = "dust", N_("灰尘")
    STEAM = "steam", N_("水蒸气")
    COOKING = "cooking", N_("烹饪油烟")
    CONSTRUCTION = "construction", N_("施工作业")
    INSECTS = "insects", N_("昆虫")
    WIRING = "wiring", N_("线路问题")
    WRONG_TYPE = "wrong_type", N_("探测器选型不当")
    MALICIOUS = "malicious", N_("人为误动")
    UNANNOUNCED_TEST = "unannounced_test", N_("测试未报备")
    UNKNOWN = "unknown", N_("原因不明")


class Verdict(Labelled):
    """结论: what the incident turned out to be."""

    TRUE = "true", N_("真实火警")
    FALSE = "false", N_("误报")
    TEST = "test", N_("测试")
    FAULT = "fault", N_("设备故障")
    RESTORED = "restored", N_("自行恢复")


@dataclass(frozen=True)
class Move:
    """One row of the table: from which states, by what, to where, by whom, and what it does to the timers.

    `after` None leaves the state as it was. `meets` ends a timer as kept or missed by the moment of the act.
    """

    action: IncidentAction
    before: tuple[IncidentState, ...]
    after: IncidentState | None
    who: Who
    starts: tuple[Timer, ...] = ()
    meets: tuple[Timer, ...] = ()


_S, _A, _T = IncidentState, IncidentAction, Timer
_OPEN = (_S.RECEIVED, _S.PRESENTED, _S.ACKNOWLEDGED, _S.VERIFYING, _S.UNREACHABLE)
_ENDING = (_T.PRESENT, _T.ACKNOWLEDGE, _T.ON_SITE, _T.MICRO_STATION)

TABLE: Final[tuple[Move, ...]] = (
    Move(_A.PRESENT, (_S.RECEIVED,), _S.PRESENTED, Who.OPERATOR, (_T.ACKNOWLEDGE,), (_T.PRESENT,)),
    Move(
        _A.ACKNOWLEDGE,
        (_S.RECEIVED, _S.PRESENTED),
        _S.ACKNOWLEDGED,
        Who.OPERATOR,
        (_T.ON_SITE, _T.MICRO_STATION),
        (_T.PRESENT, _T.ACKNOWLEDGE),
    ),
    Move(
        _A.TAKE_OVER,
        tuple(state for state in _S if state not in {_S.RECEIVED, _S.PRESENTED, _S.CLOSED}),
        None,
        Who.OPERATOR,
    ),
    Move(_A.VERIFY, (_S.ACKNOWLEDGED, _S.VERIFYING, _S.UNREACHABLE), _S.VERIFYING, Who.HANDLER),
    Move(_A.ARRIVE, (_S.ACKNOWLEDGED, _S.UNREACHABLE), _S.VERIFYING, Who.HANDLER, (), (_T.ON_SITE, _T.MICRO_STATION)),
    Move(
        _A.ARRIVE,
        (_S.VERIFYING, _S.TRUE_FIRE, _S.FORWARDED),
        None,
        Who.HANDLER,
        (),
        (_T.ON_SITE, _T.MICRO_STATION),
    ),
    Move(_A.REPORT_UNREACHABLE, (_S.ACKNOWLEDGED, _S.VERIFYING), _S.UNREACHABLE, Who.HANDLER),
    Move(
        _A.JUDGE_TRUE,
        (_S.ACKNOWLEDGED, _S.VERIFYING, _S.UNREACHABLE, _S.FALSE, _S.TEST, _S.FAULT),
        _S.TRUE_FIRE,
        Who.HANDLER,
        (_T.FORWARD,),
        (_T.ON_SITE,),
    ),
    Move(_A.JUDGE_FALSE, (_S.VERIFYING,), _S.FALSE, Who.HANDLER, (), _ENDING),
    Move(_A.JUDGE_TEST, (_S.ACKNOWLEDGED, _S.VERIFYING), _S.TEST, Who.HANDLER, (), _ENDING),
    Move(_A.JUDGE_FAULT, (_S.ACKNOWLEDGED, _S.VERIFYING), _S.FAULT, Who.HANDLER, (), _ENDING),
    # By the platform when an addressee has confirmed; by the handler who told 119 by telephone.
    Move(_A.FORWARD, (_S.TRUE_FIRE,), _S.FORWARDED, Who.HANDLER, (), (_T.FORWARD,)),
    Move(_A.HANDLE, (_S.FORWARDED,), _S.HANDLED, Who.HANDLER, (), _ENDING),
    Move(_A.CLOSE, (_S.HANDLED, _S.FALSE, _S.TEST, _S.FAULT), _S.CLOSED, Who.HANDLER),
    # What was heard besides, by whoever heard it.
    Move(_A.NOTE, tuple(state for state in _S if state is not _S.CLOSED), None, Who.OPERATOR),
    Move(_A.RESTORE, _OPEN, _S.CLOSED, Who.PLATFORM, (), _ENDING),
)

_MOVES: Final[Mapping[tuple[IncidentState, IncidentAction], Move]] = MappingProxyType(
    {(before, move.action): move for move in TABLE for before in move.before}
)

# Forwarded when an addressee has confirmed; closed when the test is over.
_BY_PLATFORM_TOO: Final = frozenset({_A.FORWARD, _A.CLOSE})
# Signals of the same cause still join the incident.
OPEN: Final = frozenset(_OPEN)
BURNING: Final = frozenset({_S.TRUE_FIRE, _S.FORWARDED})
JOINABLE: Final = OPEN | BURNING
# A person has something to do.
UNCLOSED: Final = frozenset(IncidentState) - {_S.CLOSED}
# Nobody has taken it yet: what blinks.
UNTAKEN: Final = frozenset({_S.RECEIVED, _S.PRESENTED})
VERDICT_OF: Final[Mapping[IncidentAction, Verdict]] = MappingProxyType(
    {
        _A.JUDGE_TRUE: Verdict.TRUE,
        _A.JUDGE_FALSE: Verdict.FALSE,
        _A.JUDGE_TEST: Verdict.TEST,
        _A.JUDGE_FAULT: Verdict.FAULT,
        _A.RESTORE: Verdict.RESTORED,
    }
)

# What has to come next in each state, as the reader of a refusal is told.
NEXT: Final[Mapping[IncidentState, str]] = MappingProxyType(
    {
        _S.RECEIVED: N_("应先受理"),
        _S.PRESENTED: N_("应先受理"),
        _S.ACKNOWLEDGED: N_("应先联系现场核实"),
        _S.VERIFYING: N_("应核实后作出结论"),
        _S.UNREACHABLE: N_("应换人、换方式继续核实，或者派人到场"),
        _S.TRUE_FIRE: N_("应立即上报"),
        _S.FORWARDED: N_("应跟进到处置完毕"),
        _S.HANDLED: N_("应办结"),
        _S.FALSE: N_("应办结；如果又发现是真实火警，可以改判"),
        _S.TEST: N_("应办结；如果又发现是真实火警，可以改判"),
        _S.FAULT: N_("应办结；如果又发现是真实火警，可以改判"),
        _S.CLOSED: N_("已经办结，再有信号会另立警情"),
    }
)


def move_of(state: IncidentState, action: IncidentAction) -> Move:
    """The row that lets `action` follow `state`; raises `NotAllowed` with the reason and what is to be done instead."""
    try:
        return _MOVES[state, action]
    except KeyError:
        raise NotAllowed(
            N_("警情现为“%(state)s”，不能%(action)s；%(next)s。"),
            state=state.label,
            action=action.label,
            next=NEXT[state],
        ) from None


def advance(state: IncidentState, action: IncidentAction) -> IncidentState:
    """The state after `action`; raises `NotAllowed`."""
    return move_of(state, action).after or state


def may(state: IncidentState, action: IncidentAction) -> bool:
    """Whether the table lets `action` follow `state`."""
    return (state, action) in _MOVES


def check_who(
    move: Move, *, actor_id: str, is_platform: bool, is_operator: bool, handler_id: str, handler_name: str
) -> None:
    """Refuse an act by somebody who has no part in it: two operators never handle one incident by mistake."""
    if is_platform and (move.who is Who.PLATFORM or move.action in _BY_PLATFORM_TOO):
        return
    if move.who is Who.PLATFORM:
        raise NotAllowed(N_("%(action)s由平台按信号登记，不能手工办理；请核实后作出结论。"), action=move.action.label)
    if not is_operator:
        raise NotAllowed(N_("这起警情由受理机构的值班人员处置，您的角色不能办理；请联系值班室。"))
    if move.who is Who.HANDLER and handler_id and handler_id != actor_id:
        raise NotAllowed(
            N_("这起警情由%(name)s受理，正在处置；确需换人的，请先写明理由接手。"),
            name=handler_name,
        )


def check_not_taken(*, state: IncidentState, actor_id: str, handler_id: str, handler_name: str, at: str) -> None:
    """Refuse to acknowledge what somebody else has taken; the sentence names who and when."""
    if state not in UNTAKEN and handler_id and handler_id != actor_id:
        raise NotAllowed(
            N_("%(name)s已于%(at)s受理这起警情；请处置其他警情，确需换人的写明理由接手。"), name=handler_name, at=at
        )


def is_unheard(kind: IncidentKind, state: IncidentState, action: IncidentAction) -> bool:
    """Whether a verdict comes before anybody asked on the spot: a fire alarm is not taken back unheard."""
    takes_back = VERDICT_OF.get(action, Verdict.TRUE) is not Verdict.TRUE
    return takes_back and kind in NEEDS_VERDICT and state is IncidentState.ACKNOWLEDGED


def check_verdict(*, kind: IncidentKind, state: IncidentState, action: IncidentAction, heard: str, cause: str) -> None:
    """Refuse a verdict without what carries it.

    A fire alarm is taken back only on what somebody saw or heard on the spot; a false alarm has a cause; what never
    told of fire can be judged to be one (somebody saw it), but not to be a false fire alarm.
    """
    if action is IncidentAction.RESTORE:
        if kind in NEEDS_VERDICT:
            raise NotAllowed(N_("火警不会因为信号消失而自行办结；请核实后作出结论。"))
        return
    if action is IncidentAction.JUDGE_FALSE and cause not in set(FalseCause):
        raise NotAllowed(N_("误报要选定原因，才能避免再次误报；请从原因中选一项，查不清的选“原因不明”。"))
    if action is IncidentAction.JUDGE_TRUE:
        return
    if is_unheard(kind, state, action):
        raise NotAllowed(N_("火警还没有核实，不能直接%(action)s；请先联系现场。"), action=action.label)
    if kind in NEEDS_VERDICT and not heard.strip():
        raise NotAllowed(N_("请写明谁在现场看到了什么，再%(action)s。"), action=action.label)


def check_reason(reason: str, what: str) -> str:
    """The text without blanks around it; `NotAllowed` when there is none."""
    if not reason.strip():
        raise NotAllowed(N_("请写明%(what)s，档案里要能看到。"), what=what)
    return reason.strip()


@dataclass(frozen=True)
class Seconds:
    """How long the timers run for one kind of incident; what is missing does not run."""

    rows: Mapping[tuple[str, str], int]
    version: int

    def of(self, kind: IncidentKind, timer: Timer) -> int | None:
        """Seconds of `timer` for `kind`; None where it does not run."""
        return self.rows.get((kind.value, timer.value))


@dataclass(frozen=True)
class Running:
    """A timer of an incident: which, and the moment by which it is to be met."""

    timer: Timer
    due_at: datetime


def rank(kind: IncidentKind, state: IncidentState, *, is_presumed: bool) -> int:
    """Where an incident stands in a list: burning or presumed first, then by kind, then what only has to be closed."""
    if state in BURNING or (is_presumed and state in OPEN):
        return 0
    return 1 + KIND_ORDER[kind] + (0 if state in OPEN else 20)


def diagram() -> str:
    """The table as a Mermaid state diagram, for README.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {IncidentState.RECEIVED.value}"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in IncidentState]
    lines += [
        f"    {before.value} --> {(move.after or before).value} : {move.action.label}"
        for move in TABLE
        for before in move.before
        if move.after is not None
    ]
    lines += [f"    {IncidentState.CLOSED.value} --> [*]"]
    return "\n".join(lines)
