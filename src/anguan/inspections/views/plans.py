"""Office pages of annual plans: the list, a plan with its capacity sheet and rows, versions side by side, the print."""

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.ground.calendars.selectors import current_calendar
from anguan.inspections import plan_sheet, selectors, showing
from anguan.inspections.models import AnnualPlan, PlanRow
from anguan.inspections.plan_forms import (
    CapacityForm,
    CoordinateForm,
    FileForm,
    NewPlanForm,
    RowForm,
    SheetForm,
    WhyForm,
)
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import (
    PUBLIC_PLANS,
    Capacity,
    JointPart,
    PlanState,
    RowMode,
    TargetKind,
    days_text,
    ratio_text,
)
from anguan.inspections.selectors import plans as reads
from anguan.inspections.selectors.plan_use import progress_of
from anguan.inspections.services import plans
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.viewers import ViewerRequest
from anguan.ui.templatetags.ui import pill

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN_TONES = {
    PlanState.DRAFT: "open",
    PlanState.COORDINATED: "waiting",
    PlanState.APPROVED: "open",
    PlanState.FILED: "open",
    PlanState.PUBLISHED: "done",
    PlanState.SUPERSEDED: "void",
}


def plan_pill(plan: AnnualPlan) -> str:
    """The state of a plan, the same everywhere."""
    state = PlanState(plan.state)
    return pill(PLAN_TONES[state], state.label)


def shown_rows(plan: AnnualPlan) -> list[dict[str, Any]]:
    """计划事项 as its ten fields, each in words; of a public plan what is done of each as well."""
    progress = {one.row.pk: one for one in progress_of(plan)} if plan.state in PUBLIC_PLANS else {}
    return [
        {
            "row": row,
            "progress": progress.get(row.pk),
            "targets": _targets(row, reads.named_of(row)),
            "names": [firm.name for firm in row.named.all()],
            "mode": _(RowMode(row.mode).label),
            "months": _months(row.months),
            "unit": row.department.name if row.department else plan.organ.name,
            "joint": _joint(row),
            "checks": reads.checks_of(row),
            "days": days_text(row.days_per_check),
        }
        for row in reads.rows_of(plan).prefetch_related("named")
    ]


def _targets(row: PlanRow, named: int) -> str:
    if row.target_kind == TargetKind.NAMED:
        return _("%(targets)s，%(count)d 家") % {"targets": row.targets, "count": named}
    return _("%(targets)s，双随机 %(count)d/%(size)d（%(ratio)s）") % {
        "targets": row.targets,
        "count": row.pool_count,
        "size": row.pool_size,
        "ratio": ratio_text(row.pool_count, row.pool_size),
    }


def _months(months: list[int]) -> str:
    """3–5、9: months that follow each other as a span."""
    spans: list[list[int]] = []
    for month in months:
        if spans and month == spans[-1][-1] + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    said = "、".join(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans)
    return _("%(months)s月") % {"months": said}


def _joint(row: PlanRow) -> str:
    word = _(JointPart(row.joint).label)
    return f"{word}：{row.partners}" if row.partners else word


def capacity_lines(sheet: Capacity) -> list[tuple[str, str]]:
    """测算表 as it is reckoned, one line a step."""
    return [
        (
            _("总法定工作日 = %(days)d 个工作日 × %(staff)d 人") % {"days": sheet.working_days, "staff": sheet.staff},
            days_text(sheet.total),
        ),
        (_("减：其他执法工作日"), days_text(sheet.other)),
        (_("减：非执法工作日"), days_text(sheet.non)),
        (_("监督检查工作日"), days_text(sheet.inspection_days)),
        (_("计划的检查需要"), days_text(sheet.needed)),
        (_("余下") if sheet.fits else _("不够"), days_text(abs(sheet.left))),
    ]


@door(*reads.PLAN_READERS)
def plan_list(request: ViewerRequest) -> HttpResponse:
    """年度计划: every version that the reader may see, newest year first."""
    found = reads.plans_visible_to(request.viewer).order_by("-year", "organ__name", "-version")
    return render(
        request,
        "inspections/plans.html",
        {
            "rows": [(plan, plan_pill(plan)) for plan in found[:200]],
            "may_plan": request.viewer.has(*selectors.PLANNERS),
        },
    )


@door(*selectors.PLANNERS)
def plan_new(request: ViewerRequest) -> HttpResponse:
    """编制计划."""
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*selectors.PLANNERS)).order_by("pk")
    # Towards the end of a year the next one is planned.
    today = clock.local_day(clock.now())
    form = NewPlanForm(request.POST or None, organs=organs, initial={"year": today.year + (today.month > 9)})
    if request.method == "POST" and form.is_valid():
        try:
            plan = plans.draft_plan(**form.cleaned_data, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("已开始编制，先填测算表，再逐行列入检查事项。"))
            return redirect("inspections:annual_plan", pk=plan.pk)
    return render(request, "inspections/plan_new.html", {"form": form}, status=422 if form.errors else 200)


def _plan(request: ViewerRequest, pk: int) -> AnnualPlan:
    return get_object_or_404(reads.plans_visible_to(request.viewer), pk=pk)


def _own_plan(request: ViewerRequest, pk: int) -> AnnualPlan:
    plan = _plan(request, pk)
    if not reads.may_edit_plan(request.viewer, plan):
        raise PermissionDenied(_("只有编制机关的人员可以办理这个计划。"))
    return plan


@door(*reads.PLAN_READERS)
def plan_detail(request: ViewerRequest, pk: int) -> HttpResponse:
    """年度计划: its story, the capacity sheet, the rows, and the one act that comes next."""
    return _show(request, _plan(request, pk))


def _show(request: ViewerRequest, plan: AnnualPlan, form: Form | None = None, status: int = 200) -> HttpResponse:
    sheet = reads.approved_capacity(plan) or reads.capacity_sheet(plan, current_calendar())
    edits = reads.may_edit_plan(request.viewer, plan)
    other, non = reads.capacity_lines(plan)
    return render(
        request,
        "inspections/annual_plan.html",
        {
            "plan": plan,
            "state": plan_pill(plan),
            "sheet": sheet,
            "lines": capacity_lines(sheet),
            "other": [(_(label), days_text(days)) for label, days in other],
            "non": [(_(label), days_text(days)) for label, days in non],
            "rows": shown_rows(plan),
            "edits": edits,
            "is_draft": plan.state == PlanState.DRAFT,
            "next": _next_act(plan, edits, reads.may_approve_plan(request.viewer, plan), form),
            "story": story_of(plan),
            "sheet_form": SheetForm() if edits and plan.state == PlanState.DRAFT else None,
            "further": getattr(plan, "amended_by", None) if edits or plan.state == PlanState.SUPERSEDED else None,
        },
        status=status,
    )


def story_of(plan: AnnualPlan) -> list[showing.Happening]:
    """The steps that were taken, oldest first."""
    filed = " · ".join(word for word in (plan.filed_with, plan.filed_number) if word)
    steps = [
        showing.Happening(_("编制"), plan.drafted_at, plan.drafted_by_name, why=plan.amended_because),
        showing.Happening(_("与上下级衔接"), plan.coordinated_at, plan.coordinated_by_name, why=plan.coordinated_with),
        showing.Happening(_("批准"), plan.approved_at, plan.approved_by_name),
        showing.Happening(_("报政府备案"), _midnight(plan.filed_on), why=filed),
        showing.Happening(_("公布"), plan.published_at, plan.published_by_name),
        showing.Happening(_("由新版本代替"), plan.superseded_at, tone="void"),
    ]
    return [step for step in steps if step.at is not None]


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, clock.CHINA) if day else None


_ACTS: dict[str, type[Form]] = {
    "coordinate": CoordinateForm,
    "return": WhyForm,
    "file": FileForm,
    "amend": WhyForm,
}


_STEPS: dict[str, Callable[..., AnnualPlan]] = {
    "coordinate": plans.coordinate_plan,
    "return": plans.return_plan,
    "approve": plans.approve_plan,
    "file": plans.file_plan,
    "publish": plans.publish_plan,
    "amend": plans.amend_plan,
}


def _next_act(plan: AnnualPlan, edits: bool, approves: bool, form: Form | None) -> dict[str, Any] | None:
    """The lawful act that comes next: for who may do it with its form, for everybody with what it waits for."""

    def act(name: str, label: str, says: str, *, may: bool = edits, also: str = "") -> dict[str, Any]:
        made = form if form is not None and type(form) is _ACTS.get(name) else _ACTS[name]() if name in _ACTS else None
        return {
            "url": reverse("inspections:annual_plan_act", args=[plan.pk, name]) if may else "",
            "label": label,
            "says": says,
            "form": made if may else None,
            "return_url": reverse("inspections:annual_plan_act", args=[plan.pk, "return"]) if also and edits else "",
        }

    match PlanState(plan.state):
        case PlanState.DRAFT:
            return act(
                "coordinate", _("登记衔接"), _("各行列好、测算表填好之后，与上下级衔接，避免两级重复检查同一企业。")
            )
        case PlanState.COORDINATED:
            return act(
                "approve", _("批准计划"), _("由机关负责人批准；检查需要的工作日超过测算的，不能批准。"), may=approves,
                also="return",
            )  # fmt: skip
        case PlanState.APPROVED:
            return act("file", _("登记备案"), _("批准之后报本级人民政府备案，登记文号和日期。"))
        case PlanState.FILED:
            return act("publish", _("公布计划"), _("立即公开；从此只能另立新版本调整。"))
        case PlanState.PUBLISHED if not hasattr(plan, "amended_by"):
            return act("amend", _("调整计划"), _("另立新版本，重新批准、备案、公布；现行版本一直有效到新版本公布。"))
    return None


@require_POST
@door(*selectors.PLANNERS)
def plan_act(request: ViewerRequest, pk: int, act: str) -> HttpResponse:
    """One step of a plan; which one is the address."""
    plan = _own_plan(request, pk)
    step = _STEPS.get(act)
    if step is None:
        raise Http404
    if act == "approve" and not reads.may_approve_plan(request.viewer, plan):
        raise PermissionDenied(_("批准年度计划须由本机关负责人办理。"))
    form = _ACTS[act](request.POST) if act in _ACTS else None
    if form is not None and not form.is_valid():
        return _show(request, plan, form, 422)
    values = form.cleaned_data if form is not None else {}
    try:
        made = step(plan=plan, **values, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        if form is None:
            messages.error(request, showing.sentence(error))
            return redirect("inspections:annual_plan", pk=pk)
        form.add_error(None, showing.sentence(error))
        return _show(request, plan, form, 422)
    done = {
        "coordinate": _("衔接已登记，等机关负责人批准。"),
        "return": _("已退回修改。"),
        "approve": _("计划已批准。"),
        "file": _("备案已登记。"),
        "publish": _("计划已公布。"),
        "amend": _("新版本已建立，请修改后重新批准、备案、公布。"),
    }
    messages.success(request, done[act])
    return redirect("inspections:annual_plan", pk=made.pk)


@door(*selectors.PLANNERS)
def plan_capacity(request: ViewerRequest, pk: int) -> HttpResponse:
    """填写测算表."""
    plan = _own_plan(request, pk)
    form = CapacityForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            plans.keep_capacity(
                plan=plan,
                staff=form.cleaned_data["staff"],
                other_days=form.other_days(),
                non_days=form.non_days(),
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("测算表已保存。"))
            return redirect("inspections:annual_plan", pk=pk)
    sheet = reads.capacity_sheet(plan, current_calendar())
    return render(
        request,
        "inspections/plan_capacity.html",
        {"plan": plan, "form": form, "sheet": sheet, "is_draft": plan.state == PlanState.DRAFT},
        status=422 if form.errors else 200,
    )


@door(*selectors.PLANNERS)
def plan_row(request: ViewerRequest, pk: int, number: int | None = None) -> HttpResponse:
    """列入一行, or correct one."""
    plan = _own_plan(request, pk)
    row = get_object_or_404(plan.rows, number=number) if number is not None else None
    form = RowForm(request.POST or None, plan=plan, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            plans.keep_row(plan=plan, values=form.values(), number=number, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("这一行已保存。"))
            return redirect("inspections:annual_plan", pk=pk)
    context = {"plan": plan, "row": row, "form": form, "is_draft": plan.state == PlanState.DRAFT}
    return render(request, "inspections/plan_row.html", context, status=422 if form.errors else 200)


@require_POST
@door(*selectors.PLANNERS)
def plan_row_remove(request: ViewerRequest, pk: int, number: int) -> HttpResponse:
    """删去一行."""
    plan = _own_plan(request, pk)
    try:
        plans.remove_row(plan=plan, number=number, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("已删去第 %(number)d 行。") % {"number": number})
    return redirect("inspections:annual_plan", pk=pk)


@door(*reads.PLAN_READERS)
def plan_changes(request: ViewerRequest, pk: int) -> HttpResponse:
    """版本对照: what this version changed of the one it amends."""
    plan = _plan(request, pk)
    words = {"added": _("新增"), "removed": _("删去"), "changed": _("修改")}
    changes = reads.plan_changes(plan.amends, plan) if plan.amends else []
    return render(
        request,
        "inspections/plan_changes.html",
        {"plan": plan, "changes": [(change, words[change.kind]) for change in changes]},
    )


@door(*reads.PLAN_READERS)
def plan_print(request: ViewerRequest, pk: int) -> HttpResponse:
    """打印: the plan as it is filed, the ten columns on a landscape page."""
    plan = _plan(request, pk)
    sheet = reads.approved_capacity(plan) or reads.capacity_sheet(plan, current_calendar())
    return render(
        request,
        "inspections/plan_print.html",
        {"plan": plan, "rows": shown_rows(plan), "sheet": sheet, "lines": capacity_lines(sheet)},
    )


@door(*reads.PLAN_READERS)
def plan_export(request: ViewerRequest, pk: int) -> HttpResponse:
    """导出计划表: a file that can be imported again."""
    plan = _plan(request, pk)
    file = BytesIO()
    plan_sheet.export_rows(plan, file)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{plan.year}-v{plan.version}.xlsx"'
    return response


@require_POST
@door(*selectors.PLANNERS)
def plan_import(request: ViewerRequest, pk: int) -> HttpResponse:
    """导入计划表: all rows or none; what is wrong stands with its cell."""
    plan = _own_plan(request, pk)
    form = SheetForm(request.POST, request.FILES)
    faults: list[str] = []
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            read = plan_sheet.read_rows(upload.read(plan_sheet.MOST_BYTES + 1), plan.organ)
            faults = read.faults
            if not faults:
                count = plans.replace_rows(plan=plan, rows=read.rows, actor=request.viewer.actor, now=clock.now())
                messages.success(request, _("已导入 %(count)d 行。") % {"count": count})
                return redirect("inspections:annual_plan", pk=pk)
        except NotAllowed as error:
            form.add_error("file", showing.sentence(error))
    return render(request, "inspections/plan_import.html", {"plan": plan, "form": form, "faults": faults}, status=422)
