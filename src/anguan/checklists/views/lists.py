"""起草事项清单."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.checklists import selectors, services, showing
from anguan.checklists.forms import ListNameForm, MatterForm, PublishForm, WithdrawForm, sentence
from anguan.checklists.models import InspectionItem, ItemList
from anguan.checklists.rules import NotAllowed
from anguan.checklists.views.acting import done_or_said, first_error
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


def _own(request: ViewerRequest, list_id: int) -> ItemList:
    return get_object_or_404(selectors.versions_of_own_organ(request.viewer, ItemList), pk=list_id)


@door(*BUREAU, Role.SUPERVISOR)
def detail(request: ViewerRequest, list_id: int) -> HttpResponse:
    """One version of the item list."""
    viewer = request.viewer
    item_list = get_object_or_404(selectors.versions_visible_to(viewer, ItemList), pk=list_id)
    today = clock.local_day(clock.now())
    before = item_list.based_on
    return render(
        request,
        "checklists/list.html",
        {
            "item_list": item_list,
            "pill": showing.stage_pill(item_list),
            "rows": showing.matter_rows(item_list.items.order_by("code").select_related("checklist")),
            "differences": showing.list_differences(before, item_list) if before else [],
            "before": before,
            "may_edit": selectors.may_edit(viewer, item_list),
            "may_publish": selectors.may_publish(viewer, item_list),
            "may_withdraw": item_list.stage == "published"
            and selectors.withdrawable_by(viewer, ItemList).filter(pk=item_list.pk).exists(),
            "name_form": ListNameForm(initial={"title": item_list.title}),
            "publish_form": PublishForm(initial={"effective_from": today}),
            "withdraw_form": WithdrawForm(initial={"withdrawn_from": today}),
            "history": showing.story_of(item_list),
        },
    )


@require_POST
@door(Role.CLERK, Role.LEADER)
def draft(request: ViewerRequest) -> HttpResponse:
    """起草新清单: a copy of the one in force."""
    now = clock.now()
    try:
        made = services.draft_item_list(
            source=selectors.current_list(clock.local_day(now)),
            organ=cast(Organ, selectors.drafting_organ(request.viewer)),
            actor=request.viewer.actor,
            now=now,
        )
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return redirect("checklists:index")
    messages.success(request, _("已起草 %(version)s，改好后由负责人公布。") % {"version": made.version})
    return redirect("checklists:list", made.pk)


@require_POST
@door(Role.CLERK, Role.LEADER)
def rename(request: ViewerRequest, list_id: int) -> HttpResponse:
    """改清单名称."""
    item_list = _own(request, list_id)
    form = ListNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
    else:
        done_or_said(
            request,
            lambda: services.rename_item_list(
                draft=item_list, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data
            ),
            _("名称已改。"),
        )
    return redirect("checklists:list", item_list.pk)


@door(Role.CLERK, Role.LEADER)
def new_matter(request: ViewerRequest, list_id: int) -> HttpResponseBase:
    """增加事项."""
    return _matter(request, _own(request, list_id), None)


@door(Role.CLERK, Role.LEADER)
def matter(request: ViewerRequest, list_id: int, code: str) -> HttpResponseBase:
    """修改事项."""
    item_list = _own(request, list_id)
    return _matter(request, item_list, get_object_or_404(item_list.items, code=code))


def _matter(request: ViewerRequest, item_list: ItemList, item: InspectionItem | None) -> HttpResponseBase:
    form = MatterForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        code = values.pop("code")
        if item is None and item_list.items.filter(code=code).exists():
            form.add_error("code", _("清单里已有编号 %(code)s，请换一个。") % {"code": code})
        else:
            kept = done_or_said(
                request,
                lambda: services.keep_matter(
                    draft=item_list, code=code, values=values, actor=request.viewer.actor, now=clock.now()
                ),
                _("已保存事项 %(code)s。") % {"code": code},
            )
            if kept:
                return redirect("checklists:list", item_list.pk)
    return render(
        request,
        "checklists/matter.html",
        {"form": form, "item_list": item_list, "item": item},
        status=422 if form.errors else 200,
    )


@require_POST
@door(Role.CLERK, Role.LEADER)
def remove_matter(request: ViewerRequest, list_id: int, code: str) -> HttpResponse:
    """取消事项."""
    item = get_object_or_404(_own(request, list_id).items.select_related("item_list"), code=code)
    done_or_said(
        request,
        lambda: services.remove_matter(item=item, actor=request.viewer.actor, now=clock.now()),
        _("事项 %(code)s 已从草稿取消；清单施行后不得再检查。") % {"code": item.code},
    )
    return redirect("checklists:list", list_id)
