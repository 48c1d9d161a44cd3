"""起草检查表: copy, add, change, move and take out questions; plain forms, no script needed."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from uuid_utils.compat import uuid7

from anguan.checklists import selectors, services
from anguan.checklists.forms import PhraseForm, PlaceForm, QuestionForm, RenameForm, sentence
from anguan.checklists.models import Checklist, ChecklistItem, HazardPhrase
from anguan.checklists.rules import NotAllowed
from anguan.checklists.views.acting import done_or_said, first_error
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


def _own(request: ViewerRequest, checklist_id: int) -> Checklist:
    return get_object_or_404(selectors.versions_of_own_organ(request.viewer, Checklist), pk=checklist_id)


def _question(request: ViewerRequest, checklist_id: int, key: str) -> ChecklistItem:
    return get_object_or_404(_own(request, checklist_id).items.select_related("checklist", "criterion"), key=key)


def _editor(item: ChecklistItem) -> str:
    return f"{reverse('checklists:detail', args=[item.checklist_id])}#q{item.number}"


@require_POST
@door(Role.CLERK, Role.LEADER)
def draft(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """起草新版本: a copy of this one."""
    source = get_object_or_404(selectors.checklists(), pk=checklist_id)
    organ = cast(Organ, selectors.drafting_organ(request.viewer))
    try:
        made = services.draft_checklist(source=source, organ=organ, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return redirect("checklists:detail", source.pk)
    messages.success(request, _("已起草 %(version)s，改好后由负责人公布。") % {"version": made.version})
    return redirect("checklists:detail", made.pk)


@require_POST
@door(Role.CLERK, Role.LEADER)
def rename(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """改名称."""
    checklist = _own(request, checklist_id)
    form = RenameForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
    else:
        done_or_said(
            request,
            lambda: services.rename_draft(
                draft=checklist, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data
            ),
            _("名称已改。"),
        )
    return redirect("checklists:detail", checklist.pk)


@door(Role.CLERK, Role.LEADER)
def new_question(request: ViewerRequest, checklist_id: int) -> HttpResponseBase:
    """增加检查项 at the end of the draft."""
    checklist = _own(request, checklist_id)
    now = clock.now()
    form = QuestionForm(
        request.POST or None,
        on=clock.local_day(now),
        initial={"key": f"n{uuid7().hex}", "hazard_level": "general", "suggested_days": 15},
    )
    if request.method == "POST" and form.is_valid():
        try:
            item = services.add_question(
                draft=checklist,
                key=form.cleaned_data["key"],
                question=form.as_question(),
                actor=request.viewer.actor,
                now=now,
            )
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("已增加第 %(number)s 项。") % {"number": item.number})
            return redirect(_editor(item))
    return render(
        request,
        "checklists/question.html",
        {"form": form, "checklist": checklist, "item": None},
        status=422 if form.errors else 200,
    )


@door(Role.CLERK, Role.LEADER)
def question(request: ViewerRequest, checklist_id: int, key: str) -> HttpResponseBase:
    """修改检查项."""
    item = _question(request, checklist_id, key)
    now = clock.now()
    form = QuestionForm(request.POST or None, on=clock.local_day(now), item=item, initial=QuestionForm.initial_of(item))
    if request.method == "POST" and form.is_valid():
        try:
            item = services.change_question(item=item, question=form.as_question(), actor=request.viewer.actor, now=now)
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("第 %(number)s 项已修改。") % {"number": item.number})
            return redirect(_editor(item))
    return render(
        request,
        "checklists/question.html",
        {"form": form, "checklist": item.checklist, "item": item},
        status=422 if form.errors else 200,
    )


@require_POST
@door(Role.CLERK, Role.LEADER)
def move(request: ViewerRequest, checklist_id: int, key: str) -> HttpResponse:
    """移动检查项: one up, one down, or to a place."""
    item = _question(request, checklist_id, key)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写移到第几项，例如 3。"))
        return redirect(_editor(item))
    try:
        item = services.move_question(
            item=item, place=form.cleaned_data["place"], actor=request.viewer.actor, now=clock.now()
        )
    except NotAllowed as error:
        messages.error(request, sentence(error))
    return redirect(_editor(item))


@require_POST
@door(Role.CLERK, Role.LEADER)
def remove(request: ViewerRequest, checklist_id: int, key: str) -> HttpResponse:
    """取消检查项 from the draft."""
    item = _question(request, checklist_id, key)
    done_or_said(
        request,
        lambda: services.remove_question(item=item, actor=request.viewer.actor, now=clock.now()),
        _("第 %(number)s 项已从草稿取消。") % {"number": item.number},
    )
    return redirect("checklists:detail", checklist_id)


@door(*BUREAU)
def phrases(request: ViewerRequest, checklist_id: int, key: str) -> HttpResponseBase:
    """隐患目录 of a question: read by all officers, edited by clerks and leaders."""
    checklist = get_object_or_404(selectors.versions_visible_to(request.viewer, Checklist), pk=checklist_id)
    item = get_object_or_404(checklist.items.select_related("checklist"), key=key)
    may_edit = request.viewer.has(Role.CLERK, Role.LEADER)
    initial = {"hazard_level": item.hazard_level, "days": item.suggested_days}
    form = PhraseForm(request.POST if request.method == "POST" and may_edit else None, initial=initial)
    if form.is_bound and form.is_valid():
        kept = done_or_said(
            request,
            lambda: services.keep_phrase(item=item, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data),
            _("已保存。"),
        )
        if kept:
            return redirect("checklists:phrases", checklist_id, key)
    return render(
        request,
        "checklists/phrases.html",
        {
            "form": form,
            "checklist": checklist,
            "item": item,
            "phrases": selectors.phrases_for(item),
            "may_edit": may_edit,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@door(Role.CLERK, Role.LEADER)
def retire_phrase(request: ViewerRequest, checklist_id: int, key: str, phrase_id: int) -> HttpResponse:
    """不再选用."""
    checklist = get_object_or_404(selectors.versions_visible_to(request.viewer, Checklist), pk=checklist_id)
    phrase = get_object_or_404(HazardPhrase, pk=phrase_id, checklist_code=checklist.code, item_key=key)
    done_or_said(
        request,
        lambda: services.retire_phrase(phrase=phrase, actor=request.viewer.actor, now=clock.now()),
        _("这条描述不再提供选用；已经用过的不受影响。"),
    )
    return redirect("checklists:phrases", checklist_id, key)
