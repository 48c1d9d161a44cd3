"""年度监督检查计划, from draft to publication, and the further versions that amend it.

Every step locks the plan, re-reads it, and asks the table what may follow. What was published is never written again,
but for the state that says a further version is in force.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.inspections.models import AnnualPlan, PlanRow
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import (
    OPEN_PLANS,
    JointPart,
    NonEnforcement,
    OtherWork,
    PlanAction,
    PlanState,
    RowMode,
    TargetKind,
    advance_plan,
    check_amendable,
    check_editable,
    check_filing,
    check_fits,
    check_not_doubled,
    check_row,
    days_text,
    doubled,
)
from anguan.inspections.selectors.plans import PLAN_FIELDS, capacity_sheet
from anguan.people.models import Department, Organ
from anguan.registry.models import Enterprise

# A plan is made for a year that is near: the one before it is history, five ahead is a slip of the pen.
_YEARS_AHEAD: Final = 2
_COPIED: Final = [*PLAN_FIELDS, "number", "item_id"]


@dataclass(frozen=True)
class RowValues:
    """What a row of a plan says: the ten fields, and what a check of it takes."""

    item: InspectionItem
    basis: str
    target_kind: TargetKind
    targets: str
    content: str
    mode: RowMode
    months: Sequence[int]
    frequency: int = 1
    cap: int = 1
    named: Collection[Enterprise] = ()
    pool_size: int | None = None
    pool_count: int | None = None
    department: Department | None = None
    joint: JointPart = JointPart.NONE
    partners: str = ""
    days_per_check: Decimal = Decimal(1)
    officers_per_check: int = 2
    remark: str = ""


@transaction.atomic
def draft_plan(*, organ: Organ, year: int, actor: Actor, now: datetime, title: str = "") -> AnnualPlan:
    """编制计划: begin an organ's plan for a year; there is one, whatever comes later amends it."""
    this_year = clock.local_day(now).year
    if not this_year <= year <= this_year + _YEARS_AHEAD:
        raise NotAllowed(_("只能编制本年度和今后两年的计划。"))
    if AnnualPlan.objects.select_for_update().filter(organ=organ, year=year).exists():
        raise NotAllowed(_("本机关这一年度已经有计划；要修改请退回，已公布的请调整为新版本。"))
    plan = AnnualPlan.objects.create(
        organ=organ,
        year=year,
        title=title.strip() or _("%(organ)s%(year)d年度监督检查计划") % {"organ": organ.name, "year": year},
        staff=organ.officers.filter(valid_to__gte=date(year, 1, 1)).count(),
        drafted_at=now,
        drafted_by_name=actor.name,
    )
    _told(plan, "inspections.draft_plan", actor, now, "title", "year", "version")
    return plan


@transaction.atomic
def keep_capacity(
    *,
    plan: AnnualPlan,
    staff: int,
    other_days: Mapping[OtherWork, Decimal],
    non_days: Mapping[NonEnforcement, Decimal],
    actor: Actor,
    now: datetime,
) -> AnnualPlan:
    """填写测算表: how many officers, and what takes their days besides planned checks."""
    plan = locked(plan)
    check_editable(PlanState(plan.state))
    if any(days < 0 for days in (*other_days.values(), *non_days.values())):
        raise NotAllowed(_("工作日不能是负数。"))
    before = audit.snapshot(plan, "staff", "other_days", "non_days")
    plan.staff = staff
    plan.other_days = _as_texts(other_days)
    plan.non_days = _as_texts(non_days)
    plan.save(update_fields=["staff", "other_days", "non_days"])
    audit.record(
        actor=actor,
        action="inspections.keep_capacity",
        subject=plan,
        now=now,
        before=before,
        after=audit.snapshot(plan, "staff", "other_days", "non_days"),
    )
    return plan


@transaction.atomic
def keep_row(*, plan: AnnualPlan, values: RowValues, actor: Actor, now: datetime, number: int | None = None) -> PlanRow:
    """列入一行, or correct the row of a number."""
    plan = locked(plan)
    check_editable(PlanState(plan.state))
    if number is None:
        row = PlanRow(plan=plan, number=1 + max(plan.rows.values_list("number", flat=True), default=0))
        before: dict[str, Any] = {}
    else:
        found = plan.rows.filter(number=number).first()
        if found is None:
            raise NotAllowed(_("这一行已经删去，请重新打开计划。"))
        row, before = found, _row_snapshot(found)
    _fill(row, values)
    row.save()
    row.named.set(values.named)
    audit.record(
        actor=actor,
        action="inspections.keep_plan_row",
        subject=plan,
        now=now,
        before=before,
        after=_row_snapshot(row),
    )
    return row


def _fill(row: PlanRow, values: RowValues) -> None:
    is_pool = values.target_kind is TargetKind.POOL
    check_row(
        kind=values.target_kind,
        named=len(values.named),
        pool_size=values.pool_size,
        pool_count=values.pool_count,
        frequency=values.frequency,
        cap=values.cap,
        months=values.months,
        joint=values.joint,
        partners=values.partners,
    )
    row.item = values.item
    # The item list has the basis; a plan may say it more exactly, never leave it out.
    row.basis = values.basis.strip() or values.item.basis
    row.target_kind = values.target_kind
    row.targets = values.targets.strip() or values.item.targets
    row.pool_size = values.pool_size if is_pool else None
    row.pool_count = values.pool_count if is_pool else None
    row.content = values.content.strip() or values.item.matter
    row.mode = values.mode
    row.frequency, row.cap = values.frequency, values.cap
    row.months = sorted(values.months)
    row.department = values.department
    row.joint, row.partners = values.joint, values.partners.strip()
    row.days_per_check, row.officers_per_check = values.days_per_check, values.officers_per_check
    row.remark = values.remark.strip()


@transaction.atomic
def remove_row(*, plan: AnnualPlan, number: int, actor: Actor, now: datetime) -> None:
    """删去一行 of a draft; safe to repeat. Numbers of other rows stay, so that nobody edits the wrong one."""
    plan = locked(plan)
    check_editable(PlanState(plan.state))
    row = plan.rows.filter(number=number).first()
    if row is None:
        return
    before = _row_snapshot(row)
    row.delete()
    audit.record(actor=actor, action="inspections.remove_plan_row", subject=plan, now=now, before=before, after={})


@transaction.atomic
def replace_rows(*, plan: AnnualPlan, rows: Sequence[RowValues], actor: Actor, now: datetime) -> int:
    """整表导入: all rows of a draft by those of a sheet, or none of them; returns how many."""
    plan = locked(plan)
    check_editable(PlanState(plan.state))
    if not rows:
        raise NotAllowed(_("表里没有计划事项，原有各行没有改动。"))
    before = [_row_snapshot(row) for row in plan.rows.all()]
    plan.rows.all().delete()
    for number, values in enumerate(rows, start=1):
        row = PlanRow(plan=plan, number=number)
        try:
            _fill(row, values)
        except NotAllowed as error:
            raise NotAllowed(N_("第 %(number)s 个事项：%(why)s"), number=str(number), why=str(error)) from None
        row.save()
        row.named.set(values.named)
    audit.record(
        actor=actor,
        action="inspections.replace_plan_rows",
        subject=plan,
        now=now,
        before={"rows": before},
        after={"rows": [_row_snapshot(row) for row in plan.rows.all()]},
    )
    return len(rows)


@transaction.atomic
def coordinate_plan(*, plan: AnnualPlan, coordinated_with: str, actor: Actor, now: datetime) -> AnnualPlan:
    """与上下级衔接: refused while a plan of the level above or below names the same enterprise."""
    plan = locked(plan)
    state = advance_plan(PlanState(plan.state), PlanAction.COORDINATE)
    if not plan.rows.exists():
        raise NotAllowed(_("计划里还没有检查事项，请先逐行列入或导入表格。"))
    if not coordinated_with.strip():
        raise NotAllowed(_("请写明与哪些机关衔接过。"))
    _refuse_doubled(plan)
    plan.state = state
    plan.coordinated_with = coordinated_with.strip()
    plan.coordinated_at = now
    plan.coordinated_by_name = actor.name
    plan.save(update_fields=["state", "coordinated_with", "coordinated_at", "coordinated_by_name"])
    _told(plan, "inspections.coordinate_plan", actor, now, "state", "coordinated_with")
    return plan


def _named(plan: AnnualPlan) -> dict[int, str]:
    # A joint check is one visit of several organs and doubles nothing.
    named = plan.rows.filter(joint=JointPart.NONE, named__isnull=False)
    return dict(named.values_list("named", "named__name"))


def _refuse_doubled(plan: AnnualPlan) -> None:
    ours = _named(plan)
    relatives = Q(organ__parent=plan.organ_id) | Q(organ__branches=plan.organ_id)
    others = (
        AnnualPlan.objects.filter(relatives, year=plan.year)
        .exclude(state__in=[PlanState.DRAFT, PlanState.SUPERSEDED])
        .select_related("organ")
        .distinct()
    )
    for other in others.order_by("pk"):
        names = [ours[key] for key in doubled(ours, _named(other))]
        check_not_doubled(names, other.organ.name)


@transaction.atomic
def return_plan(*, plan: AnnualPlan, why: str, actor: Actor, now: datetime) -> AnnualPlan:
    """退回修改: back to the draft, with the reason."""
    plan = locked(plan)
    state = advance_plan(PlanState(plan.state), PlanAction.RETURN)
    if not why.strip():
        raise NotAllowed(_("请写明退回的原因。"))
    plan.state = state
    plan.coordinated_with, plan.coordinated_at, plan.coordinated_by_name = "", None, ""
    plan.save(update_fields=["state", "coordinated_with", "coordinated_at", "coordinated_by_name"])
    audit.record(
        actor=actor, action="inspections.return_plan", subject=plan, now=now, after={"state": state, "why": why.strip()}
    )
    return plan


@transaction.atomic
def approve_plan(*, plan: AnnualPlan, actor: Actor, now: datetime) -> AnnualPlan:
    """批准: by the organ's leader, for a plan that its year can hold; fixes the capacity sheet with its calendar."""
    plan = locked(plan)
    state = advance_plan(PlanState(plan.state), PlanAction.APPROVE)
    calendar = current_calendar()
    sheet = capacity_sheet(plan, calendar)
    check_fits(sheet)
    # Another level may have named the same enterprise since.
    _refuse_doubled(plan)
    plan.state = state
    plan.capacity = {
        "working_days": sheet.working_days,
        "staff": sheet.staff,
        "other": days_text(sheet.other),
        "non": days_text(sheet.non),
        "needed": days_text(sheet.needed),
        "provisional": sheet.provisional,
    }
    plan.calendar_version = calendar.version
    plan.approved_at = now
    plan.approved_by_name = actor.name
    plan.save(update_fields=["state", "capacity", "calendar_version", "approved_at", "approved_by_name"])
    _told(plan, "inspections.approve_plan", actor, now, "state", "capacity", "calendar_version")
    return plan


@transaction.atomic
def file_plan(
    *, plan: AnnualPlan, filed_with: str, number: str, filed_on: date, actor: Actor, now: datetime
) -> AnnualPlan:
    """报政府备案: with whom, under which number, on which day."""
    plan = locked(plan)
    state = advance_plan(PlanState(plan.state), PlanAction.FILE)
    assert plan.approved_at is not None
    check_filing(
        number=number,
        filed_on=filed_on,
        approved_on=clock.local_day(plan.approved_at),
        today=clock.local_day(now),
    )
    if not filed_with.strip():
        raise NotAllowed(_("请写明向哪一级人民政府备案。"))
    plan.state = state
    plan.filed_with, plan.filed_number, plan.filed_on = filed_with.strip(), number.strip(), filed_on
    plan.save(update_fields=["state", "filed_with", "filed_number", "filed_on"])
    _told(plan, "inspections.file_plan", actor, now, "state", "filed_with", "filed_number", "filed_on")
    return plan


@transaction.atomic
def publish_plan(*, plan: AnnualPlan, actor: Actor, now: datetime) -> AnnualPlan:
    """公布: from now on this version is in force; the one that it amends stays readable. Safe to repeat."""
    plan = locked(plan)
    if plan.state == PlanState.PUBLISHED:
        return plan
    state = advance_plan(PlanState(plan.state), PlanAction.PUBLISH)
    if plan.amends_id is not None:
        earlier = AnnualPlan.objects.select_for_update().get(pk=plan.amends_id)
        earlier.state = advance_plan(PlanState(earlier.state), PlanAction.SUPERSEDE)
        earlier.superseded_at = now
        earlier.save(update_fields=["state", "superseded_at"])
        _told(earlier, "inspections.supersede_plan", actor, now, "state", "superseded_at")
    plan.state = state
    plan.published_at = now
    plan.published_by_name = actor.name
    plan.save(update_fields=["state", "published_at", "published_by_name"])
    _told(plan, "inspections.publish_plan", actor, now, "state", "published_at")
    return plan


@transaction.atomic
def amend_plan(*, plan: AnnualPlan, why: str, actor: Actor, now: datetime) -> AnnualPlan:
    """调整计划: a further version with the same rows, to be changed, approved, filed and published like the first."""
    plan = locked(plan)
    check_amendable(PlanState(plan.state), why)
    if AnnualPlan.objects.filter(organ=plan.organ_id, year=plan.year, state__in=OPEN_PLANS).exists():
        raise NotAllowed(_("已经有一个调整版本在办，请在它上面修改。"))
    further = AnnualPlan.objects.create(
        organ=plan.organ,
        year=plan.year,
        version=plan.version + 1,
        title=plan.title,
        amends=plan,
        amended_because=why.strip(),
        staff=plan.staff,
        other_days=plan.other_days,
        non_days=plan.non_days,
        drafted_at=now,
        drafted_by_name=actor.name,
    )
    for row in plan.rows.prefetch_related("named"):
        copy = PlanRow.objects.create(plan=further, **{name: getattr(row, name) for name in _COPIED})
        copy.named.set(row.named.all())
    _told(further, "inspections.amend_plan", actor, now, "version", "amends_id", "amended_because")
    return further


def locked(plan: AnnualPlan) -> AnnualPlan:
    """The plan as it is now, held until the transaction ends."""
    return AnnualPlan.objects.select_for_update(of=("self",)).select_related("organ").get(pk=plan.pk)


def _as_texts(days: Mapping[Any, Decimal]) -> dict[str, str]:
    return {str(key.value): days_text(value) for key, value in days.items() if value}


def _row_snapshot(row: PlanRow) -> dict[str, Any]:
    return {
        **audit.snapshot(row, *_COPIED),
        "named": sorted(row.named.values_list("credit_code", flat=True)),
    }


def _told(plan: AnnualPlan, action: str, actor: Actor, now: datetime, *fields: str) -> None:
    audit.record(actor=actor, action=action, subject=plan, now=now, after=audit.snapshot(plan, *fields))
