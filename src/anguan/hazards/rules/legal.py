"""三条法律链条: what a hazard violates, what the order rests on, what a penalty would rest on; and who is competent."""

import re
from dataclasses import dataclass
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed

COOPERATION: Final = N_("《安全生产法》第六十九条")


class Chain(Labelled):
    """法律链条: the three questions that the law is asked about one hazard."""

    VIOLATION = "violation", N_("违反条款")
    ORDER = "order", N_("责令依据")
    PENALTY = "penalty", N_("处罚依据")


class Competent(Labelled):
    """是否有权: whether an organ may act on a basis, as far as the records tell."""

    YES = "yes", N_("有权")
    NO = "no", N_("无权，应移送")
    UNKNOWN = "unknown", N_("职权未登记")


@dataclass(frozen=True)
class Basis:
    """法律依据: statute and article; either may be empty where the text names none."""

    statute: str
    article: str

    def __str__(self) -> str:
        return f"《{self.statute}》{self.article}" if self.statute else self.article


_NAMED = re.compile(r"《(?P<statute>[^》]+)》\s*(?P<article>第[^；;，,。]*)?")
_PLAIN = re.compile(r"^(?P<statute>[^第《》\s]{2,40}?)\s*(?P<article>第[^；;，,。]*)$")


def basis_of(text: str) -> Basis:
    """The first provision that a text cites: of 《安全生产法》第六十五条, the statute 安全生产法 and 第六十五条."""
    plain = text.strip()
    found = _NAMED.search(plain) or _PLAIN.match(plain)
    if found is None:
        return Basis("", plain)
    return Basis(found["statute"].strip(), (found["article"] or "").strip())


def statute_key(statute: str) -> str:
    """The name under which two ways of writing a statute are one: without brackets, edition and the state's name."""
    return re.sub(r"（[^）]*）", "", statute.strip("《》 ")).removeprefix("中华人民共和国").strip()


def covers(held: Basis, asked: Basis) -> bool:
    """Whether a competence held for one provision covers another: same statute, and one article part of the other."""
    if statute_key(held.statute) != statute_key(asked.statute):
        return False
    if not held.article or not asked.article:
        return True
    return asked.article.startswith(held.article) or held.article.startswith(asked.article)


def check_competence(verdict: Competent, *, organ: str, basis: str) -> None:
    """Refuse an order by an organ that may not give it, where the records name another that may."""
    if verdict is Competent.NO:
        raise NotAllowed(
            N_("%(organ)s对%(provision)s没有职权；应移送有权机关办理，不能自己责令。"),
            basis=COOPERATION,
            organ=organ,
            provision=basis,
        )
