"""专家库: the list of experts, one expert's page, and the account that is their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import audit, clock
from anguan.people import services
from anguan.people.doors import door
from anguan.people.forms import ExpertForm
from anguan.people.models import Expert
from anguan.people.rules import BUREAU, Role, RolesClash
from anguan.people.selectors import experts_managed_by, experts_visible_to
from anguan.people.viewers import ViewerRequest
from anguan.people.views import kept
from anguan.ui.panels import slot

SLOT, LIST_SLOT = slot("people.expert"), slot("people.experts")
READERS = (*sorted(BUREAU), Role.LEGAL_REVIEWER, Role.SUPERVISOR)


@door(*READERS, Role.EXPERT)
def experts(request: ViewerRequest) -> HttpResponseBase:
    """专家库 for the office; an expert is led to their own page."""
    rows = experts_visible_to(request.viewer)
    if not request.viewer.has(*READERS):
        return redirect("people:expert", rows.get().pk)
    query, serving = request.GET.get("q", "").strip(), request.GET.get("serving") == "1"
    today = clock.local_day(clock.now())
    found = [
        (row, row.is_serving_on(today))
        for row in rows
        if (not serving or row.is_serving_on(today))
        and query in "\n".join([row.name, row.employer, row.title, *row.specialities])
    ]
    context = {
        "experts": found,
        "query": query,
        "serving": serving,
        "is_filtered": bool(query or serving),
        "may_keep": request.viewer.has(Role.CLERK),
        "slot": LIST_SLOT,
    }
    return render(request, "people/experts.html", context)


@door(*READERS, Role.EXPERT)
def expert(request: ViewerRequest, pk: int) -> HttpResponse:
    """One expert: term, specialities, what upper rooms know, and for the office the history."""
    return _shown(request, get_object_or_404(experts_visible_to(request.viewer), pk=pk))


def _shown(request: ViewerRequest, row: Expert, code: str = "", status: int = 200) -> HttpResponse:
    managed = request.viewer.has(Role.CLERK) and experts_managed_by(request.viewer).filter(pk=row.pk).exists()
    context = {
        "expert": row,
        "is_serving": row.is_serving_on(clock.local_day(clock.now())),
        "is_own": row.pk == request.viewer.expert_id,
        "managed": managed,
        "slot": SLOT,
        "code": code,
        "history": audit.history(row) if request.viewer.has(*READERS) else None,
    }
    response = render(request, "people/expert.html", context, status=status)
    if code:
        response["Cache-Control"] = "no-store"
    return response


@door(Role.CLERK)
def expert_new(request: ViewerRequest) -> HttpResponseBase:
    """登记专家."""
    form = ExpertForm(request.viewer.organs_as(Role.CLERK), request.POST or None)
    return _edited(request, form, None)


@door(Role.CLERK)
def expert_edit(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """修改专家信息."""
    row = get_object_or_404(experts_managed_by(request.viewer), pk=pk)
    # A copy for the form: what the service changes is read anew under its lock.
    form = ExpertForm(request.viewer.organs_as(Role.CLERK), request.POST or None, instance=Expert.objects.get(pk=pk))
    return _edited(request, form, row)


def _edited(request: ViewerRequest, form: ExpertForm, row: Expert | None) -> HttpResponseBase:
    made: list[Expert] = []

    def keep() -> None:
        made.append(
            services.keep_expert(expert=row, values=form.cleaned_data, actor=request.viewer.actor, now=clock.now())
        )

    try:
        done = kept(form, keep)
    except RolesClash as error:
        form.add_error("organ", _(str(error)))
        done = False
    if done:
        messages.success(request, _("已登记，并留下记录。"))
        return redirect("people:expert", made[0].pk)
    title = _("修改专家信息") if row else _("登记专家")
    back = reverse("people:expert", args=[row.pk]) if row else reverse("people:experts")
    context = {"form": form, "title": title, "back": back}
    return render(request, "people/expert_form.html", context, status=422 if form.errors else 200)


@require_POST
@door(Role.CLERK)
def expert_invite(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """发放专家邀请码: shown once, on this very answer."""
    row = get_object_or_404(experts_managed_by(request.viewer), pk=pk)
    try:
        code = services.issue_expert_invitation(expert=row, actor=request.viewer.actor, now=clock.now())
    except services.CodeRefused as error:
        messages.error(request, str(error))
        return redirect("people:expert", pk)
    return _shown(request, row, code)
