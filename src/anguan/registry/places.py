"""全区地图: where what the ledger knows stands, in CGCS2000, with what has no position counted too."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.ground.access import Viewer
from anguan.registry.kinds import KINDS
from anguan.registry.rules import EnterpriseStatus, SiteStatus

# In the order of the legend, each with the sign by which it is told apart without its colour.
SIGNS: Mapping[str, str] = {
    "enterprise": "circle",
    "building": "square",
    "complex": "diamond",
    "site": "triangle",
    "key-unit": "cross",
}
PRESENT = [status.value for status in EnterpriseStatus if status.is_present]


@dataclass(frozen=True)
class Place:
    """One row of the ledger on the map."""

    slug: str
    pk: int
    name: str
    address: str
    longitude: Decimal
    latitude: Decimal

    @property
    def word(self) -> str:
        """Which kind of the ledger it is."""
        return _(KINDS[self.slug].word)

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("registry:detail", args=[self.slug, self.pk])


def _rows(slug: str, viewer: Viewer) -> QuerySet[Any]:
    """The rows of a kind that are still there, with a position as `x` and `y`."""
    rows: QuerySet[Any] = KINDS[slug].visible_to(viewer)
    if slug == "enterprise":
        rows = rows.filter(status__in=PRESENT)
    if slug == "site":
        rows = rows.exclude(status=SiteStatus.COMPLETED)
    where: dict[str, Any] = {"x": F("longitude"), "y": F("latitude")}
    if slug == "key-unit":
        # A key unit stands where its building does, or else its enterprise.
        where = {
            "x": Coalesce("building__longitude", "enterprise__longitude"),
            "y": Coalesce("building__latitude", "enterprise__latitude"),
        }
    placed: QuerySet[Any] = rows.annotate(**where)
    return placed


def places(viewer: Viewer, slugs: Iterable[str], most: int | None = None) -> Iterator[Place]:
    """Every row of these kinds that has a position, a query for each kind; of each kind the first `most` by name."""
    for slug in slugs:
        rows = _rows(slug, viewer).filter(x__isnull=False, y__isnull=False).order_by("name", "pk")
        for pk, name, address, x, y in rows.values_list("pk", "name", "address", "x", "y")[:most]:
            yield Place(slug, pk, name, address, x, y)


@dataclass(frozen=True)
class Legend:
    """One kind on the map: its sign, how many stand on it, and how many have no position."""

    slug: str
    word: str
    sign: str
    located: int
    unlocated: int
    chosen: bool


def legend(viewer: Viewer, chosen: Iterable[str]) -> list[Legend]:
    """The kinds of the map with their numbers."""
    wanted = frozenset(chosen)
    told = []
    for slug, sign in SIGNS.items():
        rows = _rows(slug, viewer)
        located, count = rows.filter(x__isnull=False, y__isnull=False).count(), rows.count()
        told.append(Legend(slug, _(KINDS[slug].word), sign, located, count - located, slug in wanted))
    return told
