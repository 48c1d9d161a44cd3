"""频次: caps, marks, empty checks and guidance as they stand on a day; every number comes from a rule record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from anguan.checklists.models import InspectionItem
from anguan.ground import clock
from anguan.ground.rules.records import Rule
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import (
    EmptyChecksExplained,
    Guidance,
    GuidanceException,
    OrganArea,
    PoolEntry,
    Visit,
    VisitOfficer,
)
from anguan.inspections.rules import (
    COUNTED,
    NEVER_MADE,
    WITHOUT_CHECK,
    CapUse,
    Exclusion,
    Mark,
    ResultCategory,
    Target,
    VisitState,
    cap_of,
    is_blocked,
    marks_of,
    months_before,
    places_of,
)
from anguan.people.models import Organ
from anguan.registry.models import Enterprise

CAPS, MARKS, EMPTY_CHECKS, GUIDANCE_FIRST, MERGE = (
    "inspection-caps",
    "inspection-marks",
    "empty-checks",
    "guidance-first",
    "merge-checks",
)


def areas_of(organ: Organ, on: date) -> list[OrganArea]:
    """管辖区域 of an organ on a day."""
    return list(
        OrganArea.objects.filter(organ=organ, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("pk")
    )


def local_rule(rule_id: str, organ: Organ, on: date) -> Rule:
    """The version of a rule where the organ works: of its county, else city, else province, else the national one."""
    codes = sorted({area.code for area in areas_of(organ, on) if area.code})
    for place in (place for code in codes[:1] for place in places_of(code)):
        found = rule(rule_id, on, place)
        if found.jurisdiction == place:
            return found
    return rule(rule_id, on)


def of_firm(enterprise: Enterprise) -> Q:
    """Rows of an enterprise and of those that were merged into it."""
    return Q(enterprise=enterprise.pk) | Q(enterprise__merged_into=enterprise.pk)


def counted_visits(organ: Organ, enterprise: Enterprise, year: int) -> QuerySet[Visit]:
    """What counts against the cap of a year: made, begun or planned; not what was refused or ended at the door."""
    return (
        Visit.objects.filter(of_firm(enterprise), organ=organ, parent__isnull=True, count_class__in=COUNTED)
        .exclude(state__in=NEVER_MADE)
        .exclude(category__in=WITHOUT_CHECK)
        .annotate(day=Coalesce(TruncDate("started_at", tzinfo=clock.CHINA), "visit_on", "due_on"))
        .filter(day__year=year)
    )


def cap_use(organ: Organ, enterprise: Enterprise, on: date, besides: Visit | None = None) -> CapUse:
    """上限使用 in the year of a day, `besides` not counted."""
    counted = counted_visits(organ, enterprise, on.year)
    if besides is not None:
        counted = counted.exclude(pk=besides.pk)
    found = local_rule(CAPS, organ, on)
    target = Target(
        organ_kind=organ.kind,
        industry_code=enterprise.industry_code,
        is_key=enterprise.is_key,
        risk_level=enterprise.risk_level,
    )
    return CapUse(
        counted.count(),
        cap_of(found.values, target),
        f"{found.id} {found.jurisdiction} v{found.version}",
        found.verified,
    )


def at_cap_ids(organ: Organ, on: date) -> set[int]:
    """已达上限: ids of the enterprises that a draw of this organ leaves out in the year of a day."""
    found = local_rule(CAPS, organ, on)
    counts = dict(
        Visit.objects.filter(organ=organ, parent__isnull=True, count_class__in=COUNTED)
        .exclude(state__in=NEVER_MADE)
        .exclude(category__in=WITHOUT_CHECK)
        .annotate(
            day=Coalesce(TruncDate("started_at", tzinfo=clock.CHINA), "visit_on", "due_on"),
            firm=Coalesce("enterprise__merged_into_id", "enterprise_id"),
        )
        .filter(day__year=on.year)
        .values_list("firm")
        .annotate(rows=Count("pk"))
    )
    return {
        firm.pk
        for firm in Enterprise.objects.filter(pk__in=counts).only("industry_code", "is_key", "risk_level")
        if counts[firm.pk]
        >= cap_of(
            found.values,
            Target(
                organ_kind=organ.kind,
                industry_code=firm.industry_code,
                is_key=firm.is_key,
                risk_level=firm.risk_level,
            ),
        )
    }


def doors_at(enterprise: Enterprise, on: date, besides: Visit | None = None) -> list[date]:
    """进门: days around `on` when somebody of any organ came or will; a joint check is one, rechecks count too."""
    visits = (
        Visit.objects.filter(of_firm(enterprise))
        .exclude(state__in=NEVER_MADE)
        .annotate(day=Coalesce(TruncDate("started_at", tzinfo=clock.CHINA), "visit_on"))
        .filter(day__range=(on - timedelta(days=31), on + timedelta(days=31)))
    )
    if besides is not None:
        visits = visits.exclude(pk=besides.pk)
        if besides.joint_id is not None:
            visits = visits.exclude(joint=besides.joint_id)
    return [day for day, _joint in {(day, joint or -pk) for pk, joint, day in visits.values_list("pk", "joint", "day")}]


def marks_at(organ: Organ, enterprise: Enterprise, on: date, besides: Visit | None = None) -> list[Mark]:
    """频次异常 if somebody comes on the day `on`."""
    return marks_of(doors_at(enterprise, on, besides), on, local_rule(MARKS, organ, on).values)


def blocked_pairs(organ: Organ, on: date) -> set[tuple[int, int]]:
    """空查: pairs of officer and enterprise that nobody may plan until the leader has explained (ids).

    An enterprise that was merged counts as the one that it was merged into.
    """
    in_a_row = int(local_rule(EMPTY_CHECKS, organ, on).values["in_a_row"])
    checks: dict[tuple[int, int], list[tuple[date, bool]]] = defaultdict(list)
    rows = (
        VisitOfficer.objects.filter(officer__organ=organ, arrived_at__isnull=False, visit__parent__isnull=True)
        .filter(visit__finished_at__isnull=False, visit__finished_at__date__gt=on - timedelta(days=367))
        .exclude(visit__category__in=WITHOUT_CHECK)
        .order_by("visit__finished_at", "visit_id")
        .values_list(
            "officer_id",
            Coalesce("visit__enterprise__merged_into_id", "visit__enterprise_id"),
            "visit__finished_at",
            "visit__category",
        )
    )
    for officer_id, enterprise_id, finished_at, category in rows:
        checks[officer_id, enterprise_id].append((clock.local_day(finished_at), category == ResultCategory.NO_PROBLEM))
    suspects = [pair for pair, found in checks.items() if len(found) >= in_a_row]
    explained: dict[tuple[int, int], date] = {}
    for officer_id, enterprise_id, day in (
        EmptyChecksExplained.objects.filter(officer__in={officer for officer, _firm in suspects}, explained_on__lte=on)
        .order_by("explained_on")
        .values_list("officer_id", Coalesce("enterprise__merged_into_id", "enterprise_id"), "explained_on")
    ):
        explained[officer_id, enterprise_id] = day
    return {
        pair for pair in suspects if is_blocked(checks[pair], on, in_a_row=in_a_row, explained_on=explained.get(pair))
    }


def was_checked_before(organ: Organ, enterprise: Enterprise, besides: Visit | None = None) -> bool:
    """Whether the organ has ever begun a check of a firm."""
    before = Visit.objects.filter(of_firm(enterprise), organ=organ, started_at__isnull=False)
    return (before.exclude(pk=besides.pk) if besides is not None else before).exists()


@dataclass(frozen=True)
class GuidanceNeed:
    """首检指导: whether a first check waits for guidance, and on whose word."""

    is_required: bool
    is_first: bool
    is_met: bool
    rule_version: str

    @property
    def blocks(self) -> bool:
        """Whether a check on the plan's account has to wait."""
        return self.is_required and self.is_first and not self.is_met


def guidance_need(organ: Organ, enterprise: Enterprise, on: date, besides: Visit | None = None) -> GuidanceNeed:
    """Whether the organ has to guide a firm before it checks it for the first time, and has."""
    found = local_rule(GUIDANCE_FIRST, organ, on)
    return GuidanceNeed(
        is_required=bool(found.values["required"]),
        is_first=not was_checked_before(organ, enterprise, besides),
        is_met=Guidance.objects.filter(of_firm(enterprise), organ=organ, guided_on__lte=on).exists()
        or GuidanceException.objects.filter(of_firm(enterprise), organ=organ, since__lte=on, until__gte=on).exists(),
        rule_version=f"{found.id} {found.jurisdiction} v{found.version}",
    )


def lacking_guidance(organ: Organ, on: date) -> set[int]:
    """未经首检指导 for a pool: ids of enterprises that a random check leaves out for now.

    Only for the months that the rule sets since a pool first left a firm out for this: an organ that never guides
    cannot keep a firm out of its draws for ever.
    """
    found = local_rule(GUIDANCE_FIRST, organ, on)
    if not found.values["required"]:
        return set()
    known = set(_roots(Visit.objects.filter(organ=organ, started_at__isnull=False)))
    known |= set(_roots(Guidance.objects.filter(organ=organ, guided_on__lte=on)))
    known |= set(_roots(GuidanceException.objects.filter(organ=organ, since__lte=on, until__gte=on)))
    known |= set(
        _roots(
            PoolEntry.objects.filter(
                batch__organ=organ,
                exclusion=Exclusion.NO_GUIDANCE,
                batch__frozen_at__date__lte=months_before(on, int(found.values["months"])),
            )
        )
    )
    return set(Enterprise.objects.filter(merged_into__isnull=True).exclude(pk__in=known).values_list("pk", flat=True))


def _roots(rows: QuerySet) -> Iterable[int]:  # type: ignore[type-arg]  # of any model with an enterprise
    return rows.values_list(Coalesce("enterprise__merged_into_id", "enterprise_id"), flat=True).distinct()


def idle_items(on: date) -> list[tuple[str, str]]:
    """多年未用的检查事项: code and matter of items that were on a list for years and that no check used (54号)."""
    years = int(rule("idle-items", on).values["years"])
    since = months_before(on, 12 * years)
    used = Visit.objects.filter(started_at__date__gte=since).values("item__code")
    return list(
        InspectionItem.objects.filter(item_list__published_on__lte=since)
        .exclude(code__in=used)
        .values_list("code", "matter")
        .distinct()
        .order_by("code")
    )


def last_visits(organ: Organ, enterprise: Enterprise, limit: int = 5) -> list[Visit]:
    """The organ's last checks of a firm that have begun, newest first."""
    return list(
        Visit.objects.filter(of_firm(enterprise), organ=organ, started_at__isnull=False)
        .select_related("item")
        .order_by("-started_at")[:limit]
    )


def checked_by_higher(organ: Organ, enterprise: Enterprise, item_code: str, on: date) -> Visit | None:
    """上级已查: what an organ above has checked this year for the same matter (应急〔2025〕11号); None of nothing."""
    above = []
    parent = organ.parent
    while parent is not None and parent.pk not in above:
        above.append(parent.pk)
        parent = parent.parent
    if not above:
        return None
    return (
        Visit.objects.filter(of_firm(enterprise), organ__in=above, item__code=item_code, parent__isnull=True)
        .filter(finished_at__isnull=False, finished_at__year=on.year)
        .exclude(category__in=WITHOUT_CHECK)
        .exclude(state=VisitState.REFUSED)
        .select_related("organ")
        .first()
    )


def published_caps(on: date) -> list[tuple[Organ, Rule]]:
    """公布的上限: of every organ that has declared where it works, the rule that holds there (国办发〔2024〕54号)."""
    organs = Organ.objects.filter(areas__valid_from__lte=on).distinct().order_by("name")
    return [(organ, local_rule(CAPS, organ, on)) for organ in organs]
