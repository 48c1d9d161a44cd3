"""Every type of the standard, read both ways: bytes laid out by hand from clause 8.3, and what they say."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from anguan.wire.gbt26875 import (
    EMPTY,
    LAYOUTS,
    AnalogValue,
    Clock,
    ComponentConfiguration,
    ComponentQuery,
    ComponentState,
    DeviceConfiguration,
    DeviceOperation,
    DeviceOperationsQuery,
    DeviceQuery,
    DeviceState,
    DeviceVersion,
    DutyCheck,
    Object,
    SystemClock,
    SystemConfiguration,
    SystemOperation,
    SystemOperationsQuery,
    SystemQuery,
    SystemState,
    SystemVersion,
    decode_unit,
    encode_unit,
    read_text,
    text_bytes,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag

# 2026-11-27 09:30:05 as second, minute, hour, day, month, year.
TIME_HEX = "051e091b0b1a"
TIME = bytes([5, 30, 9, 27, 11, 26])
MOMENT = datetime.fromisoformat("2026-11-27T09:30:05")
# 三层东 in GB 18030: 三 C8FD, 层 B2E3, 东 B6AB.
TEXT_HEX = "c8fdb2e3b6ab" + "00" * 25
TEXT = bytes.fromhex(TEXT_HEX)

# (type, unit in hex, its objects); bytes stand in the order of the table, numbers low byte first.
ROWS: list[tuple[int, str, list[Object]]] = [
    (1, "01 01  01 02 0020" + TIME_HEX, [SystemState(1, 2, 0x2000, TIME)]),
    (
        1,
        "01 02  0a 00 2100" + TIME_HEX + "ff ff ffff 000000000000",
        [SystemState(10, 0, 0x0021, TIME), SystemState(255, 255, 0xFFFF, bytes(6))],
    ),
    (
        2,
        "02 01  01 02 28 0a000200 0200" + TEXT_HEX + TIME_HEX,
        [ComponentState(1, 2, 40, 0x0002000A, 0x0002, TEXT, TIME)],
    ),
    (3, "03 01  0c 01 5b 04030201 05 9cff" + TIME_HEX, [AnalogValue(12, 1, 91, 0x01020304, 5, -100, TIME)]),
    (4, "04 01  01 02 21 07" + TIME_HEX, [SystemOperation(1, 2, 0x21, 7, TIME)]),
    (5, "05 01  01 02 03 0c", [SystemVersion(1, 2, 3, 12)]),
    (
        6,
        "06 02  01 02 04 b2e3b6ab  0b 00 00",
        [SystemConfiguration(1, 2, bytes.fromhex("b2e3b6ab")), SystemConfiguration(11, 0, b"")],
    ),
    (7, "07 01  01 02 28 0a000200" + TEXT_HEX, [ComponentConfiguration(1, 2, 40, 0x0002000A, TEXT)]),
    (8, "08 01  01 02" + TIME_HEX, [SystemClock(1, 2, TIME)]),
    (21, "15 01  09" + TIME_HEX, [DeviceState(0x09, TIME)]),
    (24, "18 01  20 03" + TIME_HEX, [DeviceOperation(0x20, 3, TIME)]),
    (25, "19 01  02 05", [DeviceVersion(2, 5)]),
    (26, "1a 01  02 b2e3", [DeviceConfiguration(bytes.fromhex("b2e3"))]),
    (28, "1c 01" + TIME_HEX, [Clock(TIME)]),
    (61, "3d 02  01 02  0b 00", [SystemQuery(1, 2), SystemQuery(11, 0)]),
    (62, "3e 01  01 02 0a000200", [ComponentQuery(1, 2, 0x0002000A)]),
    (63, "3f 01  01 02 0a000200", [ComponentQuery(1, 2, 0x0002000A)]),
    (64, "40 01  01 02 66" + TIME_HEX, [SystemOperationsQuery(1, 2, 102, TIME)]),
    (65, "41 01  01 02", [SystemQuery(1, 2)]),
    (66, "42 01  01 02", [SystemQuery(1, 2)]),
    (67, "43 01  01 02 0a000200", [ComponentQuery(1, 2, 0x0002000A)]),
    (68, "44 01  01 02", [SystemQuery(1, 2)]),
    (81, "51 01  00", [DeviceQuery(0)]),
    (84, "54 01  66" + TIME_HEX, [DeviceOperationsQuery(102, TIME)]),
    (85, "55 01  00", [DeviceQuery(0)]),
    (86, "56 01  00", [DeviceQuery(0)]),
    (88, "58 01  00", [DeviceQuery(0)]),
    (89, "59 01  00", [DeviceQuery(0)]),
    (90, "5a 01" + TIME_HEX, [Clock(TIME)]),
    (91, "5b 01  0a", [DutyCheck(10)]),
]
# Object sizes and the most objects of a frame, as the tables of the reference state them; "+n" is a text of n bytes.
SIZES = {
    1: (10, 102),
    2: (46, 22),
    3: (16, 63),
    4: (10, 102),
    5: (4, 1),
    6: (3, 3),
    7: (38, 26),
    8: (8, 1),
    21: (7, 1),
    24: (8, 127),
    25: (2, 1),
    26: (1, 1),
    28: (6, 1),
    61: (2, 102),
    62: (6, 22),
    63: (6, 63),
    64: (9, 1),
    65: (2, 1),
    66: (2, 3),
    67: (6, 26),
    68: (2, 1),
    81: (1, 1),
    84: (7, 1),
    85: (1, 1),
    86: (1, 1),
    88: (1, 1),
    89: (1, 1),
    90: (6, 1),
    91: (1, 1),
}


@pytest.mark.parametrize(("type_flag", "unit", "objects"), ROWS, ids=[f"{row[0]}" for row in ROWS])
def test_a_unit_is_read_and_written(type_flag: int, unit: str, objects: list[Object]) -> None:
    raw = bytes.fromhex(unit)
    found = decode_unit(raw)
    assert (found.type_flag, list(found.objects), found.problem) == (type_flag, objects, None)
    assert [type(item) for item in found.objects] == [type(item) for item in objects]
    assert encode_unit(type_flag, objects) == raw


def test_no_type_of_the_standard_is_missing() -> None:
    assert {row[0] for row in ROWS} == set(SIZES) == set(LAYOUTS) == {int(flag) for flag in TypeFlag}


@pytest.mark.parametrize("type_flag", SIZES)
def test_a_frame_takes_as_many_objects_as_the_table_says(type_flag: int) -> None:
    size, most = SIZES[type_flag]
    (item, *_) = next(row[2] for row in ROWS if row[0] == type_flag)
    text = getattr(item, "text_bytes", b"") if type_flag in {6, 26} else b""
    unit = encode_unit(type_flag, [item] * most)
    assert len(unit) == 2 + most * (size + len(text)) <= 1024
    with pytest.raises(ValueError, match="最多"):
        encode_unit(type_flag, [item] * (most + 1))


def meaning(type_flag: int) -> Any:
    return next(row[2][0] for row in ROWS if row[0] == type_flag)


def test_what_fields_mean() -> None:
    assert (meaning(2).text, meaning(2).time) == ("三层东", MOMENT)
    assert [bit.key for bit in meaning(1).bits] == ["reset"]
    assert [bit.key for bit in meaning(2).bits] == ["fire"]
    assert [bit.key for bit in meaning(4).bits] == ["reset", "acknowledge"]
    assert [bit.key for bit in meaning(21).bits] == ["normal", "main_power_fault"]
    assert [bit.key for bit in meaning(24).bits] == ["duty_check_answered"]
    assert (meaning(3).value, meaning(3).unit, meaning(3).time) == (Decimal("-10.0"), "kPa", MOMENT)
    assert meaning(6).text == "层东"
    assert [item.time for item in (meaning(8), meaning(28), meaning(64), meaning(84), meaning(90))] == [MOMENT] * 5


@pytest.mark.parametrize(
    ("analog_type", "raw_value", "value", "unit"),
    [
        (1, 7, "7", "件"),
        (2, 320, "3.20", "m"),
        (3, -273, "-27.3", "℃"),
        (4, 12, "1.2", "MPa"),
        (6, 255, "25.5", "%LEL"),
        (7, 60, "60", "s"),
        (8, 2201, "220.1", "V"),
        (12, 20, "20", "m/s"),
        (200, 5, "5", None),
    ],
)
def test_an_analog_value_is_told_in_its_unit(analog_type: int, raw_value: int, value: str, unit: str | None) -> None:
    item = AnalogValue(1, 1, 1, 1, analog_type, raw_value)
    assert (item.value, item.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("padded", "text"),
    [
        ("c8fd" + "00" * 29, "三"),
        ("20" * 29 + "c8fd", "三"),
        ("0000c8fd2000", "三"),
        ("c8fd00b2e3", "三 层"),
        ("00" * 31, ""),
        ("ff41", "�A"),
        ("8140b2", "丂�"),
        ("95328236", "\U00020000"),
    ],
    ids=["补零", "前补空格", "两端", "中间有零", "空", "不是字", "半个字", "四字节字"],
)
def test_a_text_loses_its_padding_and_nothing_else(padded: str, text: str) -> None:
    assert read_text(bytes.fromhex(padded)) == text


def test_a_text_is_cut_at_a_whole_character() -> None:
    assert text_bytes("感" * 20) == ("感" * 15).encode("gb18030") + b"\0"
    assert text_bytes("三层东") == TEXT


@pytest.mark.parametrize(
    "six", ["000000000000", "3c1e091b0b1a", "051e181b0b1a", "051e091e021a", "051e091b0d1a", "051e091b0b64"]
)
def test_a_time_that_is_no_date_is_none(six: str) -> None:
    assert Clock(bytes.fromhex(six)).time is None


@pytest.mark.parametrize(
    ("unit", "type_flag", "words"),
    [
        ("15", 21, "没有信息对象数目"),
        ("15 01 08", 21, "应有 7 字节，实有 1 字节"),
        ("15 01 08" + TIME_HEX + "00", 21, "应有 7 字节，实有 8 字节"),
        ("02 04 " + "00" * 46, 2, "信息对象数目为 4"),
        ("06 01 01 02 05 b2e3", 6, "第 1 个信息对象不完整"),
        ("06 02 01 02 02 b2e3 01", 6, "第 2 个信息对象不完整"),
        ("06 02 01 02 02 b2e3 01 02", 6, "第 2 个信息对象不完整"),
        ("1a 01 01 b2 e3", 26, "还有 1 字节"),
        ("96 01 00", 150, "类型标志 150"),
        ("00 01 00", 0, "类型标志 0"),
    ],
)
def test_an_unreadable_unit_says_why_and_has_no_objects(unit: str, type_flag: int, words: str) -> None:
    found = decode_unit(bytes.fromhex(unit))
    assert (found.type_flag, found.objects) == (type_flag, ())
    assert words in str(found.problem)


def test_an_empty_unit_is_a_heartbeat_or_an_answer_but_no_question() -> None:
    for command in (Command.SEND, Command.CONFIRM, Command.DENY):
        assert decode_unit(b"", command) == EMPTY
    for command in (Command.CONTROL, Command.REQUEST, Command.REPLY):
        assert decode_unit(b"", command).problem is not None


def test_no_objects_at_all_are_no_problem() -> None:
    assert decode_unit(b"\x02\x00") == (2, (), None, 0)


@pytest.mark.parametrize(
    ("type_flag", "item"),
    [
        (1, DutyCheck(1)),
        (1, SystemState(1, 2, 0x10000)),
        (1, SystemState(1, 2, -1)),
        (1, SystemState(1, 2, 3, b"\0")),
        (2, ComponentState(1, 2, 3, 4, 5, b"short")),
        (3, AnalogValue(1, 1, 1, 1, 1, 40_000)),
        (26, DeviceConfiguration(b"x" * 256)),
        (99, DutyCheck(1)),
    ],
)
def test_what_does_not_fit_is_not_written(type_flag: int, item: Object) -> None:
    with pytest.raises(ValueError, match=r"类型|时间|说明|字节"):
        encode_unit(type_flag, [item])
