"""What people write into cells, and what it means."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.registry.rules import Refused
from anguan.registry.sheets.cells import Raw, clean_cell
from anguan.registry.sheets.columns import BUILDING, ENTERPRISE, KINDS, OFFICER, SITE, Column


def column(field: str, kind: Any = ENTERPRISE) -> Column:
    found: Column = kind.by_field[field]
    return found


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("risk_level", "A", "A"), ("risk_level", "a", "A"),
        ("risk_level", "低", "A"), ("risk_level", "蓝", "A"),
        ("risk_level", "蓝色", "A"), ("risk_level", "一般", "B"),
        ("risk_level", "黄", "B"), ("risk_level", "较大风险", "C"),
        ("risk_level", "橙", "C"), ("risk_level", "重大", "D"),
        ("risk_level", "红色", "D"), ("risk_level", "Ｄ", "D"),
        ("risk_level", "A 低 蓝", "A"), ("risk_level", "A级（低风险）", "A"), ("risk_level", "重大/红", "D"),
        ("risk_level", "Ⅳ级", "A"), ("risk_level", " 低 风险 ", "A"),
        ("risk_level", "/", None), ("risk_level", "无", None),
        ("is_key", "是", True), ("is_key", "否", False), ("is_key", "Y", True),
        ("is_key", "n", False), ("is_key", "√", True),
        ("is_key", "×", False), ("is_key", 1.0, True), ("is_key", "1", True),
        ("is_key", 0, False), ("is_key", True, True),
        ("is_key", False, False), ("is_key", "", None),
        ("status", "在营", "operating"), ("status", "存续", "operating"), ("status", "停产", "suspended"),
        ("status", "注销", "cancelled"), ("status", "吊销", "revoked"), ("status", "迁出", "moved_out"),
        ("employees", "35", 35), ("employees", 35.0, 35),
        ("employees", "35人", 35), ("employees", "１，２００ 人", 1200),
        ("employees", "1,200", 1200),
        ("founded_on", "2020-1-5", date(2020, 1, 5)), ("founded_on", "2020/1/5", date(2020, 1, 5)),
        ("founded_on", "2020.1.5", date(2020, 1, 5)), ("founded_on", "2020年1月5日", date(2020, 1, 5)),
        ("founded_on", "20200105", date(2020, 1, 5)), ("founded_on", 20200105.0, date(2020, 1, 5)),
        ("founded_on", 43835.0, date(2020, 1, 5)), ("founded_on", "43835", date(2020, 1, 5)),
        ("founded_on", "２０２０年１月５日", date(2020, 1, 5)),
        ("founded_on", "2020-01-05 00:00:00", date(2020, 1, 5)),
        ("founded_on", "二〇二〇年一月五日", date(2020, 1, 5)),
        ("founded_on", "2020年 1月 5日", date(2020, 1, 5)),
        ("founded_on", datetime(2020, 1, 5, 8, 30, tzinfo=UTC), date(2020, 1, 5)),
        ("founded_on", date(2020, 1, 5), date(2020, 1, 5)),
        ("longitude", "105.571234", Decimal("105.571234")), ("longitude", 105.571234, Decimal("105.571234")),
        ("longitude", "东经105.5°", Decimal("105.5")), ("longitude", "105°34′12″", Decimal("105.57")),
        ("longitude", "105度34分12秒", Decimal("105.57")), ("latitude", "30.5N", Decimal("30.5")),
        ("phone", "13800000000", "13800000000"), ("phone", 13800000000.0, "13800000000"),
        ("phone", "138 0000 0000", "13800000000"), ("phone", "138-0000-0000", "13800000000"),
        ("phone", "１３８００００００００", "13800000000"), ("phone", "+86 13800000000", "13800000000"),
        ("phone", "0825-2345678", "0825-2345678"), ("phone", "(0825)2345678", "0825-2345678"),
        ("phone", "08252345678", "0825-2345678"), ("phone", "010-12345678转801", "010-12345678-801"),
        ("phone", "2345678", "2345678"), ("phone", "4001234567", "4001234567"),
        ("phone", "13800000000/13900000000", "13800000000、13900000000"),
        ("phone", "13800000000 13900000000", "13800000000、13900000000"),
        ("industry_code", "C2611", "C2611"), ("industry_code", "c2611", "C2611"),
        ("industry_code", 2611.0, "2611"),
        ("industry_code", "C2611 无机酸制造", "C2611"), ("industry_code", "H", "H"),
        ("name", "遂宁 示例\n公司", "遂宁示例公司"), ("name", 360.0, "360"), ("remark", "一\r\n二", "一\n二"),
        ("remark", "_x000D_\n有", "有"), ("address", "示例路１２号Ａ座（东）", "示例路12号A座（东）"),
        ("credit_code", '="91110000600037341L"', "91110000600037341L"), ("safety_managers", "——", None),
    ],
)  # fmt: skip
def test_a_cell_of_the_enterprise_table_means(field: str, written: Raw, meant: object) -> None:
    assert clean_cell(column(field), written) == meant


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("height_m", "32.5m", Decimal("32.5")), ("height_m", "32.5 米", Decimal("32.5")),
        ("height_m", 32.5, Decimal("32.5")),
        ("height_m", "３２．５ｍ", Decimal("32.5")), ("area_m2", "1.2万㎡", Decimal(12000)),
        ("area_m2", "1,200平方米", Decimal(1200)), ("storeys_above", "18层", 18), ("storeys_above", "18F", 18),
        ("storeys_below", "-2", 2), ("storeys_below", -2.0, 2),
        ("storeys_below", "B2", 2), ("storeys_below", "地下2层", 2),
        ("storeys_below", "无", None), ("built_year", "1998年", 1998), ("built_year", "2015年6月", 2015),
        ("built_year", date(2015, 6, 1), 2015), ("use", "商业综合体", "mixed"),
        ("use", "住宅楼", "residential"),
        ("use", "写字楼", "public"), ("use", "工业厂房", "factory"), ("use", "库房", "warehouse"),
    ],
)  # fmt: skip
def test_a_cell_of_the_building_table_means(field: str, written: Raw, meant: object) -> None:
    assert clean_cell(column(field, BUILDING), written) == meant


def test_numbers_of_permits_and_certificates_keep_their_dashes() -> None:
    assert clean_cell(column("permit_no", SITE), " 5109-2024 ０１a ") == "5109-202401A"
    assert clean_cell(column("certificate_no", OFFICER), 23090100001.0) == "23090100001"


def test_fields_of_enforcement_are_several_words() -> None:
    assert clean_cell(column("specialities", OFFICER), "安全生产，消防、安全生产") == ("安全生产", "消防")


def test_days_are_counted_from_1904_in_files_of_old_macs() -> None:
    assert clean_cell(column("founded_on"), 42373.0, date1904=True) == date(2020, 1, 5)


@pytest.mark.parametrize(
    ("field", "written", "told"),
    [
        ("credit_code", 9.15e17, "15 位以后的数字已经丢失"),
        ("credit_code", "9.15E+17", "15 位以后的数字已经丢失"),
        ("credit_code", date(2020, 1, 5), "文本格式"),
        ("risk_level", "紫", "应为：A（低）、B（一般）、C（较大）、D（重大）"),
        ("risk_level", "低/红", "不在可填的范围内"),
        ("is_key", "也许", "应填是或否"),
        ("status", "搬家中", "应为：在营、停产、注销、吊销、迁出"),
        ("employees", "若干", "应为数字"),
        ("employees", "12.5", "应为整数"),
        ("employees", -3.0, "应在 0 到"),
        ("employees", date(2020, 1, 5), "自动改成了日期"),
        ("founded_on", "2020-02-30", "没有 2020 年 2 月 30 日这一天"),
        ("founded_on", "2020年5月", "缺少日"),
        ("founded_on", "2020", "只有年份"),
        ("founded_on", 2020.0, "只有年份"),
        ("founded_on", "5/1/2020", "分不清年月日"),
        ("founded_on", "长期", "不是日期"),
        ("founded_on", "1020-01-05", "不合常理"),
        ("founded_on", True, "应为日期"),
        ("longitude", "30.5", "填反"),
        ("latitude", "105.5", "填反"),
        ("longitude", "139.7", "应在 73 到 135 之间"),
        ("longitude", 0, "留空"),
        ("longitude", "105.5,30.5", "应分两列"),
        ("longitude", "路口", "十进制度"),
        ("phone", "1380000000", "11 位"),
        ("phone", "138****0000", "星号"),
        ("phone", "张三", "不是电话号码"),
        ("industry_code", "化工", "GB/T 4754"),
        ("name", "长" * 151, "最多 150 个字"),
    ],
)
def test_a_cell_that_cannot_be_meant_so_is_refused_and_told(field: str, written: Raw, told: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_cell(column(field), written)
    assert told in str(refused.value)


def test_a_permit_number_that_excel_has_cut_is_refused() -> None:
    with pytest.raises(Refused, match="15 位以后"):
        clean_cell(column("permit_no", SITE), 510900202401010101.0)


ANYTHING = st.one_of(
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.none(),
)
ALMOST = st.text(
    alphabet="0123456789０１２./-—年月日时:：°′″'\"度分秒万米层mB负地下是否AaＡ低蓝, ，、()转+*oOlI"
    "\u200b\u3000\n_x000D",
    max_size=24,
)
COLUMNS = [(kind.name, each.field) for kind in KINDS.values() for each in kind.columns]


@pytest.mark.parametrize("raw", ["'0123", " '0123", "‘‘0123", '="\'0123"', ' ="0123" '])
def test_what_keeps_excel_from_counting_is_no_part_of_a_text(raw: str) -> None:
    assert clean_cell(column("developer", SITE), raw) == "0123"


@pytest.mark.parametrize(("kind", "field"), COLUMNS)
@settings(max_examples=40, deadline=None)
@given(raw=st.one_of(ANYTHING, ALMOST))
def test_anything_in_a_cell_becomes_a_value_or_a_sentence(kind: str, field: str, raw: Raw) -> None:
    cell = column(field, KINDS[kind])
    for date1904 in (False, True):
        with suppress(Refused):
            value = clean_cell(cell, raw, date1904=date1904)
            assert not isinstance(value, datetime | float | time | timedelta)
            if isinstance(value, str):
                assert value
                assert "\0" not in value
                value.encode()
                assert clean_cell(cell, value) == value
