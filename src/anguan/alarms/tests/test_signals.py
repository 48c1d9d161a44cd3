"""What a state word says, in the words of figures 6, 9 and 14 of GB/T 26875.3-2011."""

import json
from datetime import UTC, datetime

import pytest

from anguan.alarms.rules.signals import (
    DEVICE_ITSELF,
    LEAST_URGENT,
    Observation,
    PointKey,
    SignalKind,
    as_json,
    as_text,
    from_json,
    kinds_of_component_state,
    kinds_of_device_state,
    kinds_of_system_state,
    urgency,
)

K = SignalKind


@pytest.mark.parametrize(
    ("bits", "kinds"),
    [
        pytest.param(0x0000, {K.TEST}, id="全零是测试"),
        pytest.param(0x0001, {K.NORMAL}, id="正常运行"),
        pytest.param(0x0002, {K.FIRE}, id="火警时第0位为0，不是测试"),
        pytest.param(0x0003, {K.FIRE}, id="火警"),
        pytest.param(0x0021, {K.STARTED}, id="正常且启动"),
        pytest.param(0x0060, {K.STARTED, K.FEEDBACK}, id="启动并反馈"),
        pytest.param(0x0008, {K.SHIELDED}, id="屏蔽"),
        pytest.param(0x0080, {K.DELAYED}, id="延时"),
        pytest.param(0x0100, {K.POWER_FAULT}, id="电源故障"),
        pytest.param(0x0200, {K.OTHER}, id="部件的保留位"),
    ],
)
def test_the_state_of_a_component(bits: int, kinds: set[SignalKind]) -> None:
    assert kinds_of_component_state(bits) == kinds


@pytest.mark.parametrize(
    ("bits", "kinds"),
    [
        pytest.param(0x0200, {K.POWER_FAULT}, id="备电故障"),
        pytest.param(0x0400, {K.FAULT}, id="总线故障"),
        pytest.param(0x0801, {K.MANUAL_MODE}, id="手动状态"),
        pytest.param(0x2001, {K.RESET}, id="复位"),
        pytest.param(0x1001, {K.OTHER}, id="配置改变"),
        pytest.param(0x0012, {K.FIRE, K.SUPERVISORY}, id="火警和监管"),
    ],
)
def test_the_state_of_a_system(bits: int, kinds: set[SignalKind]) -> None:
    assert kinds_of_system_state(bits) == kinds


@pytest.mark.parametrize(
    ("bits", "kinds"),
    [
        pytest.param(0x00, {K.TEST}, id="测试"),
        pytest.param(0x01, {K.NORMAL}, id="正常监视"),
        pytest.param(0x02, {K.FIRE}, id="火警"),
        pytest.param(0x09, {K.POWER_FAULT}, id="主电故障，不是屏蔽"),
        pytest.param(0x11, {K.POWER_FAULT}, id="备电故障，不是监管"),
        pytest.param(0x21, {K.FAULT}, id="信道故障，不是启动"),
        pytest.param(0x41, {K.FAULT}, id="线路故障"),
    ],
)
def test_the_state_of_the_device_has_places_of_its_own(bits: int, kinds: set[SignalKind]) -> None:
    assert kinds_of_device_state(bits) == kinds


def test_a_fire_goes_before_everything_it_came_with() -> None:
    fault, fire = (Observation(DEVICE_ITSELF, frozenset({kind})) for kind in (K.FAULT, K.FIRE))
    assert urgency([fault]) > urgency([fault, fire]) == urgency([fire]) == 0
    assert urgency([]) == LEAST_URGENT
    assert urgency([Observation(None, frozenset({K.HEARTBEAT}))]) == LEAST_URGENT


@pytest.mark.parametrize(
    "observation",
    [
        Observation(None, frozenset({K.HEARTBEAT})),
        Observation(PointKey(1, 1, 40, 0x00020001), frozenset({K.FIRE, K.FEEDBACK}), state=0x42, text="三层走道"),
        Observation(
            PointKey(11, 2, 99, 7),
            frozenset({K.READING}),
            value=0.0,
            unit="kPa",
            occurred_at=datetime(2026, 11, 23, 14, 15, 30, tzinfo=UTC),
        ),
    ],
)
def test_an_observation_comes_back_as_it_was_stored(observation: Observation) -> None:
    assert from_json(as_json(observation)) == observation
    assert json.loads(as_text([observation, observation])) == [as_json(observation)] * 2
