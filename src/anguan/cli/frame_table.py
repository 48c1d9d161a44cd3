"""A decoded frame as a table to read, in Chinese or English, without Django."""

import gettext
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import anguan.wire
from anguan.wire.gbt26875 import FAULT_LABELS, Damaged, Profile, Received, address_number
from anguan.wire.gbt26875.codes import (
    AnalogType,
    Bit,
    Coded,
    Command,
    ComponentType,
    DeviceBit,
    DeviceOperationBit,
    SystemBit,
    SystemOperationBit,
    SystemType,
    TypeFlag,
    bits_set,
    name_of,
)
from anguan.wire.gbt26875.plain import LABELS

Translate = Callable[[str], str]

_TABLES: dict[str, type[Coded]] = {
    "command": Command,
    "type": TypeFlag,
    "system_type": SystemType,
    "component_type": ComponentType,
    "analog_type": AnalogType,
}
# The bits of `state` or `operation`, by the type of the unit; those of components stand in the profile.
_BITS: dict[int, type[Bit]] = {
    1: SystemBit,
    4: SystemOperationBit,
    21: DeviceBit,
    24: DeviceOperationBit,
    0x86: SystemBit,
    0x88: DeviceBit,
}
# Left out: what `raw` and the other rows say already.
_UNSAID = frozenset({"ok", "objects", "bits", "unit", "loop", "point"})
_LABEL_WIDTH = 18


def table(
    number: int, answer: dict[str, Any], profile: Profile, event: Received | Damaged | None, language: str
) -> str:
    """The answer with its `number` in the input as lines, closed by an empty one."""
    _ = _words(language)
    if isinstance(event, Damaged):
        answer = {**answer, "error": _(FAULT_LABELS[event.fault]), "detail": event.detail.told(_)}
    elif event is not None and event.unit.problem is not None:
        answer = {**answer, "problem": event.unit.problem.told(_)}
    lines = [f"#{number}  {_(profile.title)}"]
    lines += [_row("  ", label, text) for label, text in _rows(answer, None, _)]
    for count, item in enumerate(answer.get("objects", ()), start=1):
        lines.append(f"  {_(LABELS['objects'])} {count}")
        bits = _bits_of(item, answer["type"], profile)
        lines += [_row("    ", label, text) for label, text in _rows(item, bits, _)]
        if "loop" in item:
            lines.append(_row("    ", f"{_(LABELS['loop'])}–{_(LABELS['point'])}", f"{item['loop']}–{item['point']}"))
    return "\n".join([*lines, ""])


def _bits_of(item: dict[str, Any], type_flag: int, profile: Profile) -> type[Bit] | None:
    """What the bits of an object's state or operation say; None where it has none."""
    if "bits" not in item:
        return None
    return profile.component_bits if "component_type" in item else _BITS[type_flag]


def _rows(values: dict[str, Any], bits: type[Bit] | None, _: Translate) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if key in _UNSAID or (value is None and key == "problem"):
            continue
        yield _(LABELS[key]), _told(key, value, values, bits, _)


def _told(key: str, value: Any, values: dict[str, Any], bits: type[Bit] | None, _: Translate) -> str:
    """A value with its word."""
    if value is None:
        return "–"
    if key in _TABLES:
        word = name_of(_TABLES[key], value)
        return f"{value} {_(word)}" if word else str(value)
    if key in {"state", "operation"}:
        words = [] if bits is None else [_(bit.label) for bit in bits_set(bits, value)]
        return f"0x{value:04x} {'、'.join(words)}".rstrip()
    if key in {"source", "destination"}:
        return f"{value} ({address_number(bytes.fromhex(value))})"
    if key == "version":
        return ".".join(map(str, value))
    if key == "value":
        return f"{value} {_(values['unit'] or '') if values.get('unit') else ''}".rstrip()
    return str(value).replace("T", " ") if key == "time" else str(value)


def _row(indent: str, label: str, text: str) -> str:
    return f"{indent}{label}{' ' * max(1, _LABEL_WIDTH - _width(label))}{text}".rstrip()


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _words(language: str) -> Translate:
    """The English of the wire room's catalogue, or the words as they are."""
    if language == "zh":
        return str
    folder = Path(anguan.wire.__file__).parent / "locale"
    return gettext.translation("django", folder, languages=["en"], fallback=True).gettext
