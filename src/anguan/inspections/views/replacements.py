"""Office pages of replacements: ask for one, and decide on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock, evidence
from anguan.ground.evidence import UnusableFile
from anguan.inspections import selectors, showing
from anguan.inspections.draw_forms import ReplacementForm
from anguan.inspections.models import Assignment, BatchExpert, BatchOfficer, Replacement
from anguan.inspections.rules import NotAllowed, ReplacementKind, ReplacementState
from anguan.inspections.services import replacements
from anguan.people.doors import door
from anguan.people.rules import BUREAU
from anguan.people.viewers import ViewerRequest
from anguan.ui.photos import photos_from


def _target(request: ViewerRequest, code: str, pk: int) -> Assignment:
    """A drawn target of which the viewer may say that it can't be had; for everybody else there is none."""
    found = get_object_or_404(
        Assignment.objects.select_related("batch__organ", "target__enterprise", "visit", "envelope"),
        batch__code=code,
        pk=pk,
    )
    if not selectors.may_ask_replacement(request.viewer, found):
        raise Http404
    return found


@door(*BUREAU)
def ask(request: ViewerRequest, code: str, pk: int) -> HttpResponse:
    """申请替换."""
    assignment = _target(request, code, pk)
    officers = list(BatchOfficer.objects.filter(assignments=assignment).select_related("officer").order_by("pk"))
    experts = list(
        BatchExpert.objects.filter(visits__visit__assignment=assignment).select_related("expert").order_by("pk")
    )
    form = ReplacementForm(
        request.POST or None,
        officers=officers,
        experts=experts,
        is_staffed=not assignment.is_unstaffed,
        is_closed=selectors.is_closed(assignment),
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        now = clock.now()
        try:
            replacements.ask_replacement(
                assignment=assignment,
                kind=values["kind"],
                reason=values["reason"],
                note=values["note"],
                officer=values["officer"],
                expert=values["expert"],
                photos=photos_from(request, uid=form.once, now=now),
                uid=form.once,
                actor=request.viewer.actor,
                now=now,
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("替换申请已提交，等本机关另一位负责人批准。"))
            if selectors.may_plan(request.viewer, assignment.batch):
                return redirect("inspections:batch", code=code)
            return redirect("inspections:visits")
    return render(
        request,
        "inspections/replacement_ask.html",
        {
            "assignment": assignment,
            "batch": assignment.batch,
            "target": selectors.target_word(assignment),
            "is_closed": selectors.is_closed(assignment),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@door(*selectors.PLANNERS)
def replacement(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一份替换申请: what was asked, by whom, what proves it, and what comes instead."""
    found = get_object_or_404(selectors.replacement_visible_to(request.viewer), uid=uid)
    return render(
        request,
        "inspections/replacement.html",
        {
            "replacement": found,
            "batch": found.batch,
            "kind": _(ReplacementKind(found.kind).label),
            "state": showing.replacement_pill(found),
            "reason": showing.replacement_reason(found),
            "subject": showing.replacement_subject(found),
            "outcome": showing.replacement_outcome(found),
            "photos": evidence.of(found),
            "may_decide": found.state == ReplacementState.ASKED and selectors.may_decide(request.viewer, found),
            "is_own": found.asked_by_id == str(request.viewer.user_id),
        },
    )


@require_POST
@door(*selectors.PLANNERS)
def decide(request: ViewerRequest, uid: UUID, act: str) -> HttpResponse:
    """批准或不批准替换."""
    found: Replacement = get_object_or_404(selectors.replacement_visible_to(request.viewer), uid=uid)
    if not selectors.may_approve(request.viewer, found.batch):
        raise PermissionDenied(_("替换须由本机关负责人批准。"))
    given: dict[str, Any] = {"replacement": found, "actor": request.viewer.actor, "now": clock.now()}
    try:
        if act == "approve":
            replacements.approve_replacement(**given)
        else:
            replacements.refuse_replacement(**given, note=request.POST.get("note", ""))
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("替换已批准。") if act == "approve" else _("已记录不批准。"))
    return redirect("inspections:replacement", uid=uid)
