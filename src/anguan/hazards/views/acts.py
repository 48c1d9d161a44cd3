"""One address for every act on a hazard's office page; what there is stands in `acts.ACTS`."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.hazards.acts import ACTS
from anguan.hazards.casefile import CaseFile
from anguan.hazards.forms import sentence
from anguan.hazards.rules import NotAllowed
from anguan.hazards.views.office import shown, to_act_on
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest


@require_POST
@door(Role.OFFICER, Role.LEADER)
def act(request: ViewerRequest, uid: UUID, name: str) -> HttpResponse:
    """办理: do one act; what isn't offered now is told so, what the rules refuse stands at the form."""
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    hazard, now = to_act_on(request, uid), clock.now()
    file = CaseFile(hazard, request.viewer, clock.local_day(now))
    if not chosen.offered(file):
        messages.error(request, _("这一步现在不能办理，页面可能已经过时；请按“下一步”办理。"))
        return redirect("hazards:detail", uid=uid)
    form = chosen.form(file, cast(QueryDict, request.POST))
    if form.is_valid():
        try:
            chosen.do(file, form.cleaned_data, request.viewer.actor, now)
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _(chosen.said))
            return redirect("hazards:detail", uid=uid)
    return shown(request, hazard, failed=(name, form), status=422)
