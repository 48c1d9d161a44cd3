"""Tables as bureaus have them: read whole, with the sheet's own row numbers, or refused in one sentence."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.registry.sheets import package
from anguan.registry.sheets.checking import CheckedRow, check_rows
from anguan.registry.sheets.columns import BUILDING, ENTERPRISE, KEY_UNIT, KINDS, OFFICER, SITE, suggest
from anguan.registry.sheets.package import Unreadable
from anguan.registry.sheets.reading import Sheet, open_sheet
from anguan.registry.sheets.templates import template_bytes

FIRST = "91510900MA0000001X"
SECOND = "91510900MA00000021"
THIRD = "91510900MA00000034"
HEADERS = ["单位名称", "统一社会信用代码", "地址"]


def workbook(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    """An .xlsx file with one sheet, filled by `write(book, sheet)`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    write(book, book.add_worksheet("台账"))
    book.close()
    return buffer.getvalue()


def table(*rows: Sequence[Any], top: int = 0, left: int = 0) -> bytes:
    """An .xlsx file with these rows, the first of them at `top` and `left`."""

    def write(_book: Any, sheet: Any) -> None:
        for offset, row in enumerate(rows):
            sheet.write_row(top + offset, left, row)

    return workbook(write)


def read(content: bytes, kind: Any = ENTERPRISE, **options: Any) -> list[CheckedRow]:
    return list(check_rows(kind, open_sheet(content, kind, **options)))


def refusal(content: bytes, kind: Any = ENTERPRISE, **options: Any) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, kind, **options)
    sentence = str(refused.value)
    assert "%(" not in sentence
    assert "\n" not in sentence
    return sentence


def test_the_codes_of_this_file_are_real_in_form() -> None:
    rows = read(table(HEADERS, ["甲", FIRST, "一路"], ["乙", SECOND, "二路"], ["丙", THIRD, "三路"]))
    assert [row.errors for row in rows] == [[], [], []]


# --- where the table stands


def test_title_rows_above_the_header_are_passed_over_and_rows_keep_the_sheets_numbers() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:E1", "河东示例区生产经营单位台账")
        sheet.write("A2", "填报单位：应急管理局")
        sheet.write("D2", "填报日期：2026年11月")
        sheet.write_row("A4", HEADERS)
        sheet.write_row("A6", ["甲", FIRST, "一路"])
        sheet.write_row("A9", ["乙", SECOND, "二路"])

    content = workbook(write)
    sheet = open_sheet(content, ENTERPRISE)
    assert sheet.header_row == 4
    assert [(row.row_number, row.values["name"]) for row in check_rows(ENTERPRISE, sheet)] == [(6, "甲"), (9, "乙")]


def test_empty_rows_and_columns_before_the_table_do_not_shift_it() -> None:
    rows = read(table(HEADERS, ["甲", FIRST, "一路"], ["乙", "错", "二路"], top=6, left=3))
    assert [row.row_number for row in rows] == [8, 9]
    assert rows[1].errors[0].cell == "E9"


def test_columns_come_in_any_order_under_other_names_and_more_than_needed() -> None:
    rows = read(
        table(
            [
                "序号",
                "经营地址：",
                "统一社会\n信用代码 ",
                "＊单位名称（全称）",
                "法人代表/主要负责人",
                "手机",
                "网格员",
                "风险等级(A/B/C/D)",
            ],
            [1, "一路", FIRST, "甲", "张　三", 13800000000, "李四", "蓝"],
        )
    )
    assert rows[0].values == {
        "name": "甲", "credit_code": FIRST, "address": "一路", "principal": "张三", "phone": "13800000000",
        "risk_level": "A",
    }  # fmt: skip
    assert rows[0].errors == []


def test_a_column_that_means_nothing_here_is_kept_aside() -> None:
    sheet = open_sheet(table([*HEADERS, "网格员"], ["甲", FIRST, "一路", "李四"]), ENTERPRISE)
    assert next(check_rows(ENTERPRISE, sheet, keep_extra=True)).extra == {"网格员": "李四"}


def test_of_two_columns_for_one_field_the_closer_name_wins() -> None:
    rows = read(table(["企业名称", "信用代码", "注册地址", "经营地址"], ["甲", FIRST, "注册", "经营"]))
    assert rows[0].values["address"] == "经营"


def test_a_header_of_two_merged_rows_is_read_as_one() -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:H1", "台账")
        for place, header in enumerate(HEADERS):
            sheet.merge_range(1, place, 2, place, header)
        sheet.merge_range("D2:E2", "主要负责人")
        sheet.write_row("D3", ["姓名", "电话"])
        sheet.merge_range("F2:G2", "坐标")
        sheet.write_row("F3", ["经度", "纬度"])
        sheet.write_row("A4", ["甲", FIRST, "一路", "张三", "13800000000", 105.5, 30.5])

    sheet = open_sheet(workbook(write), ENTERPRISE)
    (row,) = check_rows(ENTERPRISE, sheet)
    assert sheet.header_row == 3
    assert row.row_number == 4
    assert row.values["principal"] == "张三"
    assert row.values["phone"] == "13800000000"
    assert str(row.values["longitude"]) == "105.500000"


def test_title_rows_merged_over_the_table_are_no_part_of_a_header() -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:E1", "示例区企业台账")
        sheet.merge_range("A2:E2", "填报单位：示例分局")
        sheet.write_row(2, 0, ["序号", *HEADERS, "片区"])
        sheet.write_row(3, 0, [1, "甲公司", FIRST, "东路1号", "一片区"])

    sheet = open_sheet(workbook(write), ENTERPRISE)
    assert [header.text for header in sheet.headers] == ["序号", *HEADERS, "片区"]


def test_a_value_merged_down_stands_in_each_of_its_rows() -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row("A1", [*HEADERS, "监管部门"])
        for number, (name, code) in enumerate([("甲", FIRST), ("乙", SECOND), ("丙", THIRD)], start=1):
            sheet.write_row(number, 0, [name, code, "一路"])
        sheet.merge_range("D2:D3", "应急管理局")
        sheet.write("D4", "住建局")

    rows = read(workbook(write))
    assert [row.values["supervised_by"] for row in rows] == ["应急管理局", "应急管理局", "住建局"]


def test_notes_headings_and_repeated_headers_are_left_out_and_listed() -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["序号", *HEADERS, "从业人数"])
        sheet.merge_range("A2:E2", "一、危险化学品企业")
        sheet.write_row("A3", [1, "甲", FIRST, "一路", 5])
        sheet.write_row("A4", ["序号", *HEADERS, "从业人数"])
        sheet.write_row("A5", [2, "乙", SECOND, "二路", 7])
        sheet.write_row("A6", [3])
        sheet.write_row("A7", ["合计", "", "", "", 12])
        sheet.write("A8", "注：本表每季度更新一次")
        sheet.write("A9", "填表人：王五    联系电话：13800000000")

    sheet = open_sheet(workbook(write), ENTERPRISE)
    assert [row.row_number for row in check_rows(ENTERPRISE, sheet)] == [3, 5]
    assert [skipped.number for skipped in sheet.skipped] == [2, 4, 6, 7, 8, 9]


def test_a_row_that_lacks_its_code_is_a_fault_and_not_a_note() -> None:
    rows = read(table(HEADERS, ["甲", "", "一路"], ["注册资本管理公司", "", ""]))
    assert [[error.message for error in row.errors] for row in rows] == [["必填，不能为空"], ["必填，不能为空"] * 2]
    assert rows[0].errors[0].as_dict() == {
        "column": "统一社会信用代码", "header": "统一社会信用代码", "value": "",
        "message": "必填，不能为空", "cell": "B2",
    }  # fmt: skip


def test_hidden_sheets_are_passed_over_unless_named() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    old = book.add_worksheet("旧")
    old.write_row(0, 0, HEADERS)
    old.write_row(1, 0, ["旧企业", FIRST, "一路"])
    cover = book.add_worksheet("封面")
    cover.write("A1", "台账说明")
    current = book.add_worksheet("新")
    current.write_row(0, 0, HEADERS)
    current.write_row(1, 0, ["新企业", SECOND, "二路"])
    current.activate()
    current.set_first_sheet()
    old.hide()
    book.close()
    content = buffer.getvalue()
    assert [row.values["name"] for row in read(content)] == ["新企业"]
    assert open_sheet(content, ENTERPRISE).sheet_names == ["封面", "新"]
    assert [row.values["name"] for row in read(content, sheet_name="旧")] == ["旧企业"]
    assert "没有名为" in refusal(content, sheet_name="无")


# --- what stands in the cells


def test_excel_dates_numbers_and_formulas_are_read_for_what_they_show() -> None:
    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row("A1", [*HEADERS, "成立日期", "从业人数", "联系电话"])
        sheet.write_formula("A2", '="甲"&"公司"', None, "甲公司")
        sheet.write_row("B2", [FIRST, "一路"])
        sheet.write_datetime("D2", date(2020, 1, 5), day)
        sheet.write_formula("E2", "=30+5", None, 35)
        sheet.write_number("F2", 13800000000)
        sheet.write_row("A3", ["乙", SECOND, "二路", 43835, "３５", "'13800000000"])

    rows = read(workbook(write))
    assert [row.errors for row in rows] == [[], []]
    assert rows[0].values["name"] == "甲公司"
    assert [row.values["founded_on"] for row in rows] == [date(2020, 1, 5)] * 2
    assert [row.values["employees"] for row in rows] == [35, 35]
    assert [row.values["phone"] for row in rows] == ["13800000000"] * 2


def test_days_in_files_that_count_from_1904_are_right_with_and_without_a_date_format() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row("A1", [*HEADERS, "成立日期"])
        sheet.write_row("A2", ["甲", FIRST, "一路"])
        sheet.write_datetime("D2", date(2020, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row("A3", ["乙", SECOND, "二路", 42373])

    rows = read(workbook(write, date_1904=True))
    assert [row.values["founded_on"] for row in rows] == [date(2020, 1, 5)] * 2


def test_a_code_kept_as_a_number_says_that_excel_has_cut_it() -> None:
    rows = read(table(HEADERS, ["甲", 911100001000003962, "一路"]))
    assert "15 位以后的数字已经丢失" in rows[0].errors[0].message


def test_a_formula_without_a_stored_result_and_one_in_error_are_told_at_their_cell() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEADERS, "从业人数"])
    sheet.append(['="甲"&"公司"', FIRST, "一路", "=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    (row,) = read(buffer.getvalue())
    assert [(error.cell, "没有保存计算结果" in error.message) for error in row.errors] == [("A2", True), ("D2", True)]

    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row("A1", [*HEADERS, "从业人数"])
        sheet.write_row("A2", ["甲", FIRST, "一路"])
        sheet.write_formula("D2", "=VLOOKUP(A2,B:C,2,0)", None, "#N/A")

    (row,) = read(workbook(write))
    assert [(error.cell, error.message) for error in row.errors] == [("D2", "单元格的公式出错（#N/A），请改正后再导入")]


def test_swapped_and_half_given_coordinates_are_refused_with_a_hint() -> None:
    headers = [*HEADERS, "经度", "纬度"]
    swapped, half, abroad = read(
        table(
            headers,
            ["甲", FIRST, "一路", 30.5, 105.5],
            ["乙", SECOND, "二路", 105.5, ""],
            ["丙", THIRD, "三路", 106.9, 47.9],
        )
    )
    assert [error.column for error in swapped.errors] == ["经度", "纬度"]
    assert "填反" in swapped.errors[0].message
    assert "一起填写" in half.errors[0].message
    assert "不在中国境内" in abroad.errors[0].message


def test_a_key_that_comes_twice_is_a_duplicate_of_the_first() -> None:
    rows = read(table(HEADERS, ["甲", FIRST, "一路"], ["乙", SECOND, "二路"], ["丙", f" {FIRST.lower()}", "三路"]))
    assert [row.duplicate_of for row in rows] == [None, None, 2]
    assert [row.is_good for row in rows] == [True, True, False]


def test_buildings_sites_key_units_and_officers_have_their_own_keys() -> None:
    buildings = [["建筑名称", "地址", "高度（米）", "层数", "用途"], ["A座", "一路1号", "54.6m", "18层", "写字楼"]]
    again = ["Ａ 座", "一路 1号", 54.6, 18, "公共"]
    assert [row.duplicate_of for row in read(table(*buildings, again), BUILDING)] == [None, 2]
    sites = [
        ["项目名称", "施工许可证编号", "施工单位统一社会信用代码", "建设地点", "开工时间"],
        ["二期", "5109-01", FIRST, "一路", "2024.3.1"],
    ]
    (site,) = read(table(*sites), SITE)
    assert (site.key, site.values["started_on"], site.errors) == ("5109-01", date(2024, 3, 1), [])
    units = [
        ["单位名称", "统一社会信用代码", "列管类别"],
        ["一店", FIRST, "公众聚集场所"],
        ["二店", FIRST, "公众聚集场所"],
    ]
    assert [row.duplicate_of for row in read(table(*units), KEY_UNIT)] == [None, None]
    officers: list[list[Any]] = [
        ["姓名", "单位", "执法证号", "有效期至", "可任组长"],
        ["王 五", "应急管理局", 23090100001, "2028年12月31日", "√"],
    ]
    (officer,) = read(table(*officers), OFFICER)
    assert officer.values == {
        "name": "王五", "organ_name": "应急管理局", "certificate_no": "23090100001", "valid_to": date(2028, 12, 31),
        "can_lead": True,
    }  # fmt: skip


# --- texts

CSV = f'河东示例区台账\n\n单位名称,统一社会信用代码,地址\n甲,{FIRST},"一路\n1号"\n\n乙,{SECOND},二路\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_table_is_read_in_every_usual_encoding_and_with_every_separator(encoding: str, delimiter: str) -> None:
    rows = read(CSV.replace(",", delimiter).encode(encoding))
    assert [(row.row_number, row.values["name"], row.errors) for row in rows] == [(4, "甲", []), (6, "乙", [])]
    assert rows[0].values["address"] == "一路 1号"


def test_a_text_table_may_name_its_separator_and_guard_its_numbers() -> None:
    rows = read(f'sep=;\n单位名称;统一社会信用代码;地址\n甲;="{FIRST}";一路\n'.encode())
    assert [(row.row_number, row.values["credit_code"]) for row in rows] == [(2, FIRST)]


def test_a_text_table_with_an_open_quote_is_refused_in_a_sentence() -> None:
    content = f'单位名称,统一社会信用代码,地址\n甲,{FIRST},"一路\n' + "乙,丙,丁\n" * 50_000
    assert "引号不成对" in refusal(content.encode())


# --- what is no table


def ole(*names: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1500 + b"".join(n.encode("utf-16-le") + b"\0" * 40 for n in names)
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "0 字节", id="空文件"),
        pytest.param(b"MZ\x90\0" + b"\0" * 500, "程序", id="改名的程序"),
        pytest.param(b"\x7fELF\x02\x01" + b"\0" * 500, "程序", id="改名的Linux程序"),
        pytest.param(b"#!/bin/sh\nrm -rf /\n", "程序", id="改名的脚本"),
        pytest.param(b"%PDF-1.7\n...", "PDF", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "图片", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\0" * 99, "图片", id="JPEG"),
        pytest.param(b"Rar!\x1a\x07" + b"\0" * 99, "压缩包", id="RAR"),
        pytest.param(ole("EncryptionInfo", "EncryptedPackage"), "打开密码", id="有密码的xlsx"),
        pytest.param(ole("Workbook"), "旧的 .xls 格式", id="xls"),
        pytest.param(ole("WordDocument"), "Word", id="doc"),
        pytest.param(ole("Root Entry"), "另存为 .xlsx", id="其他旧文件"),
        pytest.param("\ufeff<html><table><tr><td>单位名称</td></tr></table></html>".encode(), "网页", id="网页存成xls"),
        pytest.param(b'<?xml version="1.0"?><Workbook/>', "XML", id="XML表格"),
        pytest.param(b"a,b\n\x01\x02\x03\n", "无法识别", id="二进制"),
        pytest.param("单位名称,地址\n甲".encode() + b"\xff\xff", "编码", id="乱码"),
        pytest.param(b"\n\n  \n", "空的", id="空白文本"),
        pytest.param("甲,乙\n丙,丁\n".encode(), "单位名称、统一社会信用代码、地址", id="没有表头的文本"),
        pytest.param(zipped({"a.txt": b"x"}), "压缩包", id="普通压缩包"),
        pytest.param(zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "Word", id="docx"),
        pytest.param(zipped({"mimetype": b"", "content.xml": b""}), ".ods", id="ods"),
        pytest.param(zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), ".xlsb", id="xlsb"),
        pytest.param(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b"<broken"}), "损坏", id="坏结构"),
        pytest.param(table(HEADERS, ["甲", FIRST, "一路"])[:-200], "损坏", id="没下载完"),
        pytest.param(table(), "空的", id="空工作表"),
        pytest.param(table(["台账"], ["甲", FIRST, "一路"]), "单位名称、统一社会信用代码、地址", id="没有表头"),
        pytest.param(table(HEADERS), "下面没有数据", id="只有表头"),
        pytest.param(
            table(["单位名称", "地址", "联系电话"], ["甲", "一路", ""]), "缺少必填的列：统一社会信用代码", id="缺列"
        ),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, told: str) -> None:
    assert told in refusal(content)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="找不到文件"):
        open_sheet(tmp_path / "无.xlsx", ENTERPRISE)
    with pytest.raises(Unreadable, match="文件夹"):
        open_sheet(tmp_path, ENTERPRISE)


# --- what would take the machine's memory


def rebuilt(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The .xlsx with some of its parts exchanged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | changes)


GOOD = table(HEADERS, ["甲", FIRST, "一路"])
SHEET = "xl/worksheets/sheet1.xml"
START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def test_a_zip_bomb_is_refused_before_it_is_read() -> None:
    bomb = rebuilt(GOOD, {SHEET: START + b" " * (80 * 1024 * 1024) + END})
    assert len(bomb) < 200_000
    assert "大得不正常" in refusal(bomb)


def test_a_zip_bomb_whose_directory_lies_about_its_size_is_refused() -> None:
    inflated = START + b" " * (40 * 1024 * 1024) + END
    bomb = bytearray(rebuilt(GOOD, {SHEET: inflated}))
    real, said = struct.pack("<I", len(inflated)), struct.pack("<I", 1000)
    assert bomb.count(real) == 2
    assert any(told in refusal(bytes(bomb.replace(real, said))) for told in ("大得不正常", "损坏"))


def test_a_part_that_inflates_to_less_than_it_says_is_refused() -> None:
    size = struct.pack("<I", zipfile.ZipFile(io.BytesIO(GOOD)).getinfo(SHEET).file_size)
    assert "损坏" in refusal(GOOD.replace(size, struct.pack("<I", 999_999)))


def test_a_file_that_lost_a_piece_in_its_middle_is_refused() -> None:
    """Its directory then points before the file's beginning."""
    assert "损坏" in refusal(GOOD[:100] + GOOD[300:])


def test_a_single_cell_in_the_last_corner_is_refused_and_named() -> None:
    corner = (
        START + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END
    )
    assert "1048576 行" in refusal(rebuilt(GOOD, {SHEET: corner}))
    wide = START + b'<row r="1"><c r="A1"><v>1</v></c><c s="0" r="XFD1"><v>1</v></c></row>' + END
    assert "XFD1 单元格" in refusal(rebuilt(GOOD, {SHEET: wide}))
    prefixed = wide.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>")
    assert "XFD1 单元格" in refusal(rebuilt(GOOD, {SHEET: prefixed}))


def test_formatted_but_empty_cells_far_away_do_no_harm() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read(SHEET)
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert [row.values["name"] for row in read(rebuilt(GOOD, {SHEET: far}))] == ["甲"]


def test_cells_without_an_address_are_counted_by_their_order() -> None:
    wide = START + b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>" + END
    assert "300 列" in refusal(rebuilt(GOOD, {SHEET: wide}))


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    texts = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * 32767
        + b"</t></si></sst>"
    )
    rows = b"".join(
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d" t="s"><v>0</v></c>' % (65 + c, row) for c in range(20))
        + b"</row>"
        for row in range(1, 1001)
    )
    assert "大得不正常" in refusal(rebuilt(GOOD, {SHEET: START + rows + END, "xl/sharedStrings.xml": texts}))


def test_too_many_rows_are_refused_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_ROWS", 2)
    assert "表格有 3 行" in refusal(table(HEADERS, ["甲", FIRST, "一路"], ["乙", SECOND, "二路"]))


def test_a_file_that_is_too_big_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 1000)
    assert "一次最多导入" in refusal(GOOD)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_never_breaks_the_program(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(damaged))
    except Unreadable as refused:
        told = str(refused)
    else:
        told = "read"
    assert told


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_part_in_place_of_the_sheet_is_read_or_refused(part: bytes) -> None:
    told = ""
    try:
        read(rebuilt(GOOD, {SHEET: START + part + END}))
    except Unreadable as refused:
        told = str(refused)
    assert told or zlib.crc32(part) >= 0


# --- matching by hand, and templates


def test_headers_that_are_nearly_known_are_suggested_and_left_to_the_clerk() -> None:
    offered = suggest(
        ENTERPRISE,
        ["单位名称", "统一社会信用代码（必填）", "单位详细的地址", "安全员的姓名", "网格", "企业经营状态"],
    )
    assert [(each.field, each.is_certain) for each in offered] == [
        ("name", True),
        ("credit_code", True),
        ("address", False),
        ("safety_managers", False),
        (None, False),
        ("status", False),
    ]


def test_a_matching_by_hand_overrules_the_files_own() -> None:
    sheet: Sheet = open_sheet(table(["甲列", "乙列", "丙列"], ["甲", FIRST, "一路"]), ENTERPRISE, header_row=1)
    assert sheet.mapping == {}
    (row,) = check_rows(ENTERPRISE, sheet, {0: "name", 1: "credit_code", 2: "address"})
    assert (row.values["name"], row.errors) == ("甲", [])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_template_has_all_columns_and_what_is_filled_into_it_can_be_imported(kind: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(kind)))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [f"{column.name}*" if column.required else column.name for column in kind.columns]
    assert sheet.freeze_panes == "B2"
    assert "下面没有数据" in refusal(template_bytes(kind), kind)
    for place, column in enumerate(kind.columns, start=1):
        sheet.cell(2, place, FIRST if column.holds == "code" else column.example)
    buffer = io.BytesIO()
    book.save(buffer)
    (row,) = read(buffer.getvalue(), kind)
    assert row.errors == []
    assert row.key is not None
    assert all(row.values[column.field] is not None for column in kind.columns if column.required)


def test_the_drop_downs_of_a_template_offer_only_words_that_are_understood() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_bytes(ENTERPRISE))).worksheets[0]
    lists = [str(rule.formula1) for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert lists == ['"A,B,C,D"', '"是,否"', '"CGCS2000,GCJ-02,BD-09"', '"在营,停产,注销,吊销,迁出"']
