"""隐患治理的规则: which act may follow which state, and what makes a proof, a check and a deadline count.

Everything about transitions lives in this file. A hazard is found, classified, ordered to be rectified within a time
limit (限期整改), reported as rectified by the enterprise, rechecked by two officers and closed (销号). A term that runs
out makes it overdue, which ends no duty: it is still rectified and reported. What comes back later is reopened
and needs a new order. A finding that the enterprise contests with success is withdrawn; what another organ is competent
for is transferred and comes back as classified, to whoever handles it then, or, returned, to where it stood. What an
enterprise found itself it closes itself, and a sample of that is looked at again. The table below is the whole of it;
the diagram in README.md is drawn from it. What a major hazard needs besides stands in `major.py`, terms in `terms.py`,
transfers in `transfers.py`.

Sources: 安全生产法 art. 41 (record and remove hazards), 65 (order), 102 (overdue); 行政处罚法 art. 42 (two certified
officers). Rules without an article are this platform's own and say so.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.periods import Calendar, Due, Period, Unit, due
from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed


class State(Labelled):
    """隐患状态: where a hazard stands between being found and closed."""

    FOUND = "found", N_("已发现")
    CLASSIFIED = "classified", N_("已定级")
    RECTIFYING = "rectifying", N_("整改中")
    OVERDUE = "overdue", N_("逾期未改")
    REPORTED = "reported", N_("已报整改")
    VERIFIED = "verified", N_("复查合格")
    CLOSED = "closed", N_("已销号")
    REOPENED = "reopened", N_("重新打开")
    TRANSFERRED = "transferred", N_("移送中")
    WITHDRAWN = "withdrawn", N_("认定已撤销")


class Action(Labelled):
    """办理动作: what moves a hazard on."""

    CLASSIFY = "classify", N_("定级")
    SERVE_ORDER = "serve_order", N_("送达责令限期整改指令书")
    UNDERTAKE = "undertake", N_("自行整改")
    VOID_ORDER = "void_order", N_("责令文书作废")
    RUN_OUT = "run_out", N_("整改期限届满")
    REPORT = "report", N_("报告整改完成")
    ACCEPT = "accept", N_("复查合格")
    RETURN = "return", N_("退回继续整改")
    CLOSE = "close", N_("销号")
    REOPEN = "reopen", N_("重新打开")
    SELF_CLOSE = "self_close", N_("企业自行销号")
    TRANSFER = "transfer", N_("移送有权机关")
    END_TRANSFER = "end_transfer", N_("移送受理或者退回")
    TAKE_BACK = "take_back", N_("移送退回，重新责令")
    WITHDRAW = "withdraw", N_("撤销认定")


class Level(Labelled):
    """隐患等级: general, or major by a published criterion (重大事故隐患判定标准)."""

    GENERAL = "general", N_("一般事故隐患")
    MAJOR = "major", N_("重大事故隐患")


class Source(Labelled):
    """发现来源: who found the hazard, and how."""

    INSPECTION = "inspection", N_("执法检查")
    SELF = "self", N_("企业自查")
    EXPERT = "expert", N_("专家检查")
    REPORT = "report", N_("举报")
    ALARM = "alarm", N_("报警")


class Outcome(Labelled):
    """复查结论: what two officers made of one report of rectification."""

    PENDING = "pending", N_("待复查")
    ACCEPTED = "accepted", N_("复查合格")
    RETURNED = "returned", N_("退回继续整改")
    SELF_CLOSED = "self", N_("企业自行销号")


TRANSITIONS: Final[Mapping[tuple[State, Action], State]] = MappingProxyType(
    {
        (State.FOUND, Action.CLASSIFY): State.CLASSIFIED,
        (State.CLASSIFIED, Action.CLASSIFY): State.CLASSIFIED,
        (State.CLASSIFIED, Action.SERVE_ORDER): State.RECTIFYING,
        (State.CLASSIFIED, Action.UNDERTAKE): State.RECTIFYING,
        (State.RECTIFYING, Action.REPORT): State.REPORTED,
        (State.RECTIFYING, Action.RUN_OUT): State.OVERDUE,
        (State.RECTIFYING, Action.VOID_ORDER): State.CLASSIFIED,
        (State.OVERDUE, Action.REPORT): State.REPORTED,
        (State.OVERDUE, Action.VOID_ORDER): State.CLASSIFIED,
        (State.REPORTED, Action.ACCEPT): State.VERIFIED,
        (State.REPORTED, Action.RETURN): State.RECTIFYING,
        (State.VERIFIED, Action.CLOSE): State.CLOSED,
        (State.VERIFIED, Action.REOPEN): State.REOPENED,
        (State.CLOSED, Action.REOPEN): State.REOPENED,
        (State.REOPENED, Action.SERVE_ORDER): State.RECTIFYING,
        (State.REOPENED, Action.UNDERTAKE): State.RECTIFYING,
        (State.RECTIFYING, Action.SELF_CLOSE): State.CLOSED,
        (State.OVERDUE, Action.SELF_CLOSE): State.CLOSED,
        (State.RECTIFYING, Action.WITHDRAW): State.WITHDRAWN,
        (State.CLASSIFIED, Action.TRANSFER): State.TRANSFERRED,
        (State.REOPENED, Action.TRANSFER): State.TRANSFERRED,
        (State.TRANSFERRED, Action.END_TRANSFER): State.CLASSIFIED,
        (State.TRANSFERRED, Action.TAKE_BACK): State.REOPENED,
    }
)

# Nothing more is asked of anybody.
ENDED: Final = frozenset({State.CLOSED, State.WITHDRAWN})
UNCLOSED: Final = frozenset(State) - ENDED
ASKS_ENTERPRISE: Final = frozenset({State.RECTIFYING, State.OVERDUE})
ASKS_OFFICER: Final = frozenset({State.FOUND, State.CLASSIFIED, State.REPORTED, State.VERIFIED, State.REOPENED})

# What has to come next in each state, as the reader of a refusal is told.
NEXT: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.FOUND: N_("应先定级"),
        State.CLASSIFIED: N_("应先送达责令限期整改指令书，整改期限自送达起算"),
        State.RECTIFYING: N_("应等企业整改并报告完成"),
        State.OVERDUE: N_("企业应立即整改并报告完成"),
        State.REPORTED: N_("应由两名执法人员复查"),
        State.VERIFIED: N_("应办理销号"),
        State.CLOSED: N_("隐患反复时应重新打开"),
        State.REOPENED: N_("应重新下达并送达责令限期整改指令书"),
        State.TRANSFERRED: N_("应等接收机关受理或者退回"),
        State.WITHDRAWN: N_("认定已撤销，不再要求整改"),
    }
)

BASIS: Final[Mapping[Action, str]] = MappingProxyType(
    {
        Action.CLASSIFY: N_("《安全生产法》第四十一条"),
        Action.SERVE_ORDER: N_("《安全生产法》第六十五条"),
        Action.UNDERTAKE: N_("《安全生产法》第四十一条"),
        Action.VOID_ORDER: N_("《安全生产法》第六十五条"),
        Action.RUN_OUT: N_("《安全生产法》第一百零二条"),
        Action.REPORT: N_("《安全生产法》第四十一条"),
        Action.ACCEPT: N_("《安全生产法》第六十五条；《行政处罚法》第四十二条"),
        Action.RETURN: N_("《安全生产法》第六十五条；《行政处罚法》第四十二条"),
        Action.CLOSE: N_("《安全生产法》第四十一条"),
        Action.REOPEN: N_("《安全生产法》第六十五条"),
        Action.SELF_CLOSE: N_("《安全生产法》第四十一条"),
        Action.TRANSFER: N_("《安全生产法》第六十九条"),
        Action.END_TRANSFER: N_("《安全生产法》第六十九条"),
        Action.TAKE_BACK: N_("《安全生产法》第六十九条"),
        Action.WITHDRAW: N_("《安全生产法》第六十五条"),
    }
)


def advance(state: State, action: Action) -> State:
    """The state after `action`; raises `NotAllowed` with the reason and what is to be done instead."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise NotAllowed(
            N_("隐患现为“%(state)s”，不能%(action)s；%(next)s。"),
            basis=BASIS[action],
            state=state.label,
            action=action.label,
            next=NEXT[state],
        ) from None


def may(state: State, action: Action) -> bool:
    """Whether the table lets `action` follow `state`."""
    return (state, action) in TRANSITIONS


def diagram() -> str:
    """The table as a Mermaid state diagram, for README.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.FOUND.value}"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in State]
    lines += [
        f"    {before.value} --> {after.value} : {action.label}" for (before, action), after in TRANSITIONS.items()
    ]
    lines += [f"    {state.value} --> [*]" for state in State if state in ENDED]
    return "\n".join(lines)


# 重大事故隐患判定标准 that are in force, by the number they are cited with; a clause has to follow the number.
STANDARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "应急管理部令第10号": N_("工贸企业重大事故隐患判定标准"),
        "安监总管三〔2017〕121号": N_("化工和危险化学品生产经营单位、烟花爆竹生产经营单位重大生产安全事故隐患判定标准"),
        "建质规〔2024〕5号": N_("房屋市政工程生产安全重大事故隐患判定标准（2024版）"),
        "GB 35181-2025": N_("重大火灾隐患判定规则"),
        "建城规〔2023〕4号": N_("城镇燃气经营安全重大隐患判定标准"),
        "GB 45067-2024": N_("特种设备重大事故隐患判定准则"),
        "工信厅安全函〔2023〕337号": N_("民用爆炸物品行业重大事故隐患判定标准"),
    }
)
_CLAUSE = re.compile(r"第[一二三四五六七八九十百零\d.]+[条款项]|\d+(\.\d+)+|附录")


def criterion_of(text: str) -> tuple[str, str]:
    """Split a criterion into the standard's number and the clause; `NotAllowed` for free text."""
    plain = text.strip()
    for standard in STANDARDS:
        clause = plain.removeprefix(standard).strip()
        if plain.startswith(standard) and _CLAUSE.search(clause):
            return standard, clause
    raise NotAllowed(
        N_("“%(text)s”不是判定依据；应写现行重大事故隐患判定标准的编号和条款，例如“GB 35181-2025 第6.2条”。"), text=text
    )


def check_classification(*, before: str, after: Level, criterion: str, by_id: str, classified_by_id: str) -> None:
    """Refuse a level without what carries it.

    A major hazard names a standard and clause. Once major it is never made general by free text: that too takes
    standard and clause, and a reviewer other than whoever classified it (platform's own rule).
    """
    if after == Level.MAJOR:
        criterion_of(criterion)
    elif before == Level.MAJOR:
        criterion_of(criterion)
        if by_id == classified_by_id:
            raise NotAllowed(N_("重大事故隐患改为一般，须由定级人以外的人复核；请换人办理。"))


LATEST_TERM: Final = timedelta(days=365)


def check_deadline(due_on: date, today: date) -> None:
    """Refuse a term that lies in the past or more than a year ahead (法 leaves the length to the officer)."""
    if due_on < today:
        raise NotAllowed(N_("整改期限 %(due)s 早于今天，应定在今天或以后。"), due=due_on.isoformat())
    if due_on > today + LATEST_TERM:
        raise NotAllowed(N_("整改期限 %(due)s 超过一年，应定在一年以内，分期整改请分别登记。"), due=due_on.isoformat())


def deadline(start: date, days: int, calendar: Calendar) -> Due:
    """整改期限: `days` calendar days from `start`, the first day not counted (民法典 art. 201); it does not roll."""
    return due(start, Period(days, Unit.CALENDAR_DAYS), calendar)


def has_run_out(state: State, due_on: date | None, today: date) -> bool:
    """Whether a term is over and nothing was reported: the day itself still counts as in time."""
    return state == State.RECTIFYING and due_on is not None and due_on < today


CLOCK_TOLERANCE: Final = timedelta(minutes=5)


def check_proof(*, taken_at: datetime, effective_at: datetime | None, now: datetime) -> None:
    """Refuse a picture of the finished work that is older than the order's service, or from the future.

    `taken_at` is already corrected by the device's clock offset.
    """
    if taken_at > now + CLOCK_TOLERANCE:
        raise NotAllowed(N_("照片的拍摄时间晚于现在，请校准手机时间后重新拍摄。"))
    if effective_at is not None and taken_at < effective_at:
        raise NotAllowed(N_("照片拍摄于责令整改送达之前，不能证明已经整改；请拍摄整改后的现场。"))


def check_fresh(sha256: str, known: Collection[str]) -> None:
    """Refuse a picture that was already used for this hazard, before or after."""
    if sha256 in known:
        raise NotAllowed(N_("这张照片已经用过，不能再作整改后的证明；请重新拍摄现场。"))


@dataclass(frozen=True)
class Checker:
    """复查人员: what a recheck needs to know of an officer. `user_id` is empty for one who never logs in."""

    name: str
    certificate_no: str
    certificate_valid_to: date | None
    user_id: str = ""


def check_checkers(checkers: Sequence[Checker], *, reporter_id: str, today: date, minimum: int = 2) -> None:
    """Refuse a recheck by fewer than two certified officers, or by whoever reported the rectification."""
    two = "《行政处罚法》第四十二条"
    if len({checker.certificate_no for checker in checkers}) < minimum:
        raise NotAllowed(N_("复查须由两名执法人员共同进行，现在人数不足；请补上另一名。"), basis=two)
    for checker in checkers:
        if checker.certificate_valid_to is None or checker.certificate_valid_to < today:
            raise NotAllowed(
                N_("%(name)s 的执法证已过有效期，不能参加复查；请换一名持有效执法证的人员。"),
                basis=two,
                name=checker.name,
            )
        if reporter_id and checker.user_id == reporter_id:
            raise NotAllowed(N_("%(name)s 报告了这次整改，不能再来复查；请换一名执法人员。"), name=checker.name)


def check_closer(*, level: str, found_by_id: str, by_id: str) -> None:
    """Refuse to let whoever found a major hazard close it as well (platform's own rule)."""
    if level == Level.MAJOR and found_by_id and found_by_id == by_id:
        raise NotAllowed(N_("重大事故隐患不能由发现人自己销号；请由其他负责人办理。"))


def check_self_closing(*, source: str, level: str) -> None:
    """Refuse to let an enterprise close what others found, or what is major."""
    if source != Source.SELF:
        raise NotAllowed(
            N_("这条隐患不是企业自查发现的，整改后应报告，由两名执法人员复查销号。"), basis=BASIS[Action.ACCEPT]
        )
    if level == Level.MAJOR:
        raise NotAllowed(N_("重大事故隐患不能自行销号；治理后应评估、申请验收。"), basis=BASIS[Action.ACCEPT])


def check_reason(reason: str) -> str:
    """The reason without blanks around it; `NotAllowed` when there is none: the enterprise reads it."""
    if not reason.strip():
        raise NotAllowed(N_("请写明理由，企业和档案里都要看到。"))
    return reason.strip()
