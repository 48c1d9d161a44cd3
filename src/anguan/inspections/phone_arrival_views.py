"""Phone page of arrival: the notice with the firm's rights, handed over and signed for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.evidence import UnusableFile
from anguan.inspections import selectors, showing
from anguan.inspections.forms import ServeForm
from anguan.inspections.rules import NEVER_MADE, NOT_BEGUN, Ban, VisitKind
from anguan.inspections.services import visits
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest


@door(Role.OFFICER)
def notice(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """行政检查通知书: what is told to the firm on arrival, and its signature."""
    found = get_object_or_404(selectors.visits_of_officer(request.viewer).select_related("notice"), uid=uid)
    form = ServeForm(
        request.POST or None, initial={"receiver": found.host, "place": found.enterprise.address, "method": "direct"}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visits.hand_over_notice(
                visit=found, receiver=values["receiver"], method=values["method"], note=values["note"],
                image=form.image, uid=form.once, actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect("inspections_phone:visit", uid=uid)
    context: dict[str, Any] = {
        "visit": found,
        "kind": _(VisitKind(found.kind).label),
        "state": showing.visit_pill(found),
        "form": form,
        "bans": [_(ban.label) for ban in Ban],
        "team": selectors.team_of(found),
        "is_early": found.state in NOT_BEGUN | NEVER_MADE,
        "is_done": found.notice is not None and found.notice.was_served,
    }
    return render(request, "inspections/phone_notice.html", context, status=422 if form.errors else 200)
