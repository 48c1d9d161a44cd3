"""应用数据单元: type flag, object count and objects, read and written by the table of layouts (clause 8).

    0      1      2
    +------+------+----------+----------+-----
    | type | n    | object 1 | object 2 | …
    +------+------+----------+----------+-----

A unit that can't be read is no error: it comes back without objects and with the `Problem` that says why, because the
frame around it arrived whole and refusing it would only bring the same bytes again.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.gbt26875.layouts import LAYOUTS, Layout
from anguan.wire.gbt26875.problems import Problem
from anguan.wire.gbt26875.profiles import STANDARD, Profile
from anguan.wire.words import N_


class Unit(NamedTuple):
    """An application data unit, read. Empty units (heartbeats, answers) have neither type nor problem.

    `declared` is the object count as the unit states it; a few devices declare more than they send.
    """

    type_flag: int | None = None
    objects: tuple[o.Object, ...] = ()
    problem: Problem | None = None
    declared: int = 0


EMPTY = Unit()
_NO_QUESTION = Unit(problem=Problem(N_("这一命令没有应用数据单元，不知道要什么。")))
_NEEDS_TYPE = frozenset({Command.CONTROL, Command.REQUEST, Command.REPLY})
_new = tuple.__new__


def decode_unit(unit: bytes, command: int = Command.SEND, profile: Profile = STANDARD) -> Unit:
    """The unit of a frame with that command, read; never raises."""
    if len(unit) < 2:
        return _shortest(unit, command, profile)
    type_flag = unit[0]
    count = unit[1]
    row = _PLAIN_ROWS.get(type_flag) if profile is STANDARD else None
    if row is None:
        return _decode_rows(unit, profile)
    # The frequent case by itself: objects of one size, all of whose fields stand as the standard has them.
    size, fields, make = row
    if len(unit) - 2 != count * size:
        return Unit(type_flag, (), _wrong_length(len(unit) - 2, count, size), count)
    if count == 1:
        objects = (make(fields.unpack_from(unit, 2)),)
    else:
        objects = tuple(map(make, fields.iter_unpack(unit[2:])))
    return _new(Unit, (type_flag, objects, None, count))


def encode_unit(
    type_flag: int, objects: Sequence[o.Object], profile: Profile = STANDARD, declared: int | None = None
) -> bytes:
    """The bytes of a unit; ValueError where the objects are not those of the type, too many, or don't fit.

    `declared` is the object count to state, by default the number of objects.
    """
    rows = _rows(type_flag, profile)
    if not rows:
        raise ValueError(f"类型标志 {type_flag} 没有已知的版式。")
    most = rows[0].layout.most
    if len(objects) > most:
        raise ValueError(f"类型 {type_flag} 一帧最多 {most} 个信息对象，这里有 {len(objects)} 个。")
    try:
        head = bytes((type_flag, len(objects) if declared is None else declared))
        return head + b"".join([_row_for(item, type_flag, profile).write(item) for item in objects])
    except (struct.error, OverflowError) as error:
        raise ValueError(f"类型 {type_flag} 的信息对象有放不下的值：{error}。") from None


class Incomplete(Exception):
    """An object is cut off: the unit ends inside it."""


class _Row:
    """Reads and writes the objects of one layout for one profile."""

    def __init__(self, layout: Layout, type_flag: int, profile: Profile) -> None:
        self.layout = layout
        self.profile = profile
        self.cls: Any = layout.object
        self.variable = layout.format.endswith("v")
        self.fields = struct.Struct(layout.format.removesuffix("v"))
        self.names = [name for name in self.cls._fields if name not in layout.absent]
        self.swapped_value = profile.big_endian_analog and type_flag == TypeFlag.ANALOG_VALUE
        self.plain = not (
            self.variable
            or self.swapped_value
            or layout.absent
            or layout.stamped
            or (layout.timed and not profile.plain_time)
        )
        """True where the fields of an object stand on the wire as they are."""
        self.size = self.fields.size + (6 if layout.stamped else 0)
        """The size of an object; without its text where the text brings its length along."""

    def read(self, unit: bytes, at: int) -> tuple[o.Object, int]:
        """The object at a place of the unit and the place behind it; raises `Incomplete`."""
        end = at + self.fields.size
        if end > len(unit):
            raise Incomplete
        values = list(self.fields.unpack_from(unit, at))
        if self.variable:
            text_at = end + 1
            if text_at > len(unit):
                raise Incomplete
            end = text_at + unit[end]
            values.append(unit[text_at:end])
        fields = dict.fromkeys(self.layout.absent, b"") | dict(zip(self.names, values, strict=True))
        item = self._in_standard_form(self.cls(**fields))
        if self.layout.stamped:
            item = o.Stamped(item, self.profile.read_time(unit[end : end + 6]))
            end += 6
        if end > len(unit):
            raise Incomplete
        return item, end

    def write(self, item: Any) -> bytes:
        """The bytes of an object; ValueError or struct.error where they don't fit."""
        stamp = b""
        if self.layout.stamped:
            stamp = self.profile.write_time(_six(item.time_bytes))
            item = item.object
        if self.layout.timed:
            _six(item.time_bytes)
        if not self.variable and "text_bytes" in self.names and len(item.text_bytes) != o.TEXT_LENGTH:
            # `pack` would cut or fill a text of another length without a word.
            raise ValueError(f"说明为 {o.TEXT_LENGTH} 字节。")
        if self.plain:
            return self.fields.pack(*item)
        if self.swapped_value:
            wire = item.raw_value.to_bytes(2, "big")
            item = item._replace(raw_value=int.from_bytes(wire, "little", signed=True))
        if self.layout.timed:
            item = item._replace(time_bytes=self.profile.write_time(item.time_bytes))
        values = [getattr(item, name) for name in self.names]
        text = b""
        if self.variable:
            text = values.pop()
            if len(text) > 0xFF:
                raise ValueError("配置说明最长 255 字节。")
            text = bytes((len(text),)) + text
        return self.fields.pack(*values) + text + stamp

    def holds(self, item: o.Object) -> bool:
        """True when the object belongs to this row and nothing of it would be left out."""
        if self.plain:
            return isinstance(item, self.cls)
        if self.layout.stamped:
            if not isinstance(item, o.Stamped):
                return False
            item = item.object
        return isinstance(item, self.cls) and not any(getattr(item, name) for name in self.layout.absent)

    def _in_standard_form(self, item: Any) -> Any:
        if self.swapped_value:
            wire = item.raw_value.to_bytes(2, "little", signed=True)
            item = item._replace(raw_value=int.from_bytes(wire, "big"))
        if self.layout.timed and not self.profile.plain_time:
            item = item._replace(time_bytes=self.profile.read_time(item.time_bytes))
        return item


# For the standard: type → size, unpacker and maker of those layouts that one call of `struct` reads as they are. The
# maker is the tuple's own, without the checks of `_make` that the format has already passed.
_PLAIN_ROWS: dict[int, tuple[int, Any, Any]] = {
    type_flag: (row.size, row.fields, partial(_new, row.cls))
    for type_flag, row in ((flag, _Row(layout, flag, STANDARD)) for flag, layout in LAYOUTS.items())
    if not row.variable
}


@lru_cache(maxsize=1024)
def _rows(type_flag: int, profile: Profile) -> tuple[_Row, ...]:
    return tuple(_Row(layout, type_flag, profile) for layout in profile.layouts_of(type_flag))


@lru_cache(maxsize=1024)
def _rows_to_write(type_flag: int, profile: Profile) -> tuple[_Row, ...]:
    # An object without a field belongs to the row that leaves it out; any other row would take it as well.
    return tuple(sorted(_rows(type_flag, profile), key=lambda row: not row.layout.absent))


def _row_for(item: o.Object, type_flag: int, profile: Profile) -> _Row:
    rows = _rows_to_write(type_flag, profile)
    for row in rows:
        if row.holds(item):
            return row
    due = "、".join(row.cls.__name__ for row in rows)
    raise ValueError(f"类型 {type_flag} 的信息对象是 {due}，不是 {type(item).__name__}。")


def _six(time_bytes: bytes) -> bytes:
    if len(time_bytes) != 6:
        raise ValueError("时间为 6 字节。")
    return time_bytes


def _shortest(unit: bytes, command: int, profile: Profile) -> Unit:
    if not unit:
        return _NO_QUESTION if command in _NEEDS_TYPE else EMPTY
    if profile.handshake is not None and unit[0] in profile.handshake:
        return EMPTY
    return Unit(unit[0], (), Problem(N_("应用数据单元只有一个字节，没有信息对象数目。")))


def _decode_rows(unit: bytes, profile: Profile) -> Unit:
    type_flag, count = unit[0], unit[1]
    rows = _rows(type_flag, profile)
    if not rows:
        if type_flag in profile.private_types:
            sentence = N_("类型标志 %(type)d 为厂商自定（%(name)s），版式未公开，保留原始字节。")
            return Unit(
                type_flag, (), Problem(sentence, {"type": type_flag, "name": profile.private_types[type_flag]}), count
            )
        return Unit(type_flag, (), Problem(N_("类型标志 %(type)d 不在标准之内。"), {"type": type_flag}), count)
    there = len(unit) - 2
    row = next((row for row in rows if not row.variable and there == count * row.size), rows[0])
    due = count
    if not row.variable and there != count * row.size:
        if not (profile.fewer_objects and 0 < there < count * row.size and there % row.size == 0):
            return Unit(type_flag, (), _wrong_length(there, count, row.size), count)
        due = there // row.size
    found = []
    position = 2
    for number in range(1, due + 1):
        try:
            item, position = row.read(unit, position)
        except Incomplete:
            return Unit(type_flag, (), Problem(N_("第 %(number)d 个信息对象不完整。"), {"number": number}), count)
        found.append(item)
    if position < len(unit):
        more = {"more": len(unit) - position}
        return Unit(type_flag, (), Problem(N_("信息对象之后还有 %(more)d 字节。"), more), count)
    return Unit(type_flag, tuple(found), None, count)


def _wrong_length(there: int, count: int, size: int) -> Problem:
    return Problem(
        N_("信息对象数目为 %(count)d，每个 %(size)d 字节，应有 %(due)d 字节，实有 %(there)d 字节。"),
        {"count": count, "size": size, "due": count * size, "there": there},
    )
