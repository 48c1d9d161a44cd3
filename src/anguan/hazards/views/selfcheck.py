"""Phone pages of self-reporting: a hazard in under a minute, the quarter's statistics; and what a shop sees."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.ground.evidence import UnusableFile
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules, selectors, services, showing, showing_file
from anguan.hazards.forms import OwnHazardForm, StatementForm, TenantPartForm, sentence
from anguan.hazards.models import Hazard, Statement
from anguan.hazards.rules import NotAllowed, Quarter
from anguan.hazards.views.phone import card
from anguan.people.doors import door
from anguan.people.rules import ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Enterprise
from anguan.ui.photos import photos_from

SHOWN: Final = 100
STATISTICS_RULE: Final = "D28"


def _enterprises(request: ViewerRequest) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(pk__in=request.viewer.enterprise_ids).order_by("name")


@door(*ENTERPRISE)
def report_own(request: ViewerRequest) -> HttpResponse:
    """自查自报: a picture and a sentence; sent twice it counts once."""
    now, viewer = clock.now(), request.viewer
    choices: dict[str, Any] = {
        "enterprises": _enterprises(request),
        "tenants": selectors.tenants_of(viewer.enterprise_ids),
    }
    if request.method == "POST":
        form = OwnHazardForm(request.POST, **choices)
        if form.is_valid():
            data = form.cleaned_data
            try:
                hazard = services.report_own_hazard(
                    uid=data["uid"],
                    enterprise=data["enterprise"],
                    description=data["description"],
                    place=data["place"],
                    tenant=data.get("tenant"),
                    may_be_major=data["may_be_major"],
                    photos=photos_from(request, uid=data["uid"], now=now),
                    actor=viewer.actor,
                    now=now,
                )
            except NotAllowed as error:
                form.add_error(None, sentence(error))
            except UnusableFile as error:
                form.add_error(None, str(error))
            else:
                said = _("已报监管部门定级。") if data["may_be_major"] else _("已登记，请整改后上传照片自行销号。")
                messages.success(request, said)
                return redirect("hazards_phone:detail", uid=hazard.uid)
        return render(request, "hazards/phone_own.html", {"form": form}, status=422)
    return render(request, "hazards/phone_own.html", {"form": OwnHazardForm(initial={"uid": uuid7()}, **choices)})


@door(*ENTERPRISE)
def statements(request: ViewerRequest) -> HttpResponse:
    """隐患排查治理统计表: what is due, with the platform's own figures; signed by the principal (D28)."""
    return _statements(request, StatementForm())


def _statements(request: ViewerRequest, form: StatementForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "hazards/phone_statements.html",
        {
            "waiting": [one for one in _all_due(request) if not one["known"]],
            "form": form,
            "signs": request.viewer.has(Role.PRINCIPAL),
            "past": [
                (row, period_word(row.year, row.quarter)) for row in selectors.statements_of(request.viewer)[:SHOWN]
            ],
            "basis": _(rules.STATISTICS),
        },
        status=status,
    )


@require_POST
@door(Role.PRINCIPAL)
def submit_statement(request: ViewerRequest) -> HttpResponse:
    """签字报送 of one period that is due."""
    form = StatementForm(request.POST)
    chosen = next((one for one in _all_due(request) if one["key"] == request.POST.get("period", "")), None)
    if chosen is None:
        form.add_error(None, _("请选择要报送的一期。"))
    elif form.is_valid():
        try:
            services.submit_statement(
                enterprise=chosen["enterprise"],
                year=chosen["quarter"].year,
                quarter=chosen["quarter"].number,
                funds_yuan=form.cleaned_data["funds_yuan"],
                note_text=form.cleaned_data["note"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("统计表已报送。"))
            return redirect("hazards_phone:statements")
    return _statements(request, form, status=422)


def period_word(year: int, quarter: int) -> str:
    """2026 年第 1 季度, or the whole year."""
    if quarter == 0:
        return _("%(year)d 年全年") % {"year": year}
    return _("%(year)d 年第 %(quarter)d 季度") % {"year": year, "quarter": quarter}


def _all_due(request: ViewerRequest) -> list[dict[str, Any]]:
    today = clock.local_day(clock.now())
    return [_due(enterprise, quarter, today) for enterprise in _enterprises(request) for quarter in _periods(today)]


def _periods(today: date) -> list[Quarter]:
    """The last quarter that is over, and in January the year before it."""
    last = rules.quarter_to_report(today)
    return [last, Quarter(last.year, 0)] if last.number == 4 else [last]


def _due(enterprise: Enterprise, quarter: Quarter, today: date) -> dict[str, Any]:
    found = rule(STATISTICS_RULE, today)
    return {
        "key": f"{enterprise.pk}-{quarter.year}-{quarter.number}",
        "title": f"{enterprise.name} · {period_word(quarter.year, quarter.number)}",
        "enterprise": enterprise,
        "quarter": quarter,
        # A period from before the enterprise was on the ledger may be handed in, but is never called late.
        "is_before_us": clock.local_day(enterprise.created_at) > quarter.last,
        "due_on": rules.due_day(quarter, quarterly=found.values["quarterly"], yearly=found.values["yearly"]),
        "counts": selectors.counts_of(enterprise, quarter),
        "known": Statement.objects.filter(enterprise=enterprise, year=quarter.year, quarter=quarter.number).exists(),
    }


@door(Role.TENANT)
def shop_hazards(request: ViewerRequest) -> HttpResponse:
    """与本店有关的隐患."""
    found = selectors.tenant_hazards(request.viewer).select_related("enterprise").order_by("sort_due_on", "id")
    return render(request, "hazards/phone_shop_list.html", {"cards": [card(hazard) for hazard in found[:SHOWN]]})


def _shops(request: ViewerRequest, uid: UUID) -> Hazard:
    return get_object_or_404(selectors.tenant_hazards(request.viewer).select_related("enterprise", "tenant"), uid=uid)


@door(Role.TENANT)
def shop_hazard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一条与本店有关的隐患: what is wrong, until when, and the shop's own word to the mall that its part is done."""
    hazard, now = _shops(request, uid), clock.now()
    form, status = TenantPartForm(initial={"uid": uuid7()}), 200
    if request.method == "POST":
        form, status = TenantPartForm(request.POST), 422
        if form.is_valid():
            try:
                services.report_tenant_part(
                    hazard=hazard,
                    uid=form.cleaned_data["uid"],
                    description=form.cleaned_data["description"],
                    photos=photos_from(request, uid=form.cleaned_data["uid"], now=now),
                    actor=request.viewer.actor,
                    now=now,
                )
            except NotAllowed as error:
                form.add_error(None, sentence(error))
            except UnusableFile as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已告诉商场安全管理人员，由商场向监管部门报告。"))
                return redirect("hazards_phone:shop_hazard", uid=uid)
    return render(
        request,
        "hazards/phone_shop.html",
        {
            "form": form if hazard.state not in rules.ENDED else None,
            "photos": showing.photos_of(hazard),
            "tenant_reports": showing_file.tenant_reports_of(hazard),
            **card(hazard),
        },
        status=status,
    )
