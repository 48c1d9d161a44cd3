"""Reads of annual plans and subject lists, scoped to who asks; what was published anybody reads."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from anguan.core.periods import Calendar
from anguan.ground.access import Viewer
from anguan.inspections.models import AnnualPlan, PlanRow, SubjectList
from anguan.inspections.rules.plans import (
    PUBLIC_PLANS,
    PUBLIC_SUBJECTS,
    Capacity,
    NonEnforcement,
    OtherWork,
    PlanState,
    SubjectState,
    TargetKind,
    Workload,
    capacity_of,
    days_text,
    working_days_of,
)
from anguan.inspections.selectors.batches import PLANNERS
from anguan.people.models import Officer
from anguan.people.rules import BUREAU, Role

PLAN_READERS: Final = BUREAU | {Role.SUPERVISOR}


def plans_visible_to(viewer: Viewer) -> QuerySet[AnnualPlan]:
    """One's own organs' plans with their drafts; of others, and for a supervisor, what was approved."""
    if not viewer.has(*PLAN_READERS):
        return AnnualPlan.objects.none()
    settled = Q(approved_at__isnull=False)
    return AnnualPlan.objects.filter(Q(organ__in=viewer.organs_as(*BUREAU)) | settled).select_related("organ", "amends")


def may_edit_plan(viewer: Viewer, plan: AnnualPlan) -> bool:
    """Whether the viewer plans for the organ of this plan."""
    return plan.organ_id in viewer.organs_as(*PLANNERS)


def may_approve_plan(viewer: Viewer, plan: AnnualPlan) -> bool:
    """Whether the viewer heads the organ of this plan."""
    return plan.organ_id in viewer.organs_as(Role.LEADER)


def public_plans() -> QuerySet[AnnualPlan]:
    """已公布的年度计划: every version that ever was in force, newest first."""
    return (
        AnnualPlan.objects.filter(state__in=PUBLIC_PLANS)
        .select_related("organ", "amends")
        .annotate(row_count=Count("rows"))
        .order_by("-year", "organ__name", "-version")
    )


def plan_in_force(organ_id: int, year: int) -> AnnualPlan | None:
    """现行计划 of an organ for a year; None before it was published."""
    return AnnualPlan.objects.filter(organ=organ_id, year=year, state=PlanState.PUBLISHED).first()


def rows_of(plan: AnnualPlan) -> QuerySet[PlanRow]:
    """The rows of a plan in their order, with how many enterprises each names."""
    return (
        plan.rows.select_related("item", "department")
        .annotate(named_count=Count("named", distinct=True))  # type: ignore[no-redef]  # declared on the model for readers
        .order_by("number")
    )


def named_of(row: PlanRow) -> int:
    """How many enterprises a row that comes from `rows_of` names."""
    return int(vars(row)["named_count"])


def checks_of(row: PlanRow) -> int:
    """计划检查次数 of a row that comes from `rows_of`: targets times frequency."""
    targets = named_of(row) if row.target_kind == TargetKind.NAMED else row.pool_count or 0
    return targets * row.frequency


def capacity_sheet(plan: AnnualPlan, calendar: Calendar) -> Capacity:
    """测算表 of a plan as its rows and its calendar stand now; what was approved is in `AnnualPlan.capacity`."""
    days, provisional = working_days_of(plan.year, calendar)
    return capacity_of(
        working_days=days,
        provisional=provisional,
        staff=plan.staff,
        other_days=_days(plan.other_days),
        non_days=_days(plan.non_days),
        workloads=[Workload(checks_of(row), row.days_per_check, row.officers_per_check) for row in rows_of(plan)],
    )


def _days(stored: dict[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in stored.items()}


def approved_capacity(plan: AnnualPlan) -> Capacity | None:
    """测算结果 as it was approved; None for a plan that was not."""
    if plan.capacity is None:
        return None
    kept: dict[str, Any] = plan.capacity
    return Capacity(
        working_days=kept["working_days"],
        staff=kept["staff"],
        other=Decimal(kept["other"]),
        non=Decimal(kept["non"]),
        needed=Decimal(kept["needed"]),
        provisional=kept["provisional"],
    )


def capacity_lines(plan: AnnualPlan) -> tuple[list[tuple[str, Decimal]], list[tuple[str, Decimal]]]:
    """What each category of other enforcement and of non-enforcement takes, where it takes anything."""
    other, non = _days(plan.other_days), _days(plan.non_days)
    return (
        [(one.label, other[one.value]) for one in OtherWork if one.value in other],
        [(one.label, non[one.value]) for one in NonEnforcement if one.value in non],
    )


@dataclass(frozen=True)
class RowChange:
    """计划两个版本的一处不同: a row that came, went or says something else; `changes` are (field, before, after)."""

    matter: str
    number: int
    kind: str
    changes: tuple[tuple[str, str, str], ...] = ()


# What a row says besides its number and matter.
PLAN_FIELDS: Final = [
    "basis",
    "target_kind",
    "targets",
    "pool_size",
    "pool_count",
    "content",
    "mode",
    "frequency",
    "cap",
    "months",
    "department_id",
    "joint",
    "partners",
    "days_per_check",
    "officers_per_check",
    "remark",
]


def plan_changes(earlier: AnnualPlan, later: AnnualPlan) -> list[RowChange]:
    """版本对照: what a further version changed, row by row in its order; rows are matched by number and matter."""
    before, after = _keyed(earlier), _keyed(later)
    found: list[RowChange] = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None:
            assert new is not None
            found.append(RowChange(new.item.matter, new.number, "added"))
        elif new is None:
            found.append(RowChange(old.item.matter, old.number, "removed"))
        else:
            changes = [
                (str(PlanRow._meta.get_field(name.removesuffix("_id")).verbose_name), a, b)  # type: ignore[union-attr]  # a column
                for name in PLAN_FIELDS
                if (a := _said(old, name)) != (b := _said(new, name))
            ]
            left, joined = _names(old), _names(new)
            if left != joined:
                changes.append(
                    (
                        _("具体检查对象"),
                        "、".join(sorted(left - joined)) or "—",
                        "、".join(sorted(joined - left)) or "—",
                    )
                )
            if changes:
                found.append(RowChange(new.item.matter, new.number, "changed", tuple(changes)))
    return found


def _keyed(plan: AnnualPlan) -> dict[tuple[int, str], PlanRow]:
    rows = plan.rows.select_related("item", "department").prefetch_related("named")
    return {(row.number, row.item.code): row for row in rows}


def _names(row: PlanRow) -> set[str]:
    return {firm.name for firm in row.named.all()}


def _said(row: PlanRow, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    value = row.department if name == "department_id" else getattr(row, name)
    if name == "months":
        return "、".join(map(str, row.months))
    return "—" if value in (None, "") else days_text(value) if isinstance(value, Decimal) else str(value)


def subject_lists_visible_to(viewer: Viewer) -> QuerySet[SubjectList]:
    """检查主体清单 of one's own organs, and whatever was filed or published."""
    if not viewer.has(*PLAN_READERS):
        return SubjectList.objects.none()
    mine = Q(organ__in=viewer.organs_as(*BUREAU))
    return SubjectList.objects.filter(mine | ~Q(state=SubjectState.DRAFT)).select_related("organ")


def public_subject_lists() -> QuerySet[SubjectList]:
    """Every published version, newest first."""
    return (
        SubjectList.objects.filter(state__in=PUBLIC_SUBJECTS)
        .select_related("organ")
        .prefetch_related("entries__subject", "entries__entrustment")
        .order_by("-published_at", "-pk")
    )


def on_subject_list(organ_id: int) -> bool:
    """Whether an organ stands on a subject list in force; without one published, nobody was left out."""
    lists = SubjectList.objects.filter(state=SubjectState.PUBLISHED)
    return not lists.exists() or lists.filter(entries__subject=organ_id).exists()


def public_officers(day: date) -> QuerySet[Officer]:
    """执法人员名录 for everybody: name, certificate number and organ of who is certified on a day, nothing else."""
    return (
        Officer.objects.filter(valid_to__gte=day)
        .select_related("organ")
        .only("name", "certificate_no", "organ__name")
        .order_by("organ__name", "name", "certificate_no")
    )


def planned_checks(plan: AnnualPlan) -> int:
    """计划检查次数 of a whole plan."""
    pool = plan.rows.filter(target_kind=TargetKind.POOL).aggregate(n=Sum(F("pool_count") * F("frequency")))["n"] or 0
    named = sum(
        count * frequency
        for frequency, count in plan.rows.filter(target_kind=TargetKind.NAMED)
        .annotate(firms=Count("named"))
        .values_list("frequency", "firms")
    )
    return int(pool) + named
