"""XLSForm: a checklist as the sheets that ODK and Kobo run, and back. Pure: rows of text in, rows of text out.

Each question becomes three rows of `survey`: the outcome, and for a failure what was seen and a photo. What XLSForm has
no place for (the three chains, level, term) stands in a sheet of our own, which ODK passes over; with it an export read
back is the same draft. A foreign form gives its questions without chains: the draft can't be published until they are
written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from anguan.checklists.rules.drafts import LONGEST_TERM, NEEDED
from anguan.checklists.rules.sheets import HazardLevel, Question, Sheet
from anguan.core.words import N_
from anguan.people.rules import OrganKind

Rows = Sequence[Sequence[str]]

LANGUAGE: Final = "中文 (zh)"
LABEL: Final = f"label::{LANGUAGE}"
HINT: Final = f"hint::{LANGUAGE}"
MESSAGE: Final = f"constraint_message::{LANGUAGE}"
OWN_SHEET: Final = "anguan"
NOTE_SUFFIX: Final = "_note"
PHOTO_SUFFIX: Final = "_photo"
MOST_NOTE: Final = 500

_SURVEY: Final = ("type", "name", LABEL, HINT, "required", "relevant", "constraint", MESSAGE)
_OUTCOMES: Final = (("conforms", "符合"), ("fails", "不符合"), ("na", "不适用"))
_OWN: Final = (
    "name", "key", "hazard_level", "suggested_days", "statute", "clause", "violation_basis", "order_basis",
    "order_organs", "penalty_basis", "penalty_organs", "criterion_standard", "criterion_clause", "verified",
)  # fmt: skip
# Asked on every form, beside the questions: they are no questions of the checklist.
_AROUND: Final = frozenset({"start", "end", "credit_code", "place"})

# Types of XLSForm that ask nothing of a checklist; a row of one is left out and listed.
_PASSED_OVER: Final = frozenset(
    {
        "text",
        "integer",
        "decimal",
        "range",
        "note",
        "geopoint",
        "geotrace",
        "geoshape",
        "date",
        "time",
        "datetime",
        "image",
        "photo",
        "audio",
        "background-audio",
        "video",
        "file",
        "barcode",
        "calculate",
        "acknowledge",
        "trigger",
        "hidden",
        "xml-external",
        "csv-external",
        "rank",
        "select_multiple",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "phone_number",
        "email",
        "audit",
        "subscriberid",
        "simserial",
        "start-geopoint",
        "begin_group",
        "end_group",
    }
)
_REPEATS: Final = frozenset({"begin_repeat", "end_repeat"})
_MOST_CHOICES: Final = 4


class BadForm(ValueError):
    """A form that can't be read; names the sheet and cell. `str()` is the Chinese sentence."""

    def __init__(self, template: str, **params: str) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


@dataclass(frozen=True)
class LeftOut:
    """A row that is no question of a checklist: where it stands and why it was left out."""

    cell: str
    what: str
    why: str


@dataclass(frozen=True)
class Reading:
    """What a form gave: the checklist, and the rows that were left out."""

    sheet: Sheet
    left_out: tuple[LeftOut, ...]


def to_sheets(sheet: Sheet) -> dict[str, list[list[str]]]:
    """The sheets `survey`, `choices`, `settings` and our own, each with its header row."""
    survey = [
        list(_SURVEY),
        ["start", "start", "", "", "", "", "", ""],
        ["end", "end", "", "", "", "", "", ""],
        [
            "text", "credit_code", "被检查单位的统一社会信用代码", "18 位，见营业执照", "yes", "",
            "regex(., '^[0-9A-Z]{18}$')", "统一社会信用代码是 18 位数字和大写字母。",
        ],
        ["geopoint", "place", "检查地点", "", "", "", "", ""],
    ]  # fmt: skip
    own = [list(_OWN), ["", sheet.code, "", "", sheet.industry, *[""] * (len(_OWN) - 5)]]
    for item in sheet.items:
        name = f"item_{item.number:03d}"
        fails = f"${{{name}}} = 'fails'"
        survey += [
            ["select_one outcome", name, item.question, item.look_for, "yes", "", "", ""],
            [
                "text", f"{name}{NOTE_SUFFIX}", "看到了什么", "写清部位和情况", "yes", fails,
                f"string-length(.) <= {MOST_NOTE}", f"最多写 {MOST_NOTE} 字。",
            ],
            ["image", f"{name}{PHOTO_SUFFIX}", "现场照片", "至少一张，看得清部位", "yes", fails, "", ""],
        ]  # fmt: skip
        own.append(_own_row(name, item))
    return {
        "survey": survey,
        "choices": [["list_name", "name", LABEL], *(["outcome", name, label] for name, label in _OUTCOMES)],
        "settings": [
            ["form_title", "form_id", "version", "default_language"],
            [sheet.title, sheet.code, sheet.version, LANGUAGE],
        ],
        OWN_SHEET: own,
    }


def _own_row(name: str, item: Question) -> list[str]:
    standard, clause = item.criterion or ("", "")
    return [
        name, item.key, item.hazard_level.value, str(item.suggested_days), item.statute, item.clause,
        item.violation_basis, item.order_basis, " ".join(item.order_organs), item.penalty_basis,
        " ".join(item.penalty_organs), standard, clause, "yes" if item.verified else "no",
    ]  # fmt: skip


def from_sheets(sheets: Mapping[str, Rows]) -> Reading:
    """The checklist that a form describes; raises `BadForm` with the cell that can't be read."""
    survey = _Table.of("survey", sheets)
    for column in ("type", "name"):
        survey.column(column)
    label, hint = survey.language("label"), survey.language("hint")
    if not label:
        raise BadForm(N_("survey 表没有 label 列，读不出问题的文字。"))
    choices = _choices(sheets)
    own, head = _own(sheets)
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    names: dict[str, str] = {}
    for number, row in survey.rows():
        kind = row.get("type", "")
        if not kind:
            continue
        where = survey.cell(number, "type")
        word, _, rest = re.sub(r"^(begin|end)\s+(group|repeat)\b", r"\1_\2", " ".join(kind.split())).partition(" ")
        name = row.get("name", "")
        if name:
            if name in names:
                raise BadForm(
                    N_("%(cell)s 的名称“%(name)s”和 %(other)s 重复，每个名称只能用一次。"),
                    cell=survey.cell(number, "name"), name=name[:40], other=names[name],
                )  # fmt: skip
            names[name] = survey.cell(number, "name")
        if word in _REPEATS:
            raise BadForm(N_("%(cell)s 是重复组（repeat），检查表不能有重复组，请改成普通题目。"), cell=where)
        if word in {"select_one", "select_one_from_file"}:
            found = _select(survey, number, row, rest, choices, label, hint, own)
            if isinstance(found, LeftOut):
                left_out.append(found)
            else:
                questions.append(_numbered(found, len(questions) + 1))
        elif word not in _PASSED_OVER:
            raise BadForm(N_("%(cell)s 的类型“%(kind)s”不是 XLSForm 的类型，请核对。"), cell=where, kind=kind[:40])
        elif not _belongs_to_us(name, own):
            left_out.append(LeftOut(where, row.get(label, "") or name, N_("不是选择题，检查表里没有对应的内容")))
    if not questions:
        raise BadForm(N_("survey 表里没有一道 select_one 选择题，检查表至少要有一项。"))
    keys = [question.key for question in questions]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise BadForm(N_("anguan 表里的题目标识“%(key)s”用了两次。"), key=twice)
    return Reading(_sheet(sheets, head, tuple(questions)), tuple(left_out))


def _belongs_to_us(name: str, own: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a row is one that our export makes beside the questions."""
    if not own:
        return False
    base = name.removesuffix(NOTE_SUFFIX).removesuffix(PHOTO_SUFFIX)
    return name in _AROUND or base in own


def _select(
    survey: "_Table",
    number: int,
    row: Mapping[str, str],
    rest: str,
    choices: Mapping[str, int],
    label: str,
    hint: str,
    own: Mapping[str, Mapping[str, str]],
) -> Question | LeftOut:
    """One choice of the survey as a question."""
    where, text = survey.cell(number, "type"), row.get(label, "")
    if not text:
        raise BadForm(N_("%(cell)s 没有写问题的文字。"), cell=survey.cell(number, label))
    list_name = rest.split(" ")[0]
    if list_name not in choices:
        raise BadForm(N_("%(cell)s 用的选项“%(name)s”在 choices 表里没有。"), cell=where, name=list_name[:40] or "—")
    if choices[list_name] > _MOST_CHOICES:
        return LeftOut(where, text, N_("选项超过四个，不是符合、不符合、不适用这样的判断"))
    values = own.get(row.get("name", ""), {})
    for column, longest in ((label, 300), (hint, 500)):
        if len(row.get(column, "")) > longest:
            raise BadForm(
                N_("%(cell)s 超过 %(longest)s 字，请写短些。"),
                cell=survey.cell(number, column),
                longest=str(longest),
            )
    return Question(
        number=0,
        key=values.get("key", ""),
        question=text,
        look_for=row.get(hint, ""),
        statute=values.get("statute", ""),
        clause=values.get("clause", ""),
        violation_basis=values.get("violation_basis", ""),
        order_basis=values.get("order_basis", ""),
        penalty_basis=values.get("penalty_basis", ""),
        hazard_level=HazardLevel(values.get("hazard_level") or HazardLevel.GENERAL),
        suggested_days=int(values.get("suggested_days") or 15),
        order_organs=tuple(OrganKind(kind) for kind in values.get("order_organs", "").split()),
        penalty_organs=tuple(OrganKind(kind) for kind in values.get("penalty_organs", "").split()),
        criterion=(values["criterion_standard"], values["criterion_clause"])
        if values.get("criterion_standard")
        else None,
        verified=values.get("verified") == "yes",
    )


def _numbered(question: Question, number: int) -> Question:
    return replace(question, number=number, key=question.key or f"x{number:03d}")


def _choices(sheets: Mapping[str, Rows]) -> dict[str, int]:
    """How many choices each list has."""
    table = _Table.of("choices", sheets)
    column = "list_name" if "list_name" in table.header else "list name"
    table.column(column)
    counts: dict[str, int] = {}
    for _number, row in table.rows():
        if name := row.get(column, ""):
            counts[name] = counts.get(name, 0) + 1
    return counts


_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LONGEST: Final = {name: longest for name, _label, longest in NEEDED} | {
    "criterion_standard": 60,
    "criterion_clause": 60,
}


def _own(sheets: Mapping[str, Rows]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Our own sheet by the names of the survey, checked cell by cell; and its first row, about the checklist."""
    if OWN_SHEET not in sheets:
        return {}, {}
    table = _Table.of(OWN_SHEET, sheets)
    for column in _OWN:
        table.column(column)
    head: dict[str, str] = {}
    own: dict[str, dict[str, str]] = {}
    for number, row in table.rows():
        if not row.get("name"):
            head = head or {"code": row.get("key", ""), "industry": row.get("statute", "")}
            continue
        _check_own(table, number, row)
        own[row["name"]] = row
    return own, head


def _check_own(table: "_Table", number: int, row: Mapping[str, str]) -> None:
    if not _KEY.fullmatch(row.get("key", "")):
        raise BadForm(
            N_("%(cell)s 的题目标识只能用字母、数字、下划线和短横线，最多 40 个。"), cell=table.cell(number, "key")
        )
    if row.get("hazard_level", "") not in {str(level) for level in HazardLevel}:
        raise BadForm(N_("%(cell)s 的隐患级别应是 general 或 major。"), cell=table.cell(number, "hazard_level"))
    days = row.get("suggested_days", "")
    if not re.fullmatch(r"[1-9]\d{0,2}", days, re.ASCII) or int(days) > LONGEST_TERM:
        raise BadForm(
            N_("%(cell)s 的整改天数应是 1 到 %(longest)s 的整数。"),
            cell=table.cell(number, "suggested_days"),
            longest=str(LONGEST_TERM),
        )
    for column in ("order_organs", "penalty_organs"):
        unknown = set(row.get(column, "").split()) - {str(kind) for kind in OrganKind}
        if unknown:
            raise BadForm(
                N_("%(cell)s 的部门“%(kind)s”不认识，可用：%(known)s。"),
                cell=table.cell(number, column),
                kind=min(unknown)[:40],
                known="、".join(OrganKind),
            )
    if row.get("verified", "") not in {"yes", "no"}:
        raise BadForm(N_("%(cell)s 应写 yes 或 no。"), cell=table.cell(number, "verified"))
    for column, longest in _LONGEST.items():
        if len(row.get(column, "")) > longest:
            raise BadForm(
                N_("%(cell)s 超过 %(longest)s 字，请写短些。"), cell=table.cell(number, column), longest=str(longest)
            )


def _sheet(sheets: Mapping[str, Rows], head: Mapping[str, str], items: tuple[Question, ...]) -> Sheet:
    """The checklist with code, version, title and industry from the settings."""
    settings: Mapping[str, str] = {}
    if "settings" in sheets:
        settings = next((row for _number, row in _Table.of("settings", sheets).rows()), {})
    title = settings.get("form_title", "")[:150]
    code = (head.get("code") or settings.get("form_id", "")).strip()
    if not title:
        raise BadForm(N_("settings 表没有 form_title，不知道检查表叫什么。"))
    if not _KEY.fullmatch(code):
        raise BadForm(N_("settings 表的 form_id 只能用字母、数字、下划线和短横线，最多 40 个。"))
    return Sheet(
        code=code,
        version=settings.get("version", "")[:40],
        title=title,
        industry=head.get("industry", "")[:60] or title[:60],
        items=items,
    )


@dataclass(frozen=True)
class _Table:
    """One sheet: its header, and its rows by header with their numbers as the sheet shows them."""

    name: str
    header: tuple[str, ...]
    body: Rows

    @classmethod
    def of(cls, name: str, sheets: Mapping[str, Rows]) -> "_Table":
        rows = sheets.get(name)
        if not rows:
            raise BadForm(N_("文件里没有 %(name)s 表，或者表是空的；这不是 XLSForm。"), name=name)
        return cls(name, tuple(str(text).strip() for text in rows[0]), rows[1:])

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Row number and texts by header; cells without a header are passed over."""
        return [
            (number, {name: str(text).strip() for name, text in zip(self.header, row, strict=False) if name})
            for number, row in enumerate(self.body, start=2)
        ]

    def column(self, name: str) -> int:
        """The place of a column; refuses a sheet that lacks it."""
        if name not in self.header:
            raise BadForm(N_("%(table)s 表没有“%(name)s”列。"), table=self.name, name=name)
        return self.header.index(name)

    def language(self, name: str) -> str:
        """The column of a text in Chinese, else in no language, else in the first there is; empty for none."""
        found = [column for column in self.header if column == name or column.startswith((f"{name}::", f"{name}:"))]
        chinese = [column for column in found if re.search(r"中文|chinese|\bzh\b", column, re.IGNORECASE)]
        return next(iter([*chinese, *([name] if name in found else []), *found]), "")

    def cell(self, number: int, column: str) -> str:
        """The address of a cell, as the spreadsheet shows it."""
        place = self.header.index(column) if column in self.header else 0
        letters = ""
        place += 1
        while place:
            place, rest = divmod(place - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{self.name}!{letters}{number}"
