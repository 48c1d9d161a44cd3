"""文书的内容: what a body must say, and how numbers, days and codes are written."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from anguan.core.words import N_
from anguan.papers.rules.vocabulary import Field, FieldKind, Form, FormCode, OpinionRole

_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def missing_fields(form: Form, body: Mapping[str, Any]) -> list[str]:
    """The words of the required fields that a body leaves empty."""
    return [field.label for field in form.fields if field.is_required and body.get(field.key) in _EMPTY]


def field_fault(field: Field, value: Any) -> str | None:
    """What is wrong with a value that stands in a field, None when nothing; an empty one is never wrong here."""
    if value in _EMPTY:
        return None
    match field.kind:
        case FieldKind.CHOICE:
            return None if value in dict(field.options) else N_("不在选项之中")
        case FieldKind.NUMBER:
            sound = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            return None if sound else N_("应是不小于零的整数")
        case FieldKind.YES:
            return None if isinstance(value, bool) else N_("应写明是或者否")
        case FieldKind.DAY | FieldKind.MOMENT:
            return None if moment_of(value) else N_("应写成 2026-03-01 这样的日期")
        case FieldKind.LINES:
            lines = [value] if isinstance(value, str) else value
            sound = isinstance(lines, list) and all(isinstance(line, str) for line in lines)
            return None if sound else N_("应逐条写明")
        case FieldKind.ROWS:
            return _rows_fault(field, value)
        case _:
            return None if isinstance(value, str) else N_("应是文字")


def _rows_fault(field: Field, rows: Any) -> str | None:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return N_("应逐行填写")
    for row in rows:
        for column in field.columns:
            if column.is_required and row.get(column.key) in _EMPTY:
                return N_("每一行都要填全")
            if fault := field_fault(column, row.get(column.key)):
                return fault
    return None


def moment_of(value: Any) -> datetime | None:
    """A day or a minute as bodies write it (2026-03-01, 2026-03-01T09:30); None for anything else."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def opinion_faults(form: Form, body: Mapping[str, Any], today: date) -> str | None:
    """What an internal form lacks of its opinions, None when nothing: each with a name, a text and its day."""
    opinions = body.get("opinions") or []
    if not isinstance(opinions, list) or not all(isinstance(one, Mapping) for one in opinions):
        return N_("意见应逐条写明：角色、姓名、意见、日期。")
    given: set[str] = set()
    for opinion in opinions:
        if opinion.get("role") not in {role.value for role in OpinionRole}:
            return N_("意见只有承办人意见、审核意见、审批意见三种。")
        if not str(opinion.get("name", "")).strip() or not str(opinion.get("opinion", "")).strip():
            return N_("每条意见都要写明姓名和意见。")
        on = moment_of(opinion.get("on"))
        if on is None or on.date() > today:
            return N_("每条意见都要写明日期，且不能晚于今天。")
        given.add(opinion["role"])
    for role in form.opinions:
        if role.value not in given:
            return _WITHOUT_OPINION[role]
    return None


_WITHOUT_OPINION: Final[Mapping[OpinionRole, str]] = {
    OpinionRole.HANDLER: N_("还没有承办人意见，不能出具。"),
    OpinionRole.REVIEWER: N_("还没有审核意见，不能出具。"),
    OpinionRole.APPROVER: N_("还没有审批意见，不能出具。"),
}


def is_agreed(body: Mapping[str, Any]) -> bool:
    """Whether the last word of an approval form is yes; one without an approver's opinion is no approval."""
    words = [opinion for opinion in body.get("opinions") or [] if opinion.get("role") == OpinionRole.APPROVER]
    return bool(words) and words[-1].get("agrees", True) is not False


def inspection_faults(form: Form, body: Mapping[str, Any], officers_needed: int) -> str | None:
    """What an approval, notice or scheme of a check may not say (国办发〔2024〕54号); None when nothing."""
    if form.code not in _PLANNED:
        return None
    since, until = moment_of(body.get("planned_from")), moment_of(body.get("planned_to"))
    if since and until and until < since:
        return N_("检查的结束日期不能早于开始日期。")
    if len({row.get("certificate_no") for row in body.get("officers") or []}) < officers_needed:
        return N_("检查须有不少于两名执法人员（行政处罚法第四十二条）。")
    if form.code is not FormCode.INSPECTION_APPROVAL:
        return None
    if body.get("mode") == "on_site" and not str(body.get("why_on_site", "")).strip():
        return N_("能用非现场方式的优先非现场检查；须到现场的，请写明理由。")
    used, limit = body.get("cap_used"), body.get("cap_limit")
    reason = str(body.get("exempt_reason", "")).strip()
    if isinstance(used, int) and isinstance(limit, int) and used >= limit and not reason:
        return N_("本年度的检查次数已到上限；不受上限限制的，请写明理由和线索。")
    return None


_PLANNED: Final = frozenset({FormCode.INSPECTION_APPROVAL, FormCode.INSPECTION_NOTICE, FormCode.INSPECTION_SCHEME})


def problem_faults(problems: Iterable[Mapping[str, Any]], today: date) -> str | None:
    """What is wrong with the problems of an order, None when nothing: each has a text, its basis and a day to come."""
    numbers = [problem.get("no") for problem in problems]
    if numbers != list(range(1, len(numbers) + 1)):
        return N_("存在的问题须从 1 起连续编号。")
    for problem in problems:
        if not str(problem.get("text", "")).strip():
            return N_("每个问题都要写明具体情况。")
        if not str(problem.get("basis", "")).strip():
            return N_("每个问题都要写明违反的规定。")
        try:
            due_on = date.fromisoformat(str(problem.get("due_on", "")))
        except ValueError:
            return N_("每个问题都要有整改期限，写成 2026-03-01 这样的日期。")
        if due_on < today:
            return N_("整改期限不能早于出具文书的当天。")
    return None


def number_text(*, short_name: str, prefix: str, year: int, serial: int) -> str:
    """文号 as it stands on the paper: （川遂）应急责改〔2026〕1号 (brackets of the year as GB/T 9704 has them)."""
    return f"（{short_name}）{prefix}〔{year}〕{serial}号"


def statute_key(name: str) -> str:
    """A statute's name without brackets and state name, so that two ways of writing it meet."""
    return re.sub(r"[《》\s]|^中华人民共和国", "", name.replace("《", "").replace("》", "").strip())


def covers(*, held_statute: str, held_article: str, statute: str, article: str) -> bool:
    """Whether a competence held for one provision covers another of the same statute.

    A competence without article holds for the whole statute; otherwise one article must be part of the other
    (第六十五条 covers 第六十五条第一款). An act that names no article asks only for the statute.
    """
    if statute_key(held_statute) != statute_key(statute):
        return False
    return not held_article or not article or article.startswith(held_article) or held_article.startswith(article)


# No vowels, so that no code spells a word, and nothing that is mistaken for something else when typed from paper.
_CODE_LETTERS: Final = "23456789bcdfghjkmnpqrstvwxz"
CODE_LENGTH: Final = 10


def new_confirm_code() -> str:
    """核验码: a random code of ten letters and digits (47 bits), which can't be guessed from a number."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(CODE_LENGTH))


def day_in_words(day: date) -> str:
    """成文日期: year, month and day in full, Arabic numerals without leading zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
