"""应用数据单元: type flag, object count and objects, read and written by one table of layouts (clause 8).

    0      1      2
    +------+------+----------+----------+-----
    | type | n    | object 1 | object 2 | …
    +------+------+----------+----------+-----

A unit that can't be read is no error: it comes back without objects and with the `Problem` that says why, because the
frame around it arrived whole and refusing it would only bring the same bytes again.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.gbt26875.profiles import STANDARD, Profile
from anguan.wire.words import N_


class Layout(NamedTuple):
    """How the objects of one type stand on the wire.

    `format` is that of `struct`; a format that ends in "v" closes with a text whose length stands in a byte before it.
    `timed`: the last field is a time. `most` is how many objects a frame may carry.
    """

    object: type[o.Object]
    format: str
    most: int
    timed: bool = False


T = TypeFlag
LAYOUTS: dict[int, Layout] = {
    T.SYSTEM_STATE: Layout(o.SystemState, "<BBH6s", 102, timed=True),
    T.COMPONENT_STATE: Layout(o.ComponentState, "<BBBIH31s6s", 22, timed=True),
    T.ANALOG_VALUE: Layout(o.AnalogValue, "<BBBIBh6s", 63, timed=True),
    T.SYSTEM_OPERATION: Layout(o.SystemOperation, "<BBBB6s", 102, timed=True),
    T.SYSTEM_VERSION: Layout(o.SystemVersion, "<BBBB", 1),
    T.SYSTEM_CONFIGURATION: Layout(o.SystemConfiguration, "<BBv", 3),
    T.COMPONENT_CONFIGURATION: Layout(o.ComponentConfiguration, "<BBBI31s", 26),
    T.SYSTEM_CLOCK: Layout(o.SystemClock, "<BB6s", 1, timed=True),
    T.DEVICE_STATE: Layout(o.DeviceState, "<B6s", 1, timed=True),
    T.DEVICE_OPERATION: Layout(o.DeviceOperation, "<BB6s", 127, timed=True),
    T.DEVICE_VERSION: Layout(o.DeviceVersion, "<BB", 1),
    T.DEVICE_CONFIGURATION: Layout(o.DeviceConfiguration, "<v", 1),
    T.DEVICE_CLOCK: Layout(o.Clock, "<6s", 1, timed=True),
    T.READ_SYSTEM_STATE: Layout(o.SystemQuery, "<BB", 102),
    T.READ_COMPONENT_STATE: Layout(o.ComponentQuery, "<BBI", 22),
    T.READ_ANALOG_VALUE: Layout(o.ComponentQuery, "<BBI", 63),
    T.READ_SYSTEM_OPERATIONS: Layout(o.SystemOperationsQuery, "<BBB6s", 1, timed=True),
    T.READ_SYSTEM_VERSION: Layout(o.SystemQuery, "<BB", 1),
    T.READ_SYSTEM_CONFIGURATION: Layout(o.SystemQuery, "<BB", 3),
    T.READ_COMPONENT_CONFIGURATION: Layout(o.ComponentQuery, "<BBI", 26),
    T.READ_SYSTEM_CLOCK: Layout(o.SystemQuery, "<BB", 1),
    T.READ_DEVICE_STATE: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_OPERATIONS: Layout(o.DeviceOperationsQuery, "<B6s", 1, timed=True),
    T.READ_DEVICE_VERSION: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_CONFIGURATION: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_CLOCK: Layout(o.DeviceQuery, "<B", 1),
    T.INITIALISE_DEVICE: Layout(o.DeviceQuery, "<B", 1),
    T.SET_DEVICE_CLOCK: Layout(o.Clock, "<6s", 1, timed=True),
    T.DUTY_CHECK: Layout(o.DutyCheck, "<B", 1),
}


class Problem(NamedTuple):
    """Why a unit could not be read: a Chinese sentence (translatable) and the values that stand in it."""

    sentence: str
    values: dict[str, int] = {}

    def __str__(self) -> str:
        return self.sentence % self.values


class Unit(NamedTuple):
    """An application data unit, read. Empty units (heartbeats, answers) have neither type nor problem."""

    type_flag: int | None = None
    objects: tuple[o.Object, ...] = ()
    problem: Problem | None = None


EMPTY = Unit()
_EMPTY_QUESTION = Unit(problem=Problem(N_("这一命令没有应用数据单元，不知道要什么。")))
_NEEDS_TYPE = frozenset({Command.CONTROL, Command.REQUEST, Command.REPLY})


class _Reader:
    """Reads and writes the objects of one type for one profile; `decode_unit` does the frequent case by itself."""

    __slots__ = ("fields", "object", "plain", "size", "swapped_value", "timed", "variable")

    def __init__(self, layout: Layout, type_flag: int, profile: Profile) -> None:
        self.object: Any = layout.object
        self.variable = layout.format.endswith("v")
        self.fields = struct.Struct(layout.format.removesuffix("v"))
        self.size = self.fields.size
        self.timed = layout.timed
        self.swapped_value = profile.big_endian_analog and type_flag == TypeFlag.ANALOG_VALUE
        self.plain = not self.variable and not self.swapped_value and (profile.plain_time or not layout.timed)


@lru_cache(maxsize=1024)
def _reader(type_flag: int, profile: Profile) -> _Reader | None:
    layout = LAYOUTS.get(type_flag)
    return None if layout is None else _Reader(layout, type_flag, profile)


_STANDARD_READERS = {flag: _Reader(layout, flag, STANDARD) for flag, layout in LAYOUTS.items()}
_new = tuple.__new__


def decode_unit(unit: bytes, command: int = Command.SEND, profile: Profile = STANDARD) -> Unit:
    """The unit of a frame with that command, read; never raises."""
    length = len(unit)
    if length < 2:
        return _shortest(unit, command)
    type_flag = unit[0]
    count = unit[1]
    reader = _STANDARD_READERS.get(type_flag) if profile is STANDARD else _reader(type_flag, profile)
    if reader is None:
        return Unit(type_flag, (), Problem(N_("类型标志 %(type)d 不在标准之内。"), {"type": type_flag}))
    if reader.variable:
        return _texts(unit, reader)
    if length - 2 != count * reader.size:
        return Unit(type_flag, (), _wrong_length(length - 2, count, reader.size))
    cls = reader.object
    found = tuple([_new(cls, fields) for fields in reader.fields.iter_unpack(unit[2:])])
    if not reader.plain:
        found = tuple(_in_standard_form(item, reader, profile) for item in found)
    return _new(Unit, (type_flag, found, None))


def _shortest(unit: bytes, command: int) -> Unit:
    if unit:
        return Unit(unit[0], (), Problem(N_("应用数据单元只有一个字节，没有信息对象数目。")))
    return _EMPTY_QUESTION if command in _NEEDS_TYPE else EMPTY


def _wrong_length(there: int, count: int, size: int) -> Problem:
    return Problem(
        N_("信息对象数目为 %(count)d，每个 %(size)d 字节，应有 %(due)d 字节，实有 %(there)d 字节。"),
        {"count": count, "size": size, "due": count * size, "there": there},
    )


def _texts(unit: bytes, reader: _Reader) -> Unit:
    """Objects that close with a text of a stated length."""
    found = []
    position = 2
    for number in range(1, unit[1] + 1):
        text_at = position + reader.size + 1
        end = text_at + unit[text_at - 1] if text_at <= len(unit) else text_at
        if end > len(unit):
            return Unit(unit[0], (), Problem(N_("第 %(number)d 个信息对象不完整。"), {"number": number}))
        found.append(_new(reader.object, (*reader.fields.unpack_from(unit, position), unit[text_at:end])))
        position = end
    if position < len(unit):
        more = {"more": len(unit) - position}
        return Unit(unit[0], (), Problem(N_("信息对象之后还有 %(more)d 字节。"), more))
    return Unit(unit[0], tuple(found))


def _in_standard_form(item: Any, reader: _Reader, profile: Profile) -> Any:
    if reader.swapped_value:
        wire = item.raw_value.to_bytes(2, "little", signed=True)
        item = item._replace(raw_value=int.from_bytes(wire, "big"))
    if reader.timed and not profile.plain_time:
        item = item._replace(time_bytes=profile.read_time(item.time_bytes))
    return item


def encode_unit(type_flag: int, objects: Sequence[o.Object], profile: Profile = STANDARD) -> bytes:
    """The bytes of a unit; ValueError where the objects are not those of the type, too many, or don't fit."""
    layout = LAYOUTS.get(type_flag)
    reader = _reader(type_flag, profile)
    if layout is None or reader is None:
        raise ValueError(f"类型标志 {type_flag} 不在标准之内。")
    if len(objects) > layout.most:
        raise ValueError(f"类型 {type_flag} 一帧最多 {layout.most} 个信息对象，这里有 {len(objects)} 个。")
    parts = [bytes((type_flag, len(objects)))]
    try:
        for item in objects:
            if not isinstance(item, layout.object):
                due, there = layout.object.__name__, type(item).__name__
                raise ValueError(f"类型 {type_flag} 的信息对象是 {due}，不是 {there}。")
            parts.append(_encode_object(item, reader, profile))
    except struct.error as error:
        raise ValueError(f"类型 {type_flag} 的信息对象有放不下的值：{error}。") from None
    return b"".join(parts)


def _encode_object(item: Any, reader: _Reader, profile: Profile) -> bytes:
    if reader.swapped_value:
        wire = item.raw_value.to_bytes(2, "big")
        item = item._replace(raw_value=int.from_bytes(wire, "little", signed=True))
    if reader.timed:
        if len(item.time_bytes) != 6:
            raise ValueError("时间为 6 字节。")
        item = item._replace(time_bytes=profile.write_time(item.time_bytes))
    fixed: tuple[Any, ...] = tuple(item)
    if not reader.variable:
        # `pack` would cut or fill a text of another length without a word.
        if "31s" in reader.fields.format and len(item.text_bytes) != o.TEXT_LENGTH:
            raise ValueError(f"说明为 {o.TEXT_LENGTH} 字节。")
        return reader.fields.pack(*fixed)
    text: bytes = fixed[-1]
    if len(text) > 0xFF:
        raise ValueError("配置说明最长 255 字节。")
    return reader.fields.pack(*fixed[:-1]) + bytes((len(text),)) + text
