"""Reading a table as a bureau keeps it: the right sheet, the header wherever it stands, rows with the sheet's numbers.

`open_sheet` decides everything that is about the file; what the cells mean is decided in `checking`.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import python_calamine as calamine

from anguan.core.words import N_
from anguan.registry.sheets import package
from anguan.registry.sheets.cells import Raw, is_blank, shown
from anguan.registry.sheets.columns import Column, Kind, match_header, match_headers, missing_columns
from anguan.registry.sheets.package import MOST_COLUMNS, MOST_ROWS, Unreadable, column_letters

# The header is looked for in so many rows from the first that holds anything.
HEADER_WITHIN = 20
HEADER_DEPTH = 3

Source = str | os.PathLike[str] | bytes | BinaryIO
Cells = list[Raw]


@dataclass(frozen=True, slots=True)
class Header:
    """One column of a file: its place from zero, its letters in Excel, and what stands above it."""

    place: int
    letters: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something; `number` is the sheet's own."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no data and was left out: a note below the table, a heading between rows, a header that repeats."""

    number: int
    text: str


class Grid:
    """A rectangle of raw cells that can be walked through more than once. Subclasses know where they come from."""

    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    height: int = 0

    def walk(self) -> Iterator[tuple[int, Cells]]:
        """Rows from the top with their number from one; blank ones too. Columns start at the sheet's column A."""
        raise NotImplementedError


class ExcelGrid(Grid):
    """A worksheet in memory as python-calamine holds it; rows become Python objects one at a time."""

    def __init__(self, sheet: calamine.CalamineSheet) -> None:
        self.sheet = sheet
        self.merges = sheet.merged_cell_ranges or ()
        self.height = sheet.end[0] + 1 if sheet.end else 0

    def walk(self) -> Iterator[tuple[int, Cells]]:
        # iter_rows pads the empty rows above the data, not the empty columns left of it.
        left: Cells = [""] * (self.sheet.start[1] if self.sheet.start else 0)
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            yield number, [*left, *cells]


class TextGrid(Grid):
    """A .csv or tab-separated text; a record is a row even where a quoted cell spans lines, as Excel shows it."""

    def __init__(self, source: "Opened", encoding: str, delimiter: str, *, has_separator_line: bool) -> None:
        self.source, self.encoding, self.delimiter = source, encoding, delimiter
        self.has_separator_line = has_separator_line
        with source.stream() as stream:
            self.height = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) + 1

    def walk(self) -> Iterator[tuple[int, Cells]]:
        with self.source.stream() as stream:
            text = io.TextIOWrapper(stream, encoding=self.encoding, newline="")
            try:
                if self.has_separator_line:
                    text.readline()
                number = 0
                for number, cells in enumerate(csv.reader(text, delimiter=self.delimiter), start=1):
                    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                        raise Unreadable(
                            N_("第 %(row)s 行有 %(columns)s 列，最多 %(most)s 列，请检查分隔符和引号"),
                            row=number,
                            columns=len(cells),
                            most=MOST_COLUMNS,
                        )
                    if number > MOST_ROWS:
                        raise Unreadable(N_("表格超过 %(most)s 行，请拆分后再导入"), most=MOST_ROWS)
                    yield number, list(cells)
            except csv.Error:
                raise Unreadable(
                    N_("第 %(row)s 行附近的引号不成对或单元格过长，请检查后再导入"), row=number + 1
                ) from None
            finally:
                text.detach()


@dataclass(frozen=True)
class Opened:
    """Where the bytes are; opened anew for each walk so that nothing is kept open between."""

    path: Path | None = None
    content: bytes | None = None

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes from the start."""
        with self.path.open("rb") if self.path is not None else io.BytesIO(self.content or b"") as stream:
            yield stream


@dataclass
class Sheet:
    """One table ready to be read: where its header stands and which of its columns mean what."""

    kind: Kind
    name: str
    sheet_names: list[str]
    header_row: int
    first_data_row: int
    headers: list[Header]
    mapping: dict[int, str]
    grid: Grid
    date1904: bool = False
    without_value: Mapping[tuple[int, int], str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def row_estimate(self) -> int:
        """About how many rows of data there are, for a progress bar; blank rows and notes are counted too."""
        return max(0, self.grid.height - self.first_data_row + 1)

    def missing(self, mapping: Mapping[int, str] | None = None) -> list[Column]:
        """The required columns that the file doesn't have, under this matching or its own."""
        return missing_columns(self.kind, (self.mapping if mapping is None else mapping).values())

    def rows(self) -> Iterator[Row]:
        """The rows below the header that hold anything; a value merged down over rows stands in each of them."""
        starts: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in self.grid.merges:
            if bottom > top >= self.first_data_row - 1:
                starts.setdefault(top + 1, []).append((left, bottom + 1))
        carried: dict[int, tuple[int, Raw]] = {}
        for number, cells in self.grid.walk():
            if number < self.first_data_row or all(map(is_blank, cells)):
                continue
            if carried:
                for left, (bottom, value) in list(carried.items()):
                    if number > bottom:
                        del carried[left]
                    elif left < len(cells) and is_blank(cells[left]):
                        cells[left] = value
            for left, bottom in starts.get(number, ()):
                if left < len(cells):
                    carried[left] = (bottom, cells[left])
            yield Row(number, cells)


def open_sheet(source: Source, kind: Kind, *, sheet_name: str | None = None, header_row: int | None = None) -> Sheet:
    """Open an .xlsx, .csv or tab-separated file, judged by its content, and find the table of this kind in it.

    Without `sheet_name` the first visible sheet that has all required columns is taken, else the first with a header.
    `header_row` (from one) overrules the search for the header. Raises Unreadable with one sentence.
    """
    opened = _opened(source)
    with opened.stream() as stream:
        found = package.tell(stream)
        measured = package.inspect(stream) if found == "xlsx" else None
    if measured is None:
        return _open_text(opened, kind, header_row)
    return _open_workbook(opened, measured, kind, sheet_name, header_row)


def _opened(source: Source) -> Opened:
    if isinstance(source, bytes):
        return Opened(content=source)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            raise Unreadable(N_("“%(name)s”是文件夹，不是文件"), name=path.name)
        if not path.is_file():
            raise Unreadable(N_("找不到文件“%(name)s”，请核对路径"), name=path.name)
        try:
            path.open("rb").close()
        except OSError:
            raise Unreadable(N_("没有权限读取文件“%(name)s”"), name=path.name) from None
        return Opened(path=path)
    source.seek(0)
    return Opened(content=source.read(package.MOST_BYTES + 1))


# --- workbooks


def _open_workbook(
    opened: Opened, measured: package.Package, kind: Kind, sheet_name: str | None, header_row: int | None
) -> Sheet:
    with opened.stream() as stream:
        try:
            book = calamine.CalamineWorkbook.from_filelike(stream)
            sheets = [
                sheet
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
                and (sheet.name == sheet_name if sheet_name else sheet.visible == calamine.SheetVisibleEnum.Visible)
            ]
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
            ]
            if sheet_name and not sheets:
                raise Unreadable(
                    N_("文件里没有名为“%(name)s”的工作表，有：%(names)s"), name=sheet_name, names="、".join(visible)
                )
            return _first_with_header(book, [sheet.name for sheet in sheets], visible, measured, kind, header_row)
        except Unreadable:
            raise
        except calamine.PasswordError:
            raise Unreadable(N_("文件有打开密码，无法读取，请在 Excel 或 WPS 中取消密码、另存后再导入")) from None
        except (calamine.CalamineError, OSError, ValueError, OverflowError):
            raise Unreadable(N_("文件已损坏或没有下载完整，无法打开，请重新获取后再导入")) from None
        except BaseException as problem:
            # The reader is written in Rust; a fault in it arrives as an exception of its own kind, outside Exception.
            if type(problem).__name__ != "PanicException":
                raise
            raise Unreadable(N_("文件已损坏或没有下载完整，无法打开，请重新获取后再导入")) from None


def _first_with_header(
    book: calamine.CalamineWorkbook,
    names: list[str],
    visible: list[str],
    measured: package.Package,
    kind: Kind,
    header_row: int | None,
) -> Sheet:
    candidate: Sheet | None = None
    something = False
    for name in names:
        part = measured.parts.get(name, package.Part())
        grid = ExcelGrid(book.get_sheet_by_name(name))
        something = something or grid.height > 0
        found = _find_header(grid, kind, header_row)
        if found is None:
            continue
        sheet = _sheet_of(found, grid, kind, name, visible)
        sheet.date1904 = measured.date1904
        sheet.without_value = part.without_value
        if not sheet.missing():
            candidate = sheet
            break
        candidate = candidate or sheet
    return _with_data(candidate, kind, something=something)


# --- texts


def _open_text(opened: Opened, kind: Kind, header_row: int | None) -> Sheet:
    encoding = _encoding(opened)
    with opened.stream() as stream:
        first = stream.readline(4096).decode(encoding, "replace").strip("\ufeff \r\n")
    named = first[4] if first.lower().startswith("sep=") and len(first) == 5 else None
    best: tuple[int, TextGrid, Found] | None = None
    for delimiter in (named,) if named else (",", "\t", ";", "|"):
        grid = TextGrid(opened, encoding, delimiter, has_separator_line=named is not None)
        found = _find_header(grid, kind, header_row)
        if found is not None and (best is None or _worth(found) > best[0]):
            best = (_worth(found), grid, found)
    if best is None:
        _with_data(None, kind, something=bool(first))
        raise AssertionError
    return _with_data(_sheet_of(best[2], best[1], kind, "", []), kind, something=True)


def _worth(found: "Found") -> int:
    return len(found.mapping) * 1000 + sum(1 for label in found.labels if label)


def _encoding(opened: Opened) -> str:
    with opened.stream() as stream:
        head = stream.read(65536)
        candidates: tuple[str, ...]
        if head.startswith(codecs.BOM_UTF8):
            candidates = ("utf-8-sig",)
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            candidates = ("utf-16",)
        elif any(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a" for byte in head):
            raise Unreadable(N_("这不是 .xlsx 或 .csv 表格，文件内容无法识别，请用 Excel 或 WPS 另存为 .xlsx 后再导入"))
        else:
            candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        if _decodes(opened, encoding):
            return encoding
    raise Unreadable(N_("文字编码无法识别，应为 UTF-8 或 GB18030（GBK），请用 Excel 或 WPS 另存为 .xlsx 后再导入"))


def _decodes(opened: Opened, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with opened.stream() as stream:
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


# --- the header


@dataclass(frozen=True, slots=True)
class Found:
    """Where a header stands: its last row, the first row below it, what is above each column, and what that means."""

    row: int
    first_data_row: int
    labels: list[str]
    mapping: dict[int, str]


def _find_header(grid: Grid, kind: Kind, header_row: int | None) -> Found | None:
    """The row, or up to three rows together, in which most of the kind's columns are known; None below two."""
    top: dict[int, Cells] = {}
    filled: list[int] = []
    for number, cells in grid.walk():
        if header_row is not None and number < header_row:
            continue
        if len(filled) >= HEADER_WITHIN + HEADER_DEPTH or (
            header_row is not None and number > header_row + HEADER_DEPTH
        ):
            break
        if not all(map(is_blank, cells)):
            top[number] = cells
            filled.append(number)
    width = max((len(cells) for cells in top.values()), default=0)
    merges = [
        ((high, left), (low, right))
        for (high, left), (low, right) in grid.merges
        # What lies over (almost) the whole table is its title, no heading of a group of columns.
        if high < max(filled, default=0) and (left == right or (right - left + 1) * 5 < width * 4)
    ]
    best: Found | None = None
    for start in filled[:HEADER_WITHIN]:
        if header_row is not None and start != header_row:
            continue
        for depth in range(1, HEADER_DEPTH + 1):
            end = start + depth - 1
            if depth > 1 and not (end in top and _is_joined(merges, start, end)):
                break
            labels = _labels(top, merges, kind, start, end, width)
            mapping = match_headers(kind, labels)
            if best is None or len(mapping) > len(best.mapping):
                bottom = max(
                    [end, *(low + 1 for (high, _), (low, _) in merges if start - 1 <= high < end and low < end + 2)]
                )
                best = Found(bottom, bottom + 1, labels, mapping)
    if best is None:
        return None
    known = set(best.mapping.values())
    if header_row is None and (len(known) < 2 or not any(column.field in known for column in kind.required)):
        return None
    return best


def _is_joined(merges: Sequence[tuple[tuple[int, int], tuple[int, int]]], start: int, end: int) -> bool:
    """Whether the rows from start to end (from one) are held together by a cell merged down, or a heading across."""
    return any(
        (start <= high + 1 < end <= low + 1) or (right > left and start <= high + 1 == low + 1 == end - 1)
        for (high, left), (low, right) in merges
    )


def _labels(
    top: Mapping[int, Cells],
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    kind: Kind,
    start: int,
    end: int,
    width: int,
) -> list[str]:
    """What stands above each column in the rows from start to end: the words of a heading and of its parts, joined."""
    texts: dict[tuple[int, int], str] = {}
    for number in range(start, end + 1):
        for place, cell in enumerate(top.get(number, ())):
            texts[number, place] = shown(cell)
    for (high, left), (low, right) in merges:
        if start <= high + 1 <= end and (low > high or high + 1 < end):
            for number in range(high + 1, min(low + 1, end) + 1):
                for place in range(left, min(right, width - 1) + 1):
                    texts[number, place] = texts.get((high + 1, left), "")
    labels: list[str] = []
    for place in range(width):
        parts = [texts.get((number, place), "") for number in range(start, end + 1)]
        parts = [part for i, part in enumerate(parts) if part and (i == 0 or part != parts[i - 1])]
        joined = "".join(parts)
        # 负责人 over 电话 is 负责人电话; 企业基本信息 over 单位名称 is 单位名称.
        choices = [joined, *reversed(parts)]
        labels.append(next((text for text in choices if text and match_header(kind, text)), joined))
    return labels


def _sheet_of(found: Found, grid: Grid, kind: Kind, name: str, visible: list[str]) -> Sheet:
    return Sheet(
        kind=kind,
        name=name,
        sheet_names=visible,
        header_row=found.row,
        first_data_row=found.first_data_row,
        headers=[Header(place, column_letters(place), text) for place, text in enumerate(found.labels)],
        mapping=found.mapping,
        grid=grid,
    )


def _with_data(sheet: Sheet | None, kind: Kind, *, something: bool) -> Sheet:
    if sheet is None and not something:
        raise Unreadable(N_("表格是空的，没有任何内容，请选择有数据的文件"))
    if sheet is None:
        raise Unreadable(
            N_("前 %(within)s 行里没有找到表头，“%(kind)s”表至少要有这些列：%(columns)s"),
            within=HEADER_WITHIN,
            kind=kind.label,
            columns="、".join(column.name for column in kind.required),
        )
    if next(sheet.rows(), None) is None:
        raise Unreadable(N_("表头在第 %(row)s 行，下面没有数据，请填写后再导入"), row=sheet.header_row)
    return sheet
