"""强制措施的后续: what may follow on a decision to seal, seize or cut the power, and why anything else may not.

行政强制法 art. 25 (thirty days, once extended), 27 (decide in time), 28 (lift when nothing more is to be done or the
period is over); 安全生产法 art. 70 (notice before the power cut; restore when the order is followed). The state is
never stored: it follows from the papers that were issued on a decision, and from the day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.papers.rules.bodies import moment_of
from anguan.papers.rules.vocabulary import FormCode, NotAllowed


class Measure(Labelled):
    """强制措施的状态."""

    DECIDED = "decided", N_("已决定，待送达")
    IN_FORCE = "in_force", N_("查封、扣押中")
    EXTENDED = "extended", N_("查封、扣押已延长")
    EXPIRED = "expired", N_("查封、扣押期限已满")
    ENDED = "ended", N_("查封、扣押已处理")
    CUT_DECIDED = "cut_decided", N_("已决定停止供电，待送达")
    CUT_TOLD = "cut_told", N_("已告知停止供电")
    CUT = "cut", N_("已通知停止供电")
    RESTORED = "restored", N_("已通知恢复供电")


class Following(Labelled):
    """强制措施的后续."""

    LIST = "list", N_("出具清单")
    SERVE = "serve", N_("送达决定")
    EXTEND = "extend", N_("延长期限")
    LIFT = "lift", N_("解除并退还")
    DISPOSE = "dispose", N_("没收、销毁或者移送")
    RUN_OUT = "run_out", N_("期限届满")
    TELL_SUPPLIER = "tell_supplier", N_("通知供电单位停止供电")
    RESTORE = "restore", N_("通知恢复供电")


# 后续表: nothing else follows on a decision.
FOLLOWING: Final[Mapping[tuple[Measure, Following], Measure]] = MappingProxyType(
    {
        (Measure.DECIDED, Following.LIST): Measure.DECIDED,
        (Measure.DECIDED, Following.SERVE): Measure.IN_FORCE,
        (Measure.IN_FORCE, Following.LIST): Measure.IN_FORCE,
        (Measure.IN_FORCE, Following.EXTEND): Measure.EXTENDED,
        (Measure.IN_FORCE, Following.LIFT): Measure.ENDED,
        (Measure.IN_FORCE, Following.DISPOSE): Measure.ENDED,
        (Measure.IN_FORCE, Following.RUN_OUT): Measure.EXPIRED,
        (Measure.EXTENDED, Following.LIFT): Measure.ENDED,
        (Measure.EXTENDED, Following.DISPOSE): Measure.ENDED,
        (Measure.EXTENDED, Following.RUN_OUT): Measure.EXPIRED,
        (Measure.EXPIRED, Following.LIFT): Measure.ENDED,
        (Measure.CUT_DECIDED, Following.SERVE): Measure.CUT_TOLD,
        (Measure.CUT_TOLD, Following.TELL_SUPPLIER): Measure.CUT,
        (Measure.CUT, Following.RESTORE): Measure.RESTORED,
    }
)

_REFUSALS: Final[Mapping[tuple[Measure, Following], str]] = MappingProxyType(
    {
        (Measure.DECIDED, Following.EXTEND): N_("查封扣押决定书送达后才生效，请先送达，再延长期限。"),
        (Measure.DECIDED, Following.LIFT): N_("查封扣押的文书送达后才生效，请先送达，再作出处理；不再查扣的，请作废。"),
        (Measure.DECIDED, Following.DISPOSE): N_("查封扣押的文书送达后才生效，请先送达，再作出处理。"),
        (Measure.EXTENDED, Following.EXTEND): N_(
            "查封、扣押的期限只能延长一次（行政强制法第二十五条），请在期限内作出处理决定。"
        ),
        (Measure.EXTENDED, Following.LIST): N_("期限已经延长，清单以决定时的为准；漏列的财物请另行报批查封扣押。"),
        (Measure.EXPIRED, Following.EXTEND): N_(
            "查封、扣押的期限已满，不能再延长，请依法解除（行政强制法第二十八条）。"
        ),
        (Measure.EXPIRED, Following.DISPOSE): N_("查封、扣押的期限已满，只能解除并退还（行政强制法第二十八条）。"),
        (Measure.EXPIRED, Following.LIST): N_("查封、扣押的期限已满，不能再列清单，请依法解除。"),
        (Measure.ENDED, Following.EXTEND): N_("查封、扣押已经处理，没有期限可以延长。"),
        (Measure.ENDED, Following.LIFT): N_("查封、扣押已经处理，不必再解除；处理有误的，请先作废处理决定书。"),
        (Measure.ENDED, Following.DISPOSE): N_("查封、扣押已经处理，不能再处理；处理有误的，请先作废处理决定书。"),
        (Measure.ENDED, Following.LIST): N_("查封、扣押已经处理，不能再列清单。"),
        (Measure.CUT_DECIDED, Following.TELL_SUPPLIER): N_(
            "停止供电须提前通知生产经营单位，请先送达停止供电决定书，再通知供电单位。"
        ),
        (Measure.CUT_DECIDED, Following.RESTORE): N_("还没有通知停止供电，不必通知恢复供电。"),
        (Measure.CUT_TOLD, Following.RESTORE): N_("还没有通知停止供电，不必通知恢复供电。"),
        (Measure.CUT, Following.TELL_SUPPLIER): N_("已经通知过供电单位；范围或者时间有变的，请作废原通知后另出。"),
        (Measure.RESTORED, Following.TELL_SUPPLIER): N_("已经通知恢复供电；需要再次停止供电的，请重新报批、决定。"),
        (Measure.RESTORED, Following.RESTORE): N_("已经通知恢复供电，不必再通知。"),
    }
)
_NOT_OF_THIS_KIND: Final = N_("这份文书不能以那份决定为依据，请核对是查封扣押还是停止供电。")


def follow(state: Measure, step: Following) -> Measure:
    """The state after a step; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return FOLLOWING[state, step]
    except KeyError:
        raise NotAllowed(_REFUSALS.get((state, step), _NOT_OF_THIS_KIND)) from None


def step_of(form: FormCode, body: Mapping[str, Any]) -> Following | None:
    """The step that a paper makes on the decision it rests on; None for a paper that makes none.

    A disposal that doesn't say yet how is taken for a lifting, which is allowed longest.
    """
    if form is FormCode.SEIZURE_DISPOSAL:
        return Following.DISPOSE if body.get("handling") not in {None, "", "lift"} else Following.LIFT
    return _STEPS.get(form)


_STEPS: Final[Mapping[FormCode, Following]] = MappingProxyType(
    {
        FormCode.SEIZURE_LIST: Following.LIST,
        FormCode.SEIZURE_EXTENSION: Following.EXTEND,
        FormCode.POWER_CUT_NOTICE: Following.TELL_SUPPLIER,
        FormCode.POWER_RESTORE_NOTICE: Following.RESTORE,
    }
)


def measure_of(
    decision: FormCode,
    body: Mapping[str, Any],
    *,
    is_served: bool,
    resting: Iterable[tuple[FormCode, Mapping[str, Any]]],
    today: date,
) -> Measure:
    """Where a decision stands today: `resting` are the papers in force on it, in the order of their issue."""
    is_cut = decision is FormCode.POWER_CUT_DECISION
    state = Measure.CUT_DECIDED if is_cut else Measure.DECIDED
    # The firm need not hear first where the power is cut in an emergency (安全生产法 art. 70).
    if is_served or (is_cut and body.get("is_emergency") is True):
        state = follow(state, Following.SERVE)
    ends = moment_of(body.get("until"))
    for form, said in resting:
        step = step_of(form, said)
        if step is None or (state, step) not in FOLLOWING:
            continue
        state = FOLLOWING[state, step]
        if step is Following.EXTEND:
            ends = moment_of(said.get("until"))
    if (state, Following.RUN_OUT) in FOLLOWING and ends is not None and today > ends.date():
        state = FOLLOWING[state, Following.RUN_OUT]
    return state


def following_diagram() -> str:
    """The table as a Mermaid state diagram, for README.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {Measure.DECIDED.value}", f"    [*] --> {Measure.CUT_DECIDED.value}"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in Measure]
    lines += [f"    {before.value} --> {after.value} : {step.label}" for (before, step), after in FOLLOWING.items()]
    ends = [state for state in Measure if not any(before is state for before, _ in FOLLOWING)]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines)
