"""信号: what a device said, in words that no protocol owns.

The gateway turns frames, messages and requests into `Observation`s; everything behind it reads only these.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class SignalKind(Labelled):
    """信号类别: what one observation says; several may hold at once."""

    FIRE = "fire", N_("火警")
    FAULT = "fault", N_("故障")
    SHIELDED = "shielded", N_("屏蔽")
    SUPERVISORY = "supervisory", N_("监管")
    STARTED = "started", N_("启动")
    FEEDBACK = "feedback", N_("反馈")
    DELAYED = "delayed", N_("延时")
    POWER_FAULT = "power_fault", N_("电源故障")
    NORMAL = "normal", N_("正常")
    TEST = "test", N_("测试")
    RESET = "reset", N_("复位")
    MANUAL_MODE = "manual_mode", N_("手动")
    OFFLINE = "offline", N_("离线")
    ONLINE = "online", N_("恢复在线")
    HEARTBEAT = "heartbeat", N_("心跳")
    CHECK_ANSWERED = "check_answered", N_("查岗应答")
    OPERATION = "operation", N_("操作")
    READING = "reading", N_("模拟量")
    OTHER = "other", N_("其他")


NO_COMPONENT: Final = -1
"""The component type of a key that means a whole system, or the device itself."""


@dataclass(frozen=True, slots=True)
class PointKey:
    """点位地址: the four numbers by which a device names a point; a system has no component, a device neither."""

    system_type: int
    system_address: int
    component_type: int = NO_COMPONENT
    component_address: int = 0


DEVICE_ITSELF: Final = PointKey(0, 0)


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing a device said about one point, or about itself where `point` is None.

    `state` is the state word as it came, None where there was none; `occurred_at` the device's own time, None where
    it had no clock.
    """

    point: PointKey | None
    kinds: frozenset[SignalKind]
    state: int | None = None
    value: float | None = None
    unit: str = ""
    text: str = ""
    occurred_at: datetime | None = None


_Bits = tuple[tuple[int, SignalKind], ...]

# GB/T 26875.3-2011 figures 6 and 9: the lower byte of a component's state word is that of its system.
_SHARED: Final[_Bits] = (
    (1, SignalKind.FIRE),
    (2, SignalKind.FAULT),
    (3, SignalKind.SHIELDED),
    (4, SignalKind.SUPERVISORY),
    (5, SignalKind.STARTED),
    (6, SignalKind.FEEDBACK),
    (7, SignalKind.DELAYED),
)
_OF_COMPONENT: Final[_Bits] = (*_SHARED, (8, SignalKind.POWER_FAULT))
_OF_SYSTEM: Final[_Bits] = (
    *_SHARED,
    (8, SignalKind.POWER_FAULT),
    (9, SignalKind.POWER_FAULT),
    # 总线故障
    (10, SignalKind.FAULT),
    (11, SignalKind.MANUAL_MODE),
    # 配置改变
    (12, SignalKind.OTHER),
    (13, SignalKind.RESET),
)
# Figure 14: other places for the same words, and no shielding.
_OF_DEVICE: Final[_Bits] = (
    (1, SignalKind.FIRE),
    (2, SignalKind.FAULT),
    (3, SignalKind.POWER_FAULT),
    (4, SignalKind.POWER_FAULT),
    # 与监控中心通信信道故障
    (5, SignalKind.FAULT),
    # 监测连接线路故障
    (6, SignalKind.FAULT),
)


def kinds_of_system_state(bits: int) -> frozenset[SignalKind]:
    """建筑消防设施系统状态."""
    return _kinds(bits, _OF_SYSTEM)


def kinds_of_component_state(bits: int) -> frozenset[SignalKind]:
    """建筑消防设施部件运行状态."""
    return _kinds(bits, _OF_COMPONENT)


def kinds_of_device_state(bits: int) -> frozenset[SignalKind]:
    """用户信息传输装置运行状态."""
    return _kinds(bits, _OF_DEVICE)


@lru_cache(maxsize=4096)
def _kinds(bits: int, table: _Bits) -> frozenset[SignalKind]:
    """Bit 0 clear means test only where nothing else is set: a fire usually comes as 0x0002, and is no test."""
    if bits == 0:
        return frozenset((SignalKind.TEST,))
    if bits == 1:
        return frozenset((SignalKind.NORMAL,))
    return frozenset(kind for bit, kind in table if bits >> bit & 1) or frozenset((SignalKind.OTHER,))


PRESENCE: Final = frozenset((SignalKind.OFFLINE, SignalKind.ONLINE))
"""Kinds that only the platform finds out: whether a device is heard. They take nothing back of what it said."""

BACK: Final = Observation(None, frozenset((SignalKind.ONLINE,)))
"""恢复在线: what comes with the first word of a device whose silence was noticed."""

ROUTINE: Final = frozenset((SignalKind.HEARTBEAT, SignalKind.READING))
"""Kinds that nobody is called for: kept for weeks rather than a year."""

LEAST_URGENT: Final = 9
_URGENCY: Final[Mapping[SignalKind, int]] = MappingProxyType(
    {
        SignalKind.FIRE: 0,
        SignalKind.CHECK_ANSWERED: 1,
        SignalKind.STARTED: 2,
        SignalKind.FEEDBACK: 2,
        SignalKind.SUPERVISORY: 3,
        SignalKind.OFFLINE: 4,
        SignalKind.ONLINE: 4,
        SignalKind.POWER_FAULT: 4,
        SignalKind.FAULT: 4,
        SignalKind.SHIELDED: 5,
        SignalKind.MANUAL_MODE: 5,
        SignalKind.RESET: 5,
        SignalKind.DELAYED: 5,
        SignalKind.TEST: 6,
        SignalKind.OPERATION: 6,
        SignalKind.NORMAL: 7,
    }
)


def urgency(observations: Collection[Observation]) -> int:
    """The place in every queue of what came together: 0 a fire, 9 what can wait for ever."""
    return standing(observations)[0]


def standing(observations: Collection[Observation]) -> tuple[int, bool]:
    """The urgency of what came together, and whether all of it is routine.

    What says nothing that we understand is no routine: it may have been an alarm.
    """
    place, is_routine = LEAST_URGENT, bool(observations)
    for one in observations:
        of_one, is_one_routine = _standing_of(one.kinds)
        if of_one < place:
            place = of_one
        if not is_one_routine:
            is_routine = False
    return place, is_routine


@lru_cache(maxsize=4096)
def _standing_of(kinds: frozenset[SignalKind]) -> tuple[int, bool]:
    return min((_URGENCY.get(kind, LEAST_URGENT) for kind in kinds), default=LEAST_URGENT), kinds <= ROUTINE


def as_json(observation: Observation) -> dict[str, Any]:
    """The form in which an observation waits in the database: short, and without what it does not say."""
    point = observation.point
    out: dict[str, Any] = {"kinds": sorted(kind.value for kind in observation.kinds)}
    if point is not None:
        out["point"] = [point.system_type, point.system_address, point.component_type, point.component_address]
    for name in ("state", "value"):
        if (number := getattr(observation, name)) is not None:
            out[name] = number
    for name in ("unit", "text"):
        if words := getattr(observation, name):
            out[name] = words
    if observation.occurred_at is not None:
        out["occurred_at"] = observation.occurred_at.isoformat()
    return out


def as_text(observations: Iterable[Observation]) -> str:
    """The JSON text of a list of `as_json`, written straight down: it is made for each signal that comes in."""
    return f"[{','.join([_text_of(each) for each in observations])}]"


def _text_of(o: Observation) -> str:
    point, at = o.point, o.occurred_at
    parts = [f'{{"kinds":{_kinds_text(o.kinds)}']
    if point is not None:
        parts.append(
            f',"point":[{point.system_type},{point.system_address},{point.component_type},{point.component_address}]'
        )
    if o.state is not None:
        parts.append(f',"state":{o.state}')
    if o.value is not None:
        parts.append(f',"value":{o.value!r}')
    if o.unit:
        parts.append(f',"unit":{json.dumps(o.unit)}')
    if o.text:
        parts.append(f',"text":{json.dumps(o.text)}')
    if at is not None:
        parts.append(f',"occurred_at":"{at.isoformat()}"')
    parts.append("}")
    return "".join(parts)


@lru_cache(maxsize=1024)
def _kinds_text(kinds: frozenset[SignalKind]) -> str:
    return json.dumps(sorted(kind.value for kind in kinds))


def from_json(stored: Mapping[str, Any]) -> Observation:
    """What `as_json` wrote."""
    at = stored.get("occurred_at")
    return Observation(
        point=PointKey(*stored["point"]) if "point" in stored else None,
        kinds=frozenset(SignalKind(kind) for kind in stored["kinds"]),
        state=stored.get("state"),
        value=stored.get("value"),
        unit=stored.get("unit", ""),
        text=stored.get("text", ""),
        occurred_at=datetime.fromisoformat(at) if at else None,
    )
