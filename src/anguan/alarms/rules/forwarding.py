"""上报的规则: what is told to whom at which stage of an incident.

A presumed fire goes out at once and says that nobody has verified it. A confirmed one goes out within the seconds of
the rule record and refers to what was told before. What turns out to be no fire is taken back from whoever was told.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from anguan.alarms.rules.incidents import IncidentAction
from anguan.alarms.rules.refusals import NotAllowed
from anguan.core.enums import Labelled
from anguan.core.words import N_


class Channel(Labelled):
    """上报方式."""

    WEBHOOK = "webhook", N_("网络接口")
    MQTT = "mqtt", N_("MQTT")
    MAIL = "mail", N_("邮件")
    SMS = "sms", N_("短信")


class Stage(Labelled):
    """上报内容: how sure we are."""

    UNVERIFIED = "unverified", N_("推定火警（未核实）")
    CONFIRMED = "confirmed", N_("确认火警")
    CANCELLED = "cancelled", N_("解除")


# Machines take the document, people a text.
TAKES_DOCUMENT: Final = frozenset({Channel.WEBHOOK, Channel.MQTT})


def stage_after(action: IncidentAction, *, was_told: Collection[Stage]) -> Stage | None:
    """What a verdict makes us tell; None where nobody has to hear anything."""
    if action is IncidentAction.JUDGE_TRUE:
        return None if Stage.CONFIRMED in was_told else Stage.CONFIRMED
    if action in {IncidentAction.JUDGE_FALSE, IncidentAction.JUDGE_TEST, IncidentAction.JUDGE_FAULT} and was_told:
        return Stage.CANCELLED
    return None


def earlier(stages: Iterable[Stage], stage: Stage) -> list[Stage]:
    """The stages that a document of `stage` refers to, in the order in which they were told."""
    order = list(Stage)
    return sorted((one for one in stages if order.index(one) < order.index(stage)), key=order.index)


_SHAPES: Final = {
    Channel.WEBHOOK: (
        re.compile(r"https?://[^\s/@]+(/\S*)?"),
        N_("网络接口的地址应以 http:// 或者 https:// 开头，不含账号密码"),
    ),
    Channel.MQTT: (
        re.compile(r"mqtts?://[^\s/@]+/[^\s#+]+"),
        N_("MQTT 的地址应写成 mqtt://主机:端口/主题，主题里没有通配符，地址不含账号密码"),
    ),
    Channel.MAIL: (re.compile(r"[^\s@]+@[^\s@]+"), N_("邮件地址应写成 name@example.org 的样子")),
    Channel.SMS: (re.compile(r"\+?\d{5,20}"), N_("短信号码应只有数字")),
}


def check_address(channel: Channel, address: str) -> str:
    """The address without blanks around it; `NotAllowed` for one that the channel can't take."""
    shape, right = _SHAPES[channel]
    plain = address.strip()
    if len(plain) > 200 or not shape.fullmatch(plain):
        raise NotAllowed(N_("这个地址发不出去；%(right)s。"), right=right)
    return plain
