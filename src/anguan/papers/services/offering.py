"""可拟的文书: what may be drafted from a check or hazard now; reads only, with the gates of the writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from anguan.ground.access import Viewer
from anguan.papers.models import Paper
from anguan.papers.origins import Origin
from anguan.papers.rules import (
    BY_HAND,
    FORMS,
    Form,
    FormCode,
    Measure,
    NotAllowed,
    Offer,
    PaperState,
    PartyKnown,
    Standing,
    offer_of,
    prefilled,
)
from anguan.papers.selectors import papers_visible_to
from anguan.papers.services.gates import legal_bases, organ_in_charge
from anguan.papers.services.limits import decision_of, measure_now

_DEEP = 4  # approval, decision, extension, disposal: no chain of papers is longer


def standing_from(viewer: Viewer, origin: Origin) -> list[Paper]:
    """The papers of a check or hazard, oldest first: those it holds, those drafted from it, and what rests on them."""
    visible = papers_visible_to(viewer).filter(enterprise=origin.enterprise)
    found = set(visible.filter(Q(pk__in=origin.papers) | Q(origin_uid__in=origin.uids)).values_list("pk", flat=True))
    newest = found
    for _level in range(_DEEP):
        newest = set(visible.filter(answers__in=newest).values_list("pk", flat=True)) - found
        if not newest:
            break
        found |= newest
    return list(visible.filter(pk__in=found).select_related("answers__answers", "edition__form_set").order_by("pk"))


@dataclass(frozen=True)
class Verdict:
    """One form with the papers it may rest on, or the reason and the article why it can't be drafted yet."""

    offer: Offer
    bases: tuple[Paper, ...]
    refusal: str
    article: str


def offers_from(origin: Origin, papers: Sequence[Paper], today: date) -> dict[FormCode, Verdict]:
    """Every form that is drafted by hand, with what the sequence and the organ's competence say of it today."""
    known = {paper.pk: paper for paper in papers}
    measures: dict[int, Measure] = {}
    standing = [_standing(paper, measures, today) for paper in papers if paper.state != PaperState.VOID]
    competence: dict[Any, str] = {}
    verdicts = {}
    for code in BY_HAND:
        form = FORMS[code]
        offer = offer_of(form, standing)
        refusal = offer.refusal
        if not refusal:
            # Forms of the same matter and law stand or fall together.
            key = (form.matter, form.held, str(legal_bases(form, _bases(form, origin))))
            if key not in competence:
                competence[key] = _incompetence(form, origin, today)
            refusal = competence[key]
        verdicts[code] = Verdict(
            offer, tuple(known[base.key] for base in offer.bases), refusal, f"{form.statute}{form.article}"
        )
    return verdicts


def first_body(form: Form, origin: Origin, base: Paper | None) -> dict[str, Any]:
    """预填: what a draft of `form` says before anybody types."""
    firm = origin.enterprise
    earlier = dict(base.body) if base else {}
    if form.code is FormCode.SEIZURE_DISPOSAL and (decision := decision_of(base)):
        # What was seized stands in the lists, not in the decision.
        lists = decision.answered_by.filter(
            form=FormCode.SEIZURE_LIST, state__in=[PaperState.ISSUED, PaperState.SERVED]
        ).order_by("pk")
        earlier["items"] = [row for body in lists.values_list("body", flat=True) for row in body.get("items", [])]
    party = PartyKnown(
        name=firm.name,
        address=firm.address,
        contact=" ".join(part for part in (firm.principal, firm.phone) if part),
    )
    return {**prefilled(form, party=party, known=origin.known, earlier=earlier), **_bases(form, origin)}


def _bases(form: Form, origin: Origin) -> dict[str, Any]:
    bases = origin.bases.get(form.matter)
    return {"legal_basis": bases} if bases else {}


def _standing(paper: Paper, measures: dict[int, Measure], today: date) -> Standing:
    decision = decision_of(paper)
    if decision is not None and decision.pk not in measures:
        measures[decision.pk] = measure_now(decision, today)
    measure = measures[decision.pk] if decision is not None else None
    return Standing(paper.pk, FormCode(paper.form), PaperState(paper.state), paper.body, measure)


def _incompetence(form: Form, origin: Origin, today: date) -> str:
    try:
        organ_in_charge(form, origin.organ, _bases(form, origin), today)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
