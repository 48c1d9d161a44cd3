"""How batches and visits are shown: prepared here, printed by the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.ground.rendering import CannotRender
from anguan.hazards import services as hazards
from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.models import Batch, JointTask, Opinion, Replacement, Visit
from anguan.inspections.rules import (
    BatchState,
    BreakReason,
    JointState,
    NotAllowed,
    OpinionState,
    ReplacementKind,
    ReplacementState,
    ResultCategory,
    VisitState,
)
from anguan.inspections.selectors import is_closed, target_word
from anguan.papers import services as papers
from anguan.ui.templatetags.ui import pill

BATCH_TONES: Final[Mapping[BatchState, str]] = {
    BatchState.PLANNED: "open",
    BatchState.POOL_FROZEN: "open",
    BatchState.COMMITTED: "waiting",
    BatchState.DRAWN: "open",
    BatchState.APPROVED: "waiting",
    BatchState.INSPECTED: "open",
    BatchState.PUBLISHED: "done",
    BatchState.BROKEN: "void",
}
VISIT_TONES: Final[Mapping[VisitState, str]] = {
    VisitState.APPLIED: "open",
    VisitState.REFUSED: "void",
    VisitState.WITHDRAWN: "void",
    VisitState.APPROVED: "open",
    VisitState.ON_SITE: "waiting",
    VisitState.RECORD_DRAFTED: "open",
    VisitState.RECORD_ISSUED: "open",
    VisitState.MEASURES_DRAFTED: "open",
    VisitState.ORDER_DRAFTED: "open",
    VisitState.ORDERED: "waiting",
    VisitState.CLOSED: "done",
}
# What the officer reads when one of the rooms says no.
REFUSALS: Final = (NotAllowed, papers.NotAllowed, hazards.NotAllowed, CannotRender)


def sentence(error: Exception) -> str:
    """What a refusal says, in the reader's language where its words can be translated."""
    template, params = getattr(error, "template", None), getattr(error, "params", {})
    if template is None:
        return _(str(error))
    return str(_(template) % {name: _(value) for name, value in params.items()})


def batch_pill(batch: Batch) -> SafeString:
    """The state of a batch, the same everywhere."""
    state = BatchState(batch.state)
    return pill(BATCH_TONES[state], state.label)


def visit_pill(visit: Visit) -> SafeString:
    """The state of a visit, the same everywhere."""
    state = VisitState(visit.state)
    return pill(VISIT_TONES[state], state.label)


REPLACEMENT_TONES: Final[Mapping[ReplacementState, str]] = {
    ReplacementState.ASKED: "waiting",
    ReplacementState.APPROVED: "done",
    ReplacementState.REFUSED: "void",
}
OPINION_TONES: Final[Mapping[OpinionState, str]] = {
    OpinionState.DRAFTED: "open",
    OpinionState.SUBMITTED: "waiting",
    OpinionState.ADOPTED: "done",
    OpinionState.REJECTED: "void",
}


def replacement_pill(replacement: Replacement) -> SafeString:
    """The state of a request to replace, the same everywhere."""
    state = ReplacementState(replacement.state)
    return pill(REPLACEMENT_TONES[state], state.label)


def opinion_pill(opinion: Opinion) -> SafeString:
    """The state of an expert's opinion, the same everywhere."""
    state = OpinionState(opinion.state)
    return pill(OPINION_TONES[state], state.label)


def replacement_reason(replacement: Replacement) -> str:
    """Why something was to be replaced."""
    kind = TargetReason if replacement.kind == ReplacementKind.TARGET else PersonReason
    return _(kind(replacement.reason).label)


def replacement_subject(replacement: Replacement) -> str:
    """What was to be replaced, by name, for those who work on the batch."""
    firm = target_word(replacement.assignment)
    if replacement.officer is not None:
        return _("%(firm)s的执法人员%(name)s") % {"firm": firm, "name": replacement.officer.officer.name}
    if replacement.expert is not None:
        return _("%(firm)s的专家%(name)s") % {"firm": firm, "name": replacement.expert.expert.name}
    return firm


def replacement_outcome(replacement: Replacement) -> str:
    """What came instead, in one sentence; empty while nothing is decided."""
    step = replacement.step
    if replacement.state != ReplacementState.APPROVED or step is None:
        return replacement.decision_note
    if step["replacement"] is None:
        return _("本层备选已用完，不再递补。") if step["kind"] == "target" else _("名册里没有可以接替的人。")
    if step["kind"] == "target" and step["unstaffed"]:
        return _("由备选 %(name)s 递补，但派不出检查组。") % {"name": step["replacement"]}
    if step["kind"] == "target" and replacement.alternate is not None and is_closed(replacement.alternate):
        return _("由 %(name)s 接替。") % {"name": replacement.alternate.envelope}
    return _("由 %(name)s 接替。") % {"name": step["replacement"]}


JOINT_TONES: Final[Mapping[JointState, str]] = {
    JointState.INVITING: "open",
    JointState.SETTLED: "waiting",
    JointState.DONE: "done",
    JointState.CANCELLED: "void",
}


def joint_pill(task: JointTask) -> SafeString:
    """The state of a joint check, the same everywhere."""
    state = JointState(task.state)
    return pill(JOINT_TONES[state], state.label)


def category_word(category: str) -> str:
    """A result's name; empty for a visit without one."""
    return _(ResultCategory(category).label) if category else ""


def reason_word(batch: Batch) -> str:
    """Why a batch was broken; empty for one that was not."""
    return _(BreakReason(batch.broken_reason).label) if batch.broken_reason else ""


@dataclass(frozen=True)
class Happening:
    """One step of a batch's story."""

    title: str
    at: datetime | None
    by: str = ""
    tone: str = "done"
    why: str = ""


def story_of(batch: Batch) -> list[Happening]:
    """The steps that were taken, oldest first."""
    steps = [
        Happening(_("列入计划"), batch.planned_at, batch.planned_by_name),
        Happening(_("名录冻结"), batch.frozen_at),
        Happening(_("承诺公布"), batch.committed_at, why=_("规范摘要 %(digest)s") % {"digest": batch.spec_digest}),
        Happening(_("公开随机值登记"), batch.beacon_entered_at, why=batch.beacon_value),
        Happening(_("同时开启并抽取"), batch.drawn_at),
        Happening(
            _("作废：%(reason)s") % {"reason": reason_word(batch)}, batch.broken_at, tone="void", why=batch.broken_note
        ),
        Happening(_("批准检查"), batch.approved_at, batch.approved_by_name),
        Happening(_("检查完毕"), batch.inspected_at),
        Happening(_("抽查包公开"), batch.published_at),
    ]
    return [step for step in steps if step.at is not None]
