"""审核审批: the way of a draft past those whose opinion its form wants, and who of them may not be the same person.

    handler ──send──► reviewer ──pass──► approver ──decide──► done
       ▲ ▲───recall/return───┘              │
       └──────recall/return─────────────────┘

The internal forms (◇) carry opinions (审核意见, 审批意见). Whoever drafts one sends it; the reviewer (法制审核) passes
it on or returns it; the approver agrees, refuses or returns it. What was refused is issued too, for the file, and opens
nothing (`check_follows`). Nobody judges their own draft (platform's own rule; 行政处罚法 art. 58 asks for a legal
review before certain decisions).
"""

from collections.abc import Mapping
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.papers.rules.vocabulary import Form, NotAllowed, OpinionRole


class Review(Labelled):
    """送审: with whom a draft is."""

    HANDLER = "handler", N_("承办中")
    REVIEWER = "reviewer", N_("待审核")
    APPROVER = "approver", N_("待审批")
    DONE = "done", N_("已审批")


class ReviewAction(Labelled):
    """送审动作."""

    SEND = "send", N_("送审")
    PASS = "pass", N_("审核同意")
    DECIDE = "decide", N_("审批")
    RETURN = "return", N_("退回修改")
    RECALL = "recall", N_("撤回")


class Stance(Labelled):
    """意见: what somebody made of a draft."""

    AGREES = "agrees", N_("同意")
    REFUSES = "refuses", N_("不同意")
    RETURNS = "returns", N_("退回修改")


# 送审表: nothing else moves a draft between people.
REVIEW: Final[Mapping[tuple[Review, ReviewAction], Review]] = {
    (Review.HANDLER, ReviewAction.SEND): Review.REVIEWER,
    (Review.REVIEWER, ReviewAction.PASS): Review.APPROVER,
    (Review.REVIEWER, ReviewAction.RETURN): Review.HANDLER,
    (Review.REVIEWER, ReviewAction.RECALL): Review.HANDLER,
    (Review.APPROVER, ReviewAction.DECIDE): Review.DONE,
    (Review.APPROVER, ReviewAction.RETURN): Review.HANDLER,
    (Review.APPROVER, ReviewAction.RECALL): Review.HANDLER,
}

_REVIEW_REFUSALS: Final[Mapping[Review, str]] = {
    Review.HANDLER: N_("这份拟稿还没有送审，请由承办人先送审。"),
    Review.REVIEWER: N_("这份拟稿正在等审核意见，请由法制审核员先审核。"),
    Review.APPROVER: N_("这份拟稿已经审核，正在等机关负责人审批。"),
    Review.DONE: N_("这份拟稿已经审批，意见不能再变；情况有变的请作废后另拟。"),
}


def advance_review(state: Review, action: ReviewAction) -> Review:
    """With whom the draft is after `action`; raises `NotAllowed` with the sentence the officer reads."""
    try:
        return REVIEW[state, action]
    except KeyError:
        raise NotAllowed(_REVIEW_REFUSALS[state]) from None


def asks_opinions(form: Form) -> bool:
    """Whether a form is complete only with somebody's opinion."""
    return bool(form.opinions)


def check_apart(by_id: str, given: Mapping[OpinionRole, str]) -> None:
    """Refuse an opinion from whoever has already spoken on the same draft in another part."""
    if by_id and by_id in given.values():
        raise NotAllowed(N_("承办、审核、审批须由不同的人办理，请换一个人。"))


def check_stance(role: OpinionRole, stance: Stance, text: str) -> None:
    """Refuse what a reviewer can't say, and a no without its reason."""
    if role is OpinionRole.REVIEWER and stance is Stance.REFUSES:
        raise NotAllowed(N_("审核不作决定：同意的转审批，有问题的写明意见退回修改。"))
    if stance is not Stance.AGREES and not text.strip():
        raise NotAllowed(N_("不同意或者退回的，请写明理由，承办人要据此修改。"))
