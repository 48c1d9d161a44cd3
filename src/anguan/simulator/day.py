"""示例区的一天: what the devices of five units report between midnight and midnight, told as scenes and played faster.

A scene begins at its time of day; between the lines of a scene seconds are seconds, because detectors, storms and
people keep their own pace however fast the day goes by.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anguan.ground.clock import CHINA
from anguan.simulator.devices import Device, Journal, Tally
from anguan.simulator.lines import check_deadlines, keep_line
from anguan.wire.gbt26875 import (
    AnalogValue,
    ComponentState,
    DeviceOperation,
    DeviceState,
    Received,
    SystemOperation,
    SystemState,
    Timing,
    text_bytes,
    time_bytes,
)
from anguan.wire.gbt26875.codes import (
    AnalogType,
    ComponentBit,
    ComponentType,
    DeviceBit,
    DeviceOperationBit,
    SystemBit,
    SystemOperationBit,
    SystemType,
    TypeFlag,
)

DAY_S: Final = 24 * 60 * 60
HEARTBEAT_S: Final = 20.0
SECONDS_TO_ANSWER: Final = 6.0
SECONDS_TO_FINISH: Final = 30.0
STORM_POINTS: Final = 60

# Units by the place of their device among the simulated ones. The last one stands in no ledger yet.
MALL, TOWER, HOTEL, WORKS, STRANGER = range(5)
UNITS: Final = 5

NORMAL: Final = ComponentBit.NORMAL.mask
FIRE: Final = ComponentBit.FIRE.mask
FAULT: Final = ComponentBit.NORMAL.mask | ComponentBit.FAULT.mask
SHIELDED: Final = ComponentBit.NORMAL.mask | ComponentBit.SHIELDED.mask
STARTED: Final = ComponentBit.NORMAL.mask | ComponentBit.STARTED.mask
RUNNING: Final = STARTED | ComponentBit.FEEDBACK.mask


@dataclass(frozen=True)
class Part:
    """部件: one component of a unit, as its panel names it."""

    loop: int
    point: int
    kind: ComponentType
    text: str
    system: SystemType = SystemType.FIRE_ALARM

    def says(self, state: int) -> "Says":
        return Says(TypeFlag.COMPONENT_STATE, self, state)


@dataclass(frozen=True)
class Says:
    """One report: of a part where there is one, else of the panel or of the device itself."""

    type_flag: TypeFlag
    part: Part | None
    value: int

    def at(self, moment: datetime) -> list[Any]:
        """Its objects, with the time of the report."""
        now = time_bytes(moment)
        match self.type_flag:
            case TypeFlag.COMPONENT_STATE:
                assert self.part is not None
                part = self.part
                address = part.point << 16 | part.loop
                return [ComponentState(part.system, 1, part.kind, address, self.value, text_bytes(part.text), now)]
            case TypeFlag.ANALOG_VALUE:
                assert self.part is not None
                part = self.part
                address = part.point << 16 | part.loop
                return [AnalogValue(part.system, 1, part.kind, address, AnalogType.PRESSURE_KPA, self.value, now)]
            case TypeFlag.SYSTEM_STATE:
                return [SystemState(SystemType.FIRE_ALARM, 1, self.value, now)]
            case TypeFlag.SYSTEM_OPERATION:
                return [SystemOperation(SystemType.FIRE_ALARM, 1, self.value, 1, now)]
            case _:
                return [DeviceState(self.value, now)]


KITCHEN: Final = Part(3, 12, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, "三层后厨感烟")
CINEMA: Final = [
    Part(4, 21, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, "四层影院2号厅感烟"),
    Part(4, 22, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, "四层影院走道感烟"),
    Part(4, 40, ComponentType.MANUAL_CALL_POINT, "四层影院出口手报"),
]
SPRINKLER: Final = [
    Part(4, 90, ComponentType.FLOW_INDICATOR, "四层水流指示器", SystemType.SPRINKLER),
    Part(1, 95, ComponentType.SPRINKLER_PUMP, "1号喷淋泵", SystemType.SPRINKLER),
]
CORRIDOR: Final = Part(5, 7, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, "五层走道感烟")
STORE: Final = Part(2, 3, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, "二层原料库感烟")
NEWCOMER: Final = Part(1, 1, ComponentType.HEAT_DETECTOR, "一层锅炉房感温")
PRESSURE: Final = Part(1, 99, ComponentType.PRESSURE_SWITCH, "末端试水压力", SystemType.SPRINKLER)


def _bus(number: int) -> Part:
    """One of the detectors of the loop that fails at two in the afternoon."""
    storey = 8 + number // 20
    text = f"{storey}层{number % 20 + 1}号感烟"
    return Part(8, number + 1, ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR, text)


@dataclass(frozen=True)
class Scene:
    """What one unit reports from a time of day on: (seconds after its beginning, report)."""

    begins: str
    unit: int
    title: str
    lines: Sequence[tuple[float, Says]]

    @property
    def second(self) -> int:
        """Seconds since midnight."""
        hours, minutes = self.begins.split(":")
        return (int(hours) * 60 + int(minutes)) * 60


def panel(state: int) -> Says:
    """状态 of the panel."""
    return Says(TypeFlag.SYSTEM_STATE, None, state)


def device(state: int) -> Says:
    """状态 of the transmission device."""
    return Says(TypeFlag.DEVICE_STATE, None, state)


RESET: Final = Says(TypeFlag.SYSTEM_OPERATION, None, SystemOperationBit.RESET.mask)
AUTOMATIC: Final = panel(SystemBit.NORMAL.mask)


DAY: Final = [
    Scene("02:10", HOTEL, "深夜一只探测器故障", [(0, CORRIDOR.says(FAULT))]),
    Scene("02:40", HOTEL, "故障排除", [(0, CORRIDOR.says(NORMAL))]),
    Scene("06:30", TOWER, "联动打到手动", [(0, panel(SystemBit.NORMAL.mask | SystemBit.MANUAL.mask))]),
    Scene("07:10", TOWER, "恢复自动", [(0, AUTOMATIC)]),
    Scene("08:00", STRANGER, "底账里没有的装置开始上报", [(0, NEWCOMER.says(FAULT))]),
    Scene(
        "09:15",
        MALL,
        "后厨蒸汽误报",
        [(0, KITCHEN.says(FIRE)), (12, RESET), (13, KITCHEN.says(NORMAL))],
    ),
    Scene("10:30", WORKS, "原料库探测器被屏蔽，没有恢复", [(0, STORE.says(SHIELDED))]),
    Scene("13:00", MALL, "后厨再次误报", [(0, KITCHEN.says(FIRE)), (12, RESET), (13, KITCHEN.says(NORMAL))]),
    Scene(
        "14:05",
        TOWER,
        "回路短路，一整条回路的探测器报故障",
        [
            (0, panel(SystemBit.NORMAL.mask | SystemBit.BUS_FAULT.mask)),
            *[(0.5 + 0.08 * number, _bus(number).says(FAULT)) for number in range(STORM_POINTS)],
        ],
    ),
    Scene(
        "16:30",
        TOWER,
        "回路修复",
        [
            *[(0.05 * number, _bus(number).says(NORMAL)) for number in range(STORM_POINTS)],
            (4, AUTOMATIC),
        ],
    ),
    Scene("17:45", HOTEL, "主电断电", [(0, device(DeviceBit.NORMAL.mask | DeviceBit.MAIN_POWER_FAULT.mask))]),
    Scene("17:55", HOTEL, "主电恢复", [(0, device(DeviceBit.NORMAL.mask))]),
    Scene(
        "21:20",
        MALL,
        "影院起火",
        [
            (0, CINEMA[0].says(FIRE)),
            (4, CINEMA[1].says(FIRE)),
            (7, CINEMA[2].says(FIRE)),
            (9, SPRINKLER[0].says(RUNNING)),
            (10, SPRINKLER[1].says(STARTED)),
            (11, SPRINKLER[1].says(RUNNING)),
        ],
    ),
    Scene(
        "22:10",
        MALL,
        "扑灭后复位",
        [(0, RESET), *[(1 + 0.2 * number, part.says(NORMAL)) for number, part in enumerate([*CINEMA, *SPRINKLER])]],
    ),
]


def lines_of(scenes: Iterable[Scene], *, day_s: float, begins_s: float = 0.0) -> Iterator[tuple[float, int, Says]]:
    """(seconds after the start, unit, report) of a day that takes `day_s` seconds and begins at `begins_s` of it.

    What lies before the beginning comes a day later; in order of time.
    """
    played = []
    for scene in scenes:
        start = (scene.second - begins_s) % DAY_S * day_s / DAY_S
        played += [(start + after, scene.unit, says) for after, says in scene.lines]
    return iter(sorted(played, key=lambda line: line[0]))


class Attended(Device):
    """A device in a control room where somebody sits: a duty check is answered by the key."""

    def _obey(self, event: Received) -> None:
        super()._obey(event)
        if event.unit.type_flag == TypeFlag.DUTY_CHECK and self.is_attended:
            asyncio.get_running_loop().call_later(SECONDS_TO_ANSWER, self._press_key)

    is_attended = True

    def _press_key(self) -> None:
        now = time_bytes(datetime.now(CHINA))
        self.send(TypeFlag.DEVICE_OPERATION, [DeviceOperation(DeviceOperationBit.DUTY_CHECK_ANSWERED.mask, 1, now)])


@dataclass(frozen=True)
class Course:
    """How fast the day goes by, at which second of it the play begins, and for how many days (None: without end)."""

    host: str
    port: int
    day_s: float = 1800.0
    begins_s: float = 9 * 3600
    days: int | None = 1


class District:
    """The five devices at their lines; `run` tells the day through them."""

    def __init__(self, course: Course, journal: Journal, scenes: Sequence[Scene] = DAY) -> None:
        self.course: Final = course
        self.scenes: Final = scenes
        self.tally: Final = Tally()
        timing = Timing(resend_window=0)
        self.devices: Final[Mapping[int, Attended]] = {
            unit: Attended(unit, self.tally, journal, timing) for unit in range(UNITS)
        }
        # Nobody sits in the control room of the works.
        self.devices[WORKS].is_attended = False
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Say nothing new."""
        self._stopping.set()

    async def run(self) -> Tally:
        """Tell the days; afterwards wait for what is under way."""
        course = self.course
        tasks = [
            *[asyncio.create_task(keep_line(one, course.host, course.port)) for one in self.devices.values()],
            asyncio.create_task(check_deadlines(list(self.devices.values()))),
            asyncio.create_task(self._live()),
        ]
        try:
            day = 0
            began = time.monotonic()
            while (course.days is None or day < course.days) and not self._stopping.is_set():
                await self._day(began + day * course.day_s)
                day += 1
            end = time.monotonic() + SECONDS_TO_FINISH
            while any(one.waits_for for one in self.devices.values()) and time.monotonic() < end:
                await asyncio.sleep(0.02)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in self.devices.values():
                if one.transport is not None:
                    one.transport.close()
        return self.tally

    async def _day(self, began: float) -> None:
        for after, unit, says in lines_of(self.scenes, day_s=self.course.day_s, begins_s=self.course.begins_s):
            if await self._stopped_before(began + after):
                return
            self.devices[unit].send(says.type_flag, says.at(datetime.now(CHINA)))
        await self._stopped_before(began + self.course.day_s)

    async def _stopped_before(self, moment: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, moment - time.monotonic())):
                await self._stopping.wait()
        except TimeoutError:
            return False
        return True

    async def _live(self) -> None:
        """Heartbeats, and the pressure at the end of the sprinkler pipe, as long as the play goes on."""
        pressure = Says(TypeFlag.ANALOG_VALUE, PRESSURE, 3800)
        while True:
            for unit, one in self.devices.items():
                one.send(None, [])
                if unit == MALL:
                    one.send(pressure.type_flag, pressure.at(datetime.now(CHINA)))
            await asyncio.sleep(HEARTBEAT_S)
