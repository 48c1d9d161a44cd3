"""XLSForm 的导出和导入."""

from typing import cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from anguan.checklists import selectors, services, xlsform
from anguan.checklists.forms import ImportForm, sentence
from anguan.checklists.models import Checklist
from anguan.checklists.rules import BadForm, NotAllowed
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door(*BUREAU)
def export(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """导出 XLSForm: for ODK, Kobo and a spreadsheet."""
    checklist = get_object_or_404(selectors.versions_visible_to(request.viewer, Checklist), pk=checklist_id)
    answer = HttpResponse(xlsform.xlsform_bytes(checklist), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{checklist.code}-{checklist.version}.xlsx"'
    return answer


@door(Role.CLERK, Role.LEADER)
def read(request: ViewerRequest) -> HttpResponseBase:
    """导入 XLSForm: becomes a draft; what was left out is listed once, with its cell."""
    form = ImportForm(request.POST or None, request.FILES or None)
    made: Checklist | None = None
    left_out: tuple[tuple[str, str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            reading = xlsform.read_xlsform(form.cleaned_data["file"])
            made = services.draft_from_sheet(
                sheet=reading.sheet,
                organ=cast(Organ, selectors.drafting_organ(request.viewer)),
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except (BadForm, NotAllowed) as error:
            form.add_error("file", sentence(error))
        else:
            left_out = tuple((row.cell, row.what, _(row.why)) for row in reading.left_out)
    return render(
        request,
        "checklists/import.html",
        {
            "form": form,
            "made": made,
            "left_out": left_out,
            "incomplete": selectors.incomplete_questions(made) if made else [],
        },
        status=422 if form.errors else 200,
    )
