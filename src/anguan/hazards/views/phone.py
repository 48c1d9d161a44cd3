"""Phone pages of the enterprise: what is asked of it until when, and the proof that it is done."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.ground.evidence import UnusableFile
from anguan.hazards import rules, selectors, services, showing
from anguan.hazards.forms import ReportForm, sentence
from anguan.hazards.models import Hazard
from anguan.hazards.rules import ASKS_ENTERPRISE, Action, NotAllowed, State
from anguan.papers.selectors import papers_visible_to
from anguan.people.doors import door
from anguan.people.rules import ENTERPRISE
from anguan.people.viewers import ViewerRequest
from anguan.ui.paging import PHONE_PAGE, page_of
from anguan.ui.photos import photos_from

SHOWN_ASKED: Final = 100


@door(*ENTERPRISE)
def asked_of_us(request: ViewerRequest) -> HttpResponse:
    """本单位隐患: what has to be put right, most urgent first; then what waits for the recheck and what is past."""
    own = selectors.own_hazards(request.viewer).select_related("enterprise")
    asked = own.filter(state__in=sorted(ASKS_ENTERPRISE)).order_by("sort_due_on", "id")[:SHOWN_ASKED]
    page = page_of(
        own.exclude(state__in=sorted(ASKS_ENTERPRISE)),
        order=["-id"],
        cursor=request.GET.get("cursor", ""),
        size=PHONE_PAGE,
    )
    return render(
        request,
        "hazards/phone_list.html",
        {
            "asked": [_card(hazard) for hazard in asked] if not request.GET.get("cursor") else [],
            "others": [_card(hazard) for hazard in page.rows],
            "page": page,
            "several": len(request.viewer.enterprise_ids) > 1,
        },
    )


def _card(hazard: Hazard) -> dict[str, object]:
    return {
        "hazard": hazard,
        "state": showing.state_pill(hazard.state),
        "term": showing.term(hazard.due_on, hazard.state, hazard.due_provisional),
    }


def _own(request: ViewerRequest, uid: UUID) -> Hazard:
    return get_object_or_404(selectors.own_hazards(request.viewer).select_related("enterprise", "organ"), uid=uid)


@door(*ENTERPRISE)
def one_hazard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一条隐患: what was found, on which paper, until when, and what became of each report."""
    hazard = _own(request, uid)
    state = State(hazard.state)
    return render(
        request,
        "hazards/phone_detail.html",
        {
            **_card(hazard),
            "level": showing.level_mark(hazard.level),
            "order": papers_visible_to(request.viewer).filter(pk=hazard.order_id).first() if hazard.order_id else None,
            "photos": showing.photos_of(hazard),
            "attempts": showing.attempts_of(hazard),
            "may_report": rules.may(state, Action.REPORT),
            "waits": state is State.REPORTED,
        },
    )


@door(*ENTERPRISE)
def report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """报告整改完成: words and pictures; sent twice it counts once."""
    hazard = _own(request, uid)
    now = clock.now()
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            try:
                services.report_rectification(
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
                messages.success(request, _("已报告，执法人员会来复查。"))
                return redirect("hazards_phone:detail", uid=uid)
        return render(request, "hazards/phone_report.html", {"form": form, **_card(hazard)}, status=422)
    try:
        rules.advance(State(hazard.state), Action.REPORT)
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return redirect("hazards_phone:detail", uid=uid)
    form = ReportForm(initial={"uid": uuid7()})
    return render(request, "hazards/phone_report.html", {"form": form, **_card(hazard)})
