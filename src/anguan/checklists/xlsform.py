"""XLSForm files: the sheets of `rules.xlsform` written with xlsxwriter and read with calamine."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Final

import python_calamine as calamine
import xlsxwriter

from anguan.checklists.models import Checklist, ChecklistItem
from anguan.checklists.rules import BadForm, HazardLevel, Question, Reading, Sheet, from_sheets, to_sheets
from anguan.core.words import N_
from anguan.people.rules import OrganKind

MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_UNPACKED: Final = 40 * 1024 * 1024
_MOST_ROWS: Final = 5000
_WIDTHS: Final[Mapping[str, int]] = {"type": 22, "name": 18, "required": 9, "key": 14, "verified": 9}


def question_of(item: ChecklistItem) -> Question:
    """A stored question as the plain value that rules take."""
    return Question(
        number=item.number,
        key=item.key,
        question=item.question,
        look_for=item.look_for,
        statute=item.statute,
        clause=item.clause,
        violation_basis=item.violation_basis,
        order_basis=item.order_basis,
        penalty_basis=item.penalty_basis,
        order_organs=tuple(OrganKind(kind) for kind in item.order_organs),
        penalty_organs=tuple(OrganKind(kind) for kind in item.penalty_organs),
        hazard_level=HazardLevel(item.hazard_level),
        suggested_days=item.suggested_days,
        criterion=(item.criterion.standard_id, item.criterion.clause) if item.criterion else None,
        verified=item.verified,
    )


def sheet_of(checklist: Checklist) -> Sheet:
    """A stored checklist as the plain value that rules take."""
    return Sheet(
        code=checklist.code,
        version=checklist.version,
        title=checklist.title,
        industry=checklist.industry,
        items=tuple(question_of(item) for item in checklist.items.select_related("criterion")),
    )


def xlsform_bytes(checklist: Checklist) -> bytes:
    """The checklist as an .xlsx file that ODK and Kobo take."""
    file = BytesIO()
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    bold = book.add_format({"bold": True})
    for name, rows in to_sheets(sheet_of(checklist)).items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, header in enumerate(rows[0]):
            page.set_column(column, column, _WIDTHS.get(header, 32))
            page.write_string(0, column, header, bold)
        for number, row in enumerate(rows[1:], start=1):
            for column, text in enumerate(row):
                if text:
                    page.write_string(number, column, text)
    book.close()
    return file.getvalue()


def read_xlsform(file: IO[bytes]) -> Reading:
    """The checklist in an uploaded XLSForm; raises `BadForm` for what can't be read."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadForm(N_("文件超过 2 MB；检查表没有这么大，请核对是不是选错了文件。"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            # A small file can unpack into a very large one.
            if sum(entry.file_size for entry in package.infolist()) > _MOST_UNPACKED:
                raise BadForm(N_("文件解开后太大，请核对是不是选错了文件。"))
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = {
            name: [["" if cell is None else _text(cell) for cell in row] for row in _rows(book, name)]
            for name in book.sheet_names
            if name in {"survey", "choices", "settings", "anguan"}
        }
    except BadForm:
        raise
    except calamine.PasswordError:
        raise BadForm(N_("文件有打开密码，请取消密码、另存后再导入。")) from None
    except (zipfile.BadZipFile, calamine.CalamineError, OSError, ValueError, OverflowError, NotImplementedError):
        raise BadForm(N_("这不是 .xlsx 文件，或者文件已经损坏，请重新导出后再导入。")) from None
    except BaseException as problem:
        # The reader is written in Rust; a fault in it arrives as an exception of its own kind, outside Exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise BadForm(N_("这不是 .xlsx 文件，或者文件已经损坏，请重新导出后再导入。")) from None
    return from_sheets(sheets)


def _rows(book: calamine.CalamineWorkbook, name: str) -> list[list[object]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.height > _MOST_ROWS:
        raise BadForm(N_("%(name)s 表超过 %(most)s 行，请删去空行后再导入。"), name=name, most=str(_MOST_ROWS))
    # Rows above the first filled one count too: cells are named as the spreadsheet shows them.
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: object) -> str:
    """A cell as text; a whole number without its point, as somebody types 15 for days."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return text.replace("\0", "")
