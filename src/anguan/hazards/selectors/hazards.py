"""Reads of hazards, scoped to who asks. The list is made for a million rows: one query a page, totals apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
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
    return own_hazards(viewer)


def own_hazards(viewer: Viewer) -> QuerySet[Hazard]:
    """本单位隐患: what the viewer's own enterprises were told, whatever else the viewer may read as an officer."""
    if viewer.has(*ENTERPRISE) and viewer.enterprise_ids:
        told = ~Q(state__in=[State.FOUND, State.CLASSIFIED]) | Q(source=Source.SELF)
        return Hazard.objects.filter(of_enterprises(viewer.enterprise_ids) & told)
    return Hazard.objects.none()


def of_enterprises(ids: frozenset[int]) -> Q:
    """Hazards of these enterprises and of those merged into them."""
    return Q(enterprise__in=ids) | Q(enterprise__merged_into__in=ids)


def handled_by(viewer: Viewer, hazard: Hazard) -> bool:
    """Whether the viewer's organ handles the hazard, and so may act on it."""
    return hazard.organ_id in viewer.organs_as(*BUREAU)


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
    """Hazards whose description, place, enterprise or the enterprise's pinyin initials hold each word of `text`."""
    return hazards.filter(_said(search_words(text)))


def _said(words: Sequence[str]) -> Q:
    said = Q()
    for word in words:
        said &= Q(search_text__contains=word)
    return said


def found_rows(
    viewer: Viewer, asked: Asked, today: date, fields: Sequence[str]
) -> "QuerySet[Hazard, dict[str, Any]] | Search":
    """The rows of the list as `values(*fields)`, for `ui.paging` to order and cut."""
    hazards = hazards_asked(viewer, replace(asked, words=""), today)
    words = search_words(asked.words)
    if not words:
        return cast("QuerySet[Hazard, dict[str, Any]]", hazards.values(*fields))
    return Search(hazards, words, fields)


class Search:
    """A search for words in a given order, as much of a query set as paging needs.

    PostgreSQL takes the bigrams of a word for independent and so misjudges how common a word is, by factors of a
    thousand. So we decide by trying: walk the rows in the order of the list, inside an index that holds the text, for a
    bounded stretch; a common word fills the page at once. When it does not, the word is rare, and the index over its
    bigrams finds all rows that have it. Either way the page is exact. Takes two or three queries.
    """

    model: Final = Hazard
    # Rows that are walked: within an index (about a microsecond each), and through the table (about ten).
    INDEX_WALK: Final = 20_000
    TABLE_WALK: Final = 2_000

    def __init__(
        self, hazards: QuerySet[Hazard], words: Sequence[str], fields: Sequence[str], order: Sequence[str] = ()
    ) -> None:
        self.hazards, self.words, self.fields, self.order = hazards, words, fields, order

    def filter(self, condition: Any) -> "Search":
        """The same search below a cursor."""
        return Search(self.hazards.filter(condition), self.words, self.fields, self.order)

    def order_by(self, *names: str) -> "Search":
        """The same search in this order."""
        return Search(self.hazards, self.words, self.fields, names)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """The first rows, up to `part.stop`."""
        count = int(part.stop)
        try:
            found = self._walk(count)
            if len(found) < count:
                found = self._look_up(count)
        except EmptyResultSet:
            # The filters contradict each other, or the viewer sees nothing: Django makes no SQL of that.
            return []
        return list(Hazard.objects.filter(pk__in=found).order_by(*self.order).values(*self.fields))

    def _walk(self, count: int) -> list[int]:
        in_index = {name.lstrip("-") for name in self.order} == {"id"}
        stretch = self.INDEX_WALK if in_index else self.TABLE_WALK
        rows = self.hazards.order_by(*self.order).values("id", "search_text")[:stretch]
        sql, params = rows.query.sql_with_params()
        likes = " AND ".join(["search_text LIKE %s"] * len(self.words))
        # Words hold letters and digits only, nothing that LIKE reads as a pattern.
        return _ids(
            f"SELECT id FROM ({sql}) AS walked WHERE {likes} LIMIT %s",  # noqa: S608  # Django's own SQL
            [*params, *(f"%{word}%" for word in self.words), count],
        )

    def _look_up(self, count: int) -> list[int]:
        text = " ".join(self.words)
        tokens, initials = query_tokens(text), query_initials(text)
        candidates = Q(tokens__contains=tokens) if tokens else Q()
        if tokens and initials:
            candidates |= Q(tokens__contains=initials)
        names = [name.lstrip("-") for name in self.order]
        rows = self.hazards.filter(candidates & _said(self.words)).order_by().values("id", *set(names) - {"id"})
        sql, params = rows.query.sql_with_params()
        order = ", ".join(f"{name.lstrip('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in self.order)
        # Materialized: planned without the limit, so that the bigrams are looked up and nothing is walked.
        return _ids(
            f"WITH found AS MATERIALIZED ({sql}) SELECT id FROM found ORDER BY {order} LIMIT %s",  # noqa: S608  # as above
            [*params, count],
        )


def _ids(sql: str, params: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def waiting_for_recheck(viewer: Viewer) -> QuerySet[Hazard]:
    """Reported as rectified and not yet rechecked, of the viewer's organs, oldest report first."""
    return Hazard.objects.filter(state=State.REPORTED, organ__in=viewer.organ_ids).order_by("reported_at", "id")


def pending_report(hazard: Hazard) -> Any:
    """The report that waits for its recheck; None when none does."""
    return hazard.rectifications.filter(outcome=Outcome.PENDING).first()
