"""Public pages of what is known before anybody is visited: annual plans, who may inspect, the officers."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.inspections.rules.plans import PlanState, SubjectKind
from anguan.inspections.selectors import plans as reads
from anguan.inspections.views.plans import capacity_lines, plan_pill, shown_rows
from anguan.inspections.views.subjects import subject_pill
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest

PAGE = 50


@door(PUBLIC)
def plan_list(request: ViewerRequest) -> HttpResponse:
    """年度计划公开: every version that was ever in force."""
    page = Paginator(reads.public_plans(), PAGE).get_page(request.GET.get("page"))
    rows = [(plan, plan_pill(plan)) for plan in page]
    return render(request, "inspections/public_plans.html", {"rows": rows, "page": page})


@door(PUBLIC)
def plan_detail(request: ViewerRequest, pk: int) -> HttpResponse:
    """一个版本的年度计划 with its rows, capacity and what it changed of the one before."""
    plan = get_object_or_404(reads.public_plans(), pk=pk)
    words = {"added": _("新增"), "removed": _("删去"), "changed": _("修改")}
    sheet = reads.approved_capacity(plan)
    changes = reads.plan_changes(plan.amends, plan) if plan.amends else []
    return render(
        request,
        "inspections/public_plan.html",
        {
            "plan": plan,
            "state": plan_pill(plan),
            "rows": shown_rows(plan),
            "sheet": sheet,
            "lines": capacity_lines(sheet) if sheet else [],
            "changes": [(change, words[change.kind]) for change in changes],
            "in_force": plan.state == PlanState.PUBLISHED,
            "further": getattr(plan, "amended_by", None) if plan.state == PlanState.SUPERSEDED else None,
        },
    )


@door(PUBLIC)
def subject_lists(request: ViewerRequest) -> HttpResponse:
    """检查主体清单公开: the lists in force first, then the earlier versions."""
    page = Paginator(reads.public_subject_lists(), PAGE).get_page(request.GET.get("page"))
    lists = [
        (made, subject_pill(made), [(entry, _(SubjectKind(entry.kind).label)) for entry in made.entries.all()])
        for made in page
    ]
    return render(request, "inspections/public_subjects.html", {"lists": lists, "page": page})


@door(PUBLIC)
def officers(request: ViewerRequest) -> HttpResponse:
    """执法人员名录公开: name, certificate number, organ; by any of them."""
    found = reads.public_officers(clock.local_day(clock.now()))
    query = request.GET.get("q", "").strip()[:60]
    if query:
        found = found.filter(name__icontains=query) | found.filter(certificate_no__iexact=query)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "inspections/public_officers.html", {"page": page, "query": query})
