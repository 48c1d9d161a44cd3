"""起草和比较: what makes a question complete, how versions are numbered, and what differs between two of them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anguan.checklists.rules.sheets import Question
from anguan.checklists.rules.stages import NotAllowed
from anguan.core.enums import Labelled
from anguan.core.words import N_

# Field, label and longest text of what a question must say.
NEEDED: Final[Sequence[tuple[str, str, int]]] = (
    ("question", N_("检查内容"), 300),
    ("look_for", N_("怎么查"), 500),
    ("statute", N_("法律"), 60),
    ("clause", N_("条款"), 60),
    ("violation_basis", N_("违反条款"), 200),
    ("order_basis", N_("责令依据"), 200),
    ("penalty_basis", N_("处罚依据"), 200),
)
LONGEST_TERM: Final = 365


def check_question(question: Question) -> None:
    """Refuse a question that lacks one of its chains, is too long, or sets a term of no days or more than a year."""
    for name, label, longest in NEEDED:
        text = getattr(question, name)
        if not text.strip():
            raise NotAllowed(
                N_("“%(label)s”没有写；检查项要写明问什么、怎么查、违反哪条、依哪条责令和处罚。"), label=label
            )
        if len(text) > longest:
            raise NotAllowed(N_("“%(label)s”超过 %(longest)s 字，请写短些。"), label=label, longest=str(longest))
    if not 1 <= question.suggested_days <= LONGEST_TERM:
        raise NotAllowed(N_("建议整改天数应在 1 到 %(longest)s 天之间。"), longest=str(LONGEST_TERM))


def next_version(known: Collection[str], year: int) -> str:
    """2026-v3 after 2026-v2; the first of a year is v1. Discarded drafts keep their number."""
    numbers = [
        int(found[1]) for version in known if (found := re.fullmatch(rf"{year}-v(\d{{1,6}})", version, re.ASCII))
    ]
    return f"{year}-v{max(numbers, default=0) + 1}"


class Change(Labelled):
    """版本差异: what became of a question or matter."""

    ADDED = "added", N_("新增")
    REMOVED = "removed", N_("取消")
    CHANGED = "changed", N_("修改")
    MOVED = "moved", N_("移动")


@dataclass(frozen=True)
class Difference:
    """One question or matter that differs: its key, what happened, and each field before and after."""

    key: str
    change: Change
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> list[Difference]:
    """What differs between two versions, each a mapping of key to field and text in order of the page.

    Those of the newer version come in its order, then what was taken out. A key counts as moved only where its place
    among the keys that both have differs: adding one in front moves nobody.
    """
    shared = [key for key in after if key in before]
    places = {key: place for place, key in enumerate(key for key in before if key in after)}
    moved = _out_of_order([places[key] for key in shared], shared)
    found = []
    for key, fields in after.items():
        if key not in before:
            found.append(
                Difference(key, Change.ADDED, tuple((name, "", text) for name, text in fields.items() if text))
            )
            continue
        changed = tuple(
            (name, before[key].get(name, ""), text)
            for name, text in fields.items()
            if before[key].get(name, "") != text
        )
        if changed:
            found.append(Difference(key, Change.CHANGED, changed))
        elif key in moved:
            found.append(Difference(key, Change.MOVED))
    return found + [
        Difference(key, Change.REMOVED, tuple((name, text, "") for name, text in fields.items() if text))
        for key, fields in before.items()
        if key not in after
    ]


def _out_of_order(places: Sequence[int], keys: Sequence[str]) -> set[str]:
    """The fewest keys whose move explains the new order: all but a longest rising run."""
    best: list[tuple[int, int]] = []  # length of the run that ends here, and where it came from
    for end, place in enumerate(places):
        before = [(best[start][0], start) for start in range(end) if places[start] < place]
        length, origin = max(before, default=(0, -1), key=lambda run: (run[0], -run[1]))
        best.append((length + 1, origin))
    kept: set[int] = set()
    at = max(range(len(best)), key=lambda end: best[end][0], default=-1)
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    return {key for index, key in enumerate(keys) if index not in kept}
