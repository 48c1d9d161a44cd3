"""What is asked on the spot and what may be inspected: for the office, and for everybody."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from anguan.checklists import selectors, showing
from anguan.checklists.forms import PublishForm, RenameForm, WithdrawForm
from anguan.checklists.models import Checklist, ItemList
from anguan.ground import clock
from anguan.people.doors import PUBLIC, door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


def _version_row(version: Checklist | ItemList, page: str = "") -> dict[str, Any]:
    return {
        "version": version,
        "pill": showing.stage_pill(version),
        "url": reverse(page, args=[version.pk]) if page else "",
    }


@door(*BUREAU, Role.SUPERVISOR)
def index(request: ViewerRequest) -> HttpResponse:
    """检查表: the newest version of each, drafts first, and the item list in force."""
    viewer = request.viewer
    today = clock.local_day(clock.now())
    visible = selectors.versions_visible_to(viewer, Checklist)
    drafts = [row for row in visible.order_by("code") if row.is_draft]
    newest: dict[str, Checklist] = {}
    for row in selectors.checklists().order_by("code", "-effective_from", "-pk"):
        if row.code not in newest or (not newest[row.code].is_in_force_on(today) and row.is_in_force_on(today)):
            newest[row.code] = row
    current = selectors.current_list(today)
    return render(
        request,
        "checklists/index.html",
        {
            "drafts": [_version_row(draft) for draft in drafts],
            "checklists": [_version_row(row) for row in newest.values()],
            "lists": [
                _version_row(row, "checklists:list")
                for row in selectors.versions_visible_to(viewer, ItemList).order_by("-pk")
            ],
            "item_list": current,
            "rows": showing.matter_rows(current.items.order_by("code").select_related("checklist")) if current else [],
            "may_draft": selectors.drafting_organ(viewer) is not None,
        },
    )


@door(*BUREAU, Role.SUPERVISOR)
def detail(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """One version of a checklist: its questions, its story, and what may be done with it."""
    viewer = request.viewer
    checklist = get_object_or_404(selectors.versions_visible_to(viewer, Checklist), pk=checklist_id)
    items = list(checklist.items.select_related("criterion"))
    previous = selectors.previous_version(checklist)
    versions = selectors.versions_visible_to(viewer, Checklist).filter(code=checklist.code).order_by("-pk")
    today = clock.local_day(clock.now())
    return render(
        request,
        "checklists/detail.html",
        {
            "checklist": checklist,
            "pill": showing.stage_pill(checklist),
            "rows": showing.question_rows(items),
            "last": len(items),
            "versions": [_version_row(version, "checklists:detail") for version in versions],
            "previous": previous,
            "may_draft": not checklist.is_draft and selectors.drafting_organ(viewer) is not None,
            "may_edit": selectors.may_edit(viewer, checklist),
            "may_publish": selectors.may_publish(viewer, checklist),
            "may_withdraw": checklist.stage == "published"
            and selectors.withdrawable_by(viewer, Checklist).filter(pk=checklist.pk).exists(),
            "rename_form": RenameForm(initial={"title": checklist.title, "industry": checklist.industry}),
            "publish_form": PublishForm(initial={"effective_from": today}),
            "withdraw_form": WithdrawForm(initial={"withdrawn_from": today}),
            "history": showing.story_of(checklist),
        },
    )


@door(*BUREAU, Role.SUPERVISOR)
def diff(request: ViewerRequest, checklist_id: int, other_id: int) -> HttpResponse:
    """比较: what differs between two versions of a checklist, older to newer."""
    visible = selectors.versions_visible_to(request.viewer, Checklist)
    after = get_object_or_404(visible, pk=checklist_id)
    before = get_object_or_404(visible, pk=other_id, code=after.code)
    return render(
        request,
        "checklists/diff.html",
        {"title": after.title, "before": before, "after": after, "rows": showing.checklist_differences(before, after),
         "back": after},
    )  # fmt: skip


@door(PUBLIC)
def public_items(request: ViewerRequest) -> HttpResponse:
    """随机抽查事项清单, for everybody: the one in force today, and every other version."""
    today = clock.local_day(clock.now())
    return _public_list(request, selectors.current_list(today))


@door(PUBLIC)
def public_list(request: ViewerRequest, list_id: int) -> HttpResponse:
    """One published version of the item list."""
    item_list = get_object_or_404(ItemList, pk=list_id)
    if not selectors.is_public(item_list):
        raise Http404
    return _public_list(request, item_list)


def _public_list(request: ViewerRequest, item_list: ItemList | None) -> HttpResponse:
    today = clock.local_day(clock.now())
    matters = item_list.items.order_by("code").select_related("checklist") if item_list else []
    rows = showing.matter_rows(matters)
    for row in rows:
        # What will be asked is the checklist of today, whichever version the list names.
        row["checklist"] = selectors.checklist_for(row["item"], today)
    return render(
        request,
        "checklists/public_items.html",
        {
            "item_list": item_list,
            "is_current": item_list is not None and item_list == selectors.current_list(today),
            "rows": rows,
            "versions": [_version_row(version, "checklists_public:list") for version in selectors.published_lists()],
        },
    )


@door(PUBLIC)
def public_checklist(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """检查表, for everybody: an enterprise may know what will be asked."""
    checklist = get_object_or_404(Checklist, pk=checklist_id)
    if not selectors.is_public(checklist):
        raise Http404
    return render(
        request,
        "checklists/public_checklist.html",
        {
            "checklist": checklist,
            "pill": showing.stage_pill(checklist),
            "rows": showing.question_rows(checklist.items.select_related("criterion")),
            "versions": [
                _version_row(version, "checklists_public:checklist")
                for version in selectors.checklists().filter(code=checklist.code).order_by("-pk")
            ],
        },
    )
