"""How batches and visits are shown: prepared here, printed by the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.ground.rendering import CannotRender
from anguan.hazards import services as hazards
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import BatchState, BreakReason, NotAllowed, ResultCategory, VisitState
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
    template = getattr(error, "template", None)
    if template is None:
        return _(str(error))
    return str(_(template) % {name: _(value) for name, value in error.params.items()})  # type: ignore[attr-defined]


def batch_pill(batch: Batch) -> SafeString:
    """The state of a batch, the same everywhere."""
    state = BatchState(batch.state)
    return pill(BATCH_TONES[state], state.label)


def visit_pill(visit: Visit) -> SafeString:
    """The state of a visit, the same everywhere."""
    state = VisitState(visit.state)
    return pill(VISIT_TONES[state], state.label)


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
