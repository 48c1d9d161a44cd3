"""依计划检查: a batch or an application carries out a row of the plan in force."""

from anguan.checklists.models import InspectionItem
from anguan.inspections.models import PlanRow
from anguan.inspections.rules.plans import PlanState, check_row_used
from anguan.people.models import Organ


def check_plan_row(row: PlanRow | None, *, organ: Organ, item: InspectionItem, year: int) -> None:
    """Refuse a row of another organ, of a plan that is not in force, of another year or matter; None is always fine."""
    if row is None:
        return
    # Held, so that no new version takes the plan's place before the check is written.
    row = PlanRow.objects.select_for_update(of=("plan",)).select_related("plan", "item").get(pk=row.pk)
    check_row_used(
        is_own=row.plan.organ_id == organ.pk,
        is_in_force=row.plan.state == PlanState.PUBLISHED,
        year=row.plan.year,
        checked_in=year,
        is_same_item=row.item.code == item.code,
    )
