"""监督线索, 管辖区域, 空查说明 and 企业码 in the office."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.inspections import showing
from anguan.inspections.models import OrganArea
from anguan.inspections.rules import ConcernKind
from anguan.inspections.selectors import caps, oversight
from anguan.inspections.selectors.ratings import rating_texts
from anguan.inspections.services import areas as area_services
from anguan.inspections.services import visits
from anguan.inspections.visit_forms import AreaForm
from anguan.people.doors import door
from anguan.people.models import Officer, Organ
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Enterprise
from anguan.registry.selectors import enterprises_visible_to


def qr(url: str, scale: int = 6) -> SafeString:
    """A code drawn by us from our own address: nothing that a visitor typed is in it."""
    return mark_safe(  # noqa: S308  # a drawing
        segno.make(url, error="l").svg_inline(scale=scale, border=4, dark="#000", light="#fff", omitsize=True)
    )


def address_of(request: ViewerRequest, path: str) -> str:
    """A path as an address that another device can open."""
    return (settings.ANGUAN_ORIGIN or request.build_absolute_uri("/").rstrip("/")) + path


@door(Role.SUPERVISOR, Role.LEADER)
def concerns(request: ViewerRequest) -> HttpResponse:
    """监督线索: past caps, too often, early openings, unapproved emergencies, refusals, what firms said."""
    today = clock.local_day(clock.now())
    rows = [
        (concern, _(ConcernKind(concern.kind).label), str(concern.visit) if concern.visit else "")
        for concern in oversight.concerns_visible_to(request.viewer)[:200]
    ]
    return render(
        request,
        "inspections/concerns.html",
        {
            "rows": rows,
            "may_handle": request.viewer.has(Role.SUPERVISOR),
            "texts": rating_texts(request.viewer, today),
            "idle": caps.idle_items(today) if request.viewer.has(Role.SUPERVISOR) else [],
        },
    )


@require_POST
@door(Role.SUPERVISOR)
def handle(request: ViewerRequest, pk: int) -> HttpResponse:
    """监督意见."""
    concern = get_object_or_404(oversight.concerns_visible_to(request.viewer), pk=pk)
    try:
        visits.handle_concern(
            concern=concern, opinion=request.POST.get("opinion", ""), actor=request.viewer.actor, now=clock.now()
        )
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("监督意见已记录。"))
    return redirect("inspections:concerns")


@door(Role.LEADER, Role.CLERK)
def discipline(request: ViewerRequest) -> HttpResponse:
    """检查规矩: where the organ works, the rules that hold there, and officers who are blocked until explained."""
    mine = request.viewer.organs_as(Role.LEADER, Role.CLERK)
    organs = Organ.objects.filter(pk__in=mine).order_by("pk")
    leads = request.viewer.organs_as(Role.LEADER)
    today = clock.local_day(clock.now())
    form = AreaForm(organs=organs.filter(pk__in=leads), initial={"valid_from": today})
    rules = [
        caps.local_rule(rule_id, organ, today)
        for organ in organs[:1]
        for rule_id in (caps.CAPS, caps.MARKS, caps.EMPTY_CHECKS, caps.GUIDANCE_FIRST, caps.MERGE)
    ]
    blocked = {pair for organ in organs for pair in caps.blocked_pairs(organ, today)}
    officers = Officer.objects.in_bulk([officer for officer, _firm in blocked])
    firms = Enterprise.objects.in_bulk([firm for _officer, firm in blocked])
    return render(
        request,
        "inspections/discipline.html",
        {
            "areas": OrganArea.objects.filter(organ__in=mine).select_related("organ").order_by("organ", "pk"),
            "form": form if leads else None,
            "rules": rules,
            "blocked": [(officers[officer], firms[firm]) for officer, firm in sorted(blocked)],
            "may_explain": bool(leads),
        },
    )


@require_POST
@door(Role.LEADER)
def area(request: ViewerRequest) -> HttpResponse:
    """登记管辖区域, by the head of the organ."""
    form = AreaForm(request.POST, organs=Organ.objects.filter(pk__in=request.viewer.organs_as(Role.LEADER)))
    if form.is_valid():
        area_services.declare_area(**form.cleaned_data, actor=request.viewer.actor, now=clock.now())
        messages.success(request, _("管辖区域已登记。"))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("inspections:discipline")


@require_POST
@door(Role.LEADER)
def explain(request: ViewerRequest, officer: int, enterprise: int) -> HttpResponse:
    """空查说明 by the leader."""
    who = get_object_or_404(Officer, pk=officer, organ__in=request.viewer.organs_as(Role.LEADER))
    firm = get_object_or_404(enterprises_visible_to(request.viewer), pk=enterprise)
    try:
        visits.explain_empty_checks(
            officer=who, enterprise=firm, reason=request.POST.get("reason", ""), actor=request.viewer.actor,
            now=clock.now(),
        )  # fmt: skip
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("说明已记录，可以再派。"))
    return redirect("inspections:discipline")


@door(*BUREAU, *ENTERPRISE)
def enterprise_code(request: ViewerRequest, pk: int) -> HttpResponse:
    """企业码, to print and hang up: officers scan it when they enter."""
    firm = get_object_or_404(enterprises_visible_to(request.viewer), pk=pk)
    url = address_of(request, reverse("inspections_public:firm", args=[visits.enterprise_code(enterprise=firm)]))
    return render(request, "inspections/enterprise_code.html", {"enterprise": firm, "qr": qr(url, 8), "url": url})
