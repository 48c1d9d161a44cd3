"""What frames say, whatever dialect they say it in."""

from datetime import datetime

import pytest

from anguan.alarms.rules.devices import Profile
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.gateway.observing import HEARTBEAT, observe
from anguan.ground.clock import CHINA
from anguan.wire.gbt26875 import (
    PROFILES,
    Connection,
    Frame,
    Received,
    Role,
    address,
    decode_unit,
    encode,
    encode_unit,
    read_frame,
)
from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.frames import confirmation
from anguan.wire.gbt26875.units import EMPTY

K = SignalKind
AT = bytes([30, 15, 22, 23, 11, 26])
THEN = datetime(2026, 11, 23, 22, 15, 30, tzinfo=CHINA)


def said(type_flag: int, *objects: o.Object, profile: str = "standard") -> tuple[Observation, ...]:
    dialect = PROFILES[profile]
    return observe(decode_unit(encode_unit(type_flag, objects, dialect), 2, dialect), 2, dialect)


@pytest.mark.parametrize(
    ("type_flag", "item", "expected"),
    [
        pytest.param(
            2,
            o.ComponentState(1, 1, 42, 0x00070001, 2, o.text_bytes("三层走道"), AT),
            Observation(PointKey(1, 1, 42, 0x00070001), frozenset({K.FIRE}), 2, text="三层走道", occurred_at=THEN),
            id="部件火警",
        ),
        pytest.param(
            1,
            o.SystemState(10, 2, 0x0801, AT),
            Observation(PointKey(10, 2), frozenset({K.MANUAL_MODE}), 0x0801, occurred_at=THEN),
            id="联动控制器手动",
        ),
        pytest.param(
            3,
            o.AnalogValue(11, 1, 99, 7, 5, 355, AT),
            Observation(PointKey(11, 1, 99, 7), frozenset({K.READING}), value=35.5, unit="kPa", occurred_at=THEN),
            id="管网压力",
        ),
        pytest.param(
            21,
            o.DeviceState(9, AT),
            Observation(None, frozenset({K.POWER_FAULT}), 9, occurred_at=THEN),
            id="传输装置主电故障",
        ),
        pytest.param(
            24,
            o.DeviceOperation(0x20, 3, AT),
            Observation(None, frozenset({K.OPERATION, K.CHECK_ANSWERED}), 0x20, text="操作员 3", occurred_at=THEN),
            id="查岗应答",
        ),
        pytest.param(
            4,
            o.SystemOperation(1, 1, 0x04, 0, bytes(6)),
            Observation(PointKey(1, 1), frozenset({K.OPERATION, K.FIRE}), 4),
            id="手动报警，装置没有时钟",
        ),
        pytest.param(
            4,
            o.SystemOperation(1, 1, 0x02, 0, AT),
            Observation(PointKey(1, 1), frozenset({K.OPERATION}), 2, occurred_at=THEN),
            id="消音不是报警",
        ),
        pytest.param(
            7,
            o.ComponentConfiguration(1, 1, 42, 9, o.text_bytes("地下一层配电室")),
            Observation(PointKey(1, 1, 42, 9), frozenset({K.OTHER}), text="地下一层配电室"),
            id="部件配置",
        ),
    ],
)
def test_an_object_and_what_it_says(type_flag: int, item: o.Object, expected: Observation) -> None:
    assert said(type_flag, item) == (expected,)


def test_an_empty_upload_is_a_heartbeat_and_an_empty_control_says_nothing() -> None:
    assert observe(EMPTY, 2) == HEARTBEAT
    assert observe(decode_unit(b"", 1), 1) == ()


def test_what_can_not_be_read_says_nothing_rather_than_normal() -> None:
    assert observe(decode_unit(b"\x02\x01\x01"), 2) == ()
    assert observe(decode_unit(b"\xfe\x01\x01"), 2) == ()


def test_one_maker_takes_a_state_back_by_a_type_of_its_own() -> None:
    ended = said(0x87, o.ComponentState(1, 1, 42, 7, 2, time_bytes=AT), profile="fb2018")
    assert [each.kinds for each in ended] == [{K.NORMAL}]


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        pytest.param(0x0201, {K.FAULT}, id="离线"),
        pytest.param(0x1001, {K.FAULT}, id="被拆除"),
        pytest.param(0x4002, {K.FIRE, K.FAULT}, id="火警和传感器故障"),
        pytest.param(0x0001, {K.NORMAL}, id="正常"),
        pytest.param(0x2001, {K.OTHER}, id="没有定义的位"),
    ],
)
def test_faults_in_bits_that_the_standard_reserves_are_faults_of_the_maker_who_uses_them(
    state: int, kinds: set[SignalKind]
) -> None:
    item = o.ComponentState(1, 1, 42, 7, state, time_bytes=AT)
    for profile in ("dahua", "dahua-bcd"):
        assert [each.kinds for each in said(2, item, profile=profile)] == [kinds]
    if state == 0x0201:
        assert [each.kinds for each in said(2, item)] == [{K.OTHER}]


def test_every_profile_that_can_be_chosen_is_one_that_the_wire_knows() -> None:
    assert {profile.value for profile in Profile} == set(PROFILES)


def test_the_short_way_to_a_confirmation_gives_the_bytes_of_the_long_one() -> None:
    asked = read_frame(encode(Frame(0x2323, 2, 3, AT, address(11111), address(88888), 2, b"\x02\x01")))
    assert isinstance(asked, Received)
    connection = Connection(Role.CENTRE)
    assert confirmation(asked.frame, AT) == connection.confirm(asked, THEN)


@pytest.mark.parametrize(
    ("type_flag", "kinds"), [(2, {K.FIRE}), (0x87, {K.NORMAL}), (0x96, {K.FIRE}), (0x97, {K.FIRE})]
)
def test_only_what_is_known_to_take_a_state_back_does_so(type_flag: int, kinds: set[SignalKind]) -> None:
    (observation,) = said(type_flag, o.SwitchValue(1, 1, 42, 7, 1, 2, AT), profile="fb2024")
    assert observation.kinds == kinds
