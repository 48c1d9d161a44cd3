"""版本的办理: what may follow what for a checklist, an item list and a criterion. All three live by this one table.

A version is drafted, published and, one day, withdrawn. What is published never changes: a change is the next draft,
made as a copy, and visits keep the version that they used. A draft that comes to nothing is discarded and stays listed.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_


class Stage(Labelled):
    """版本状态."""

    DRAFT = "draft", N_("草稿")
    PUBLISHED = "published", N_("已公布")
    WITHDRAWN = "withdrawn", N_("已停用")
    DISCARDED = "discarded", N_("已作废")


class Act(Labelled):
    """办理动作: what is done to a version."""

    EDIT = "edit", N_("修改")
    PUBLISH = "publish", N_("公布")
    WITHDRAW = "withdraw", N_("停用")
    DISCARD = "discard", N_("作废")


TRANSITIONS: Final[Mapping[tuple[Stage, Act], Stage]] = MappingProxyType(
    {
        (Stage.DRAFT, Act.EDIT): Stage.DRAFT,
        (Stage.DRAFT, Act.PUBLISH): Stage.PUBLISHED,
        (Stage.DRAFT, Act.DISCARD): Stage.DISCARDED,
        (Stage.PUBLISHED, Act.WITHDRAW): Stage.WITHDRAWN,
    }
)

# What to do instead, as the reader of a refusal is told.
NEXT: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.DRAFT: N_("草稿可以修改、公布或作废"),
        Stage.PUBLISHED: N_("公布的版本不再改动，要改请起草新版本"),
        Stage.WITHDRAWN: N_("停用的版本只供查阅，要用请起草新版本"),
        Stage.DISCARDED: N_("作废的草稿只供查阅，请重新起草"),
    }
)


class NotAllowed(ValueError):
    """An act that the rules forbid now. `str()` is the Chinese sentence; pages translate `template` and `params`."""

    def __init__(self, template: str, **params: str) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


def advance(stage: Stage, act: Act) -> Stage:
    """The stage after `act`; raises `NotAllowed` with the reason and what is to be done instead."""
    try:
        return TRANSITIONS[stage, act]
    except KeyError:
        raise NotAllowed(
            N_("这个版本现为“%(stage)s”，不能%(act)s；%(next)s。"),
            stage=stage.label,
            act=act.label,
            next=NEXT[stage],
        ) from None


def may(stage: Stage, act: Act) -> bool:
    """Whether the table lets `act` follow `stage`."""
    return (stage, act) in TRANSITIONS


def is_in_force(stage: Stage, effective_from: date | None, withdrawn_from: date | None, on: date) -> bool:
    """Whether a version counts on the day `on`: from its first day, until the day from which it is withdrawn."""
    if stage not in {Stage.PUBLISHED, Stage.WITHDRAWN} or effective_from is None or on < effective_from:
        return False
    return withdrawn_from is None or on < withdrawn_from


def check_publication(effective_from: date, today: date) -> None:
    """Refuse a first day that has passed: nobody could have known the version on it."""
    if effective_from < today:
        raise NotAllowed(
            N_("施行日期 %(day)s 早于今天，应定在今天或以后：没有公布的内容不能用来检查。"),
            day=effective_from.isoformat(),
        )


def check_withdrawal(withdrawn_from: date, reason: str, today: date) -> None:
    """Refuse a withdrawal from a day that has passed, or without a reason."""
    if withdrawn_from < today:
        raise NotAllowed(
            N_("停用日期 %(day)s 早于今天，应定在今天或以后：已经用它做的检查仍然有效。"),
            day=withdrawn_from.isoformat(),
        )
    if not reason.strip():
        raise NotAllowed(N_("停用要写明理由，例如“所依据的条款已废止”。"))


def diagram() -> str:
    """The table as a Mermaid state diagram, for README.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {Stage.DRAFT.value}"]
    lines += [f"    {stage.value} : {stage.label} {stage.value}" for stage in Stage]
    lines += [f"    {before.value} --> {after.value} : {act.label}" for (before, act), after in TRANSITIONS.items()]
    lines += [f"    {stage.value} --> [*]" for stage in (Stage.WITHDRAWN, Stage.DISCARDED)]
    return "\n".join(lines)
