"""What a connection tells its owner. Events are facts; whatever the peer sent, none of them is an exception."""

from enum import StrEnum
from typing import NamedTuple

from anguan.wire.gbt26875.frames import Frame
from anguan.wire.gbt26875.units import Unit


class Fault(StrEnum):
    """校验错误: why bytes are no frame (clause 6.5.3), in the order in which it is examined."""

    START = "start"
    INCOMPLETE = "incomplete"
    LENGTH = "length"
    END = "end"
    CHECKSUM = "checksum"
    COMMAND = "command"


class Received(NamedTuple):
    """A sound frame: `frame` as it came, `unit` read from it, `raw` its bytes."""

    frame: Frame
    unit: Unit
    raw: bytes


class Damaged(NamedTuple):
    """Bytes that are no sound frame. `frame` is there where its ends were right: only the inside is wrong."""

    fault: Fault
    detail: str
    raw: bytes
    frame: Frame | None = None
