"""处置记录的用语: the words for everything that can stand in the story of an incident."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.grouping import Happening
from anguan.alarms.rules.incidents import IncidentAction
from anguan.core.enums import Labelled
from anguan.core.words import N_


class Told(Labelled):
    """记录: what stands in the story and moves nothing."""

    ESCALATED = "escalated", N_("超时升级")
    POSTED = "posted", N_("发出上报")
    DELIVERED = "delivered", N_("上报送达")
    REPAIR = "repair", N_("提出维修申请")
    NOTED = "noted", N_("记录")


_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {member.value: member.label for words in (IncidentAction, Happening, Told) for member in words}
)


def label_of(action: str) -> str:
    """The Chinese word for the action of a step."""
    return _LABELS[action]
