"""执法文书的规则: the forms, what each asks for, what may follow what, and how a number is written.

A paper is a draft until it is issued (出具): then it gets its number, its text is frozen and hashed, its PDF is drawn.
A paper that goes to a party takes effect by service (送达). Nothing that was issued is ever changed; it can only be
voided (作废), with a reason, and the number stays with it.

    draft ──issue──► issued ──serve──► served
      │                 │                 │
      └──────void───────┴──────void───────┴──► void
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class PaperState(Labelled):
    """文书状态."""

    DRAFT = "draft", N_("拟稿")
    ISSUED = "issued", N_("已出具")
    SERVED = "served", N_("已送达")
    VOID = "void", N_("已作废")


class Action(Labelled):
    """文书动作: what can be done to a paper."""

    ISSUE = "issue", N_("出具")
    SERVE = "serve", N_("送达")
    VOID = "void", N_("作废")


class Party(Labelled):
    """签名方: who puts a name under a paper."""

    OFFICER = "officer", N_("执法人员")
    ENTERPRISE = "enterprise", N_("被检查单位")


class ServiceMethod(Labelled):
    """送达方式 (民事诉讼法 ch. 7 sec. 2; 行政处罚法 art. 61 for electronic service)."""

    DIRECT = "direct", N_("直接送达")
    LEFT = "left", N_("留置送达")
    MAIL = "mail", N_("邮寄送达")
    ELECTRONIC = "electronic", N_("电子送达")


class FormCode(Labelled):
    """文书种类: the forms of the work-safety enforcement set that the platform issues."""

    SITE_RECORD = "site_record", N_("现场检查记录")
    RECTIFY_ORDER = "rectify_order", N_("责令限期整改指令书")
    RECHECK_OPINION = "recheck_opinion", N_("整改复查意见书")
    SERVICE_RECEIPT = "service_receipt", N_("文书送达回执")


class NotAllowed(ValueError):
    """This can't be done to the paper now; the message says why and what would be right."""


@dataclass(frozen=True)
class Field:
    """One entry of a paper's body: its key, its words on the paper, and whether a paper without it is refused."""

    key: str
    label: str
    is_required: bool = False


@dataclass(frozen=True)
class Form:
    """文书格式: everything that sets one form apart from the others.

    `version` names the template and the field list; a changed form is a new version. `matter` is what the issuing organ
    must be competent or entrusted for. `follows` are the forms one of which must stand before this one;
    `answers_served` says that the earlier paper must have taken effect. `statute` and `article` are the legal basis
    that stands on the paper unless its body names others.
    """

    code: FormCode
    version: int
    prefix: str
    matter: str
    goes_to_party: bool
    officers_sign: bool
    enterprise_signs: bool
    tells_remedies: bool
    statute: str
    article: str
    fields: tuple[Field, ...]
    follows: frozenset[FormCode] = frozenset()
    answers_served: bool = False

    @property
    def title(self) -> str:
        """The name that stands above the paper."""
        return self.code.label


WORK_SAFETY_LAW: Final = "《中华人民共和国安全生产法》"

FORMS: Final[Mapping[FormCode, Form]] = {
    form.code: form
    for form in (
        Form(
            code=FormCode.SITE_RECORD,
            version=1,
            prefix="应急检记",
            matter="inspect",
            goes_to_party=True,
            officers_sign=True,
            enterprise_signs=True,
            tells_remedies=False,
            statute=WORK_SAFETY_LAW,
            article="第六十五条",
            fields=(
                Field("place", N_("检查场所"), is_required=True),
                Field("started_at", N_("检查开始时间"), is_required=True),
                Field("ended_at", N_("检查结束时间"), is_required=True),
                Field("findings", N_("检查情况"), is_required=True),
                Field("photos", N_("照片")),
            ),
        ),
        Form(
            code=FormCode.RECTIFY_ORDER,
            version=1,
            prefix="应急责改",
            matter="order",
            goes_to_party=True,
            officers_sign=True,
            enterprise_signs=True,
            tells_remedies=True,
            statute=WORK_SAFETY_LAW,
            article="第六十五条第一款",
            fields=(
                Field("checked_at", N_("检查时间"), is_required=True),
                Field("place", N_("检查场所")),
                Field("problems", N_("存在的问题"), is_required=True),
            ),
            follows=frozenset({FormCode.SITE_RECORD}),
        ),
        Form(
            code=FormCode.RECHECK_OPINION,
            version=1,
            prefix="应急复查",
            matter="inspect",
            goes_to_party=True,
            officers_sign=True,
            enterprise_signs=True,
            tells_remedies=False,
            statute=WORK_SAFETY_LAW,
            article="第六十五条",
            fields=(
                Field("checked_at", N_("复查时间"), is_required=True),
                Field("items", N_("逐项复查情况"), is_required=True),
                Field("opinion", N_("复查意见"), is_required=True),
            ),
            follows=frozenset({FormCode.RECTIFY_ORDER}),
            answers_served=True,
        ),
        Form(
            code=FormCode.SERVICE_RECEIPT,
            version=1,
            prefix="应急回",
            matter="inspect",
            goes_to_party=False,
            officers_sign=False,
            enterprise_signs=False,
            tells_remedies=False,
            statute="",
            article="",
            fields=(Field("services", N_("送达的文书"), is_required=True),),
        ),
    )
}


# 状态表: what may be done in which state and where it leads. Nothing else changes a paper.
TRANSITIONS: Final[Mapping[tuple[PaperState, Action], PaperState]] = {
    (PaperState.DRAFT, Action.ISSUE): PaperState.ISSUED,
    (PaperState.ISSUED, Action.SERVE): PaperState.SERVED,
    (PaperState.DRAFT, Action.VOID): PaperState.VOID,
    (PaperState.ISSUED, Action.VOID): PaperState.VOID,
    (PaperState.SERVED, Action.VOID): PaperState.VOID,
}

_REFUSALS: Final[Mapping[tuple[PaperState, Action], str]] = {
    (PaperState.DRAFT, Action.SERVE): N_("这份文书还是拟稿，先出具，再送达。"),
    (PaperState.ISSUED, Action.ISSUE): N_("这份文书已经出具，文号和内容不能再变；有错请作废后另出。"),
    (PaperState.SERVED, Action.ISSUE): N_("这份文书已经送达，文号和内容不能再变；有错请作废后另出。"),
    (PaperState.SERVED, Action.SERVE): N_("这份文书已经送达，不必再送。"),
    (PaperState.VOID, Action.ISSUE): N_("这份文书已经作废，请另拟一份。"),
    (PaperState.VOID, Action.SERVE): N_("这份文书已经作废，不能送达。"),
    (PaperState.VOID, Action.VOID): N_("这份文书已经作废。"),
}


def advance(state: PaperState, action: Action) -> PaperState:
    """The state an action leads to; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise NotAllowed(_REFUSALS[state, action]) from None


def check_service(form: Form) -> None:
    """Refuse to serve a form that goes to nobody."""
    if not form.goes_to_party:
        raise NotAllowed(N_("送达回执留存案卷，不送达当事人。"))


def check_follows(form: Form, earlier: FormCode | None, earlier_state: PaperState | None) -> None:
    """文书先后: refuse a paper before the one it answers was issued or, where it must have taken effect, served.

    Order of the papers as enforcement systems keep it: 现场检查记录 before 责令限期整改指令书 before 整改复查意见书.
    """
    if not form.follows:
        return
    if earlier not in form.follows or earlier_state in {None, PaperState.DRAFT, PaperState.VOID}:
        raise NotAllowed(_BEFORE[form.code])
    if form.answers_served and earlier_state is not PaperState.SERVED:
        raise NotAllowed(N_("责令限期整改指令书送达后才生效，请先送达，再出具整改复查意见书。"))


_BEFORE: Final[Mapping[FormCode, str]] = {
    FormCode.RECTIFY_ORDER: N_("还没有已出具的现场检查记录，请先出具现场检查记录，再责令限期整改。"),
    FormCode.RECHECK_OPINION: N_("还没有已出具的责令限期整改指令书，不能出具整改复查意见书。"),
}


def missing_fields(form: Form, body: Mapping[str, Any]) -> list[str]:
    """The words of the required fields that a body leaves empty."""
    return [field.label for field in form.fields if field.is_required and not body.get(field.key)]


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
