"""通信流程: who may begin what, which answers end it, and when it is sent again (clauses 6.1 to 6.5).

Rule 1: everything about what may follow what lives in this file. The README's diagram is drawn from these tables.

Either side begins transactions of its own, each numbered by its own counter, so serials of the two collide freely: what
we wait for is known by our serial alone, what the peer waits for by its. An answer carries the serial of what it
answers. Without an answer in time, or after a denial, the same bytes are sent again, as often as the resends allow.
"""

from enum import Enum, StrEnum
from typing import NamedTuple

from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.words import N_


class Role(StrEnum):
    """Which end of the line we are."""

    CENTRE = "centre"
    """监控中心."""
    DEVICE = "device"
    """用户信息传输装置."""

    @property
    def peer(self) -> "Role":
        """The other end."""
        return Role.DEVICE if self is Role.CENTRE else Role.CENTRE


class Exchange(NamedTuple):
    """One kind of transaction: who begins it, by which command, with which types, and what ends it well."""

    label: str
    initiator: Role
    command: Command
    answer: Command
    types: frozenset[int]


T = TypeFlag


class Kind(Enum):
    """业务类型: the three conversations of the standard. A denial (6) may answer each of them."""

    CONTROL = Exchange(
        N_("控制"),
        Role.CENTRE,
        Command.CONTROL,
        Command.CONFIRM,
        frozenset({T.INITIALISE_DEVICE, T.SET_DEVICE_CLOCK, T.DUTY_CHECK}),
    )
    UPLOAD = Exchange(
        N_("上传"),
        Role.DEVICE,
        Command.SEND,
        Command.CONFIRM,
        frozenset(flag for flag in T if flag <= T.DEVICE_CLOCK),
    )
    QUERY = Exchange(
        N_("查询"),
        Role.CENTRE,
        Command.REQUEST,
        Command.REPLY,
        frozenset(flag for flag in T if T.READ_SYSTEM_STATE <= flag <= T.READ_DEVICE_CLOCK),
    )


ANSWERS = frozenset({Command.CONFIRM, Command.REPLY, Command.DENY})
"""Commands that answer; nothing answers them, or two ends would deny each other's denials for ever."""


_KIND_OF = {flag: kind for kind in Kind for flag in kind.value.types}


def kind_of(type_flag: int) -> Kind | None:
    """The conversation in which a type is sent, or None where the standard has no such type."""
    return _KIND_OF.get(type_flag)


def reply_type(request_type: int) -> int:
    """The type that replies to a query: 61 to 68 are answered by 1 to 8, 81 to 88 by 21 to 28."""
    return request_type - 60


class State(StrEnum):
    """Where a transaction that we began stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Step(StrEnum):
    """What moves it on."""

    ANSWERED = "answered"
    SENT_AGAIN = "sent_again"
    GIVEN_UP = "given_up"


STATE_LABELS = {State.WAITING: N_("等待应答"), State.DONE: N_("完成"), State.FAILED: N_("失败")}
STEP_LABELS = {
    Step.ANSWERED: N_("收到确认或应答"),
    Step.SENT_AGAIN: N_("超时或被否认，原样重发"),
    Step.GIVEN_UP: N_("重发次数用尽或连接断开"),
}
NEXT: dict[tuple[State, Step], State] = {
    (State.WAITING, Step.ANSWERED): State.DONE,
    (State.WAITING, Step.SENT_AGAIN): State.WAITING,
    (State.WAITING, Step.GIVEN_UP): State.FAILED,
}


class Timing(NamedTuple):
    """How long and how often: seconds and counts. The defaults of the first two are the standard's (clause 6.5.4)."""

    answer_within: float = 10.0
    resends: int = 3
    frame_within: float = 5.0
    """A frame that has begun must be whole by then; else its start is taken for noise. A spoilt length must not hold up
    the fire behind it for the ten seconds in which it has to be seen."""
    resend_window: float = 60.0
    """So long the same frame of the peer counts as its resend; 0 keeps no memory of frames."""
    remembered: int = 64
    """How many frames are remembered for that."""
    deny_every: float = 1.0
    """At most one denial of damaged frames in that time."""
    most_unframed: int = 65536
    """After so many bytes without a sound frame the peer is no device."""


STANDARD_TIMING = Timing()


ROLE_LABELS = {Role.CENTRE: N_("监控中心"), Role.DEVICE: N_("用户信息传输装置")}


def exchanges_diagram() -> str:
    """The kinds of transaction as a Mermaid diagram."""
    lines = ["sequenceDiagram", *(f"    participant {role.value} as {ROLE_LABELS[role]}" for role in Role)]
    for kind in Kind:
        begun = kind.value
        first, second = begun.initiator.value, begun.initiator.peer.value
        types = "、".join(str(int(flag)) for flag in sorted(begun.types))
        denial = f"{Command.DENY.label} {int(Command.DENY)}"
        lines += [
            f"    Note over centre,device: {begun.label}，类型 {types}",
            f"    {first}->>{second}: {begun.command.label} {int(begun.command)}",
            f"    {second}-->>{first}: {begun.answer.label} {int(begun.answer)}，或{denial}",
        ]
    return "\n".join(lines)


def states_diagram() -> str:
    """The life of one transaction as a Mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.WAITING.value}"]
    lines += [f"    {state.value} : {STATE_LABELS[state]} {state.value}" for state in State]
    lines += [f"    {before.value} --> {after.value} : {STEP_LABELS[step]}" for (before, step), after in NEXT.items()]
    return "\n".join(lines)
