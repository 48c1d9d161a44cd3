"""可拟的文书: of the papers that stand, which may be drafted next, and why another may not yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anguan.core.words import N_
from anguan.papers.rules.coercion import Measure, follow, step_of
from anguan.papers.rules.states import check_follows
from anguan.papers.rules.vocabulary import Form, FormCode, NotAllowed, PaperState

# What a check draws up itself, step by step, from what was answered on the spot; and the receipt, from service.
MADE_BY_VISITS: Final = frozenset(
    {
        FormCode.INSPECTION_NOTICE,
        FormCode.SITE_RECORD,
        FormCode.RECTIFY_ORDER,
        FormCode.RECHECK_OPINION,
        FormCode.SERVICE_RECEIPT,
    }
)

# In which order a page offers them, by what they are for.
GROUPS: Final[Sequence[tuple[str, tuple[FormCode, ...]]]] = (
    (
        N_("检查文书"),
        (
            FormCode.INSPECTION_APPROVAL,
            FormCode.INSPECTION_SCHEME,
            FormCode.SITE_MEASURES,
            FormCode.INSPECTION_RESULT,
        ),
    ),
    (
        N_("取证"),
        (
            FormCode.SAMPLING_VOUCHER,
            FormCode.PRESERVATION_APPROVAL,
            FormCode.PRESERVATION_NOTICE,
            FormCode.PRESERVATION_DISPOSAL_APPROVAL,
            FormCode.PRESERVATION_DISPOSAL,
        ),
    ),
    (
        N_("行政强制"),
        (
            FormCode.COERCION_APPROVAL,
            FormCode.SEIZURE_DECISION,
            FormCode.SEIZURE_LIST,
            FormCode.SEIZURE_EXTENSION,
            FormCode.SEIZURE_DISPOSAL,
            FormCode.POWER_CUT_DECISION,
            FormCode.POWER_CUT_NOTICE,
            FormCode.POWER_RESTORE_NOTICE,
        ),
    ),
    (N_("立案和移送"), (FormCode.FILING_APPROVAL, FormCode.TRANSFER_APPROVAL, FormCode.TRANSFER_LETTER)),
)
BY_HAND: Final = tuple(code for _, codes in GROUPS for code in codes)


@dataclass(frozen=True)
class Standing:
    """A paper as far as the next one depends on it; `measure` is where the decision it belongs to stands."""

    key: int
    form: FormCode
    state: PaperState
    body: Mapping[str, Any]
    measure: Measure | None = None


@dataclass(frozen=True)
class Offer:
    """One form: on which of the standing papers it may rest (`bases`), or the sentence why it may not be drafted.

    `is_free` says that it may also rest on nothing.
    """

    form: Form
    bases: tuple[Standing, ...] = ()
    is_free: bool = False
    refusal: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be drafted now."""
        return not self.refusal


def offer_of(form: Form, papers: Collection[Standing]) -> Offer:
    """What the sequence of papers lets be done with one form."""
    bases, refusals = [], []
    for paper in papers:
        if paper.form not in form.follows | form.may_follow:
            continue
        try:
            _check_base(form, paper)
        except NotAllowed as refusal:
            # A draft is no reason to tell more than that nothing stands yet.
            if paper.state in {PaperState.ISSUED, PaperState.SERVED}:
                refusals.append(str(refusal))
        else:
            bases.append(paper)
    if bases or not form.follows:
        return Offer(form, tuple(bases), is_free=not form.follows)
    try:
        # What is done on the spot in an emergency is approved afterwards: the draft then rests on nothing.
        check_follows(form, None, None, {"on_the_spot": True})
    except NotAllowed as refusal:
        return Offer(form, refusal=refusals[-1] if refusals else str(refusal))
    return Offer(form, is_free=True)


def _check_base(form: Form, paper: Standing) -> None:
    check_follows(form, paper.form, paper.state, {}, paper.body)
    wanted = _APPROVES.get(form.code)
    if wanted and paper.body.get("coercion") and paper.body["coercion"] not in wanted:
        raise NotAllowed(N_("审批表批准的是另一种强制措施，请核对或者另行报批。"))
    step = step_of(form.code, {})
    if step is not None and paper.measure is not None:
        follow(paper.measure, step)


_APPROVES: Final[Mapping[FormCode, frozenset[str]]] = {
    FormCode.SEIZURE_DECISION: frozenset({"seal", "seize"}),
    FormCode.POWER_CUT_DECISION: frozenset({"power_cut"}),
}
