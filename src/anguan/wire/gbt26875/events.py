"""What a connection tells its owner. Events are facts; whatever the peer sent, none of them is an exception."""

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from anguan.wire.gbt26875.frames import Frame
from anguan.wire.gbt26875.problems import Problem
from anguan.wire.gbt26875.units import Unit
from anguan.wire.words import N_

if TYPE_CHECKING:
    from anguan.wire.gbt26875.connection import Transaction


class Fault(StrEnum):
    """校验错误: why bytes are no frame (clause 6.5.3), in the order in which it is examined."""

    START = "start"
    INCOMPLETE = "incomplete"
    LENGTH = "length"
    END = "end"
    CHECKSUM = "checksum"
    COMMAND = "command"


FAULT_LABELS = {
    Fault.START: N_("起始符不对"),
    Fault.INCOMPLETE: N_("不完整"),
    Fault.LENGTH: N_("长度不对"),
    Fault.END: N_("结束符不对"),
    Fault.CHECKSUM: N_("校验和不对"),
    Fault.COMMAND: N_("命令字节未知"),
}


class Received(NamedTuple):
    """A sound frame that wants an answer: `frame` as it came, `unit` read from it, `raw` its bytes.

    `repeated`: the same frame (`Frame.resend_key`) came over this connection a moment ago; the peer did not hear our
    answer. Answer it again and do nothing else.
    """

    frame: Frame
    unit: Unit
    raw: bytes
    repeated: bool = False


class Answered(NamedTuple):
    """The peer's confirmation of what we sent, or its reply to what we asked; `transaction` is done."""

    transaction: "Transaction"
    frame: Frame
    unit: Unit
    raw: bytes


class Stray(NamedTuple):
    """A sound answer to nothing that we wait for: too late, twice, or of the wrong kind."""

    frame: Frame
    unit: Unit
    raw: bytes


class Damaged(NamedTuple):
    """Bytes that are no sound frame. `frame` is there where its ends were right: only the inside is wrong."""

    fault: Fault
    detail: Problem
    raw: bytes
    frame: Frame | None = None


class Reason(StrEnum):
    """Why something is sent again, or given up."""

    TIMED_OUT = "timed_out"
    DENIED = "denied"
    CLOSED = "closed"


class Resend(NamedTuple):
    """Write `data` once more: the peer denied it, or did not answer in time."""

    transaction: "Transaction"
    reason: Reason
    data: bytes


class Failed(NamedTuple):
    """`transaction` has ended without an answer: all resends are used up, or the connection has closed."""

    transaction: "Transaction"
    reason: Reason


class Greeted(NamedTuple):
    """The text that this maker's devices send before their first frame; write `answer`."""

    raw: bytes
    answer: bytes


class Unframed(NamedTuple):
    """The peer has sent `skipped` bytes without one sound frame: hang up. Nothing more is read from it."""

    skipped: int


Event = Received | Answered | Stray | Damaged | Resend | Failed | Greeted | Unframed
