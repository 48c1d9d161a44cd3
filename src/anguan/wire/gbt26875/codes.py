"""代码表: every number of GB/T 26875.3-2011 that has a name, with the Chinese name of the standard.

A value that a table does not name is no error: 128 to 255 belong to the user, and field devices send reserved ones.
Fields therefore stay plain integers; `name_of(SystemType, 1)` gives the word, and None where there is none. Members are
integers too, so `state.system_type == SystemType.FIRE_ALARM` holds.
"""

from enum import IntEnum
from functools import lru_cache
from typing import Self, TypeVar

from anguan.wire.words import N_


class Coded(IntEnum):
    """An integer of the standard with its Chinese name as `label`."""

    label: str

    def __new__(cls, value: int, label: str = "") -> Self:
        if not label:
            raise TypeError(f"{cls.__name__} declares {value} without its Chinese name")
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @property
    def key(self) -> str:
        """The member's name as data carries it: lower case."""
        return self.name.lower()


class Command(Coded):
    """命令字节 (table 2)."""

    RESERVED = 0, N_("预留")
    CONTROL = 1, N_("控制命令")
    SEND = 2, N_("发送数据")
    CONFIRM = 3, N_("确认")
    REQUEST = 4, N_("请求")
    REPLY = 5, N_("应答")
    DENY = 6, N_("否认")
    # Reserved by the standard; one maker's heartbeat, accepted where the device's profile says so.
    KEEP_ALIVE = 7, N_("保活（厂商自定）")


class TypeFlag(Coded):
    """类型标志 (table 3): what the objects of an application data unit are."""

    SYSTEM_STATE = 1, N_("上传建筑消防设施系统状态")
    COMPONENT_STATE = 2, N_("上传建筑消防设施部件运行状态")
    ANALOG_VALUE = 3, N_("上传建筑消防设施部件模拟量值")
    SYSTEM_OPERATION = 4, N_("上传建筑消防设施操作信息")
    SYSTEM_VERSION = 5, N_("上传建筑消防设施软件版本")
    SYSTEM_CONFIGURATION = 6, N_("上传建筑消防设施系统配置情况")
    COMPONENT_CONFIGURATION = 7, N_("上传建筑消防设施部件配置情况")
    SYSTEM_CLOCK = 8, N_("上传建筑消防设施系统时间")
    DEVICE_STATE = 21, N_("上传用户信息传输装置运行状态")
    DEVICE_OPERATION = 24, N_("上传用户信息传输装置操作信息")
    DEVICE_VERSION = 25, N_("上传用户信息传输装置软件版本")
    DEVICE_CONFIGURATION = 26, N_("上传用户信息传输装置配置情况")
    DEVICE_CLOCK = 28, N_("上传用户信息传输装置系统时间")
    READ_SYSTEM_STATE = 61, N_("读建筑消防设施系统状态")
    READ_COMPONENT_STATE = 62, N_("读建筑消防设施部件运行状态")
    READ_ANALOG_VALUE = 63, N_("读建筑消防设施部件模拟量值")
    READ_SYSTEM_OPERATIONS = 64, N_("读建筑消防设施操作信息")
    READ_SYSTEM_VERSION = 65, N_("读建筑消防设施软件版本")
    READ_SYSTEM_CONFIGURATION = 66, N_("读建筑消防设施系统配置情况")
    READ_COMPONENT_CONFIGURATION = 67, N_("读建筑消防设施部件配置情况")
    READ_SYSTEM_CLOCK = 68, N_("读建筑消防设施系统时间")
    READ_DEVICE_STATE = 81, N_("读用户信息传输装置运行状态")
    READ_DEVICE_OPERATIONS = 84, N_("读用户信息传输装置操作信息记录")
    READ_DEVICE_VERSION = 85, N_("读用户信息传输装置软件版本")
    READ_DEVICE_CONFIGURATION = 86, N_("读用户信息传输装置配置情况")
    READ_DEVICE_CLOCK = 88, N_("读用户信息传输装置系统时间")
    INITIALISE_DEVICE = 89, N_("初始化用户信息传输装置")
    SET_DEVICE_CLOCK = 90, N_("同步用户信息传输装置时钟")
    DUTY_CHECK = 91, N_("查岗命令")


class SystemType(Coded):
    """系统类型标志 (table 4): 2 to 9 and 25 to 127 are reserved, 128 to 255 the user's."""

    GENERAL = 0, N_("通用")
    FIRE_ALARM = 1, N_("火灾报警系统")
    LINKAGE_CONTROLLER = 10, N_("消防联动控制器")
    HYDRANT = 11, N_("消火栓系统")
    SPRINKLER = 12, N_("自动喷水灭火系统")
    GAS_EXTINGUISHING = 13, N_("气体灭火系统")
    WATER_SPRAY_PUMP = 14, N_("水喷雾灭火系统（泵启动方式）")
    WATER_SPRAY_VESSEL = 15, N_("水喷雾灭火系统（压力容器启动方式）")
    FOAM = 16, N_("泡沫灭火系统")
    DRY_POWDER = 17, N_("干粉灭火系统")
    SMOKE_CONTROL = 18, N_("防烟排烟系统")
    FIRE_DOORS_AND_SHUTTERS = 19, N_("防火门及卷帘系统")
    FIRE_LIFT = 20, N_("消防电梯")
    EMERGENCY_BROADCAST = 21, N_("消防应急广播")
    EMERGENCY_LIGHTING = 22, N_("消防应急照明和疏散指示系统")
    FIRE_POWER_SUPPLY = 23, N_("消防电源")
    FIRE_TELEPHONE = 24, N_("消防电话")


class ComponentType(Coded):
    """建筑消防设施部件类型 (table 5): what is missing below 128 is reserved, 128 to 255 the user's."""

    GENERAL = 0, N_("通用")
    FIRE_ALARM_CONTROLLER = 1, N_("火灾报警控制器")
    GAS_DETECTOR = 10, N_("可燃气体探测器")
    POINT_GAS_DETECTOR = 11, N_("点型可燃气体探测器")
    STAND_ALONE_GAS_DETECTOR = 12, N_("独立式可燃气体探测器")
    LINE_GAS_DETECTOR = 13, N_("线型可燃气体探测器")
    ELECTRICAL_FIRE_MONITOR = 16, N_("电气火灾监控报警器")
    RESIDUAL_CURRENT_DETECTOR = 17, N_("剩余电流式电气火灾监控探测器")
    TEMPERATURE_DETECTOR = 18, N_("测温式电气火灾监控探测器")
    DETECTION_LOOP = 21, N_("探测回路")
    FIRE_DISPLAY_PANEL = 22, N_("火灾显示盘")
    MANUAL_CALL_POINT = 23, N_("手动火灾报警按钮")
    HYDRANT_BUTTON = 24, N_("消火栓按钮")
    FIRE_DETECTOR = 25, N_("火灾探测器")
    HEAT_DETECTOR = 30, N_("感温火灾探测器")
    POINT_HEAT_DETECTOR = 31, N_("点型感温火灾探测器")
    POINT_HEAT_DETECTOR_S = 32, N_("点型感温火灾探测器（S型）")
    POINT_HEAT_DETECTOR_R = 33, N_("点型感温火灾探测器（R型）")
    LINE_HEAT_DETECTOR = 34, N_("线型感温火灾探测器")
    LINE_HEAT_DETECTOR_S = 35, N_("线型感温火灾探测器（S型）")
    LINE_HEAT_DETECTOR_R = 36, N_("线型感温火灾探测器（R型）")
    OPTICAL_FIBRE_HEAT_DETECTOR = 37, N_("光纤感温火灾探测器")
    SMOKE_DETECTOR = 40, N_("感烟火灾探测器")
    POINT_ION_SMOKE_DETECTOR = 41, N_("点型离子感烟火灾探测器")
    POINT_PHOTOELECTRIC_SMOKE_DETECTOR = 42, N_("点型光电感烟火灾探测器")
    LINE_BEAM_SMOKE_DETECTOR = 43, N_("线型光束感烟火灾探测器")
    ASPIRATING_SMOKE_DETECTOR = 44, N_("吸气式感烟火灾探测器")
    COMBINED_DETECTOR = 50, N_("复合式火灾探测器")
    SMOKE_HEAT_DETECTOR = 51, N_("复合式感烟感温火灾探测器")
    FLAME_HEAT_DETECTOR = 52, N_("复合式感光感温火灾探测器")
    FLAME_SMOKE_DETECTOR = 53, N_("复合式感光感烟火灾探测器")
    ULTRAVIOLET_FLAME_DETECTOR = 61, N_("紫外火焰探测器")
    INFRARED_FLAME_DETECTOR = 62, N_("红外火焰探测器")
    FLAME_DETECTOR = 69, N_("感光火灾探测器")
    GAS_FIRE_DETECTOR = 74, N_("气体探测器")
    IMAGE_FIRE_DETECTOR = 78, N_("图像摄像方式火灾探测器")
    SOUND_FIRE_DETECTOR = 79, N_("感声火灾探测器")
    GAS_EXTINGUISHING_CONTROLLER = 81, N_("气体灭火控制器")
    FIRE_ELECTRIC_CONTROL_DEVICE = 82, N_("消防电气控制装置")
    CONTROL_ROOM_DISPLAY = 83, N_("消防控制室图形显示装置")
    MODULE = 84, N_("模块")
    INPUT_MODULE = 85, N_("输入模块")
    OUTPUT_MODULE = 86, N_("输出模块")
    INPUT_OUTPUT_MODULE = 87, N_("输入/输出模块")
    RELAY_MODULE = 88, N_("中继模块")
    FIRE_PUMP = 91, N_("消防水泵")
    FIRE_WATER_TANK = 92, N_("消防水箱")
    SPRINKLER_PUMP = 95, N_("喷淋泵")
    FLOW_INDICATOR = 96, N_("水流指示器")
    SIGNAL_VALVE = 97, N_("信号阀")
    ALARM_VALVE = 98, N_("报警阀")
    PRESSURE_SWITCH = 99, N_("压力开关")
    VALVE_ACTUATOR = 101, N_("阀驱动装置")
    FIRE_DOOR = 102, N_("防火门")
    FIRE_DAMPER = 103, N_("防火阀")
    VENTILATION = 104, N_("通风空调")
    FOAM_PUMP = 105, N_("泡沫液泵")
    PIPE_SOLENOID_VALVE = 106, N_("管网电磁阀")
    SMOKE_FAN = 111, N_("防烟排烟风机")
    SMOKE_FIRE_DAMPER = 113, N_("排烟防火阀")
    CLOSED_AIR_INLET = 114, N_("常闭送风口")
    SMOKE_OUTLET = 115, N_("排烟口")
    SMOKE_CURTAIN = 116, N_("电控挡烟垂壁")
    SHUTTER_CONTROLLER = 117, N_("防火卷帘控制器")
    FIRE_DOOR_MONITOR = 118, N_("防火门监控器")
    WARNING_DEVICE = 121, N_("警报装置")


class AnalogType(Coded):
    """模拟量类型 (table 6), with the unit and how many decimals of it one step of the value is."""

    unit: str
    decimals: int

    def __new__(cls, value: int, label: str = "", unit: str = "", decimals: int = 0) -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.unit = unit
        member.decimals = decimals
        return member

    UNUSED = 0, N_("未用")
    EVENT_COUNT = 1, N_("事件计数"), N_("件")
    HEIGHT = 2, N_("高度"), "m", 2
    TEMPERATURE = 3, N_("温度"), "℃", 1
    PRESSURE_MPA = 4, N_("压力"), "MPa", 1
    PRESSURE_KPA = 5, N_("压力"), "kPa", 1
    GAS_CONCENTRATION = 6, N_("气体浓度"), "%LEL", 1
    TIME = 7, N_("时间"), "s"
    VOLTAGE = 8, N_("电压"), "V", 1
    CURRENT = 9, N_("电流"), "A", 1
    FLOW = 10, N_("流量"), "L/s", 1
    AIR_VOLUME = 11, N_("风量"), "m³/min", 1
    AIR_SPEED = 12, N_("风速"), "m/s"


class Bit(Coded):
    """One bit of a state: its value is the position, `label` names 1, `off_label` names 0."""

    off_label: str

    def __new__(cls, value: int, label: str = "", off_label: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.off_label = off_label
        return member

    @property
    def mask(self) -> int:
        """The bit as a number, ready for `state & bit.mask`."""
        return 1 << self.value


class SystemBit(Bit):
    """建筑消防设施系统状态 (type 1), 16 bits; 14 and 15 are reserved.

    Bit 0 clear means test only while no other bit is set: a panel that reports fire sends 0x0002.
    """

    NORMAL = 0, N_("正常运行状态"), N_("测试状态")
    FIRE = 1, N_("火警"), N_("无火警")
    FAULT = 2, N_("故障"), N_("无故障")
    SHIELDED = 3, N_("屏蔽"), N_("无屏蔽")
    SUPERVISORY = 4, N_("监管"), N_("无监管")
    STARTED = 5, N_("启动（开启）"), N_("停止（关闭）")
    FEEDBACK = 6, N_("反馈"), N_("无反馈")
    DELAYED = 7, N_("延时状态"), N_("未延时")
    MAIN_POWER_FAULT = 8, N_("主电故障"), N_("主电正常")
    STANDBY_POWER_FAULT = 9, N_("备电故障"), N_("备电正常")
    BUS_FAULT = 10, N_("总线故障"), N_("总线正常")
    MANUAL = 11, N_("手动状态"), N_("自动状态")
    CONFIGURATION_CHANGED = 12, N_("配置改变"), N_("无配置改变")
    RESET = 13, N_("复位"), N_("正常")


class ComponentBit(Bit):
    """建筑消防设施部件状态 (type 2), 16 bits; 9 to 15 are reserved. Bit 0 as in `SystemBit`."""

    NORMAL = 0, N_("正常运行状态"), N_("测试状态")
    FIRE = 1, N_("火警"), N_("无火警")
    FAULT = 2, N_("故障"), N_("无故障")
    SHIELDED = 3, N_("屏蔽"), N_("无屏蔽")
    SUPERVISORY = 4, N_("监管"), N_("无监管")
    STARTED = 5, N_("启动（开启）"), N_("停止（关闭）")
    FEEDBACK = 6, N_("反馈"), N_("无反馈")
    DELAYED = 7, N_("延时状态"), N_("未延时")
    POWER_FAULT = 8, N_("电源故障"), N_("电源正常")


class DahuaComponentBit(Bit):
    """部件状态 of 大华's terminals (1.03): the standard's bits, and faults in those that it reserves."""

    NORMAL = 0, N_("正常运行状态"), N_("测试状态")
    FIRE = 1, N_("火警"), N_("无火警")
    FAULT = 2, N_("故障"), N_("无故障")
    SHIELDED = 3, N_("屏蔽"), N_("无屏蔽")
    SUPERVISORY = 4, N_("监管"), N_("无监管")
    STARTED = 5, N_("启动（开启）"), N_("停止（关闭）")
    FEEDBACK = 6, N_("反馈"), N_("无反馈")
    DELAYED = 7, N_("延时状态"), N_("未延时")
    POWER_FAULT = 8, N_("电源故障"), N_("电源正常")
    OFFLINE = 9, N_("离线"), N_("在线")
    OPEN_CIRCUIT = 10, N_("断路"), N_("无断路")
    SHORT_CIRCUIT = 11, N_("短路"), N_("无短路")
    REMOVED = 12, N_("被拆除"), N_("在位")
    SENSOR_FAULT = 14, N_("传感器故障"), N_("传感器正常")
    UPGRADE_FAULT = 15, N_("升级故障"), N_("升级正常")


class DeviceBit(Bit):
    """用户信息传输装置运行状态 (type 21), 8 bits; 7 is reserved. The positions are not those of types 1 and 2."""

    NORMAL = 0, N_("正常监视状态"), N_("测试状态")
    FIRE = 1, N_("火警"), N_("无火警")
    FAULT = 2, N_("故障"), N_("无故障")
    MAIN_POWER_FAULT = 3, N_("主电故障"), N_("主电正常")
    STANDBY_POWER_FAULT = 4, N_("备电故障"), N_("备电正常")
    LINK_FAULT = 5, N_("与监控中心通信信道故障"), N_("通信信道正常")
    LINE_FAULT = 6, N_("监测连接线路故障"), N_("监测连接线路正常")


class SystemOperationBit(Bit):
    """建筑消防设施操作标志 (type 4), 8 bits; 7 is reserved."""

    RESET = 0, N_("复位"), N_("无操作")
    SILENCE = 1, N_("消音"), N_("无操作")
    MANUAL_ALARM = 2, N_("手动报警"), N_("无操作")
    ALARM_CLEARED = 3, N_("警情消除"), N_("无操作")
    SELF_TEST = 4, N_("自检"), N_("无操作")
    ACKNOWLEDGE = 5, N_("确认"), N_("无操作")
    TEST = 6, N_("测试"), N_("无操作")


class DeviceOperationBit(Bit):
    """用户信息传输装置操作标志 (type 24), 8 bits; 7 is reserved. Bit 5 answers a 查岗."""

    RESET = 0, N_("复位"), N_("无操作")
    SILENCE = 1, N_("消音"), N_("无操作")
    MANUAL_ALARM = 2, N_("手动报警"), N_("无操作")
    ALARM_CLEARED = 3, N_("警情消除"), N_("无操作")
    SELF_TEST = 4, N_("自检"), N_("无操作")
    DUTY_CHECK_ANSWERED = 5, N_("查岗应答"), N_("无操作")
    TEST = 6, N_("测试"), N_("无操作")


C = TypeVar("C", bound=Coded)
B = TypeVar("B", bound=Bit)


def named(table: type[C], value: int) -> C | None:
    """The member of a table for a value, or None where the table leaves the value to the user or the future."""
    # The enum's own map: a call would raise, and cost ten times as much, for each value without a name.
    return table._value2member_map_.get(value)  # type: ignore[return-value]  # its members are of the table


def name_of(table: type[Coded], value: int) -> str | None:
    """The Chinese name of a value, or None where the table has none."""
    member = named(table, value)
    return None if member is None else member.label


@lru_cache(maxsize=4096)
def bits_set(table: type[B], state: int) -> tuple[B, ...]:
    """The named bits that are 1 in `state`, in ascending order; reserved bits are left out."""
    return tuple(bit for bit in table if state & bit.mask)


def reserved_bits(table: type[Bit], state: int) -> int:
    """What of `state` no bit of the table names."""
    return state & ~sum(bit.mask for bit in table)


def is_test(state: int) -> bool:
    """测试状态 of types 1, 2 and 21: true only when bit 0 is clear and nothing else is reported; see `SystemBit`."""
    return state == 0
