"""上报的规则: what is told to whom at which stage of an incident.

A presumed fire goes out at once and says that nobody has verified it. A confirmed one goes out within the seconds of
the rule record and refers to what was told before. What turns out to be no fire is taken back from whoever was told.
"""

from collections.abc import Collection, Iterable
from typing import Final

from anguan.alarms.rules.incidents import IncidentAction
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
