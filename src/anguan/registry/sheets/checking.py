"""From rows of a sheet to rows of the ledger: cells cleaned, faults named at their cell, keys that come twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anguan.core.coordinates import CoordinateSystem
from anguan.core.words import N_
from anguan.registry.rules import Refused, check_coordinates, settle_position
from anguan.registry.sheets.cells import Raw, Value, clean_cell, is_blank, shown
from anguan.registry.sheets.columns import Column, Kind, normalise_header
from anguan.registry.sheets.package import Unreadable, column_letters
from anguan.registry.sheets.reading import Header, Row, Sheet, Skipped


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell. `column` is the template's column name, `header` the file's own."""

    column: str
    header: str
    value: str
    refusal: Refused
    cell: str

    @property
    def message(self) -> str:
        """The Chinese sentence; a page translates `refusal.template` with `refusal.params` itself."""
        return str(self.refusal)

    def as_dict(self) -> dict[str, str]:
        """As the command line prints it and a preview stores it."""
        return {
            "column": self.column,
            "header": self.header,
            "value": self.value,
            "message": self.message,
            "cell": self.cell,
        }


@dataclass(slots=True)
class CheckedRow:
    """One row of data. `values` has every column of the kind that the file has and whose cell is right.

    A blank cell is None. `duplicate_of` is the number of the earlier row of this file with the same key.
    """

    row_number: int
    values: dict[str, Any]
    errors: list[CellProblem] = field(default_factory=list)
    key: str | None = None
    duplicate_of: int | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the row can be written as far as the file alone can tell."""
        return not self.errors and self.duplicate_of is None


def check_rows(
    kind: Kind,
    sheet: Sheet,
    mapping: Mapping[int, str] | None = None,
    *,
    keep_extra: bool = False,
    coordinates: str = CoordinateSystem.CGCS2000,
) -> Iterator[CheckedRow]:
    """Check the rows one after another; memory grows with the number of keys only.

    `mapping` (place of column to field) overrules the sheet's own matching. `keep_extra` fills `extra` from columns
    that mean nothing here. `coordinates` is the system of positions in rows that name none. Rows that are no data go to
    `sheet.skipped`. Raises Unreadable when a required column is missing.
    """
    chosen = dict(sheet.mapping if mapping is None else mapping)
    missing = sheet.missing(chosen)
    if missing:
        raise Unreadable(
            N_("表头（第 %(row)s 行）里缺少必填的列：%(columns)s"),
            row=sheet.header_row,
            columns="、".join(column.name for column in missing),
        )
    return _Checker(kind, sheet, chosen, keep_extra=keep_extra, coordinates=coordinates).run()


# What stands below a table, or between its parts, and begins with one of these words is no row of data.
_NOTE = re.compile(
    r"[*※（(【\s]*(?:"
    r"(?:注|备注|说明|填写说明|填表说明|注意|注意事项)(?:\s*\d*\s*[:：、.．]|\s|$)"
    r"|(?:合计|总计|小计|共计|总数)(?=$|[\s\d:：（(])"
    r"|共\s*\d+\s*[家户条个栋处项人]"
    r"|以上(?:数据|信息|内容|企业|单位)"
    r"|(?:填表|制表|填报|审核|审批|复核|经办|联系|单位负责|分管领导|报送|统计|日期)\w{0,4}\s*[:：])"
)
_MOST_KNOWN = 2000
_SERIAL_HEADERS = frozenset({"序号", "编号", "no", "序", "行号", "id", "项次", "号"})


class _Checker:
    def __init__(
        self, kind: Kind, sheet: Sheet, mapping: dict[int, str], *, keep_extra: bool, coordinates: str
    ) -> None:
        self.kind, self.sheet, self.coordinates = kind, sheet, coordinates
        headers = {header.place: header for header in sheet.headers}
        self.columns: list[tuple[int, Column, Header]] = [
            (place, kind.by_field[name], headers.get(place) or Header(place, column_letters(place), ""))
            for place, name in sorted(mapping.items())
        ]
        self.by_field = {column.field: (place, column, header) for place, column, header in self.columns}
        self.extra = [header for header in sheet.headers if header.place not in mapping]
        self.serial = {header.place for header in self.extra if normalise_header(header.text) in _SERIAL_HEADERS}
        self.keep_extra = keep_extra
        self.merged_across = {
            top + 1: right - left + 1
            for (top, left), (_, right) in sheet.grid.merges
            if right - left >= 2 and top + 1 >= sheet.first_data_row
        }
        self.required = [(place, column) for place, column, _ in self.columns if column.required]
        self.header_texts = {header.place: header.text for header in sheet.headers}
        self.seen: dict[str, int] = {}
        # Words come again and again in the same column; what they mean is worked out once.
        self.known: dict[int, dict[str, Value]] = {place: {} for place, _, _ in self.columns}

    def run(self) -> Iterator[CheckedRow]:
        self.sheet.skipped.clear()
        for row in self.sheet.rows():
            if self._is_no_data(row):
                text = " ".join(shown(cell) for cell in row.cells if not is_blank(cell))
                self.sheet.skipped.append(Skipped(row.number, text[:200]))
            else:
                yield self._check(row)

    def _is_no_data(self, row: Row) -> bool:
        cells = row.cells
        lacking = sum(1 for place, _ in self.required if place >= len(cells) or is_blank(cells[place]))
        if not lacking:
            # A header that stands again at the top of each printed page.
            place = self.required[0][0]
            return shown(cells[place]) == self.header_texts.get(place) and all(
                is_blank(cells[place]) or shown(cells[place]) in self.header_texts[place]
                for place, _, _ in self.columns
                if place < len(cells)
            )
        held = [place for place, cell in enumerate(cells) if not is_blank(cell)]
        if all(place in self.serial for place in held):
            return True
        first = shown(cells[held[0]])
        if len(held) == 1 and row.number in self.merged_across:
            return True
        if lacking == len(self.required) or (len(held) <= 2 and lacking >= len(self.required) - 1):
            return _NOTE.match(first) is not None
        return False

    def _check(self, row: Row) -> CheckedRow:
        cells = row.cells
        width = len(cells)
        date1904 = self.sheet.date1904
        values: dict[str, Value] = {}
        errors: list[CellProblem] = []
        for place, column, header in self.columns:
            raw = cells[place] if place < width else None
            known = self.known[place]
            if type(raw) is str and (value := known.get(raw)) is not None:
                values[column.field] = value
                continue
            try:
                value = clean_cell(column, raw, date1904=date1904)
                if value is not None:
                    if type(raw) is str and len(known) < _MOST_KNOWN:
                        known[raw] = value
                else:
                    self._refuse_blank(row.number, place, column)
            except Refused as refusal:
                errors.append(_problem(row.number, column, header, raw, refusal))
                continue
            values[column.field] = value
        if "longitude" in self.by_field or "latitude" in self.by_field:
            self._check_position(row, values, errors)
            settle_position(values, self.coordinates)
        key = self.kind.key_of(values)
        checked = CheckedRow(row.number, values, errors, key)
        if key is not None:
            first = self.seen.setdefault(key, row.number)
            if first != row.number:
                checked.duplicate_of = first
        if self.keep_extra:
            checked.extra = {
                header.text or header.letters: shown(cells[header.place])
                for header in self.extra
                if header.place < width and not is_blank(cells[header.place])
            }
        return checked

    def _refuse_blank(self, number: int, place: int, column: Column) -> None:
        lost = self.sheet.without_value.get((number - 1, place)) if self.sheet.without_value else None
        if lost == "formula":
            raise Refused(N_("单元格是公式，但文件里没有保存计算结果，请用 Excel 或 WPS 打开并保存后再导入"))
        if lost is not None:
            raise Refused(N_("单元格的公式出错（%(error)s），请改正后再导入"), error=lost)
        if column.required:
            raise Refused(N_("必填，不能为空"))

    def _check_position(self, row: Row, values: dict[str, Value], errors: list[CellProblem]) -> None:
        """Both or neither, and both together in China; which of the two is wrong can't be told, so both are named."""
        names = ("longitude", "latitude")
        refused = {error.column for error in errors}
        if any(self.by_field[name][1].name in refused for name in names if name in self.by_field):
            return
        longitude, latitude = values.get("longitude"), values.get("latitude")
        if longitude is None and latitude is None:
            return
        try:
            if not isinstance(longitude, Decimal) or not isinstance(latitude, Decimal):
                raise Refused(N_("经度和纬度要一起填写，现在只有其中一个"))
            check_coordinates(longitude, latitude)
        except Refused as refusal:
            for name in names:
                if name in self.by_field and (values.get(name) is not None or len(names) == 2):
                    place, column, header = self.by_field[name]
                    raw = row.cells[place] if place < len(row.cells) else None
                    errors.append(_problem(row.number, column, header, raw, refusal))
                    values.pop(name, None)


def _problem(number: int, column: Column, header: Header, raw: Raw, refusal: Refused) -> CellProblem:
    return CellProblem(column.name, header.text, shown(raw)[:200], refusal, f"{header.letters}{number}")
