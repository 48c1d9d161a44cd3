"""Reads of what enterprises report themselves: what they closed, what their quarters say, and what stands out."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard, ReusedPhoto, Statement
from anguan.hazards.rules import ENDED, Credibility, Level, Quarter, Source, State, zero_streak
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, OrganKind, Role
from anguan.registry.models import Enterprise, Tenant


def self_closed_hazards(organ_ids: Collection[int], since: date, until: date) -> QuerySet[Hazard]:
    """自行销号的隐患 that these organs supervise, closed from `since` to `until` (both included), in the order of ids.

    What was reopened since isn't among them. For the sample that is drawn and visited again.
    """
    return Hazard.objects.filter(
        self_closed=True,
        state=State.CLOSED,
        organ__in=organ_ids,
        closed_at__gte=_start(since),
        closed_at__lt=_start(until + timedelta(days=1)),
    ).order_by("pk")


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.CHINA)


def handling_organ_of(enterprise: Enterprise) -> Organ | None:
    """Who handles what an enterprise reports itself: who handled its last hazard, else the district's own branch."""
    last = Hazard.objects.filter(enterprise=enterprise).select_related("organ").order_by("-id").first()
    if last is not None:
        return last.organ
    kinds = Case(
        When(kind=OrganKind.BRANCH, then=0), When(kind=OrganKind.EMERGENCY, then=1), output_field=IntegerField()
    )
    known = Organ.objects.filter(kind__in=[OrganKind.BRANCH, OrganKind.EMERGENCY])
    return known.order_by(kinds, "pk").first()


def counts_of(enterprise: Enterprise, period: Quarter) -> dict[str, int]:
    """The figures of a statement: found by the enterprise in the period, rectified in it, still open at its end."""
    first, after = _start(period.first), _start(period.last + timedelta(days=1))
    own = Hazard.objects.filter(enterprise=enterprise)
    found = own.filter(source=Source.SELF, found_at__gte=first, found_at__lt=after)
    closed = own.filter(closed_at__gte=first, closed_at__lt=after)
    open_then = own.filter(found_at__lt=after).exclude(closed_at__lt=after).exclude(state=State.WITHDRAWN)
    return {
        "found_general": found.exclude(level=Level.MAJOR).count(),
        "found_major": found.filter(level=Level.MAJOR).count(),
        "rectified": closed.count(),
        "open_count": open_then.count(),
    }


@dataclass(frozen=True)
class CredibilityRow:
    """One enterprise with the figures of its reports."""

    enterprise: Enterprise
    figures: Credibility


def credibility_rows(viewer: Viewer, *, limit: int = 200) -> list[CredibilityRow]:
    """自报可信度提示 for the bureau: enterprises with hazards, reused photos or statements; what stands out first.

    Four grouped queries whatever the number of enterprises.
    """
    if not viewer.has(*BUREAU):
        return []
    hazards = Hazard.objects.values("enterprise").annotate(
        self_found=Count("pk", filter=Q(source=Source.SELF)),
        others=Count("pk", filter=~Q(source=Source.SELF)),
        closed=Count("pk", filter=Q(state=State.CLOSED) | Q(times_reopened__gt=0)),
        reopened=Coalesce(Sum("times_reopened"), 0),
    )
    figures: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in hazards:
        figures[row["enterprise"]] = dict(row)
    reused = dict(ReusedPhoto.objects.values_list("enterprise").annotate(Count("pk")).order_by())
    streaks = _streaks(Statement.objects.exclude(quarter=0).order_by("year", "quarter"))
    ids = set(figures) | set(reused) | set(streaks)
    rows = [
        CredibilityRow(
            enterprise,
            Credibility(
                self_found=figures[enterprise.pk].get("self_found", 0),
                found_by_others=figures[enterprise.pk].get("others", 0),
                closed=figures[enterprise.pk].get("closed", 0),
                reopened=figures[enterprise.pk].get("reopened", 0),
                reused_photos=reused.get(enterprise.pk, 0),
                zero_streak=streaks.get(enterprise.pk, 0),
            ),
        )
        for enterprise in Enterprise.objects.filter(pk__in=ids).order_by("name")
    ]
    rows.sort(
        key=lambda row: (
            -row.figures.reused_photos,
            -(row.figures.reopened_rate or 0),
            -row.figures.zero_streak,
            row.enterprise.name,
        )
    )
    return rows[:limit]


def _streaks(statements: Iterable[Statement]) -> dict[int, int]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in statements:
        found[row.enterprise_id].append(row.found_general + row.found_major)
    return {enterprise_id: zero_streak(counts) for enterprise_id, counts in found.items()}


def statements_of(viewer: Viewer) -> QuerySet[Statement]:
    """统计表 of the viewer's own enterprises, newest first; all for the bureau."""
    rows = Statement.objects.select_related("enterprise").order_by("-year", "-quarter", "-pk")
    if viewer.has(*BUREAU):
        return rows
    return rows.filter(enterprise__in=viewer.enterprise_ids)


def tenant_hazards(viewer: Viewer) -> QuerySet[Hazard]:
    """与本店有关的隐患: what concerns the viewer's shops, once the enterprise was told."""
    if not viewer.has(Role.TENANT):
        return Hazard.objects.none()
    told = ~Q(state__in=[State.FOUND, State.CLASSIFIED, State.TRANSFERRED]) | Q(source=Source.SELF)
    return Hazard.objects.filter(told, tenant__in=viewer.tenant_ids)


def open_tenant_hazards(viewer: Viewer) -> QuerySet[Hazard]:
    """与本店有关、还没有办结的隐患."""
    return tenant_hazards(viewer).exclude(state__in=sorted(ENDED))


def tenants_of(enterprise_ids: Collection[int]) -> QuerySet[Tenant]:
    """商户 of the malls that these enterprises operate."""
    return Tenant.objects.filter(complex__operator__in=enterprise_ids).order_by("unit_no", "name")
