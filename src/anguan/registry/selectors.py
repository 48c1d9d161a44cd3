"""Reads of the ledger, always scoped to who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Min, Model, Q, QuerySet
from django.utils.translation import gettext as _

from anguan.core.search import query_initials, query_tokens, search_words
from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.ground.models import AuditRecord
from anguan.people.rules import BUREAU, Role
from anguan.people.selectors import experts_visible_to
from anguan.registry.models import (
    Building,
    Complex,
    DistrictBoundary,
    Enterprise,
    ExpertRecusal,
    FloorPlan,
    Found,
    ImportRun,
    KeyUnit,
    Site,
    Tenant,
)
from anguan.registry.rules import EnterpriseStatus, RiskLevel, SiteStatus

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


def plans_visible_to(viewer: Viewer) -> QuerySet[FloorPlan]:
    """Plans of the buildings that one sees; the duty room sees all, for an alarm may come from anywhere."""
    plans = FloorPlan.objects.select_related("building", "evidence").order_by("building", "-storey", "part")
    if viewer.has(*READERS, Role.DUTY_OFFICER):
        return plans
    return plans.filter(building__in=buildings_visible_to(viewer))


def current_boundary() -> DistrictBoundary | None:
    """区界 as the map draws it; None where none was loaded."""
    return DistrictBoundary.objects.order_by("-pk").first()


def complexes_visible_to(viewer: Viewer) -> QuerySet[Complex]:
    """All complexes for the bureau, those one's enterprises run for their members."""
    return _scoped(viewer, Complex.objects.all(), operator__in=viewer.enterprise_ids)


def tenants_visible_to(viewer: Viewer) -> QuerySet[Tenant]:
    """All shops for the bureau, those of one's own mall or enterprise for their members, one's own for its manager."""
    shops = Tenant.objects.all()
    if viewer.has(*READERS):
        return shops
    ids = viewer.enterprise_ids
    return shops.filter(Q(complex__operator__in=ids) | Q(enterprise__in=ids) | Q(pk__in=viewer.tenant_ids))


def sites_visible_to(viewer: Viewer) -> QuerySet[Site]:
    """All sites for the bureau, those one's enterprises build for their members."""
    return _scoped(viewer, Site.objects.all(), contractor__in=viewer.enterprise_ids)


def key_units_visible_to(viewer: Viewer) -> QuerySet[KeyUnit]:
    """All key units for the bureau, one's own for their members."""
    return _scoped(viewer, KeyUnit.objects.all(), enterprise__in=viewer.enterprise_ids)


def _scoped(viewer: Viewer, rows: QuerySet[F], **own: object) -> QuerySet[F]:
    return rows if viewer.has(*READERS) else rows.filter(**own)


def recusals_visible_to(viewer: Viewer) -> QuerySet[ExpertRecusal]:
    """What the experts that the viewer may see keep away from."""
    recusals = ExpertRecusal.objects.select_related("enterprise", "expert").order_by("until", "-since", "pk")
    return recusals.filter(expert__in=experts_visible_to(viewer))


def experts_recused_from(enterprise: Enterprise, day: date) -> set[int]:
    """The ids of experts that must keep away from an enterprise, or from one that is the same today, on a day."""
    recusals = ExpertRecusal.objects.filter(enterprise__in=family_ids(resolve(enterprise)), since__lte=day)
    in_force = recusals.filter(Q(until__isnull=True) | Q(until__gt=day))
    return set(in_force.values_list("expert_id", flat=True))


def imports_visible_to(viewer: Viewer) -> QuerySet[ImportRun]:
    """The files that a clerk uploaded; nobody else's."""
    runs = ImportRun.objects.filter(uploaded_by=viewer.user_id) if viewer.user_id else ImportRun.objects.none()
    return runs if viewer.has(Role.CLERK) else runs.none()


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


def family_ids(enterprise: Enterprise) -> list[int]:
    """The ids under which rows may point to this enterprise: its own and those of all that were merged into it."""
    ids, new = [enterprise.pk], [enterprise.pk]
    while new := list(Enterprise.objects.filter(merged_into__in=new).values_list("pk", flat=True)):
        ids += new
    return ids


# --- figures

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """How one figure is counted: the rows of a table that hold, told once for the database and once for one row."""

    key: str
    label: str
    meaning: str
    model: type[Model]
    condition: Q
    fields: tuple[str, ...] = ()
    holds: Callable[[Values], bool] = lambda _values: True
    list_name: str = ""
    parameters: str = ""

    @property
    def path(self) -> str:
        """The list of the ledger whose rows these are, with its filter."""
        return f"/ledger/{self.list_name}/" + (f"?{self.parameters}" if self.parameters else "")


PRESENT = [status.value for status in EnterpriseStatus if status.is_present]
_IS_PRESENT = Q(merged_into__isnull=True, status__in=PRESENT)


def _is_present(values: Values) -> bool:
    return values["merged_into_id"] is None and values["status"] in PRESENT


MEASURES: tuple[Measure, ...] = (
    Measure("complexes", N_("商业综合体"), N_("底账中的全部综合体"), Complex, Q(), list_name="complex"),
    Measure(
        "high_rises",
        N_("高层建筑"),
        N_("住宅高于 27 米、其他民用建筑高于 24 米且多于一层的建筑"),
        Building,
        Q(is_high_rise=True),
        ("is_high_rise",),
        lambda values: bool(values["is_high_rise"]),
        "building",
        "is_high_rise=1",
    ),
    Measure("key_units", N_("消防安全重点单位"), N_("底账中的全部重点单位"), KeyUnit, Q(), list_name="key-unit"),
    Measure(
        "sites",
        N_("建筑工地"),
        N_("未竣工的工地"),
        Site,
        ~Q(status=SiteStatus.COMPLETED),
        ("status",),
        lambda values: values["status"] != SiteStatus.COMPLETED,
        "site",
        "unfinished=1",
    ),
    Measure(
        "key_enterprises",
        N_("重点检查企业"),
        N_("在营或停产、列为重点检查对象的企业"),
        Enterprise,
        _IS_PRESENT & Q(is_key=True),
        ("merged_into_id", "status", "is_key"),
        lambda values: _is_present(values) and bool(values["is_key"]),
        "enterprise",
        "present=1&is_key=1",
    ),
    Measure(
        "enterprises",
        N_("在册企业"),
        N_("在营或停产的企业"),
        Enterprise,
        _IS_PRESENT,
        ("merged_into_id", "status"),
        _is_present,
        "enterprise",
        "present=1",
    ),
    Measure(
        "major_risk_enterprises",
        N_("重大风险企业"),
        N_("在营或停产、风险等级为重大的企业"),
        Enterprise,
        _IS_PRESENT & Q(risk_level=RiskLevel.MAJOR),
        ("merged_into_id", "status", "risk_level"),
        lambda values: _is_present(values) and values["risk_level"] == RiskLevel.MAJOR,
        "enterprise",
        "present=1&risk=D",
    ),
    Measure("buildings", N_("建筑"), N_("底账中的全部建筑"), Building, Q(), list_name="building"),
    Measure("tenants", N_("综合体商户"), N_("底账中的全部商户"), Tenant, Q(), list_name="tenant"),
)


@dataclass(frozen=True)
class Figure:
    """底数: one figure of the district, what is counted, in words, and the list that shows the very rows."""

    key: str
    label: str
    value: int
    query: str
    path: str


class NotKnown(ValueError):
    """The figures of that day can't be told; the message says why."""


def district_figures() -> list[Figure]:
    """The district's figures, each counted from its rows now."""
    return [_figure(one, one.model._default_manager.filter(one.condition).count()) for one in MEASURES]


def figures_as_of(day: date, today: date) -> list[Figure]:
    """The district's figures as the ledger stood when a day ended, told from its change records.

    Raises `NotKnown` for a day to come, and for one before the ledger's first record.
    """
    if day == today:
        return district_figures()
    if day > today:
        raise NotKnown(_("%(day)s 还没有到，只能查询今天或以前的底数。") % {"day": day})
    firsts = [
        first
        for model in {one.model for one in MEASURES}
        if (first := model._default_manager.aggregate(first=Min("created_at"))["first"]) is not None
    ]
    if not firsts or day < (began := clock.local_day(min(firsts))):
        since = began if firsts else today
        raise NotKnown(_("底账从 %(since)s 开始记录，之前的底数无从得知。") % {"since": since})
    end = datetime.combine(day + timedelta(days=1), time.min, clock.CHINA)
    return [_figure(one, _count_as_of(one, end)) for one in MEASURES]


def _figure(one: Measure, value: int) -> Figure:
    return Figure(one.key, _(one.label), value, _(one.meaning), one.path)


def _count_as_of(one: Measure, end: datetime) -> int:
    """Today's values with what was changed since put back: the first change after `end` tells what was before."""
    rows = {
        str(values["pk"]): values
        for values in one.model._default_manager.filter(created_at__lt=end).values("pk", *one.fields)
    }
    put_back: set[tuple[str, str]] = set()
    changes = AuditRecord.objects.filter(subject_type=one.model._meta.label_lower, at__gte=end, before__isnull=False)
    if one.fields:
        for pk, before in changes.order_by("id").values_list("subject_id", "before").iterator():
            for name in one.fields:
                if before and pk in rows and name in before and (pk, name) not in put_back:
                    put_back.add((pk, name))
                    rows[pk][name] = before[name]
    return sum(1 for values in rows.values() if one.holds(values))
