"""指导服务 in the office: records, referral, exceptions."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.inspections import showing
from anguan.inspections.selectors import caps, oversight
from anguan.inspections.services import guidance as services
from anguan.inspections.services import visits
from anguan.inspections.visit_forms import GuidanceForm
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import enterprises_visible_to

EXCEPTION_LASTS = timedelta(days=90)


@door(*BUREAU, *ENTERPRISE)
def guidance_list(request: ViewerRequest) -> HttpResponse:
    """指导服务记录, newest first; a firm sees its own."""
    rows = oversight.guidance_visible_to(request.viewer)[:200]
    return render(
        request,
        "inspections/guidance_list.html",
        {"rows": rows, "may_record": request.viewer.has(*BUREAU)},
    )


@door(*BUREAU)
def record(request: ViewerRequest, pk: int) -> HttpResponse:
    """记录指导服务 at a firm that was chosen before."""
    firm = get_object_or_404(enterprises_visible_to(request.viewer), pk=pk)
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*BUREAU)).order_by("pk")
    today = clock.local_day(clock.now())
    form = GuidanceForm(request.POST or None, organs=organs, initial={"guided_on": today})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            found = services.record_guidance(
                uid=form.once, organ=values["organ"], enterprise=firm, officers=list(values["officers"]),
                guided_on=values["guided_on"], host=values["host"], explained=values["explained"],
                problems=form.found(), others=values["others"], actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("指导服务已记录。"))
            return redirect("inspections:guidance", uid=found.uid)
    organ = organs.first()
    return render(
        request,
        "inspections/guidance_record.html",
        {
            "form": form,
            "enterprise": firm,
            "need": caps.guidance_need(organ, firm, today) if organ else None,
            "may_except": organ is not None and organ.pk in request.viewer.organs_as(Role.LEADER),
        },
        status=422 if form.errors else 200,
    )


@door(*BUREAU, *ENTERPRISE)
def guidance(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一次指导服务: what was explained and noted, its code, and the one door to enforcement."""
    found = get_object_or_404(oversight.guidance_visible_to(request.viewer), uid=uid)
    return render(
        request,
        "inspections/guidance.html",
        {
            "guidance": found,
            "officers": found.officers.order_by("pk"),
            "code": visits.service_code(guidance=found),
            "may_refer": found.referred_at is None and found.organ_id in request.viewer.organs_as(*BUREAU),
        },
    )


@require_POST
@door(*BUREAU)
def refer(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """转为线索."""
    found = get_object_or_404(oversight.guidance_visible_to(request.viewer), uid=uid)
    if found.organ_id not in request.viewer.organs_as(*BUREAU):
        raise PermissionDenied(_("只有指导机关可以转为线索。"))
    try:
        services.refer_guidance(
            guidance=found, reason=request.POST.get("reason", ""), actor=request.viewer.actor, now=clock.now()
        )
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("已转为线索；要检查的，另行申请并批准。"))
    return redirect("inspections:guidance", uid=uid)


@require_POST
@door(Role.LEADER)
def exception(request: ViewerRequest, pk: int) -> HttpResponse:
    """首检指导例外, by the leader, for ninety days."""
    firm = get_object_or_404(enterprises_visible_to(request.viewer), pk=pk)
    organ = get_object_or_404(Organ, pk=min(request.viewer.organs_as(Role.LEADER), default=0))
    now = clock.now()
    try:
        services.except_from_guidance(
            organ=organ, enterprise=firm, reason=request.POST.get("reason", ""),
            until=clock.local_day(now) + EXCEPTION_LASTS, actor=request.viewer.actor, now=now,
        )  # fmt: skip
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("例外已记录，九十天内有效。"))
    return redirect("inspections:apply")
