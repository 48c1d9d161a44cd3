"""The ledger as a bureau keeps it in Excel, with everything that such files have."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from stdnum.cn import uscc

PARTY_FIRM = "示例机械制造有限公司"
_SURNAMES = "陈李王赵刘杨黄吴徐马胡周"
_NAMES = [
    *["示例万汇商业管理有限公司", "示例云上餐饮管理有限公司", "示例星河百货有限公司", "示例老街火锅有限公司"],
    *["示例锦绣家居广场有限公司", "示例河畔酒店管理有限公司", "示例同心超市连锁有限公司", "示例晨光影城有限公司"],
    *["示例金桥商贸城有限公司", "示例味道坊餐饮有限公司", "示例新里程购物中心有限公司", PARTY_FIRM],
]
_HEADER = ["序号", "企业名称", "统一社会 信用代码", "行业代码", "安全风险等级", "是否重点", "单位地址", "", "", "片区"]
_CONTACT = ["主要负责人", "联系电话"]
_FIRST_ROW, _EMPTY_AFTER = 5, 5
# Letters and digits as some input methods type them.
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def credit_code(number: int) -> str:
    """A code with its right check letter; the organisation part is visibly made up."""
    body = f"91510900MA60{number:05}"
    return body + uscc.calc_check_digit(body)


# Where the bureau typed a wrong check letter.
WRONG_CELL = "C9"


def the_ledger(path: Path, *, is_corrected: bool) -> Path:
    """A dozen enterprises under two title rows; one code has a wrong check letter until it is corrected."""
    book = Workbook()
    notes = book.active
    assert notes is not None
    notes.title = "填表说明"
    notes["A1"] = "请各片区月底前报送"
    notes.sheet_state = "hidden"
    sheet = book.create_sheet("企业台账")
    book.active = 1
    sheet["A1"] = "示例区重点行业领域企业安全监管台账"
    sheet.merge_cells("A1:J1")
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"] = "填报单位：示例区应急管理分局　　　2026年3月"
    sheet.merge_cells("A2:J2")
    # The header stands on two rows: the contact's columns lie under one merged word.
    for column, word in enumerate(_HEADER, start=1):
        if word:
            sheet.cell(3, column, word)
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet["H3"] = "联系方式"
    sheet.merge_cells("H3:I3")
    for column, word in enumerate(_CONTACT, start=8):
        sheet.cell(4, column, word)
    for number, name in enumerate(_NAMES):
        # Between the sixth and the seventh the bureau left a row empty.
        row = _FIRST_ROW + number + (number > _EMPTY_AFTER)
        code = credit_code(number + 1)
        if number == 1:
            code = code.translate(_WIDE)
        if number == 2:
            code = f"{code[:6]} {code[6:12]}　{code[12:]} "
        if f"C{row}" == WRONG_CELL and not is_corrected:
            code = code[:-1] + ("0" if code[-1] != "0" else "1")
        industry = "C3411" if name == PARTY_FIRM else ("F5211", "H6210")[number % 2]
        values = [
            *[number + 1, name, code, industry],
            *[["低", "一般", "较大", "重大"][number % 4], "是" if number % 5 == 0 else "否"],
            *[f"示例区河东路{number + 1}号", f"{_SURNAMES[number]}示例", 13900000000 + number, "河东片区"],
        ]
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    book.save(path)
    return path
