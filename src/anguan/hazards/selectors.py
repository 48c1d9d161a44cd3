"""Reads of hazards, scoped to who asks. The list is made for a million rows: one query a page, totals apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from anguan.core.search import query_initials, query_tokens, search_words
from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard
from anguan.hazards.rules import ASKS_ENTERPRISE, UNCLOSED, Level, Outcome, Source, State
from anguan.people.rules import BUREAU, ENTERPRISE

SOON: Final = timedelta(days=7)


def hazards_visible_to(viewer: Viewer) -> QuerySet[Hazard]:
    """The district's hazards for the bureaus' people, one's own enterprise's for its members; nobody else sees any.

    Organs read each other's findings, so that nobody is checked twice for the same (国办发〔2024〕54号); only the organ
    that handles a hazard acts on it. An enterprise sees what it was served, and what it found itself.
    """
    if viewer.has(*BUREAU):
        return Hazard.objects.all()
    if viewer.has(*ENTERPRISE) and viewer.enterprise_ids:
        told = ~Q(state__in=[State.FOUND, State.CLASSIFIED]) | Q(source=Source.SELF)
        return Hazard.objects.filter(of_enterprises(viewer.enterprise_ids) & told)
    return Hazard.objects.none()


def of_enterprises(ids: frozenset[int]) -> Q:
    """Hazards of these enterprises and of those merged into them."""
    return Q(enterprise__in=ids) | Q(enterprise__merged_into__in=ids)


def handled_by(viewer: Viewer, hazard: Hazard) -> bool:
    """Whether the viewer's organ handles the hazard, and so may act on it."""
    return viewer.has(*BUREAU) and hazard.organ_id in viewer.organ_ids


def hazards_due_by(viewer: Viewer, day: date) -> QuerySet[Hazard]:
    """What enterprises have to put right until `day`, overdue ones included, most urgent first."""
    return (
        hazards_visible_to(viewer)
        .filter(state__in=sorted(ASKS_ENTERPRISE), due_on__lte=day)
        .order_by("sort_due_on", "id")
    )


@dataclass(frozen=True)
class Asked:
    """What a list of hazards was asked for; empty text means everything."""

    state: str = ""
    level: str = ""
    due: str = ""
    source: str = ""
    enterprise: int | None = None
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Asked":
        """From a query string; what it does not know it leaves out, so that an old address still opens."""
        enterprise = str(query.get("enterprise", ""))
        return cls(
            state=_one_of(query.get("state", ""), {*State, "unclosed"}),
            level=_one_of(query.get("level", ""), set(Level)),
            due=_one_of(query.get("due", ""), {"overdue", "soon"}),
            source=_one_of(query.get("source", ""), set(Source)),
            enterprise=int(enterprise)
            if enterprise.isascii() and enterprise.isdigit() and len(enterprise) < 19
            else None,
            words=str(query.get("q", ""))[:100],
        )


def _one_of(value: Any, known: set[Any]) -> str:
    return str(value) if value in known else ""


def hazards_asked(viewer: Viewer, asked: Asked, today: date) -> QuerySet[Hazard]:
    """隐患清单: the hazards that a list shows, unordered."""
    hazards = hazards_visible_to(viewer)
    if asked.state == "unclosed":
        hazards = hazards.filter(state__in=sorted(UNCLOSED))
    elif asked.state:
        hazards = hazards.filter(state=asked.state)
    if asked.level:
        hazards = hazards.filter(level=asked.level)
    if asked.due == "overdue":
        hazards = hazards.filter(state__in=sorted(ASKS_ENTERPRISE), due_on__lt=today)
    elif asked.due == "soon":
        hazards = hazards.filter(state=State.RECTIFYING, due_on__range=(today, today + SOON))
    if asked.source:
        hazards = hazards.filter(source=asked.source)
    if asked.enterprise is not None:
        hazards = hazards.filter(of_enterprises(frozenset({asked.enterprise})))
    return with_words(hazards, asked.words)


def with_words(hazards: QuerySet[Hazard], text: str) -> QuerySet[Hazard]:
    """Hazards whose description, place or enterprise holds each word, or whose enterprise has these pinyin initials."""
    words = search_words(text)
    if not words:
        return hazards
    tokens = query_tokens(text)
    said = Q(tokens__contains=tokens) if tokens else Q()
    for word in words:
        # A bigram or single character is told by its token alone; longer words could be pieced together.
        if len(word) > 2 or (len(word) == 1 and word.isascii()):
            said &= Q(words__contains=word)
    initials = query_initials(text)
    return hazards.filter(said | Q(tokens__contains=initials) if initials else said)


def waiting_for_recheck(viewer: Viewer) -> QuerySet[Hazard]:
    """Reported as rectified and not yet rechecked, of the viewer's organs, oldest report first."""
    return Hazard.objects.filter(state=State.REPORTED, organ__in=viewer.organ_ids).order_by("reported_at", "id")


def pending_report(hazard: Hazard) -> Any:
    """The report that waits for its recheck; None when none does."""
    return hazard.rectifications.filter(outcome=Outcome.PENDING).first()
