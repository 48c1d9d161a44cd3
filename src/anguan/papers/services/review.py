"""送审、审核、审批: the opinions that an internal form carries, each given by whoever holds that part."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rendering import check_drawable
from anguan.papers import rules
from anguan.papers.models import Paper, PaperOpinion
from anguan.papers.rules import NotAllowed, OpinionRole, PaperState, Review, ReviewAction, Stance
from anguan.papers.services.gates import locked
from anguan.people.models import RoleGrant
from anguan.people.rules import Role

_MOST = 500  # letters of an opinion, as the column has it
SENT = "送审。"  # printed nowhere but in the story of the draft; Chinese, as everything that is kept
_HOLDERS = {
    OpinionRole.REVIEWER: ((Role.LEGAL_REVIEWER, Role.LEADER), N_("审核意见由法制审核员或者机关负责人填写。")),
    OpinionRole.APPROVER: ((Role.LEADER,), N_("审批意见由机关负责人填写。")),
}


@transaction.atomic
def send_paper(*, paper: Paper, uid: UUID, actor: Actor, now: datetime, opinion: str = "") -> Paper:
    """送审: hand a draft to the reviewer, with the handler's opinion where the form wants one; idempotent on `uid`.

    Refuses a draft that is not filled in, and a form that carries no opinions.
    """
    paper = locked(paper)
    if PaperOpinion.objects.filter(uid=uid, paper=paper).exists():
        return paper
    spec = paper.spec
    if paper.state != PaperState.DRAFT:
        raise NotAllowed(_("这份文书已经出具或者作废，不能再送审。"))
    if not rules.asks_opinions(spec):
        raise NotAllowed(_("《%(title)s》没有意见栏，不必送审，签名后直接出具。") % {"title": _(spec.title)})
    after = rules.advance_review(Review(paper.review), ReviewAction.SEND)
    if missing := rules.missing_fields(spec, paper.body):
        raise NotAllowed(
            _("《%(title)s》还缺：%(fields)s。")
            % {"title": _(spec.title), "fields": "、".join(_(label) for label in missing)}
        )
    text = opinion.strip()
    if OpinionRole.HANDLER in spec.opinions and not text:
        raise NotAllowed(_("请写明承办人意见，再送审。"))
    return _said(paper, OpinionRole.HANDLER, Stance.AGREES, text or SENT, after, uid, actor, now)


@transaction.atomic
def give_opinion(*, paper: Paper, stance: Stance | str, text: str, uid: UUID, actor: Actor, now: datetime) -> Paper:
    """填写意见: the reviewer passes a draft on or returns it, the approver agrees, refuses or returns it.

    Whose turn it is decides in which part somebody speaks. Idempotent on `uid`.
    """
    paper = locked(paper)
    if PaperOpinion.objects.filter(uid=uid, paper=paper).exists():
        return paper
    if paper.state != PaperState.DRAFT:
        raise NotAllowed(_("这份文书已经出具或者作废，不能再填意见。"))
    state, stance = Review(paper.review), Stance(stance)
    role = OpinionRole.APPROVER if state is Review.APPROVER else OpinionRole.REVIEWER
    rules.check_stance(role, stance, text)
    action = ReviewAction.PASS if role is OpinionRole.REVIEWER else ReviewAction.DECIDE
    after = rules.advance_review(state, ReviewAction.RETURN if stance is Stance.RETURNS else action)
    _check_holds(paper, role, actor)
    given = {OpinionRole(one.role): one.by_id for one in counting(paper)}
    rules.check_apart(actor.id, given)
    return _said(paper, role, stance, text.strip() or "同意。", after, uid, actor, now)


@transaction.atomic
def recall_paper(*, paper: Paper, actor: Actor, now: datetime) -> Paper:
    """撤回: take a draft back before it was decided; what was said of it stays on record and counts no more."""
    paper = locked(paper)
    if paper.state != PaperState.DRAFT:
        raise NotAllowed(_("这份文书已经出具或者作废，不能再撤回。"))
    before = {"review": paper.review}
    paper.review = rules.advance_review(Review(paper.review), ReviewAction.RECALL)
    paper.save(update_fields=["review"])
    paper.opinions.filter(superseded_at=None).update(superseded_at=now)
    audit.record(
        actor=actor, action="papers.recall", subject=paper, now=now, before=before, after={"review": paper.review}
    )
    return paper


def counting(paper: Paper) -> list[PaperOpinion]:
    """The opinions that count now, in the order in which they were given."""
    return list(paper.opinions.filter(superseded_at=None).exclude(stance=Stance.RETURNS))


def opinions_of(paper: Paper) -> list[dict[str, Any]]:
    """The opinions as the body carries them, in the order of the form's blanks; empty where nobody gave one here."""
    said = {OpinionRole(one.role): one for one in counting(paper)}
    return [
        {
            "role": role.value,
            "name": said[role].by_name,
            "opinion": said[role].text,
            "on": clock.local_day(said[role].given_at).isoformat(),
            "agrees": said[role].stance == Stance.AGREES,
        }
        for role in OpinionRole
        if role in said and role in paper.spec.opinions
    ]


def _check_holds(paper: Paper, role: OpinionRole, actor: Actor) -> None:
    roles, refusal = _HOLDERS[role]
    organs = {paper.handling_organ_id, paper.issuing_organ_id}
    holds = (
        actor.kind == "user"
        and actor.id.isdigit()
        and RoleGrant.objects.filter(user_id=int(actor.id), role__in=roles, organ__in=organs).exists()
    )
    if not holds:
        raise NotAllowed(_(refusal))


def _said(
    paper: Paper, role: OpinionRole, stance: Stance, text: str, after: Review, uid: UUID, actor: Actor, now: datetime
) -> Paper:
    if len(text) > _MOST:
        raise NotAllowed(_("意见最多写 500 个字，请精简。"))
    check_drawable([text])
    PaperOpinion.objects.create(
        uid=uid,
        paper=paper,
        role=role,
        stance=stance,
        text=text,
        by_id=actor.id,
        by_name=actor.name,
        given_at=now,
    )
    before = {"review": paper.review}
    paper.review = after
    paper.save(update_fields=["review"])
    if after is Review.HANDLER:
        paper.opinions.filter(superseded_at=None).update(superseded_at=now)
    audit.record(
        actor=actor,
        action="papers.opinion",
        subject=paper,
        now=now,
        before=before,
        after={"review": after, "role": role, "stance": stance, "text": text},
    )
    return paper
