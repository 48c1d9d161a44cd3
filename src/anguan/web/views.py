"""The desk, the search and the pages of administration."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.calendars import selectors as calendars
from anguan.ground.calendars.services import NoticeRefused, import_notice
from anguan.ground.models import AuditRecord, RuleRecord
from anguan.people.doors import ANYBODY, PUBLIC, door
from anguan.people.rules import ADMINISTRATORS, BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.desk import Group, desk_rows
from anguan.ui.patterns import patterns as patterns_page
from anguan.ui.search import search_everywhere
from anguan.web.forms import HolidayNoticeForm


@door(ANYBODY)
def desk(request: ViewerRequest) -> HttpResponse:
    """工作台: what is due for the viewer, by when, overdue first."""
    today = clock.local_day(clock.now())
    rows = desk_rows(request.viewer, today)
    groups = [(group, [row for row in rows if row.group == group]) for group in Group]
    return render(request, "web/desk.html", {"groups": groups, "today": today, "is_empty": not rows})


@door(ANYBODY)
def search(request: ViewerRequest) -> HttpResponse:
    """搜索: names, credit codes, document numbers and addresses in one field."""
    query = request.GET.get("q", "").strip()
    return render(request, "web/search.html", {"query": query, "results": search_everywhere(request.viewer, query)})


@door(Role.SYSTEM_ADMIN, *BUREAU)
def calendar(request: ViewerRequest) -> HttpResponseBase:
    """工作日历: which years' holiday notices are loaded; an administrator imports a year's."""
    may_import = request.viewer.has(Role.SYSTEM_ADMIN)
    this_year = clock.local_day(clock.now()).year
    form = HolidayNoticeForm(request.POST or None)
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied(_("只有系统管理员可以导入节假日通知。"))
        if form.is_valid():
            try:
                import_notice(actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
            except NoticeRefused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("节假日通知已导入，受影响的期限已重新计算。"))
                return redirect("calendar")
    return render(
        request,
        "web/calendar.html",
        {
            "form": form,
            "may_import": may_import,
            "missing": calendars.years_without_notice(this_year - 1, this_year + 1),
            "notices": calendars.notices(),
        },
    )


@door(*BUREAU, *ADMINISTRATORS, Role.SUPERVISOR)
def rules(request: ViewerRequest) -> HttpResponse:
    """规则: every versioned rule with its source, and whether it was verified."""
    return render(request, "web/rules.html", {"rules": RuleRecord.objects.order_by("rule_id", "-version")})


@door(Role.AUDIT_ADMIN)
def audit_records(request: ViewerRequest) -> HttpResponse:
    """审计记录: who wrote what, newest first."""
    records = AuditRecord.objects.select_related("seal").order_by("-id")
    if query := request.GET.get("q", "").strip():
        records = records.filter(actor_name=query) | records.filter(action=query)
    page = Paginator(records, 100).get_page(request.GET.get("page"))
    return render(request, "web/audit.html", {"page": page, "query": query, "root": audit.root()})


@door(PUBLIC)
def patterns(request: ViewerRequest) -> HttpResponse:
    """Every component on one page, for staff and while debugging."""
    if not settings.DEBUG and not settings.ANGUAN_DEMO and not request.viewer.has(*ADMINISTRATORS, *BUREAU):
        raise PermissionDenied
    return patterns_page(request)
