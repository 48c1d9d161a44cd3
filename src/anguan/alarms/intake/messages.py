"""A signal as JSON: what other systems send instead of a frame, over HTTP (`POST /live/signals`) or MQTT.

{
  "id": "0193…",                               made by the sender; the same id again is confirmed and adds nothing
  "kinds": ["fire"],                           words of `alarms.rules.signals.SignalKind`
  "point": {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": 7},
                                               without component: the system; without point: the device itself
  "text": "…", "value": 35.5, "unit": "kPa",   as they apply
  "occurred_at": "2026-11-23T22:15:30+08:00"   with its zone
}

docs/signals.md tells senders the same; its example is read by a test.
"""

import json
import math
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from anguan.alarms.intake.arrivals import resend_key
from anguan.alarms.rules.devices import TOPIC_SOURCE
from anguan.alarms.rules.signals import NO_COMPONENT, PRESENCE, Observation, PointKey, SignalKind

LARGEST_BODY: Final = 16 * 1024
LONGEST_NAME: Final = 64 - len(TOPIC_SOURCE)
# The source of what came under a topic that names none.
NAMELESS: Final = TOPIC_SOURCE + "?"


class Unreadable(ValueError):
    """What is wrong with a body: the field, and why."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(f"{field}: {why}")


def read(body: bytes) -> tuple[UUID, Observation]:
    """The id and the observation of a body; `Unreadable` otherwise."""
    try:
        said = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("body", "is no JSON") from None
    if not isinstance(said, dict):
        raise Unreadable("body", "is no object")
    unknown = sorted(said.keys() - _FIELDS)
    if unknown:
        raise Unreadable(unknown[0][:40], "is no field of a signal")
    try:
        id_ = UUID(said["id"])
    except (KeyError, ValueError, AttributeError, TypeError):
        raise Unreadable("id", "must be a UUID") from None
    point, kinds, value = _point(said.get("point")), _kinds(said.get("kinds")), _value(said.get("value"))
    if SignalKind.READING in kinds and (point is None or value is None):
        raise Unreadable("value" if value is None else "point", "must be told with a reading")
    return id_, Observation(
        point=point,
        kinds=kinds,
        state=None,
        value=value,
        unit=_text(said, "unit", 16),
        text=_text(said, "text", 200),
        occurred_at=_moment(said.get("occurred_at")),
    )


_FIELDS: Final = frozenset({"id", "kinds", "point", "value", "unit", "text", "occurred_at"})


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _kinds(given: Any) -> frozenset[SignalKind]:
    if not isinstance(given, list) or not 1 <= len(given) <= len(SignalKind):
        raise Unreadable("kinds", "must be a list of at least one kind")
    try:
        kinds = frozenset(SignalKind(kind) for kind in given if isinstance(kind, str))
    except ValueError:
        kinds = frozenset()
    if len(kinds) != len(given) or kinds & PRESENCE:
        raise Unreadable("kinds", f"must be different ones of {', '.join(k for k in SignalKind if k not in PRESENCE)}")
    return kinds


def _point(given: Any) -> PointKey | None:
    if given is None:
        return None
    if not isinstance(given, dict) or given.keys() - _LIMITS.keys():
        raise Unreadable("point", f"must be an object of {', '.join(_LIMITS)}")
    numbers = {}
    for name, (most, default) in _LIMITS.items():
        number = given.get(name, default)
        if type(number) is not int or not (0 <= number <= most or number == default):
            raise Unreadable(f"point.{name}", f"must be 0 to {most}")
        numbers[name] = number
    return PointKey(**numbers)


_LIMITS: Final[dict[str, tuple[int, int | None]]] = {
    "system_type": (255, None),
    "system_address": (255, None),
    "component_type": (255, NO_COMPONENT),
    "component_address": (2**32 - 1, 0),
}


def _value(given: Any) -> float | None:
    if given is None:
        return None
    if type(given) not in {int, float} or not math.isfinite(given) or abs(given) > 1e12:
        raise Unreadable("value", "must be a number")
    return float(given)


def _text(said: dict[str, Any], name: str, longest: int) -> str:
    given = said.get(name, "")
    if not isinstance(given, str) or len(given) > longest:
        raise Unreadable(name, f"must be a text of at most {longest} characters")
    if any(character < " " or "\ud800" <= character <= "\udfff" for character in given):
        raise Unreadable(name, "holds characters that are none")
    return given


def _moment(given: Any) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
        if moment.tzinfo is None or not 2000 <= moment.year <= 2099:
            raise ValueError(given)
    except (ValueError, TypeError):
        raise Unreadable("occurred_at", "must be a time of ISO 8601 with its zone, 2000 to 2099") from None
    return moment


def source_of(name: str) -> str:
    """The source of who publishes under that last level of a topic; `NAMELESS` where it can't be one."""
    fits = 1 <= len(name) <= LONGEST_NAME and name.isprintable() and not set(name) & set("/?")
    return TOPIC_SOURCE + name if fits else NAMELESS


def message_key(source: str, id_: UUID) -> bytes:
    """What a message and its resends share, whichever way each of them comes."""
    return resend_key(b"message", source.encode(), id_.bytes)
