"""计划执行: which rows of the plans in force may be carried out, and what of each is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from anguan.checklists.models import InspectionItem
from anguan.inspections.models import AnnualPlan, PlanRow, Visit
from anguan.inspections.rules import NEVER_MADE, WITHOUT_CHECK
from anguan.inspections.rules.plans import PlanState, TargetKind
from anguan.inspections.selectors.plans import checks_of, rows_of
from anguan.people.models import Organ
from anguan.registry.models import Enterprise


def usable_rows(organs: Iterable[Organ] | QuerySet[Organ], year: int) -> QuerySet[PlanRow]:
    """The rows of the organs' plans in force for a year and the next one."""
    return (
        PlanRow.objects.filter(plan__organ__in=organs, plan__year__in=[year, year + 1], plan__state=PlanState.PUBLISHED)
        .select_related("plan__organ", "item")
        .order_by("plan__organ", "plan__year", "number")
    )


def row_for(
    organ: Organ, item: InspectionItem, year: int, kind: TargetKind, enterprise: Enterprise | None = None
) -> PlanRow | None:
    """The row that fits: of the matter and kind of target, one that names the enterprise first; None of none."""
    rows = list(usable_rows([organ], year).filter(plan__year=year, item__code=item.code, target_kind=kind))
    if enterprise is None:
        return rows[0] if rows else None
    return next((row for row in rows if row.named.filter(pk=enterprise.pk).exists()), None)


@dataclass(frozen=True)
class RowProgress:
    """One row of a plan: checks that it promises, and how many were made."""

    row: PlanRow
    planned: int
    done: int

    @property
    def percent(self) -> int:
        """Share that was made, rounded down and never above all."""
        return min(self.done * 100 // self.planned, 100) if self.planned else 100


def progress_of(plan: AnnualPlan) -> list[RowProgress]:
    """完成情况 of each row; what was made under an earlier version of the row in the year counts as well."""
    made = (
        Visit.objects.filter(plan_row__plan__organ=plan.organ_id, plan_row__plan__year=plan.year)
        .filter(parent__isnull=True, started_at__isnull=False)
        .exclude(state__in=NEVER_MADE)
        .exclude(category__in=WITHOUT_CHECK)
        .values_list("plan_row__item__code", "plan_row__target_kind", "plan_row__targets")
        .annotate(checks=Count("pk"))
        .order_by()
    )
    counts = {(code, kind, targets): checks for code, kind, targets, checks in made}
    return [
        RowProgress(row, checks_of(row), counts.get((row.item.code, row.target_kind, row.targets), 0))
        for row in rows_of(plan)
    ]
