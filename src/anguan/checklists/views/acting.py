"""公布、停用、作废 of any kind of version, and what a refusal looks like."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.checklists import selectors, services
from anguan.checklists.forms import PublishForm, WithdrawForm, sentence
from anguan.checklists.models import Checklist, Criterion, ItemList
from anguan.checklists.rules import NotAllowed
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest

# Typed loosely: each act is the same for all three kinds.
_KINDS: Final[Mapping[str, tuple[Any, str]]] = {
    "checklist": (Checklist, "checklists:detail"),
    "list": (ItemList, "checklists:list"),
    "criterion": (Criterion, "checklists:criterion"),
}


def done_or_said(request: ViewerRequest, act: Callable[[], Any], done: str) -> bool:
    """Run an act; the page says what was done, or why not."""
    try:
        act()
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return False
    messages.success(request, done)
    return True


def first_error(form: Any) -> str:
    """The first thing that is wrong with a form, as one sentence."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}：{errors[0]}" if label else str(errors[0])


def _of_kind(kind: str) -> tuple[Any, str]:
    try:
        return _KINDS[kind]
    except KeyError:
        raise Http404 from None


@require_POST
@door(Role.LEADER)
def publish(request: ViewerRequest, kind: str, pk: int) -> HttpResponse:
    """公布: by a leader of the organ that drafted it."""
    model, page = _of_kind(kind)
    led = request.viewer.organs_as(Role.LEADER)
    version = get_object_or_404(model._default_manager.filter(organ__in=led), pk=pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
    else:
        done_or_said(
            request,
            lambda: services.publish_version(
                version=version, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data
            ),
            _("已公布，内容从此不再改动。"),
        )
    return redirect(page, version.pk)


@require_POST
@door(Role.LEADER)
def withdraw(request: ViewerRequest, kind: str, pk: int) -> HttpResponse:
    """停用."""
    model, page = _of_kind(kind)
    version = get_object_or_404(selectors.withdrawable_by(request.viewer, model), pk=pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
    else:
        done_or_said(
            request,
            lambda: services.withdraw_version(
                version=version, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data
            ),
            _("已登记停用。"),
        )
    return redirect(page, version.pk)


@require_POST
@door(Role.CLERK, Role.LEADER)
def discard(request: ViewerRequest, kind: str, pk: int) -> HttpResponseBase:
    """作废草稿."""
    model, page = _of_kind(kind)
    version = get_object_or_404(selectors.versions_of_own_organ(request.viewer, model), pk=pk)
    done_or_said(
        request,
        lambda: services.discard_version(version=version, actor=request.viewer.actor, now=clock.now()),
        _("草稿已作废，仍可查阅。"),
    )
    return redirect(page, version.pk)
