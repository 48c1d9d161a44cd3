"""拟稿的页面: what a draft's page shows besides the paper: what it lacks, with whom it is, which act comes next."""

from typing import Any

from django.utils.translation import gettext as _

from anguan.papers.forms import SendForm
from anguan.papers.models import Paper, PaperOpinion
from anguan.papers.rules import Form, OpinionRole, PaperState, Party, Review, Stance, missing_fields
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest


def handles(request: ViewerRequest, organ_id: int) -> bool:
    """Whether the viewer is an officer of the organ."""
    return organ_id in request.viewer.organs_as(Role.OFFICER)


def returned_with(paper: Paper) -> PaperOpinion | None:
    """The last word with which the draft came back, None where it didn't."""
    return paper.opinions.filter(stance=Stance.RETURNS).last()


def still_to_sign(paper: Paper) -> bool:
    """Whether a draft lacks an officer's signature or the firm's."""
    signed = list(paper.signatures.values_list("party", flat=True))
    lacks_officer = signed.count(Party.OFFICER) < 2  # 行政处罚法 art. 42
    return lacks_officer or (paper.spec.enterprise_signs and Party.ENTERPRISE not in signed)


def draft_context(request: ViewerRequest, paper: Paper) -> dict[str, Any]:
    """What a draft's own page needs besides: what it says, what it lacks, with whom it is, what comes next."""
    if paper.state != PaperState.DRAFT:
        return {}
    spec: Form = paper.spec
    acts = handles(request, paper.handling_organ_id)
    review = Review(paper.review)
    missing = [_(label) for label in missing_fields(spec, paper.body)]
    wants_opinions = bool(spec.opinions) and "opinions" not in paper.body
    mine = acts and paper.is_by_hand
    to_sign = spec.officers_sign and still_to_sign(paper)
    return {
        "missing": missing,
        "may_edit": mine and review is Review.HANDLER and not paper.signatures.exists(),
        "send_form": SendForm(paper=paper)
        if mine and wants_opinions and review is Review.HANDLER and not missing
        else None,
        "may_recall": mine and review in {Review.REVIEWER, Review.APPROVER},
        "may_sign": mine and to_sign and not missing,
        "may_discard": mine,
        "returned": returned_with(paper) if review is Review.HANDLER else None,
        "may_issue": acts
        and not missing
        and not (paper.is_by_hand and to_sign)
        and (not wants_opinions or review is Review.DONE),
        "waits_for": _(Review(paper.review).label) if review in {Review.REVIEWER, Review.APPROVER} else "",
        "your_turn": turn_of(request, paper) is not None,
    }


def turn_of(request: ViewerRequest, paper: Paper) -> OpinionRole | None:
    """In which part the viewer may speak on the draft now; None where it isn't their turn."""
    organs = {paper.handling_organ_id, paper.issuing_organ_id}
    if paper.review == Review.REVIEWER:
        holds = request.viewer.organs_as(Role.LEGAL_REVIEWER, Role.LEADER)
        return None if holds.isdisjoint(organs) else OpinionRole.REVIEWER
    if paper.review == Review.APPROVER:
        return None if request.viewer.organs_as(Role.LEADER).isdisjoint(organs) else OpinionRole.APPROVER
    return None
