"""底账 rules: identity, high-rise, coordinates."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from anguan.registry.rules import (
    BuildingUse,
    Refused,
    RiskLevel,
    check_coordinates,
    check_credit_code,
    clean_name,
    is_credit_code,
    is_high_rise,
    is_in_china,
    normalise_name,
)

# Printed in python-stdnum's own documentation.
REAL_CODE = "91110000600037341L"


@pytest.mark.parametrize(
    ("use", "height", "storeys", "is_high"),
    [
        pytest.param(BuildingUse.RESIDENTIAL, "27", 9, False, id="住宅恰好27米"),
        pytest.param(BuildingUse.RESIDENTIAL, "27.01", 9, True, id="住宅刚过27米"),
        pytest.param(BuildingUse.RESIDENTIAL, "25", 8, False, id="住宅25米"),
        pytest.param(BuildingUse.PUBLIC, "24", 6, False, id="公共恰好24米"),
        pytest.param(BuildingUse.PUBLIC, "24.1", 6, True, id="公共刚过24米"),
        pytest.param(BuildingUse.PUBLIC, "40", 1, False, id="单层体育馆"),
        pytest.param(BuildingUse.MIXED, "25", 7, True, id="综合楼25米"),
        pytest.param(BuildingUse.FACTORY, "30", 5, False, id="高层厂房不是民用建筑"),
        pytest.param(BuildingUse.WAREHOUSE, "30", 5, False, id="高层仓库不是民用建筑"),
    ],
)
def test_a_high_rise_is_told_by_use_height_and_storeys(use: str, height: str, storeys: int, is_high: bool) -> None:
    assert is_high_rise(use, Decimal(height), storeys) is is_high


@pytest.mark.parametrize(
    "written",
    [
        REAL_CODE,
        REAL_CODE.lower(),
        "9111 0000 6000 3734 1L",
        "'91110000600037341L",
        "９１１１００００６０００３７３４１Ｌ",
        "91110000-600037341-L",
        "91110000\u200b600037341L\u00a0",
        "“91110000600037341L”",
        "91110000600037341L\n",
        "91110000600037341L_x000D_",
    ],
)
def test_a_credit_code_is_read_however_it_was_typed(written: str) -> None:
    assert check_credit_code(written) == REAL_CODE


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("9111000060003734L", "应为 18 位，现在是 17 位"),
        ("911100006000373411L", "现在是 19 位"),
        ("91110000600037341M", "末位应为 L，现在是 M"),
        ("9111000O600037341L", "第 8 位的字母“O”应是“0”"),
        ("9I110000600037341L", "第 2 位的字母“I”应是“1”"),
        ("91110000600037S41L", "疑为“5”"),
        ("510900000012345", "旧工商注册号"),
        ("60003734L", "组织机构代码"),
        ("911100006000****1L", "星号"),
        ("遂宁河东示例有限公司", "只由数字和大写字母组成"),
        ("91A10000600037341L", "第 3 位是“A”"),
        ("Q1110000600037341L", "第 1 位是“Q”"),
    ],
)
def test_a_wrong_credit_code_is_told_where_it_is_wrong(written: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        check_credit_code(written)
    assert told in str(refused.value)


def test_a_farmers_collective_has_a_credit_code_that_begins_with_a_letter() -> None:
    beginning = "N2510903MF1234567"
    assert is_credit_code(beginning + uscc.calc_check_digit(beginning))


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999999))
def test_our_check_character_is_that_of_the_standard_library(organisation: str, region: int) -> None:
    beginning = f"91{region:06}{organisation}"
    code = beginning + uscc.calc_check_digit(beginning)
    assert is_credit_code(code)
    assert uscc.is_valid(code)


@given(st.text())
def test_any_text_is_a_credit_code_or_refused(text: str) -> None:
    with suppress(Refused):
        assert is_credit_code(check_credit_code(text))


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        pytest.param("105.571234", "30.512345", id="遂宁"),
        pytest.param("87.62", "43.83", id="乌鲁木齐"),
        pytest.param("121.52", "25.05", id="台北"),
        pytest.param("112.34", "16.83", id="永兴岛"),
        pytest.param("122.35", "53.48", id="漠河"),
        pytest.param("134.3", "48.37", id="抚远"),
        pytest.param("75.99", "39.47", id="喀什"),
        pytest.param("114.17", "22.28", id="香港"),
        pytest.param("100.8", "22.0", id="景洪"),
    ],
)
def test_places_in_china_are_accepted(longitude: str, latitude: str) -> None:
    check_coordinates(Decimal(longitude), Decimal(latitude))


@pytest.mark.parametrize(
    ("longitude", "latitude", "told"),
    [
        pytest.param("30.512345", "105.571234", "填反", id="填反"),
        pytest.param("139.69", "35.69", "不在中国境内", id="东京"),
        pytest.param("106.9", "47.9", "不在中国境内", id="乌兰巴托"),
        pytest.param("105.85", "21.03", "不在中国境内", id="河内"),
        pytest.param("126.98", "37.57", "不在中国境内", id="首尔"),
        pytest.param("0", "0", "留空", id="零"),
    ],
)
def test_places_outside_china_are_refused_with_a_hint(longitude: str, latitude: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        check_coordinates(Decimal(longitude), Decimal(latitude))


def test_a_border_town_is_inside() -> None:
    assert is_in_china(Decimal("124.4"), Decimal("40.1"))


def test_names_are_the_same_whatever_width_brackets_and_blanks() -> None:
    assert normalise_name("遂宁（河东）Ａ座 ") == normalise_name("遂宁(河东) a座")
    assert normalise_name("遂宁A座") != normalise_name("遂宁B座")


def test_blanks_inside_a_chinese_name_fall_away_and_inside_a_latin_one_stay() -> None:
    assert clean_name("张　三") == "张三"
    assert clean_name("遂宁河东\n示例有限公司") == "遂宁河东示例有限公司"
    assert clean_name("Tesla  Motors") == "Tesla Motors"


def test_each_risk_level_has_a_word_a_colour_and_a_shape() -> None:
    assert [(level.value, level.label, level.colour_word, level.shape) for level in RiskLevel] == [
        ("A", "低", "蓝", "●"),
        ("B", "一般", "黄", "■"),
        ("C", "较大", "橙", "▲"),
        ("D", "重大", "红", "◆"),
    ]
