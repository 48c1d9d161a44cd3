"""用户信息传输装置: where a device stands, how it is told apart and how its bytes are read. Pure."""

from anguan.core.enums import Labelled
from anguan.core.words import N_


class DeviceState(Labelled):
    """装置状态: frames of an unknown device are kept and make no incident until somebody admits it."""

    UNKNOWN = "unknown", N_("未接入")
    ADMITTED = "admitted", N_("已接入")
    BLOCKED = "blocked", N_("已停用")


class IdentifiedBy(Labelled):
    """装置识别方式: by the source address in its frames or, where that is unset, by where it connects from.

    Over MQTT by the last level of the topic, for which the broker's list of rights vouches.
    """

    ADDRESS = "address", N_("源地址")
    SESSION = "session", N_("连接地址")
    TOPIC = "topic", N_("MQTT 主题")


# What a source of those kinds begins with, so that none can speak for a device that is told apart otherwise.
SESSION_SOURCE = "@"
TOPIC_SOURCE = "mqtt:"


def identified_by(source: str) -> IdentifiedBy:
    """How the device of a source is told apart."""
    if source.startswith(TOPIC_SOURCE):
        return IdentifiedBy.TOPIC
    return IdentifiedBy.SESSION if source.startswith(SESSION_SOURCE) else IdentifiedBy.ADDRESS


class Profile(Labelled):
    """协议方言: how a maker departs from GB/T 26875.3; chosen for each device, never guessed."""

    STANDARD = "standard", N_("标准")
    DAHUA = "dahua", N_("大华")
    DAHUA_BCD = "dahua-bcd", N_("大华（时间为 BCD 码）")
    FB2018 = "fb2018", N_("富贝 2018")
    FB2024 = "fb2024", N_("富贝 2024")
    EEI = "eei", N_("依爱")
    FSCN = "fscn", N_("赋安")


class CommandKind(Labelled):
    """下行命令: what the centre may ask of a device; the numbers are those of GB/T 26875.3."""

    SET_CLOCK = "set_clock", N_("校时")
    POLL = "poll", N_("巡检")
    QUERY = "query", N_("查询")
    DUTY_CHECK = "duty_check", N_("查岗")


class CommandState(Labelled):
    """命令结果: every order to a device ends in one of the last six."""

    WAITING = "waiting", N_("待发送")
    SENT = "sent", N_("已发送")
    CONFIRMED = "confirmed", N_("装置已确认")
    ANSWERED = "answered", N_("装置已应答")
    DENIED = "denied", N_("装置否认")
    UNANSWERED = "unanswered", N_("装置未应答")
    NOT_CONNECTED = "not_connected", N_("装置未连接")
    UNUSABLE = "unusable", N_("命令无效")


COMMAND_ENDS = frozenset(
    {
        CommandState.CONFIRMED,
        CommandState.ANSWERED,
        CommandState.DENIED,
        CommandState.UNANSWERED,
        CommandState.NOT_CONNECTED,
        CommandState.UNUSABLE,
    }
)
