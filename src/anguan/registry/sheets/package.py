"""What a file really is, before anything reads it: a sound .xlsx, a text table, or one clear sentence why not.

An .xlsx is a zip archive of XML. A few kilobytes can inflate to gigabytes, a single cell in the last corner of a sheet
makes a dense reader ask for seventeen thousand million cells, and one long text may be pointed at from every cell. All
three are measured here, on what the archive really holds and not on what its directory says.
"""

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from anguan.core.words import N_
from anguan.registry.rules import Refused


class Unreadable(Refused):
    """A file that can't be read as a table at all; the message is the one sentence that the person needs."""


MOST_BYTES = 100 * 1024 * 1024
MOST_INFLATED = 768 * 1024 * 1024
# Excel's own files shrink to a tenth, very repetitive ones to a fiftieth.
MOST_RATIO = 250
RATIO_COUNTS_FROM = 32 * 1024 * 1024
MOST_PARTS = 2000
MOST_ROWS = 300_000
MOST_COLUMNS = 256
MOST_CELLS = 8_000_000
MOST_TEXT = 512 * 1024 * 1024
MOST_NOTED = 20_000
_CHUNK = 1024 * 1024


@dataclass
class Part:
    """What was seen of one worksheet's XML: how far its values reach, and the cells whose value isn't there."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    far_cell: str = ""
    # (row, column) from zero, to "formula" for a formula without a stored result or to Excel's error word (#N/A).
    without_value: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Package:
    """A sound .xlsx file: the date system it counts in, and what each worksheet holds by sheet name."""

    date1904: bool
    parts: dict[str, Part]


_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"!<arch>", b"dex\n")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def tell(stream: BinaryIO) -> str:
    """`xlsx` or `text`, judged by the content and never by the name. Raises Unreadable for anything else."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    head = stream.read(4096)
    if size == 0:
        raise Unreadable(N_("文件是空的（0 字节），请选择有数据的 .xlsx 或 .csv 文件"))
    if size > MOST_BYTES:
        raise Unreadable(
            N_("文件有 %(size)s MB，一次最多导入 %(most)s MB，请拆分后再导入"), size=size >> 20, most=MOST_BYTES >> 20
        )
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"PK\x05\x06"):
        raise Unreadable(N_("这是一个空的压缩包，不是 Excel 表格，请选择 .xlsx 或 .csv 文件"))
    if head.startswith(_OLE):
        _refuse_ole(stream)
    if head.startswith(b"%PDF"):
        raise Unreadable(N_("这是 PDF 文件，不是表格，请导入 .xlsx 或 .csv 文件"))
    if head.startswith(_IMAGES):
        raise Unreadable(N_("这是图片，不是表格，请导入 .xlsx 或 .csv 文件"))
    if head.startswith(_PROGRAMS):
        raise Unreadable(N_("这个文件是程序，不是表格，已拒绝读取；请导入 .xlsx 或 .csv 文件"))
    if head.startswith(_ARCHIVES):
        raise Unreadable(N_("这是压缩包，请解压后导入其中的 .xlsx 或 .csv 文件"))
    if head.startswith(b"{\\rtf"):
        raise Unreadable(N_("这是文字文档，不是表格，请导入 .xlsx 或 .csv 文件"))
    _refuse_markup(head)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(N_("这不是 .xlsx 或 .csv 表格，文件内容无法识别，请用 Excel 或 WPS 另存为 .xlsx 后再导入"))
    return "text"


def _refuse_markup(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if (
        start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"mime-version"))
        or b"<html" in start[:1024]
    ):
        raise Unreadable(N_("这是网页另存成的表格，不是真正的 Excel 文件，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"))
    if start.startswith(b"<?xml"):
        raise Unreadable(N_("这是 XML 格式的旧表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"))


def _refuse_ole(stream: BinaryIO) -> None:
    """Old and encrypted Office files share one container; the names in its directory are UTF-16."""
    stream.seek(0)
    names = {"EncryptedPackage": False, "Workbook": False, "Book": False, "WordDocument": False}
    tail = b""
    while block := stream.read(_CHUNK):
        for name in names:
            names[name] = names[name] or name.encode("utf-16-le") in tail + block
        tail = block[-64:]
    if names["EncryptedPackage"]:
        raise Unreadable(N_("文件有打开密码，无法读取，请在 Excel 或 WPS 中取消密码、另存后再导入"))
    if names["WordDocument"]:
        raise Unreadable(N_("这是 Word 文档，不是表格，请导入 .xlsx 或 .csv 文件"))
    if names["Workbook"] or names["Book"]:
        raise Unreadable(N_("这是旧的 .xls 格式，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"))
    raise Unreadable(
        N_("这不是 .xlsx 表格（可能是旧版 Office 文件或安装程序），请用 Excel 或 WPS 另存为 .xlsx 后再导入")
    )


_BROKEN = N_("文件已损坏或没有下载完整，无法打开，请重新获取后再导入")
_BOMB = N_("文件解压后大得不正常（超过 %(most)s MB 或压缩比超过 %(ratio)s 倍），可能是恶意文件，已拒绝读取")


def inspect(stream: BinaryIO) -> Package:
    """Measure an .xlsx archive by inflating every part of it once, in pieces. Raises Unreadable."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error, UnicodeDecodeError):
        raise Unreadable(_BROKEN) from None
    names = {entry.filename for entry in entries}
    _refuse_other_archives(entries, names)
    if len(entries) > MOST_PARTS or len({name.lower() for name in names}) != len(entries):
        raise Unreadable(N_("文件内部结构不正常，已拒绝读取，请用 Excel 或 WPS 另存为 .xlsx 后再导入"))
    if sum(entry.file_size for entry in entries) > MOST_INFLATED:
        raise Unreadable(_BOMB, most=MOST_INFLATED >> 20, ratio=MOST_RATIO)
    return _Inspection(stream).run(entries)


def _refuse_other_archives(entries: list[zipfile.ZipInfo], names: set[str]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(N_("文件有打开密码，无法读取，请在 Excel 或 WPS 中取消密码、另存后再导入"))
    if "xl/workbook.bin" in names:
        raise Unreadable(N_("这是 .xlsb 格式，请用 Excel 打开后另存为 .xlsx 再导入"))
    if any(name.startswith("word/") for name in names):
        raise Unreadable(N_("这是 Word 文档，不是表格，请导入 .xlsx 或 .csv 文件"))
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable(N_("这是演示文稿，不是表格，请导入 .xlsx 或 .csv 文件"))
    if "content.xml" in names:
        raise Unreadable(N_("这是 .ods 格式，请用 WPS 或 LibreOffice 另存为 .xlsx 后再导入"))
    if "[Content_Types].xml" not in names:
        raise Unreadable(N_("这是压缩包，不是 Excel 表格，请解压后导入其中的 .xlsx 或 .csv 文件"))
    if "xl/workbook.xml" not in {name.lower() for name in names}:
        raise Unreadable(_BROKEN)


_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
_ANY_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])[^<>]*(?<!/)>")
_TOKEN = re.compile(rb'<(?:\w+:)?(?:row(?=[\s>/])(?:[^<>]*?\sr="([0-9]{1,7})")?|(c)(?=[\s>]))')
_VALUELESS = re.compile(
    rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*\st="e")(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>(?:\s*<(?:\w+:)?f[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"\s*<(?:\w+:)?v>([^<]{1,20})</"
)
_SHARED = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\st="s")[^<>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<')
_ITEM = re.compile(rb"<(?:\w+:)?si(?=[\s>/])")


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(place: int) -> str:
    """The letters of the column at this place, counted from zero: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Inspection:
    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.inflated = 0
        self.parts: dict[str, Part] = {}
        self.small: dict[str, bytes] = {}
        self.longest_text = 0

    def run(self, entries: list[zipfile.ZipInfo]) -> Package:
        for entry in entries:
            self._read(entry)
        for part in self.parts.values():
            _refuse_too_big(part)
        self._refuse_echo(entries)
        workbook = self.small.get("xl/workbook.xml", b"")
        dated = re.search(rb'date1904\s*=\s*"(1|true|on)"', workbook) is not None
        return Package(dated, self._by_sheet_name(workbook))

    def _read(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename.lower()
        is_shared = name.endswith("sharedstrings.xml")
        chunks = self._inflate(entry)
        first = next(chunks, b"")
        if first.startswith((b"\xff\xfe", b"\xfe\xff")) and name.endswith((".xml", ".rels")):
            raise Unreadable(N_("文件内部结构不正常，已拒绝读取，请用 Excel 或 WPS 另存为 .xlsx 后再导入"))
        if re.search(rb"<(?:\w+:)?worksheet[\s>]", first[:65536]):
            self.parts[name] = _measure(first, chunks)
            return
        if name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            self.small[name] = first
        previous = b""
        longest = 0
        since = 0
        while first:
            if is_shared:
                # A distance between starts of items is an upper bound of a text's length, good enough for the limit.
                starts = [found.start() for found in _ITEM.finditer(first)]
                for start in starts:
                    longest = max(longest, start + since)
                    since = -start
                since += len(first)
                longest = max(longest, since)
            previous = first
            first = next(chunks, b"")
        del previous
        self.longest_text = max(self.longest_text, longest)

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The part's real content in pieces, counted against the limits; the directory's sizes are not believed."""
        if entry.header_offset < 0:
            # Bytes are missing in front of the directory, which counts from its own place.
            raise Unreadable(_BROKEN)
        self.stream.seek(entry.header_offset)
        header = self.stream.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise Unreadable(_BROKEN)
        self.stream.seek(entry.header_offset + 30 + sum(struct.unpack("<HH", header[26:30])))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(N_("文件内部结构不正常，已拒绝读取，请用 Excel 或 WPS 另存为 .xlsx 后再导入"))
        inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        left, made = entry.compress_size, 0
        pending = b""
        position = self.stream.tell()
        while True:
            if not pending and left:
                self.stream.seek(position)
                pending = self.stream.read(min(left, 65536))
                position += len(pending)
                left -= len(pending)
                if not pending:
                    raise Unreadable(_BROKEN)
            if inflater is None:
                piece, pending = pending, b""
            else:
                try:
                    piece = inflater.decompress(pending, _CHUNK)
                except zlib.error:
                    raise Unreadable(_BROKEN) from None
                pending = inflater.unconsumed_tail
            made += len(piece)
            self.inflated += len(piece)
            if self.inflated > MOST_INFLATED or (
                made > RATIO_COUNTS_FROM and made > MOST_RATIO * max(1, entry.compress_size)
            ):
                raise Unreadable(_BOMB, most=MOST_INFLATED >> 20, ratio=MOST_RATIO)
            if piece:
                yield piece
            if inflater is not None and inflater.eof:
                break
            if not left and not pending and not piece:
                break
        if made != entry.file_size or (inflater is not None and not inflater.eof and entry.compress_size):
            raise Unreadable(_BROKEN)

    def _refuse_echo(self, entries: list[zipfile.ZipInfo]) -> None:
        """One long text pointed at from very many cells: counted exactly only where the rough product is too much."""
        if self.longest_text * max((part.cells for part in self.parts.values()), default=0) <= MOST_TEXT:
            return
        lengths: list[int] = []
        for entry in entries:
            if entry.filename.lower().endswith("sharedstrings.xml"):
                since = 0
                for piece in self._inflate(entry):
                    for found in _ITEM.finditer(piece):
                        lengths.append(found.start() + since)
                        since = -found.start()
                    since += len(piece)
                lengths = [*lengths[1:], since]
        for entry in entries:
            if entry.filename.lower() in self.parts:
                total = 0
                for piece in self._inflate(entry):
                    total += sum(lengths[i] for i in map(int, _SHARED.findall(piece)) if i < len(lengths))
                    if total > MOST_TEXT:
                        raise Unreadable(_BOMB, most=MOST_INFLATED >> 20, ratio=MOST_RATIO)

    def _by_sheet_name(self, workbook: bytes) -> dict[str, Part]:
        targets = {
            _attribute(tag, b"Id"): _attribute(tag, b"Target")
            for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", self.small.get("xl/_rels/workbook.xml.rels", b""))
        }
        parts: dict[str, Part] = {}
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", workbook):
            target = targets.get(_attribute(tag, rb"\w+:id"), "").lower()
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in self.parts:
                parts[_attribute(tag, b"name")] = self.parts[path]
        return parts


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return html.unescape((found.group(1) or found.group(2) or b"").decode("utf-8", "replace")) if found else ""


def _measure(first: bytes, chunks: Iterator[bytes]) -> Part:
    part = Part()
    counted_rows = row_width = 0
    rest = b""
    piece = first
    while piece:
        piece = rest + piece
        following = next(chunks, b"")
        # A piece ends before the last cell that it may have cut; a formula has at most 8192 characters.
        cut = len(piece)
        if following:
            cut = max(piece.rfind(b"<c ", -65536), piece.rfind(b":c ", -65536))
            cut = cut if cut > 0 else max(piece.rfind(b"<", -65536), 0) or len(piece)
            if piece[cut : cut + 1] == b":":
                cut = piece.rfind(b"<", 0, cut)
        rest, piece = piece[cut:], piece[:cut]
        # Nearly every program writes <c r="…">; anything else takes the slower patterns.
        is_plain = b":c " not in piece and piece.count(b'<c r="') == piece.count(b"<c ") and b"<c>" not in piece
        cells = (_PLAIN_CELL if is_plain else _CELL).findall(piece)
        part.cells += len(cells)
        if cells:
            widest = max({letters for letters, _ in cells}, key=column_number)
            part.columns = max(part.columns, column_number(widest))
            part.rows = max(part.rows, max(map(int, {number for _, number in cells})))
            if part.columns > MOST_COLUMNS and not part.far_cell:
                part.far_cell = next((letters + number).decode() for letters, number in cells if letters == widest)
        if not is_plain and (counted := len(_ANY_CELL.findall(piece))) > len(cells):
            # Cells without an address are numbered by the order they come in.
            part.cells += counted - len(cells)
            for found in _TOKEN.finditer(piece):
                if found.group(2):
                    row_width += 1
                    part.columns = max(part.columns, row_width)
                else:
                    counted_rows = max(counted_rows + 1, int(found.group(1) or 0))
                    row_width = 0
            part.rows = max(part.rows, counted_rows)
        if len(part.without_value) < MOST_NOTED:
            _note_missing(part, piece)
        piece = following
    return part


def _note_missing(part: Part, piece: bytes) -> None:
    if b"<f" in piece or b":f" in piece:
        for letters, number in _VALUELESS.findall(piece):
            part.without_value[int(number) - 1, column_number(letters) - 1] = "formula"
    if b't="e"' in piece:
        for letters, number, word in _ERROR.findall(piece):
            part.without_value[int(number) - 1, column_number(letters) - 1] = word.decode("ascii", "replace")


def _refuse_too_big(part: Part) -> None:
    if part.rows > MOST_ROWS:
        raise Unreadable(
            N_("表格有 %(rows)s 行，一次最多导入 %(most)s 行；请拆分，或删除表格下方远处的零星内容后再导入"),
            rows=part.rows,
            most=MOST_ROWS,
        )
    if part.columns > MOST_COLUMNS:
        raise Unreadable(
            N_("表格有 %(columns)s 列（%(cell)s 单元格还有内容），最多 %(most)s 列，请删除右侧远处的内容后再导入"),
            columns=part.columns,
            cell=part.far_cell or column_letters(part.columns - 1),
            most=MOST_COLUMNS,
        )
    if part.rows * part.columns > MOST_CELLS:
        raise Unreadable(
            N_("表格有 %(rows)s 行、%(columns)s 列，一次读不下，请删除无关的列或拆分后再导入"),
            rows=part.rows,
            columns=part.columns,
        )
