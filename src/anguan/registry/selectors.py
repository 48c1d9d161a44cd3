"""Reads of the ledger, always scoped to who asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from anguan.core.search import query_initials, query_tokens, search_words
from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.people.rules import BUREAU, Role
from anguan.registry.models import Building, Complex, Enterprise, Found, KeyUnit, Site, Tenant
from anguan.registry.rules import EnterpriseStatus, SiteStatus

READERS = frozenset({*BUREAU, Role.SUPERVISOR, Role.SYSTEM_ADMIN})


def enterprises_visible_to(viewer: Viewer) -> QuerySet[Enterprise]:
    """The whole ledger for the bureau, one's own enterprises for their members; aliases of merged ones are left out."""
    enterprises = Enterprise.objects.filter(merged_into__isnull=True)
    if viewer.has(*READERS):
        return enterprises
    return enterprises.filter(pk__in=viewer.enterprise_ids)


F = TypeVar("F", bound=Found)


def buildings_visible_to(viewer: Viewer) -> QuerySet[Building]:
    """All buildings for the bureau, those one's enterprises manage for their members."""
    return _scoped(viewer, Building.objects.all(), manager__in=viewer.enterprise_ids)


def complexes_visible_to(viewer: Viewer) -> QuerySet[Complex]:
    """All complexes for the bureau, those one's enterprises run for their members."""
    return _scoped(viewer, Complex.objects.all(), operator__in=viewer.enterprise_ids)


def tenants_visible_to(viewer: Viewer) -> QuerySet[Tenant]:
    """All shops for the bureau, those of one's own mall or enterprise for their members."""
    shops = Tenant.objects.all()
    if viewer.has(*READERS):
        return shops
    ids = viewer.enterprise_ids
    return shops.filter(Q(complex__operator__in=ids) | Q(enterprise__in=ids))


def sites_visible_to(viewer: Viewer) -> QuerySet[Site]:
    """All sites for the bureau, those one's enterprises build for their members."""
    return _scoped(viewer, Site.objects.all(), contractor__in=viewer.enterprise_ids)


def key_units_visible_to(viewer: Viewer) -> QuerySet[KeyUnit]:
    """All key units for the bureau, one's own for their members."""
    return _scoped(viewer, KeyUnit.objects.all(), enterprise__in=viewer.enterprise_ids)


def _scoped(viewer: Viewer, rows: QuerySet[F], **own: object) -> QuerySet[F]:
    return rows if viewer.has(*READERS) else rows.filter(**own)


def matching(rows: QuerySet[F], query: str) -> QuerySet[F]:
    """The rows in which every word of the query occurs, or whose pinyin initials contain it; all rows for no query."""
    words = search_words(query)
    if not words:
        return rows
    found = Q()
    if tokens := query_tokens(query):
        found &= Q(tokens__contains=tokens)
    for word in words:
        found &= Q(search_text__contains=word)
    if initials := query_initials(query):
        found |= Q(tokens__contains=initials, search_text__contains=words[0])
    return rows.filter(found)


def resolve(enterprise: Enterprise) -> Enterprise:
    """The enterprise that stands for this one today: itself, or what it was merged into."""
    while enterprise.merged_into is not None:
        enterprise = enterprise.merged_into
    return enterprise


@dataclass(frozen=True)
class Figure:
    """底数: one figure of the district with the query that gives it, told in words, and the list that it opens."""

    key: str
    label: str
    value: int
    query: str
    list_name: str
    parameters: str


Rows = Callable[[], QuerySet[Any]]


def _present_enterprises() -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(
        merged_into__isnull=True, status__in=[status for status in EnterpriseStatus if status.is_present]
    )


# key, label, rows, the query in words, the list it opens and the filter of that list
_FIGURES: list[tuple[str, str, Rows, str, str, str]] = [
    ("complexes", N_("商业综合体"), lambda: Complex.objects.all(), N_("底账中的全部综合体"), "complex", ""),
    (
        "high_rises",
        N_("高层建筑"),
        lambda: Building.objects.filter(is_high_rise=True),
        N_("住宅高于 27 米、其他民用建筑高于 24 米且多于一层的建筑"),
        "building",
        "is_high_rise=1",
    ),
    ("key_units", N_("消防安全重点单位"), lambda: KeyUnit.objects.all(), N_("底账中的全部重点单位"), "key-unit", ""),
    (
        "sites",
        N_("建筑工地"),
        lambda: Site.objects.exclude(status=SiteStatus.COMPLETED),
        N_("未竣工的工地"),
        "site",
        "unfinished=1",
    ),
    (
        "key_enterprises",
        N_("重点检查企业"),
        lambda: _present_enterprises().filter(is_key=True),
        N_("在营或停产、列为重点检查对象的企业"),
        "enterprise",
        "is_key=1&present=1",
    ),
    (
        "enterprises",
        N_("企业"),
        _present_enterprises,
        N_("在营或停产的企业"),
        "enterprise",
        "present=1",
    ),
]


def figure_rows(key: str) -> QuerySet[Model]:
    """The rows behind a figure; raises `KeyError` for an unknown key."""
    rows: Rows = {entry[0]: entry[2] for entry in _FIGURES}[key]
    return rows()


def district_figures(today: date) -> list[Figure]:  # noqa: ARG001  # figures of a past day come with as-of pages
    """The district's figures, each counted from its rows now."""
    return [
        Figure(key, _(label), rows().count(), _(query), list_name, parameters)
        for key, label, rows, query, list_name, parameters in _FIGURES
    ]
