"""A signal as JSON: what it says, and by which field it is refused."""

import json
from typing import Any
from uuid import UUID

import pytest

from anguan.alarms.intake.messages import LONGEST_NAME, NAMELESS, Unreadable, read, source_of
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind

ID = "01938f4e-0000-7000-8000-000000000001"
FIRE: dict[str, Any] = {
    "id": ID,
    "kinds": ["fire"],
    "point": {"system_type": 1, "system_address": 1, "component_type": 42, "component_address": 7},
    "text": "三层走道",
}


def body(**more: Any) -> bytes:
    return json.dumps(FIRE | more).encode()


def test_a_signal_says_what_a_frame_would_have_said() -> None:
    id_, said = read(body())
    assert id_ == UUID(ID)
    assert said == Observation(PointKey(1, 1, 42, 7), frozenset({SignalKind.FIRE}), text="三层走道")
    assert read(body(point=None))[1].point is None
    assert read(body(point={"system_type": 1, "system_address": 2}))[1].point == PointKey(1, 2)


@pytest.mark.parametrize("name", ["", "a/b", "a?", "长" * 60, "行\n", "\x7f"])
def test_a_name_that_is_none_has_no_source_of_its_own(name: str) -> None:
    assert source_of(name) == NAMELESS
    assert source_of("示例大厦-1") == "mqtt:示例大厦-1"
    assert len(source_of("n" * LONGEST_NAME)) == 64


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(b"", "body", id="空"),
        pytest.param(b"[" * 16000, "body", id="太深"),
        pytest.param(b"[]", "body", id="不是对象"),
        pytest.param(b'"\xff"', "body", id="不是UTF-8"),
        pytest.param(body(id="7"), "id", id="编号不是UUID"),
        pytest.param(body(id=None), "id", id="没有编号"),
        pytest.param(body(kinds=[]), "kinds", id="没有类别"),
        pytest.param(body(kinds="fire"), "kinds", id="类别不是列表"),
        pytest.param(body(kinds=["fire", "fire"]), "kinds", id="类别重复"),
        pytest.param(body(kinds=[{}]), "kinds", id="类别不是文字"),
        pytest.param(body(kinds=["offline"]), "kinds", id="离线由平台判断"),
        pytest.param(body(point={"system_type": 1}), "point.system_address", id="缺系统地址"),
        pytest.param(body(point={"system_type": True, "system_address": 1}), "point.system_type", id="真不是数"),
        pytest.param(body(point={"system_type": 256, "system_address": 1}), "point.system_type", id="超出一字节"),
        pytest.param(body(point={"system_type": 1, "system_address": 1, "z": 1}), "point", id="多出的数"),
        pytest.param(body(value="1"), "value", id="数值是文字"),
        pytest.param(b'{"id": "%s", "kinds": ["reading"], "value": NaN}' % ID.encode(), "body", id="NaN"),
        pytest.param(b'{"id": "%s", "kinds": ["reading"], "value": 1e999}' % ID.encode(), "value", id="无穷大"),
        pytest.param(body(text="坏\0的"), "text", id="空字符"),
        pytest.param(b'{"id": "%s", "kinds": ["fire"], "text": "\\ud800"}' % ID.encode(), "text", id="半个字符"),
        pytest.param(body(text="长" * 201), "text", id="太长"),
        pytest.param(body(occurred_at="2026-11-23T22:15:30"), "occurred_at", id="没有时区"),
        pytest.param(body(occurred_at=5), "occurred_at", id="时间不是文字"),
        pytest.param(body(kinds=["reading"], value=1.5, point=None), "point", id="读数没有点位"),
        pytest.param(body(kinds=["reading"]), "value", id="读数没有数值"),
        pytest.param(body(device="0b"), "device", id="不认识的字段"),
    ],
)
def test_what_can_not_be_read_is_refused_by_its_field(text: bytes, field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.field == field
