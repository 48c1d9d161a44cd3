"""A frame in plain values, ready for JSON: what `anguan frame decode` prints (docs/interfaces.md)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import AnalogType, bits_set, named
from anguan.wire.gbt26875.events import Damaged, Received
from anguan.wire.gbt26875.profiles import STANDARD, Profile, looks_bcd
from anguan.wire.words import N_

LABELS = {
    "error": N_("错误"),
    "detail": N_("说明"),
    "serial": N_("业务流水号"),
    "version": N_("协议版本"),
    "time": N_("时间"),
    "source": N_("源地址"),
    "destination": N_("目的地址"),
    "command": N_("命令"),
    "type": N_("类型标志"),
    "objects": N_("信息对象"),
    "problem": N_("问题"),
    "raw": N_("原始字节"),
    "notice": N_("提示"),
    "system_type": N_("系统类型"),
    "system_address": N_("系统地址"),
    "component_type": N_("部件类型"),
    "component_address": N_("部件地址"),
    "loop": N_("回路"),
    "point": N_("点位"),
    "state": N_("状态"),
    "text": N_("文字"),
    "analog_type": N_("模拟量类型"),
    "value": N_("数值"),
    "operation": N_("操作标志"),
    "operator": N_("操作员编号"),
    "major": N_("主版本号"),
    "minor": N_("次版本号"),
    "number": N_("记录数目"),
    "reserved": N_("预留"),
    "minutes": N_("应答时限（分钟）"),
    "access_type": N_("接入类型"),
    "content": N_("内容"),
    "extra_time": N_("附加时间"),
}
"""The Chinese name of each value that a person is shown."""


def plain(event: Received | Damaged, profile: Profile = STANDARD) -> dict[str, Any]:
    """The event as a dictionary of numbers, texts and lists."""
    if isinstance(event, Damaged):
        return {"ok": False, "error": event.fault.value, "detail": str(event.detail), "raw": event.raw.hex()}
    frame, unit = event.frame, event.unit
    answer = {
        "ok": True,
        "serial": frame.serial,
        "version": [frame.main_version, frame.user_version],
        "time": _written(profile.moment(frame.time_bytes)),
        "source": frame.source.hex(),
        "destination": frame.destination.hex(),
        "command": frame.command,
        "type": unit.type_flag,
        "objects": [plain_object(item, profile) for item in unit.objects],
        "problem": None if unit.problem is None else str(unit.problem),
        "raw": event.raw.hex(),
    }
    if looks_bcd(frame.time_bytes):
        answer["notice"] = "times look like BCD; the standard has binary numbers"
    return answer


def plain_object(item: o.Object, profile: Profile = STANDARD) -> dict[str, Any]:
    """One object: its fields by name, what its bytes mean, and a component's address taken apart as well."""
    if isinstance(item, o.Stamped):
        return {**plain_object(item.object, profile), "extra_time": _written(profile.moment(item.time_bytes))}
    if isinstance(item, o.Registration):
        return {"content": item.content.hex()}
    fields: dict[str, Any] = item._asdict()
    if "raw_value" in fields:
        fields["value"], fields["unit"] = _measured(fields.pop("raw_value"), fields["analog_type"])
    if "text_bytes" in fields:
        del fields["text_bytes"]
        fields["text"] = item.text  # type: ignore[union-attr]
    if "time_bytes" in fields:
        fields["time"] = _written(profile.moment(fields.pop("time_bytes")))
    if "component_address" in fields:
        fields["loop"], fields["point"] = profile.component_parts(fields["component_address"])
    if isinstance(item, o.ComponentState):
        fields["bits"] = [bit.key for bit in bits_set(profile.component_bits, item.state)]
    elif (bits := getattr(item, "bits", None)) is not None:
        fields["bits"] = [bit.key for bit in bits]
    return fields


def _measured(raw_value: int, analog_type: int) -> tuple[int | float, str | None]:
    """A value in its unit, as a number that JSON has."""
    kind = named(AnalogType, analog_type)
    if kind is None or not kind.decimals:
        return raw_value, kind.unit or None if kind else None
    return float(Decimal(raw_value).scaleb(-kind.decimals)), kind.unit


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
