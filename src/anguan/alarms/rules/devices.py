"""用户信息传输装置: where a device stands, how it is told apart and how its bytes are read. Pure."""

import re
from ipaddress import ip_address
from typing import Final

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


_ADDRESS: Final = re.compile(r"[0-9a-f]{12}")
_SYSTEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOPIC: Final = re.compile(r"[^\s/?#+]{1,59}")
# All 00 or FF is no address: such a device is told apart by where it connects from.
_UNSET: Final = frozenset({"0" * 12, "f" * 12})


def written_source(text: str) -> str | None:
    """The source that somebody wrote down, as the intake writes it; None where it is none.

    What is neither an address nor prefixed is the name of a system that sends by HTTP, where its token tells who it is.
    """
    text = text.strip()
    if text.startswith(SESSION_SOURCE):
        try:
            return f"{SESSION_SOURCE}{ip_address(text.removeprefix(SESSION_SOURCE))}"
        except ValueError:
            return None
    if text.startswith(TOPIC_SOURCE):
        return text if _TOPIC.fullmatch(text.removeprefix(TOPIC_SOURCE)) else None
    if _ADDRESS.fullmatch(text.lower()):
        return None if text.lower() in _UNSET else text.lower()
    return text if _SYSTEM.fullmatch(text) else None


def takes_orders(source: str) -> bool:
    """Whether its device speaks GB/T 26875.3, by whose frames it can be asked; messages go one way only."""
    return source.startswith(SESSION_SOURCE) or _ADDRESS.fullmatch(source) is not None


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
