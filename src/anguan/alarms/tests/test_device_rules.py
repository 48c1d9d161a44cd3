"""How a source is written down by hand."""

import pytest

from anguan.alarms.rules.devices import IdentifiedBy, identified_by, written_source


@pytest.mark.parametrize(
    ("text", "source", "by"),
    [
        pytest.param(" 672B00000000 ", "672b00000000", IdentifiedBy.ADDRESS, id="源地址"),
        pytest.param("@10.0.0.5", "@10.0.0.5", IdentifiedBy.SESSION, id="连接地址"),
        pytest.param("mqtt:panel-1", "mqtt:panel-1", IdentifiedBy.TOPIC, id="主题"),
        pytest.param("fire-host-1", "fire-host-1", IdentifiedBy.ADDRESS, id="系统名称"),
    ],
)
def test_a_source_is_kept_as_the_intake_writes_it(text: str, source: str, by: IdentifiedBy) -> None:
    assert written_source(text) == source
    assert identified_by(source) is by


@pytest.mark.parametrize(
    "text",
    ["", "000000000000", "FFFFFFFFFFFF", "@nowhere", "mqtt:", "mqtt:a/b", "消防主机", "a b", "-a", "a" * 65, "a\x00"],
)
def test_what_can_be_no_source_is_none(text: str) -> None:
    assert written_source(text) is None
