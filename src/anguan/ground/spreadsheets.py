"""电子表格: rows streamed into an .xlsx file, in the memory of one row."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from anguan.ground.clock import CHINA

LAST_ROW: Final = 1_048_576


class TooManyRows(ValueError):
    """A sheet of Excel ends at row 1 048 576; the caller narrows the filter."""


def write_rows(
    file: IO[bytes],
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    widths: Sequence[int] = (),
) -> int:
    """Write a header row and `rows` into `file` as .xlsx; returns how many rows.

    Texts, numbers, days and moments (shown in China's time) stay what they are; None leaves the cell empty. A text is
    never read as a formula or a link. Raises `TooManyRows`.
    """
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= LAST_ROW:
            raise TooManyRows("电子表格最多 1048575 行，请缩小筛选范围后再导出。")
        for column, value in enumerate(row):
            _write(sheet, count, column, value, day, moment)
    try:
        book.close()
    except XlsxWriterException as error:
        raise OSError(str(error)) from error
    return count


def _write(sheet: Worksheet, row: int, column: int, value: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, datetime):
        local = value.astimezone(CHINA).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, local, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time.min), day)
    else:
        sheet.write(row, column, value)


def _sheet_name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31] or "Sheet1"
