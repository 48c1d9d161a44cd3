"""The code tables, against values written down from the standard's figures and tables."""

import pytest

from anguan.wire.gbt26875.codes import (
    AnalogType,
    Bit,
    Coded,
    Command,
    ComponentBit,
    ComponentType,
    DeviceBit,
    DeviceOperationBit,
    SystemBit,
    SystemOperationBit,
    SystemType,
    bits_set,
    is_test,
    name_of,
    named,
    reserved_bits,
)


@pytest.mark.parametrize(
    ("table", "value", "name"),
    [
        (Command, 3, "确认"),
        (SystemType, 1, "火灾报警系统"),
        (SystemType, 20, "消防电梯"),
        (SystemType, 23, "消防电源"),
        (SystemType, 24, "消防电话"),
        (SystemType, 5, None),
        (SystemType, 128, None),
        (ComponentType, 23, "手动火灾报警按钮"),
        (ComponentType, 40, "感烟火灾探测器"),
        (ComponentType, 102, "防火门"),
        (ComponentType, 121, "警报装置"),
        (ComponentType, 122, None),
        (AnalogType, 5, "压力"),
        (AnalogType, 13, None),
    ],
)
def test_a_value_has_the_name_of_the_standard(table: type[Coded], value: int, name: str | None) -> None:
    assert name_of(table, value) == name


COMPONENTS = {
    *(0, 1, 10, 11, 12, 13, 16, 17, 18, 21, 22, 23, 24, 25, 30, 31, 32, 33, 34, 35, 36, 37, 40, 41, 42, 43, 44),
    *(50, 51, 52, 53, 61, 62, 69, 74, 78, 79, 81, 82, 83, 84, 85, 86, 87, 88, 91, 92, 95, 96, 97, 98, 99),
    *(101, 102, 103, 104, 105, 106, 111, 113, 114, 115, 116, 117, 118, 121),
}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (SystemType, {0, 1, *range(10, 25)}),
        (ComponentType, COMPONENTS),
        (AnalogType, set(range(13))),
        (SystemBit, set(range(14))),
        (ComponentBit, set(range(9))),
        (DeviceBit, set(range(7))),
        (SystemOperationBit, set(range(7))),
        (DeviceOperationBit, set(range(7))),
    ],
)
def test_no_row_is_missing(table: type[Coded], values: set[int]) -> None:
    assert {int(member) for member in table} == values


@pytest.mark.parametrize(
    ("value", "unit", "decimals"), [(2, "m", 2), (3, "℃", 1), (4, "MPa", 1), (5, "kPa", 1), (12, "m/s", 0), (0, "", 0)]
)
def test_units_and_steps(value: int, unit: str, decimals: int) -> None:
    kind = named(AnalogType, value)
    assert kind is not None
    assert (kind.unit, kind.decimals) == (unit, decimals)


@pytest.mark.parametrize(
    ("table", "state", "keys"),
    [
        (SystemBit, 0x0021, ["normal", "started"]),
        (SystemBit, 0x2F00, ["main_power_fault", "standby_power_fault", "bus_fault", "manual", "reset"]),
        (SystemBit, 0xC000, []),
        (ComponentBit, 0x0060, ["started", "feedback"]),
        (ComponentBit, 0x0100, ["power_fault"]),
        (ComponentBit, 0x0200, []),
        (DeviceBit, 0x78, ["main_power_fault", "standby_power_fault", "link_fault", "line_fault"]),
        (SystemOperationBit, 0x20, ["acknowledge"]),
        (DeviceOperationBit, 0x20, ["duty_check_answered"]),
    ],
)
def test_bits_stand_where_the_figures_put_them(table: type[Bit], state: int, keys: list[str]) -> None:
    assert [bit.key for bit in bits_set(table, state)] == keys


def test_reserved_bits_are_kept_apart() -> None:
    assert reserved_bits(ComponentBit, 0x8302) == 0x8200
    assert reserved_bits(DeviceBit, 0x7F) == 0


def test_a_clear_bit_0_means_test_only_while_nothing_else_is_reported() -> None:
    assert is_test(0)
    assert not is_test(SystemBit.FIRE.mask)


def test_members_are_numbers_with_a_word_for_each_side() -> None:
    assert SystemType.FIRE_ALARM + 0 == 1
    assert (SystemBit.MANUAL.label, SystemBit.MANUAL.off_label, SystemBit.MANUAL.mask) == ("手动状态", "自动状态", 2048)
    with pytest.raises(TypeError, match="without its Chinese name"):

        class Nameless(Coded):
            ONE = 1
