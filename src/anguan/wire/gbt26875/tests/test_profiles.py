"""Makers' departures from the standard: each read as its maker means it, and written back to the same bytes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.wire.gbt26875 import (
    PROFILES,
    STANDARD,
    AnalogValue,
    Clock,
    ComponentState,
    Damaged,
    DeviceState,
    Frame,
    Layout,
    Profile,
    Received,
    Registration,
    Stamped,
    SwitchValue,
    SystemState,
    SystemVersion,
    Unit,
    decode_unit,
    encode,
    encode_unit,
    looks_bcd,
    read_frame,
)
from anguan.wire.gbt26875.codes import ComponentBit, DahuaComponentBit, TypeFlag
from anguan.wire.gbt26875.layouts import LAYOUTS
from anguan.wire.gbt26875.plain import plain_object
from anguan.wire.gbt26875.tests.strategies import frames, units

MOMENT = datetime.fromisoformat("2026-08-24T14:30:15")
BINARY = bytes([15, 30, 14, 24, 8, 26])
BCD = bytes.fromhex("153014240826")
T = TypeFlag


def both_ways(unit: str, profile: Profile, objects: list[Any]) -> Unit:
    raw = bytes.fromhex(unit)
    found = decode_unit(raw, profile=profile)
    assert (list(found.objects), found.problem) == (objects, None)
    assert encode_unit(raw[0], objects, profile, found.declared) == raw
    return found


def read(hex_text: str, profile: Profile) -> Received:
    found = read_frame(bytes.fromhex(hex_text), profile)
    assert isinstance(found, Received)
    assert encode(found.frame, profile).hex() == hex_text.lower()
    return found


def test_times_in_bcd() -> None:
    profile = PROFILES["dahua-bcd"]
    (clock,) = both_ways("1c01" + BCD.hex(), profile, [Clock(BINARY)]).objects
    assert isinstance(clock, Clock)
    assert clock.time == MOMENT
    # A published sample of the maker: a manual call point on fire, loop 2, point 7.
    found = read(
        "404001000103153014240826123456789012FFFFFFFFFFFF30000202018001170200070002006D616E75616C2063616C6C20706F696E74"
        "0000000000000000000000000000153014240826672323",
        profile,
    )
    (item,) = found.unit.objects
    assert isinstance(item, ComponentState)
    assert (found.frame.time, item.time, item.text) == (MOMENT, MOMENT, "manual call point")
    assert profile.component_parts(item.component_address) == (2, 7)


# Published samples of the maker, all of 2026-08-24 14:30:15: after the header command, type, state and text.
HEAD = "000103153014240826123456789012ffffffffffff"
DAHUA_SAMPLES = [
    ("404003" + HEAD + "3000020201800128020007000200", "736d6f6b6520616c61726d", "42", ["fire"], "smoke alarm"),
    ("404004" + HEAD + "300002020180011e020007000400", "74656d7065726174757265206661756c74", "d9", ["fault"], ""),
    (
        "404005" + HEAD + "3000020201800189020007006000",
        "736f756e64206c696768742073746172746564",
        "2f",
        ["started", "feedback"],
        "",
    ),
    ("40400c" + HEAD + "3000020201800189020007000001", "706f776572206661756c74", "c8", ["power_fault"], "power fault"),
]


@pytest.mark.parametrize(("start", "text", "checksum", "bits", "words"), DAHUA_SAMPLES)
@pytest.mark.parametrize("name", ["dahua", "dahua-bcd"])
def test_samples_of_dahua(name: str, start: str, text: str, checksum: str, bits: list[str], words: str) -> None:
    profile = PROFILES[name]
    found = read(start + text.ljust(62, "0") + "153014240826" + checksum + "2323", profile)
    (item,) = found.unit.objects
    assert isinstance(item, ComponentState)
    assert [bit.key for bit in item.bits] == bits
    assert item.text == (words or bytes.fromhex(text).decode("ascii"))
    assert profile.moment(item.time_bytes) == profile.moment(found.frame.time_bytes) == MOMENT
    assert found.frame.destination == b"\xff" * 6


def test_faults_in_reserved_bits_are_told_under_the_makers_profile() -> None:
    state = ComponentState(1, 1, 40, 7, 0x0E00)
    assert state.bits == ()
    assert plain_object(state)["bits"] == []
    assert plain_object(state, PROFILES["dahua"])["bits"] == ["offline", "open_circuit", "short_circuit"]
    for bit in ComponentBit:
        assert DahuaComponentBit(bit).label == bit.label


def test_a_time_in_bcd_is_told_but_not_taken_for_a_date() -> None:
    assert Clock(BCD).time is None
    assert looks_bcd(BCD)
    assert PROFILES["dahua"].moment(BCD) == MOMENT
    assert STANDARD.moment(BCD) is None
    for six in (BINARY, bytes(6), bytes([5, 16, 8, 5, 3, 25])):
        assert not looks_bcd(six)


def test_times_with_the_year_first() -> None:
    profile = Profile("year-first", year_first_time=True)
    both_ways("1c01" + BINARY[::-1].hex(), profile, [Clock(BINARY)])
    both = Profile("year-first-bcd", year_first_time=True, bcd_time=True)
    both_ways("1c01" + BCD[::-1].hex(), both, [Clock(BINARY)])


def test_numbers_with_the_high_byte_first() -> None:
    profile = Profile("big", big_endian_serial=True, big_endian_length=True, big_endian_analog=True)
    unit = bytes.fromhex("03010c015b0403020105fff0") + BINARY
    (value,) = decode_unit(unit, profile=profile).objects
    assert isinstance(value, AnalogValue)
    assert value.raw_value == 0xFFF0
    assert encode_unit(3, [value], profile) == unit
    frame = Frame(0x0102, 1, 1, bytes(6), bytes(6), bytes(6), 2, unit)
    raw = encode(frame, profile)
    assert (raw[2:4], raw[24:26]) == (b"\x01\x02", b"\x00\x12")
    answer = read_frame(raw, profile)
    assert isinstance(answer, Received)
    assert answer.frame == frame
    assert isinstance(read_frame(raw), Damaged)


def test_the_point_before_the_loop() -> None:
    # 富贝 2018, a published sample: 05 00 65 00 is point 5 of loop 101.
    found = read(
        "404003000101"
        + "0d1016150a13"
        + "711101000000"
        + "385b01000000"
        + "3000"
        + "02"
        + "0201"
        + "010117"
        + "05006500"
        "0200" + "20" * 30 + "00" + "0c1016150a13" + "5f2323",
        PROFILES["fb2018"],
    )
    (item,) = found.unit.objects
    assert isinstance(item, ComponentState)
    assert PROFILES["fb2018"].component_parts(item.component_address) == (101, 5)
    assert PROFILES["fb2018"].component_address(101, 5) == item.component_address
    assert STANDARD.component_parts(item.component_address) == (5, 101)
    assert STANDARD.component_address(5, 101) == item.component_address


def test_fubei_2018_leaves_the_text_out_and_tells_what_has_ended() -> None:
    profile = PROFILES["fb2018"]
    state = ComponentState(1, 1, 23, 0x00650005, 2, b"", BINARY)
    both_ways("0201 010117 05006500 0200" + BINARY.hex(), profile, [state])
    both_ways("8701 010117 05006500 0200" + BINARY.hex(), profile, [state])
    both_ways("8601 0101 0200" + BINARY.hex(), profile, [SystemState(1, 1, 2, BINARY)])
    both_ways("8801 08" + BINARY.hex(), profile, [DeviceState(8, BINARY)])
    assert state.text == ""
    # With a text, were it of zeros, it takes the standard's row.
    zeros = state._replace(text_bytes=bytes(31))
    both_ways("0201 010117 05006500 0200" + "00" * 31 + BINARY.hex(), profile, [zeros])
    worded = state._replace(text_bytes=b"a" * 31)
    both_ways("0201 010117 05006500 0200" + "61" * 31 + BINARY.hex(), profile, [worded])


def test_fubei_2024_sends_switches() -> None:
    switch = SwitchValue(0, 3, 91, 1, 2, 0, bytes.fromhex("0f220e190713"))
    both_ways("9601 00 03 5b 01000000 02 0000 0f220e190713", PROFILES["fb2024"], [switch])
    assert switch.time == datetime.fromisoformat("2019-07-25T14:34:15")
    assert decode_unit(bytes.fromhex("9601" + "00" * 16)).problem is not None


def test_dahua_registers_with_a_reserved_command() -> None:
    frame = Frame(6, 1, 3, bytes(6), bytes(6), b"\xff" * 6, 0, b"\x00\x01" + bytes(110))
    raw = encode(frame)
    assert isinstance(read_frame(raw), Damaged)
    found = read_frame(raw, PROFILES["dahua"])
    assert isinstance(found, Received)
    assert found.unit.objects == (Registration(bytes(110)),)
    too_long = encode(Frame(6, 1, 3, bytes(6), bytes(6), bytes(6), 2, bytes(513)))
    assert isinstance(read_frame(too_long, PROFILES["dahua"]), Damaged)


def test_objects_without_the_time_that_belongs_to_them() -> None:
    layout = LAYOUTS[T.DEVICE_STATE]._replace(format="<B", timed=False, absent=("time_bytes",))
    profile = Profile("firmware", layouts={T.DEVICE_STATE: (layout, LAYOUTS[T.DEVICE_STATE])})
    both_ways("1501 08", profile, [DeviceState(8, b"")])
    assert DeviceState(8, b"").time is None
    both_ways("1501 08" + BINARY.hex(), profile, [DeviceState(8, BINARY)])


def test_objects_with_a_time_that_does_not_belong_to_them() -> None:
    version: Layout = LAYOUTS[T.SYSTEM_VERSION]._replace(stamped=True)
    text = LAYOUTS[T.DEVICE_CONFIGURATION]._replace(stamped=True)
    profile = Profile("simulator", layouts={T.SYSTEM_VERSION: (version,), T.DEVICE_CONFIGURATION: (text,)})
    stamped = Stamped(SystemVersion(1, 2, 3, 4), BINARY)
    both_ways("0501 01020304" + BINARY.hex(), profile, [stamped])
    assert stamped.time == MOMENT
    assert decode_unit(bytes.fromhex("1a01 02 b2e3" + BINARY.hex()), profile=profile).problem is None
    assert decode_unit(bytes.fromhex("1a01 02 b2e3" + BINARY.hex()[2:]), profile=profile).problem is not None


def test_fewer_objects_than_declared() -> None:
    profile = Profile("firmware", fewer_objects=True)
    state = DeviceState(1, BINARY)
    assert both_ways("1504 01" + BINARY.hex(), profile, [state]).declared == 4
    for unit in ("1504", "1504 01", "1501 01" + BINARY.hex() + "00"):
        assert decode_unit(bytes.fromhex(unit), profile=profile).problem is not None


@pytest.mark.parametrize(("name", "type_flag"), [("eei", 0xCC), ("eei", 0xCD), ("fscn", 0xBE)])
def test_a_makers_own_type_keeps_its_bytes_and_says_whose_it_is(name: str, type_flag: int) -> None:
    found = decode_unit(bytes([type_flag, 1, 2, 3]), profile=PROFILES[name])
    assert found.objects == ()
    assert "厂商自定" in str(found.problem)


@pytest.mark.parametrize("name", sorted(PROFILES))
@settings(max_examples=60, deadline=None)
@given(unit=units() | st.binary(min_size=2, max_size=120))
def test_a_unit_that_is_read_is_written_to_the_same_bytes(name: str, unit: bytes) -> None:
    found = decode_unit(unit, profile=PROFILES[name])
    most = LAYOUTS[found.type_flag].most if found.type_flag in LAYOUTS else 22
    if found.problem is None and found.type_flag is not None and len(found.objects) <= most:
        assert encode_unit(found.type_flag, found.objects, PROFILES[name], found.declared) == unit


@settings(max_examples=100, deadline=None)
@given(frame=frames(), flags=st.tuples(*[st.booleans()] * 5))
def test_frames_survive_every_mixture_of_orders_and_codings(frame: Frame, flags: tuple[bool, ...]) -> None:
    bcd, year_first, serial, length, analog = flags
    profile = replace(
        STANDARD,
        name=str(flags),
        bcd_time=bcd,
        year_first_time=year_first,
        big_endian_serial=serial,
        big_endian_length=length,
        big_endian_analog=analog,
    )
    found = read_frame(encode(frame, profile), profile)
    assert isinstance(found, Received)
    assert found.frame == frame
    if found.unit.problem is None and found.unit.objects and len(found.unit.objects) <= 1:
        assert encode_unit(found.unit.type_flag or 0, found.unit.objects, profile, found.unit.declared) == frame.unit
