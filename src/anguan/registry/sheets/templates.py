"""Empty tables to fill in: headers with an asterisk where required, hints, drop-downs, and a page of explanations."""

from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from anguan.core.words import N_
from anguan.registry.sheets.columns import Column, Holds, Kind

# Drop-downs and formats reach this far; rows below can be filled in all the same.
ROWS_PREPARED = 2000
EXPLANATIONS = N_("填写说明")

_NUMBERS = {Holds.INT: "0", Holds.DECIMAL: "0.00", Holds.LONGITUDE: "0.000000", Holds.LATITUDE: "0.000000"}
_WORDS = {
    Holds.CODE: N_("18 位代码"),
    Holds.IDENTIFIER: N_("号码"),
    Holds.INDUSTRY: N_("代码"),
    Holds.INT: N_("整数"),
    Holds.DECIMAL: N_("数字"),
    Holds.DATE: N_("日期"),
    Holds.CHOICE: N_("选项"),
    Holds.BOOL: N_("是或否"),
    Holds.LONGITUDE: N_("坐标"),
    Holds.LATITUDE: N_("坐标"),
    Holds.PHONE: N_("电话"),
}


def write_template(kind: Kind, target: Path | str | BinaryIO) -> None:
    """Write the empty .xlsx table of this kind; the table is the first sheet, so that it can be imported as it is."""
    book = xlsxwriter.Workbook(target if isinstance(target, BytesIO) else _place(target), {"in_memory": True})
    table = book.add_worksheet(kind.label)
    _write_table(book, table, kind)
    _write_explanations(book, book.add_worksheet(EXPLANATIONS), kind)
    table.activate()
    book.close()


def template_bytes(kind: Kind) -> bytes:
    """The empty table as bytes, for a download."""
    buffer = BytesIO()
    write_template(kind, buffer)
    return buffer.getvalue()


def _place(target: Any) -> Any:
    return str(target) if isinstance(target, Path) else target


def _write_table(book: Any, table: Any, kind: Kind) -> None:
    common = {"bold": True, "border": 1, "border_color": "#B9B4A9", "valign": "vcenter", "text_wrap": True}
    required = book.add_format({**common, "bg_color": "#1F4E6B", "font_color": "#FFFFFF"})
    optional = book.add_format({**common, "bg_color": "#E3E9ED", "font_color": "#1D2733"})
    as_text = book.add_format({"num_format": "@"})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    table.freeze_panes(1, 1)
    table.set_row(0, 30)
    for place, column in enumerate(kind.columns):
        form = as_date if column.holds is Holds.DATE else as_text
        if column.holds in _NUMBERS:
            form = book.add_format({"num_format": _NUMBERS[column.holds]})
        table.set_column(place, place, column.width, form)
        table.write_string(0, place, column.header, required if column.required else optional)
        if column.hint:
            table.write_comment(0, place, column.hint, {"x_scale": 1.6, "y_scale": 0.8})
        rule = _validation(column)
        if rule:
            table.data_validation(1, place, ROWS_PREPARED, place, rule)


def _validation(column: Column) -> dict[str, Any] | None:
    """What Excel checks while typing. A list of choices stops, because other words might not be understood here."""
    words = [choice.word for choice in column.choices]
    told = {"input_title": column.name[:32], "input_message": column.hint[:255]} if column.hint else {}
    if words:
        return {"validate": "list", "source": words, "error_type": "warning", **told}
    if column.suggestions:
        return {"validate": "list", "source": list(column.suggestions), "error_type": "information", **told}
    if column.holds is Holds.CODE:
        return {
            "validate": "length",
            "criteria": "==",
            "value": 18,
            "error_title": column.name[:32],
            "error_message": N_("统一社会信用代码应为 18 位"),
            "error_type": "warning",
            **told,
        }
    return None


def _write_explanations(book: Any, sheet: Any, kind: Kind) -> None:
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (word, width) in enumerate(
        (
            (N_("栏目"), 22),
            (N_("是否必填"), 10),
            (N_("填什么"), 12),
            (N_("说明"), 56),
            (N_("可填的词"), 40),
            (N_("示例"), 26),
        )
    ):
        sheet.set_column(place, place, width, wrapped)
        sheet.write_string(0, place, word, head)
    for row, column in enumerate(kind.columns, start=1):
        words = "、".join(choice.word for choice in column.choices) or "、".join(column.suggestions)
        cells = (
            column.name,
            N_("必填") if column.required else N_("可空"),
            _WORDS.get(column.holds, N_("文字")),
            column.hint,
            words,
            column.example,
        )
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text)
    notes = (
        N_("从第二行起填写，每行一条；列的顺序可以改变，多出的列不影响导入。"),
        N_("带 * 的栏目必填。代码和号码请保持文本格式，否则 Excel 会丢掉 15 位以后的数字。"),
    )
    for offset, note in enumerate(notes):
        sheet.write_string(len(kind.columns) + 2 + offset, 0, note, book.add_format({}))
    sheet.freeze_panes(1, 0)
