"""专家回避 on an expert's page, and the list of experts as a file that can be imported again."""

import tempfile

from django.contrib import messages
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import BUREAU, Role
from anguan.people.selectors import experts_managed_by, experts_visible_to
from anguan.people.viewers import ViewerRequest
from anguan.registry import services
from anguan.registry.exporting import export_experts
from anguan.registry.forms import EndRecusalForm, RecusalForm
from anguan.registry.selectors import recusals_visible_to


@door(Role.CLERK, Role.EXPERT)
def recusal_declare(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """申报专家回避: by the clerk who keeps the list, or by the expert themselves."""
    seen = experts_managed_by(request.viewer) | experts_visible_to(request.viewer).filter(
        pk=request.viewer.expert_id or 0
    )
    expert = get_object_or_404(seen, pk=pk)
    form = RecusalForm(request.POST or None, initial={"since": clock.local_day(clock.now())})
    if request.method == "POST" and form.is_valid():
        services.declare_recusal(expert=expert, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("回避已申报，抽取专家时会避开。"))
        return redirect("people:expert", pk)
    context = {"form": form, "expert": expert}
    return render(request, "registry/recusal.html", context, status=422 if form.errors else 200)


@require_POST
@door(Role.CLERK)
def recusal_end(request: ViewerRequest, pk: int, recusal: int) -> HttpResponseBase:
    """解除专家回避, with the reason."""
    expert = get_object_or_404(experts_managed_by(request.viewer), pk=pk)
    declared = get_object_or_404(recusals_visible_to(request.viewer), pk=recusal, expert=expert)
    form = EndRecusalForm(request.POST)
    now = clock.now()
    if not form.is_valid():
        messages.error(request, _("解除回避要写明缘由。"))
        return redirect("people:expert", pk)
    try:
        services.end_recusal(
            recusal=declared,
            until=clock.local_day(now),
            reason=form.cleaned_data["reason"],
            actor=request.viewer.actor,
            now=now,
        )
    except services.RecusalRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("回避已解除，记录保留。"))
    return redirect("people:expert", pk)


@door(*BUREAU)
def experts_export(request: ViewerRequest) -> HttpResponseBase:
    """导出专家库."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    export_experts(experts_visible_to(request.viewer), file)
    file.seek(0)
    name = f"{_('专家库')}-{clock.local_day(clock.now()):%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)
