"""信息对象: what a frame says, one class for each layout of the standard's tables (clause 8.3).

An object keeps its numbers as they came, its text and times as bytes, so that it encodes to the same bytes again;
`text`, `time` and `bits` read them. Objects are tuples, because a gateway makes tens of thousands of them a second.
"""

from codecs import getdecoder
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from anguan.wire.gbt26875.codes import (
    AnalogType,
    ComponentBit,
    DeviceBit,
    DeviceOperationBit,
    SystemBit,
    SystemOperationBit,
    bits_set,
    named,
)
from anguan.wire.gbt26875.times import NO_TIME, read_time

TEXT_LENGTH = 31
NO_TEXT = bytes(TEXT_LENGTH)
# The codec itself: `bytes.decode` looks it up by name each time, which takes four times as long as decoding.
_gb18030 = getdecoder("gb18030")


def read_text(padded: bytes) -> str:
    """The words of a text field (GB 18030) without their padding; what is no GB 18030 shows as U+FFFD.

    Devices pad with zero bytes or spaces, at the end and sometimes at the front. Neither byte is ever the second half
    of a character, so both can be taken off before decoding. A zero byte inside becomes a space: databases refuse it.
    """
    return _gb18030(padded.strip(b"\0 "), "replace")[0].replace("\0", " ")


def text_bytes(text: str, length: int = TEXT_LENGTH) -> bytes:
    """A text as a field of `length` bytes, padded with zero bytes and cut at the last whole character that fits."""
    encoded = text.encode("gb18030", "replace")
    if len(encoded) > length:
        encoded = encoded[:length].decode("gb18030", "ignore").encode("gb18030")
    return encoded.ljust(length, b"\0")


class SystemState(NamedTuple):
    """建筑消防设施系统状态 (type 1)."""

    system_type: int
    system_address: int
    state: int
    time_bytes: bytes = NO_TIME

    @property
    def bits(self) -> tuple[SystemBit, ...]:
        return bits_set(SystemBit, self.state)

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class ComponentState(NamedTuple):
    """建筑消防设施部件运行状态 (type 2)."""

    system_type: int
    system_address: int
    component_type: int
    component_address: int
    state: int
    text_bytes: bytes = NO_TEXT
    time_bytes: bytes = NO_TIME

    @property
    def bits(self) -> tuple[ComponentBit, ...]:
        return bits_set(ComponentBit, self.state)

    @property
    def text(self) -> str:
        return read_text(self.text_bytes)

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class AnalogValue(NamedTuple):
    """建筑消防设施部件模拟量值 (type 3); `raw_value` counts steps of the analog type's unit."""

    system_type: int
    system_address: int
    component_type: int
    component_address: int
    analog_type: int
    raw_value: int
    time_bytes: bytes = NO_TIME

    @property
    def value(self) -> Decimal:
        """In the unit of the analog type; the bare number where the type has no name."""
        kind = named(AnalogType, self.analog_type)
        return Decimal(self.raw_value).scaleb(-kind.decimals) if kind else Decimal(self.raw_value)

    @property
    def unit(self) -> str | None:
        """The sign of the unit, or None where the type has none."""
        kind = named(AnalogType, self.analog_type)
        return kind.unit or None if kind else None

    @property
    def time(self) -> datetime | None:
        """采样时间."""
        return read_time(self.time_bytes)


class SystemOperation(NamedTuple):
    """建筑消防设施操作信息 (type 4)."""

    system_type: int
    system_address: int
    operation: int
    operator: int
    time_bytes: bytes = NO_TIME

    @property
    def bits(self) -> tuple[SystemOperationBit, ...]:
        return bits_set(SystemOperationBit, self.operation)

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class SystemVersion(NamedTuple):
    """建筑消防设施软件版本 (type 5)."""

    system_type: int
    system_address: int
    major: int
    minor: int


class SystemConfiguration(NamedTuple):
    """建筑消防设施系统配置情况 (type 6): a text of up to 255 bytes."""

    system_type: int
    system_address: int
    text_bytes: bytes

    @property
    def text(self) -> str:
        return read_text(self.text_bytes)


class ComponentConfiguration(NamedTuple):
    """建筑消防设施部件配置情况 (type 7)."""

    system_type: int
    system_address: int
    component_type: int
    component_address: int
    text_bytes: bytes = NO_TEXT

    @property
    def text(self) -> str:
        return read_text(self.text_bytes)


class SystemClock(NamedTuple):
    """建筑消防设施系统时间 (type 8)."""

    system_type: int
    system_address: int
    time_bytes: bytes

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class DeviceState(NamedTuple):
    """用户信息传输装置运行状态 (type 21)."""

    state: int
    time_bytes: bytes = NO_TIME

    @property
    def bits(self) -> tuple[DeviceBit, ...]:
        return bits_set(DeviceBit, self.state)

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class DeviceOperation(NamedTuple):
    """用户信息传输装置操作信息 (type 24); bit 5 answers a 查岗."""

    operation: int
    operator: int
    time_bytes: bytes = NO_TIME

    @property
    def bits(self) -> tuple[DeviceOperationBit, ...]:
        return bits_set(DeviceOperationBit, self.operation)

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class DeviceVersion(NamedTuple):
    """用户信息传输装置软件版本 (type 25)."""

    major: int
    minor: int


class DeviceConfiguration(NamedTuple):
    """用户信息传输装置配置情况 (type 26): a text of up to 255 bytes."""

    text_bytes: bytes

    @property
    def text(self) -> str:
        return read_text(self.text_bytes)


class Clock(NamedTuple):
    """A time alone: 用户信息传输装置系统时间 (type 28), 同步时钟 (type 90)."""

    time_bytes: bytes

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class SystemQuery(NamedTuple):
    """What a query of types 61, 65, 66 and 68 asks about."""

    system_type: int
    system_address: int


class ComponentQuery(NamedTuple):
    """What a query of types 62, 63 and 67 asks about; the component's type is not part of it."""

    system_type: int
    system_address: int
    component_address: int


class SystemOperationsQuery(NamedTuple):
    """读建筑消防设施操作信息 (type 64): up to `number` records (at most 102) from a time on."""

    system_type: int
    system_address: int
    number: int
    time_bytes: bytes

    @property
    def time(self) -> datetime | None:
        """指定记录起始时间."""
        return read_time(self.time_bytes)


class DeviceOperationsQuery(NamedTuple):
    """读用户信息传输装置操作信息记录 (type 84): up to `number` records (at most 102) from a time on."""

    number: int
    time_bytes: bytes

    @property
    def time(self) -> datetime | None:
        """指定记录起始时间."""
        return read_time(self.time_bytes)


class DeviceQuery(NamedTuple):
    """The reserved byte of types 81, 85, 86, 88 and 89; 0 in the standard."""

    reserved: int = 0


class DutyCheck(NamedTuple):
    """查岗命令 (type 91): within how many minutes the guard must press the key."""

    minutes: int


class SwitchValue(NamedTuple):
    """开关量: a maker's own object (富贝 2024, types 2, 0x87, 0x96, 0x97), no part of the standard."""

    system_type: int
    system_address: int
    component_type: int
    component_address: int
    access_type: int
    state: int
    time_bytes: bytes = NO_TIME

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


class Registration(NamedTuple):
    """注册: a maker's own object (大华, command 0, type 0), 110 bytes whose inside is not published."""

    content: bytes


class Stamped(NamedTuple):
    """An object followed by a time that the standard does not put there."""

    object: "Object"
    time_bytes: bytes

    @property
    def time(self) -> datetime | None:
        return read_time(self.time_bytes)


Object = (
    SystemState
    | ComponentState
    | AnalogValue
    | SystemOperation
    | SystemVersion
    | SystemConfiguration
    | ComponentConfiguration
    | SystemClock
    | DeviceState
    | DeviceOperation
    | DeviceVersion
    | DeviceConfiguration
    | Clock
    | SystemQuery
    | ComponentQuery
    | SystemOperationsQuery
    | DeviceOperationsQuery
    | DeviceQuery
    | DutyCheck
    | SwitchValue
    | Registration
    | Stamped
)
