"""导入: from the upload over matching and preview to the result."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.core.coordinates import CoordinateSystem
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.forms import UploadForm
from anguan.registry.models import ImportRun
from anguan.registry.rules import Refused
from anguan.registry.selectors import imports_visible_to
from anguan.registry.services import Status, runs
from anguan.registry.sheets.columns import KINDS
from anguan.registry.sheets.templates import template_bytes

SHOWN_RUNS = 20
# Their lists stand with people, not in the ledger.
OF_PEOPLE = frozenset({"officer", "expert"})
STEPS = {"uploaded": 2, "checking": 3, "checked": 3, "writing": 4, "done": 4, "failed": 4}


@door(Role.CLERK)
def upload(request: ViewerRequest) -> HttpResponseBase:
    """上传: the file, and the imports of late."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.start_run(
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                header_row=form.cleaned_data["header_row"],
                coordinates=form.cleaned_data["coordinates"] or CoordinateSystem.CGCS2000,
                user_id=request.viewer.user_id,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error("file", runs.sentence(refused))
        else:
            return redirect(run.get_absolute_url())
    context = {
        "form": form,
        "kinds": [(kind.name, _(kind.label)) for kind in KINDS.values()],
        "runs": [_row(run) for run in imports_visible_to(request.viewer).order_by("-id")[:SHOWN_RUNS]],
    }
    return render(request, "registry/import.html", context, status=422 if form.errors else 200)


_TONES = {"uploaded": "open", "checking": "waiting", "checked": "open", "writing": "waiting", "done": "done"}


def _row(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run,
        "kind": _(KINDS[run.kind].label),
        "tone": _TONES.get(run.state, "overdue"),
        "state": ImportRun.State(run.state).label,
    }


def _list_of(kind: str) -> str:
    return reverse(f"people:{kind}s") if kind in OF_PEOPLE else reverse("registry:list", args=[kind])


def _run(request: ViewerRequest, pk: int) -> ImportRun:
    return get_object_or_404(imports_visible_to(request.viewer), pk=pk)


@door(Role.CLERK)
def import_run(request: ViewerRequest, pk: int) -> HttpResponse:
    """One file on its way: match, preview, progress or result, whichever its state asks for."""
    return _shown(request, _run(request, pk))


def _shown(request: ViewerRequest, run: ImportRun, failure: str = "") -> HttpResponse:
    kind = KINDS[run.kind]
    columns = run.mapping.get("columns", {})
    chosen = set(columns.values())
    summary = run.summary or {}
    context: dict[str, Any] = {
        **_row(run),
        "step": STEPS[run.state],
        "steps": [_("上传"), _("对应列"), _("预览"), _("入账")],
        "failure": failure or (_(run.failure) if run.failure else ""),
        "fields": [(column.field, _(column.name), column.required) for column in kind.columns],
        "columns": [
            {**header, "field": columns.get(str(header["place"]), "")}
            for header in run.mapping.get("headers", [])
            if header["text"] or header["samples"]
        ],
        "missing": "、".join(_(column.name) for column in kind.required if column.field not in chosen),
        "extra": "、".join(
            header["text"] for header in run.mapping.get("headers", []) if str(header["place"]) not in columns
        ),
        "counts": [(_(status.label), summary.get(status.value, 0), status.value) for status in Status],
        "sound": sum(summary.get(key, 0) for key in ("created", "updated", "unchanged")),
        "bad": summary.get("refused", 0) + summary.get("duplicate", 0),
        "to_write": summary.get("created", 0) + summary.get("updated", 0),
        "problems": list(_problems(run)),
        "list_url": _list_of(run.kind),
    }
    return render(request, "registry/import_run.html", context, status=422 if failure else 200)


def _problems(run: ImportRun) -> Any:
    for row in run.problems:
        for one in row["problems"]:
            template, params, column = one["template"], one["params"], one["column"]
            message = _(template) % params if params else _(template)
            yield {**one, "row": row["row"], "message": message, "column": _(column)}


@require_POST
@door(Role.CLERK)
def match(request: ViewerRequest, pk: int) -> HttpResponse:
    """对应列: which column of the file means what."""
    run = _run(request, pk)
    known = {column.field for column in KINDS[run.kind].columns}
    columns: dict[int, str] = {}
    for header in run.mapping.get("headers", []):
        field = request.POST.get(f"column-{header['place']}", "")
        if field not in known:
            continue
        if field in columns.values():
            name = _(KINDS[run.kind].by_field[field].name)
            return _shown(request, run, _("有两列都对应了“%(name)s”，只能留一列。") % {"name": name})
        columns[header["place"]] = field
    try:
        runs.match_columns(run=run, columns=columns, now=clock.now())
    except Refused as refused:
        return _shown(request, run, runs.sentence(refused))
    return redirect(run.get_absolute_url())


@require_POST
@door(Role.CLERK)
def rematch(request: ViewerRequest, pk: int) -> HttpResponse:
    """重新对应列: back from the preview."""
    run = _run(request, pk)
    states = [ImportRun.State.CHECKED, ImportRun.State.FAILED]
    ImportRun.objects.filter(pk=run.pk, state__in=states).update(state=ImportRun.State.UPLOADED, failure="")
    return redirect(run.get_absolute_url())


@require_POST
@door(Role.CLERK)
def confirm(request: ViewerRequest, pk: int) -> HttpResponse:
    """确认入账: all rows, or the sound ones only."""
    run = _run(request, pk)
    runs.confirm_run(run=run, partial="partial" in request.POST, actor=request.viewer.actor, now=clock.now())
    run.refresh_from_db()
    if run.state == ImportRun.State.DONE:
        messages.success(request, _("已入账。"))
    return redirect(run.get_absolute_url())


@door(Role.CLERK)
def progress(request: ViewerRequest, pk: int) -> HttpResponse:
    """How far the work is; without an address to ask again once it is done."""
    run = _run(request, pk)
    busy = run.state in (ImportRun.State.CHECKING, ImportRun.State.WRITING)
    context = {"run": run, "busy": busy, "done": runs.rows_done(run), "state": ImportRun.State(run.state).label}
    return HttpResponse(render_to_string("registry/_progress.html", context, request=request))


@door(Role.CLERK)
def problems(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """问题清单: all faults of a file as .xlsx."""
    run = _run(request, pk)
    try:
        file = runs.problems_file(run).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=f"{_('问题清单')}-{run.file_name.rpartition('.')[0]}.xlsx")


@door(Role.CLERK)
def template(_request: ViewerRequest, kind: str) -> HttpResponse:
    """空白模板."""
    one = KINDS.get(kind)
    if one is None:
        raise Http404
    response = HttpResponse(
        template_bytes(one), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response
