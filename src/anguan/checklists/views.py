"""Read-only pages: what is asked on the spot, and what may be inspected at all."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from anguan.checklists import selectors
from anguan.checklists.models import Checklist
from anguan.people.doors import PUBLIC, door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


@door(*BUREAU, Role.SUPERVISOR)
def index(request: ViewerRequest) -> HttpResponse:
    """检查表: all checklists and the item list in force."""
    return render(
        request,
        "checklists/index.html",
        {"checklists": selectors.checklists(), "item_list": selectors.current_list()},
    )


@door(*BUREAU, Role.SUPERVISOR)
def detail(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """One checklist with every question and its clauses."""
    checklist = get_object_or_404(Checklist.objects.prefetch_related("items"), pk=checklist_id)
    return render(request, "checklists/detail.html", {"checklist": checklist, "items": checklist.items.all()})


@door(PUBLIC)
def public_items(request: ViewerRequest) -> HttpResponse:
    """随机抽查事项清单, for everybody."""
    return render(request, "checklists/public_items.html", {"item_list": selectors.current_list()})


@door(PUBLIC)
def public_checklist(request: ViewerRequest, checklist_id: int) -> HttpResponse:
    """检查表, for everybody: an enterprise may know what will be asked."""
    checklist = get_object_or_404(Checklist.objects.prefetch_related("items"), pk=checklist_id)
    return render(request, "checklists/public_checklist.html", {"checklist": checklist, "items": checklist.items.all()})
