"""From the objects of GB/T 26875.3 to observations: what a frame says, without how it said it. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from anguan.alarms.intake import NO_COMPONENT, kinds_of_component_state, kinds_of_device_state, kinds_of_system_state
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.ground.clock import CHINA
from anguan.wire.gbt26875 import STANDARD, Profile, read_text, read_time
from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import (
    AnalogType,
    Command,
    ComponentBit,
    DahuaComponentBit,
    DeviceOperationBit,
    SystemOperationBit,
    named,
)
from anguan.wire.gbt26875.units import Unit

HEARTBEAT: Final = (Observation(None, frozenset({SignalKind.HEARTBEAT})),)
_READING: Final = frozenset({SignalKind.READING})
_OTHER: Final = frozenset({SignalKind.OTHER})
_OVER: Final = frozenset({SignalKind.NORMAL})
_FAULT: Final = frozenset({SignalKind.FAULT})
_FAULTS_OF_DAHUA: Final = sum(1 << bit for bit in set(DahuaComponentBit) - set(ComponentBit))
# 富贝: types by which a state that was reported before is taken back. 0x97 looks like one and is not known to be.
_ENDS: Final = frozenset({0x86, 0x87, 0x88})

_OPERATIONS: Final = {
    SystemOperationBit.RESET: SignalKind.RESET,
    SystemOperationBit.MANUAL_ALARM: SignalKind.FIRE,
    SystemOperationBit.SELF_TEST: SignalKind.TEST,
    SystemOperationBit.TEST: SignalKind.TEST,
    DeviceOperationBit.RESET: SignalKind.RESET,
    DeviceOperationBit.MANUAL_ALARM: SignalKind.FIRE,
    DeviceOperationBit.SELF_TEST: SignalKind.TEST,
    DeviceOperationBit.DUTY_CHECK_ANSWERED: SignalKind.CHECK_ANSWERED,
    DeviceOperationBit.TEST: SignalKind.TEST,
}


def observe(unit: Unit, command: int, profile: Profile = STANDARD) -> tuple[Observation, ...]:
    """What a sound frame says; nothing where its unit can't be read, for then nobody knows."""
    if unit.type_flag is None:
        return HEARTBEAT if unit.problem is None and command in _LIVING else ()
    is_over = unit.type_flag in _ENDS
    makers = _MAKERS if profile.component_bits is ComponentBit else _MAKERS_OF_DAHUA
    return tuple([makers[type(item)](item, is_over) for item in unit.objects if type(item) in makers])


_LIVING: Final = frozenset({Command.SEND, Command.KEEP_ALIVE})


@lru_cache(maxsize=4096)
def moment(six: bytes) -> datetime | None:
    """A time of the device: devices write the time of the place, which is that of China."""
    read = read_time(six)
    return None if read is None else read.replace(tzinfo=CHINA)


# Points repeat and so do their texts; decoding GB 18030 anew each time would cost as much as the rest of the frame.
_text = lru_cache(maxsize=16384)(read_text)
_point = lru_cache(maxsize=16384)(PointKey)


def _component_state(item: o.ComponentState, is_over: bool) -> Observation:
    return Observation(
        _point(item.system_type, item.system_address, item.component_type, item.component_address),
        _OVER if is_over else kinds_of_component_state(item.state),
        item.state,
        None,
        "",
        _text(item.text_bytes),
        moment(item.time_bytes),
    )


def _component_state_of_dahua(item: o.ComponentState, is_over: bool) -> Observation:
    """大华 tells of further faults in the bits that the standard reserves."""
    said = _component_state(item, is_over)
    return replace(said, kinds=said.kinds - _OTHER | _FAULT) if item.state & _FAULTS_OF_DAHUA else said


def _switch(item: o.SwitchValue, is_over: bool) -> Observation:
    return Observation(
        _point(item.system_type, item.system_address, item.component_type, item.component_address),
        _OVER if is_over else kinds_of_component_state(item.state),
        item.state,
        occurred_at=moment(item.time_bytes),
    )


def _system_state(item: o.SystemState, is_over: bool) -> Observation:
    return Observation(
        _point(item.system_type, item.system_address, NO_COMPONENT, 0),
        _OVER if is_over else kinds_of_system_state(item.state),
        item.state,
        occurred_at=moment(item.time_bytes),
    )


def _device_state(item: o.DeviceState, is_over: bool) -> Observation:
    return Observation(
        None,
        _OVER if is_over else kinds_of_device_state(item.state),
        item.state,
        occurred_at=moment(item.time_bytes),
    )


@lru_cache(maxsize=256)
def _measure(analog_type: int) -> tuple[str, int]:
    """The unit of an analog type, and what its number is divided by."""
    kind = named(AnalogType, analog_type)
    return (kind.unit, 10**kind.decimals) if kind else ("", 1)


def _analog(item: o.AnalogValue, _is_over: bool) -> Observation:
    unit, steps = _measure(item.analog_type)
    return Observation(
        _point(item.system_type, item.system_address, item.component_type, item.component_address),
        _READING,
        None,
        item.raw_value / steps,
        unit,
        "",
        moment(item.time_bytes),
    )


def _operation(kinds: frozenset[SignalKind], point: PointKey | None, item: Any) -> Observation:
    return Observation(
        point,
        kinds | {SignalKind.OPERATION},
        item.operation,
        text=f"操作员 {item.operator}" if item.operator else "",
        occurred_at=moment(item.time_bytes),
    )


def _kinds_done(bits: tuple[Any, ...]) -> frozenset[SignalKind]:
    return frozenset(_OPERATIONS[bit] for bit in bits if bit in _OPERATIONS)


def _system_operation(item: o.SystemOperation, _is_over: bool) -> Observation:
    point = _point(item.system_type, item.system_address, NO_COMPONENT, 0)
    return _operation(_kinds_done(item.bits), point, item)


def _device_operation(item: o.DeviceOperation, _is_over: bool) -> Observation:
    return _operation(_kinds_done(item.bits), None, item)


def _told(item: Any, _is_over: bool) -> Observation:
    """Configuration, versions and clocks: words about a point that change nothing."""
    point = None
    if hasattr(item, "component_address"):
        point = _point(item.system_type, item.system_address, item.component_type, item.component_address)
    elif hasattr(item, "system_type"):
        point = _point(item.system_type, item.system_address, NO_COMPONENT, 0)
    text = ""
    if hasattr(item, "text_bytes"):
        text = _text(item.text_bytes)
    elif hasattr(item, "major"):
        text = f"{item.major}.{item.minor}"
    at = moment(item.time_bytes) if hasattr(item, "time_bytes") else None
    return Observation(point, _OTHER, text=text, occurred_at=at)


def _stamped(item: o.Stamped, is_over: bool) -> Observation:
    make = _MAKERS.get(type(item.object), _told)
    return make(item.object, is_over)


_MAKERS: dict[type[Any], Callable[[Any, bool], Observation]] = {
    o.ComponentState: _component_state,
    o.SystemState: _system_state,
    o.DeviceState: _device_state,
    o.AnalogValue: _analog,
    o.SwitchValue: _switch,
    o.SystemOperation: _system_operation,
    o.DeviceOperation: _device_operation,
    o.SystemVersion: _told,
    o.DeviceVersion: _told,
    o.SystemConfiguration: _told,
    o.ComponentConfiguration: _told,
    o.DeviceConfiguration: _told,
    o.SystemClock: _told,
    o.Clock: _told,
    o.Stamped: _stamped,
}
_MAKERS_OF_DAHUA: dict[type[Any], Callable[[Any, bool], Observation]] = {
    **_MAKERS,
    o.ComponentState: _component_state_of_dahua,
}
