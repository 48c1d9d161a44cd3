"""平面图 of a building: added, looked at, given a better picture."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.ground.evidence import UnusableFile
from anguan.people.doors import door
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry import services
from anguan.registry.forms import PictureForm, PlanForm
from anguan.registry.rules import Refused
from anguan.registry.selectors import buildings_visible_to, plans_visible_to
from anguan.registry.services.runs import sentence
from anguan.ui.panels import slot

SLOT = slot("registry.plan")


@door(Role.CLERK)
def plan_new(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """上传平面图."""
    building = get_object_or_404(buildings_visible_to(request.viewer), pk=pk)
    form = PlanForm(request.POST or None, request.FILES or None, initial={"uid": uuid7()})
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.add_plan(
                building=building,
                storey=form.cleaned_data["storey"],
                part=form.cleaned_data["part"],
                picture=form.sent,
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except Refused as error:
            form.add_error("storey", sentence(error))
        except services.PlanRefused as error:
            form.add_error(None, str(error))
        except UnusableFile as error:
            form.add_error("picture", str(error))
        else:
            messages.success(request, _("平面图已上传。"))
            return redirect(plan)
    title = _("上传平面图：%(name)s") % {"name": building}
    context = {"form": form, "title": title, "back": building.get_absolute_url(), "submit": _("上传")}
    return render(request, "registry/edit.html", context, status=422 if form.errors else 200)


@door(*BUREAU, *ENTERPRISE, Role.DUTY_OFFICER)
def plan(request: ViewerRequest, pk: int, plan_id: int) -> HttpResponse:
    """平面图 with what upper rooms place on it."""
    row = get_object_or_404(plans_visible_to(request.viewer), pk=plan_id, building=pk)
    context = {
        "plan": row,
        "slot": SLOT,
        "others": list(plans_visible_to(request.viewer).filter(building=pk).exclude(pk=row.pk)),
        "may_open_building": buildings_visible_to(request.viewer).filter(pk=pk).exists(),
        "form": PictureForm(initial={"uid": uuid7()}) if request.viewer.has(Role.CLERK) else None,
    }
    return render(request, "registry/plan.html", context)


@door(Role.CLERK)
def plan_change(request: ViewerRequest, pk: int, plan_id: int) -> HttpResponseBase:
    """更换图片."""
    row = get_object_or_404(plans_visible_to(request.viewer), pk=plan_id, building=pk)
    form = PictureForm(request.POST or None, request.FILES or None, initial={"uid": uuid7()})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_picture(plan=row, picture=form.sent, actor=request.viewer.actor, now=clock.now())
        except (services.PlanRefused, UnusableFile) as error:
            form.add_error("picture", str(error))
        else:
            messages.success(request, _("图片已更换。图上的点位按原来的比例保留，请核对。"))
            return redirect(row)
    title = _("更换图片：%(name)s") % {"name": f"{row.building} {row}"}
    context = {"form": form, "title": title, "back": row.get_absolute_url(), "submit": _("更换图片")}
    return render(request, "registry/edit.html", context, status=422 if form.errors else 200)
