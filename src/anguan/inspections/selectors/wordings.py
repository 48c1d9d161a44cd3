"""选用的说法: for the questions of a visit, the hazard catalogue's phrases and the criteria of a major hazard."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anguan.checklists.models import Checklist, ChecklistItem, HazardPhrase
from anguan.checklists.selectors import criteria, criterion_text
from anguan.hazards.selectors import is_criterion
from anguan.inspections.rules.criteria import fields_of


@dataclass(frozen=True)
class CriterionOffer:
    """判定依据 that may be picked: the text that a hazard takes, and what the clause calls a major hazard.

    What does not fit the checklist or the enterprise may still be picked, out of the way.
    """

    text: str
    summary: str
    standard: str
    fits: bool


@dataclass(frozen=True)
class Wordings:
    """What an officer may pick on one checklist on a day, without typing."""

    phrases: dict[str, list[HazardPhrase]]
    offers: list[CriterionOffer]
    own: dict[int, str]

    def phrases_of(self, item: ChecklistItem) -> list[HazardPhrase]:
        """隐患目录 of a question, in order."""
        return self.phrases.get(item.key, [])

    def offers_of(self, item: ChecklistItem) -> list[CriterionOffer]:
        """判定依据, the question's own first."""
        own = self.own.get(item.number, "")
        return sorted(self.offers, key=lambda offer: (offer.text != own, not offer.fits))


def wordings_of(checklist: Checklist, items: Sequence[ChecklistItem], on: date, industry_code: str = "") -> Wordings:
    """Phrases and criteria for questions of a checklist, in three queries however many questions there are.

    What fits is the fields of the criteria that its questions name; where none does, those of the firm's industry.
    """
    phrases: dict[str, list[HazardPhrase]] = defaultdict(list)
    for phrase in HazardPhrase.objects.filter(checklist_code=checklist.code, is_offered=True):
        phrases[phrase.item_key].append(phrase)
    cited = list(checklist.items.filter(criterion__isnull=False).select_related("criterion__standard"))
    named = list(dict.fromkeys(item.criterion.standard.field for item in cited if item.criterion is not None))
    fields = named or [field.value for field in fields_of(industry_code)]
    found = [row for row in criteria(on=on) if not named or row.standard.field in named]
    # Of the firm's own field first, then the others' in the order of their standards.
    found.sort(key=lambda row: fields.index(row.standard.field) if row.standard.field in fields else len(fields))
    # A bureau's own standard that no hazard takes as a criterion is not offered.
    offers = [
        CriterionOffer(criterion_text(row), row.summary, row.standard.title, row.standard.field in fields)
        for row in found
        if is_criterion(criterion_text(row))
    ]
    texts = {offer.text for offer in offers}
    numbers = {item.number for item in items}
    own = {
        item.number: text
        for item in cited
        if item.number in numbers and item.criterion is not None and (text := criterion_text(item.criterion)) in texts
    }
    return Wordings(dict(phrases), offers, own)
