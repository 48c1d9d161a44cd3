"""Canonical JSON is the form of the draw bundle: the same text for the same value, everywhere."""

import pytest

from anguan.core.canonical import NotCanonical, canonical_json


def test_keys_are_sorted_by_code_point_and_no_blank_is_written() -> None:
    # 区 is U+533A, 安 is U+5B89, é is U+00E9; capitals come before small letters.
    assert canonical_json({"安": 1, "b": [1, 2], "区": None, "B": True, "é": {}}) == (
        '{"B":true,"b":[1,2],"é":{},"区":null,"安":1}'
    )


def test_control_characters_take_the_short_form_where_one_exists_and_nothing_else_is_escaped() -> None:
    assert canonical_json('"\\/\b\f\n\r\t\x00\x1f\x7f安\u2028😀') == (
        '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f安\u2028😀"'
    )


def test_text_and_keys_are_brought_to_nfc() -> None:
    assert canonical_json({"e\u0301": "A\u030a"}) == '{"\u00e9":"\u00c5"}'


def test_large_integers_stay_exact() -> None:
    assert canonical_json([2**70, -1, 0]) == "[1180591620717411303424,-1,0]"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(1.0, id="小数"),
        pytest.param({"a": [0.5]}, id="深处的小数"),
        pytest.param(float("nan"), id="非数"),
        pytest.param({1: "a"}, id="数字作键"),
        pytest.param({"e\u0301": 1, "\u00e9": 2}, id="两个键规范后相同"),
        pytest.param("\ud800", id="孤立代理码位"),
        pytest.param(b"a", id="字节"),
        pytest.param({1, 2}, id="集合"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)
