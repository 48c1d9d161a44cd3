"""CAP 1.2: an incident as a Common Alerting Protocol message (OASIS, July 2010), so that any centre can read it.

The order of elements and their words are those of the standard's section 3.2. Times carry the offset of China; the
position is in WGS 84, which CGCS2000 equals within centimetres.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

from anguan.alarms.rules.forwarding import Stage

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_CHINA: Final = timezone(timedelta(hours=8))
# What may stand in no identifier and sender: blanks, comma, < and &.
_FORBIDDEN: Final = re.compile(r"[\s,<&]")
# Characters that no XML document can hold.
_UNSAYABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_MESSAGE: Final = {Stage.UNVERIFIED: "Alert", Stage.CONFIRMED: "Update", Stage.CANCELLED: "Cancel"}
_CERTAINTY: Final = {Stage.UNVERIFIED: "Likely", Stage.CONFIRMED: "Observed", Stage.CANCELLED: "Unlikely"}
_URGENCY: Final = {Stage.UNVERIFIED: "Immediate", Stage.CONFIRMED: "Immediate", Stage.CANCELLED: "Past"}
_SEVERITY: Final = {Stage.UNVERIFIED: "Severe", Stage.CONFIRMED: "Severe", Stage.CANCELLED: "Minor"}
_RESPONSE: Final = {Stage.UNVERIFIED: "Prepare", Stage.CONFIRMED: "Execute", Stage.CANCELLED: "AllClear"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message about the same incident."""

    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What one message says."""

    identifier: str
    sender: str
    sent: datetime
    stage: Stage
    is_exercise: bool
    restriction: str
    references: Sequence[Reference]
    event: str
    headline: str
    description: str
    instruction: str
    contact: str
    sender_name: str
    onset: datetime
    area: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    parameters: Sequence[tuple[str, str]] = ()


def document(message: Message) -> str:
    """The message as an XML document."""
    alert = ET.Element("alert", {"xmlns": NAMESPACE})
    sender = _name(message.sender)
    _add(alert, "identifier", _name(message.identifier))
    _add(alert, "sender", sender)
    _add(alert, "sent", moment(message.sent))
    _add(alert, "status", "Exercise" if message.is_exercise else "Actual")
    # Without anything told before, a confirmation is the first message.
    kind = "Alert" if message.stage is Stage.CONFIRMED and not message.references else _MESSAGE[message.stage]
    _add(alert, "msgType", kind)
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", message.restriction)
    if message.references:
        _add(
            alert,
            "references",
            " ".join(f"{sender},{_name(one.identifier)},{moment(one.sent)}" for one in message.references),
        )
    info = ET.SubElement(alert, "info")
    _add(info, "language", "zh-CN")
    _add(info, "category", "Fire")
    _add(info, "event", message.event)
    _add(info, "responseType", _RESPONSE[message.stage])
    _add(info, "urgency", _URGENCY[message.stage])
    _add(info, "severity", _SEVERITY[message.stage])
    _add(info, "certainty", _CERTAINTY[message.stage])
    _add(info, "onset", moment(message.onset))
    _add(info, "senderName", message.sender_name)
    _add(info, "headline", message.headline)
    _add(info, "description", message.description)
    _add(info, "instruction", message.instruction)
    if message.contact:
        _add(info, "contact", message.contact)
    for name, value in message.parameters:
        parameter = ET.SubElement(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    area = ET.SubElement(info, "area")
    _add(area, "areaDesc", message.area)
    if message.latitude is not None and message.longitude is not None:
        _add(area, "circle", f"{message.latitude},{message.longitude} 0")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(alert, encoding="unicode")


def moment(at: datetime) -> str:
    """A time as CAP writes it: whole seconds and an offset, never Z."""
    return at.astimezone(_CHINA).isoformat(timespec="seconds")


def _name(text: str) -> str:
    if not text or _FORBIDDEN.search(text):
        raise ValueError(f"{text!r} is no CAP identifier")
    return text


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _UNSAYABLE.sub("", text)
