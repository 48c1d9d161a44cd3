"""What this room shows on other pages: the clerk's imports on the desk, rows in the search, an expert's recusals."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.people.models import Expert
from anguan.people.rules import BUREAU, Role
from anguan.people.selectors import experts_managed_by
from anguan.registry.forms import EndRecusalForm, RecusalForm
from anguan.registry.kinds import KINDS
from anguan.registry.models import Complex, Enterprise, Found, ImportRun, KeyUnit, Site, Tenant
from anguan.registry.selectors import imports_visible_to, matching, recusals_visible_to
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import reader_of, register_panel
from anguan.ui.search import Found as FoundThing
from anguan.ui.search import search_source

State = ImportRun.State
# An import that nobody takes further leaves the desk after so many days; it stays in the list of imports.
_KEPT_DAYS = 3
_ASKED = {
    State.UPLOADED: (Group.DUE, N_("文件已上传，应对应列"), N_("对应列")),
    State.CHECKED: (Group.DUE, N_("预览已好，应确认入账"), N_("看预览")),
    State.FAILED: (Group.DUE, N_("没有导入成功"), N_("看原因")),
    State.CHECKING: (Group.WAITING, N_("正在核对"), N_("看进度")),
    State.WRITING: (Group.WAITING, N_("正在写入底账"), N_("看进度")),
    State.DONE: (Group.CHANGED, N_("已入账"), N_("看结果")),
}
_MOST = 6
_MOST_SHOPS = 4


@desk_source
def imports_of_clerk(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    """Files that wait for their clerk, that are being worked off, and that are done since yesterday."""
    if not viewer.has(Role.CLERK):
        return
    runs = imports_visible_to(viewer).filter(uploaded_at__date__gt=today - timedelta(days=_KEPT_DAYS)).order_by("-id")
    for run in runs.defer("problems", "mapping")[:20]:
        if run.state == State.DONE and run.uploaded_at.date() < today - timedelta(days=1):
            continue
        group, asked, button = _ASKED[State(run.state)]
        yield DeskRow(group, run.file_name, _(asked), run.get_absolute_url(), _(button))


@search_source
def rows_of_ledger(viewer: Viewer, query: str) -> Iterator[FoundThing]:
    """Enterprises, buildings, sites, key units, complexes and shops by name, code, address or initials."""
    for kind in KINDS.values():
        rows = matching(kind.visible_to(viewer), query).defer("tokens").select_related(*kind.related)
        most = _MOST_SHOPS if kind.model is Tenant else _MOST
        for row in rows.order_by(*kind.sorts[kind.default_sort])[:most]:
            yield FoundThing(_(kind.word), str(row), _detail(row), row.get_absolute_url())


def _detail(row: Found) -> str:
    """What tells it apart from others of the same name."""
    if isinstance(row, Enterprise):
        parts = [row.credit_code, row.address]
    elif isinstance(row, Site):
        parts = [row.permit_no, row.address]
    elif isinstance(row, KeyUnit):
        parts = [row.category, row.address]
    elif isinstance(row, Tenant):
        parts = [row.complex.name, row.unit_no]
    elif isinstance(row, Complex):
        parts = [row.operator.name, row.address]
    else:
        parts = [getattr(row, "address", "")]
    return " · ".join(part for part in parts if part)


def recusals_of_expert(request: HttpRequest, subject: object) -> SafeString:
    """What an expert keeps away from, with the forms of whoever may declare and end it."""
    assert isinstance(subject, Expert)
    viewer = reader_of(request)
    today = clock.local_day(clock.now())
    managed = viewer.has(Role.CLERK) and experts_managed_by(viewer).filter(pk=subject.pk).exists()
    context = {
        "expert": subject,
        "recusals": recusals_visible_to(viewer).filter(expert=subject),
        "may_declare": managed or subject.pk == viewer.expert_id,
        "may_end": managed,
        "in_ledger": viewer.has(*BUREAU),
        "form": RecusalForm(initial={"since": today}),
        "end_form": EndRecusalForm(),
    }
    return SafeString(render_to_string("registry/panel_recusals.html", context, request=request))


def file_acts(request: HttpRequest, subject: object) -> SafeString:
    """Import and export, beside the list of experts."""
    del subject
    viewer = reader_of(request)
    context = {"may_import": viewer.has(Role.CLERK), "may_export": viewer.has(*BUREAU)}
    return SafeString(render_to_string("registry/expert_files.html", context, request=request))


register_panel("people.expert", order=10, render=recusals_of_expert)
register_panel("people.experts", order=10, render=file_acts)
