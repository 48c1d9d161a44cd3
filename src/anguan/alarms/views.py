"""值班室: the live list of incidents, one of them with its place and next acts, and the archive of all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.alarms import showing
from anguan.alarms.models import Incident
from anguan.alarms.rules.incidents import IncidentAction, IncidentKind, IncidentState, Verdict
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.selectors import duty_room
from anguan.alarms.services import handling
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.people.doors import door
from anguan.people.viewers import ViewerRequest
from anguan.ui.htmx import is_htmx, partial
from anguan.ui.lists import Choice, Column, Filter, listing_of

# What the page fills by itself: the list, and the incident beside it.
INCIDENT_TARGET = "incident"
# How many incidents a page may ask for, or say it shows, in one request.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Said:
    """What somebody wrote into the form of an act."""

    what: str = ""
    heard: str = ""
    cause: str = ""
    reason: str = ""


Service = Callable[[Incident, Said, Actor, datetime], Incident]
_A = IncidentAction
SERVICES: dict[IncidentAction, Service] = {
    _A.ACKNOWLEDGE: lambda row, _said, actor, now: handling.acknowledge(incident=row, actor=actor, now=now),
    _A.TAKE_OVER: lambda row, said, actor, now: handling.take_over(
        incident=row, reason=said.reason, actor=actor, now=now
    ),
    _A.VERIFY: lambda row, said, actor, now: handling.verify(
        incident=row, what=said.what, heard=said.heard, actor=actor, now=now
    ),
    _A.ARRIVE: lambda row, said, actor, now: handling.arrive(incident=row, heard=said.heard, actor=actor, now=now),
    _A.REPORT_UNREACHABLE: lambda row, said, actor, now: handling.report_unreachable(
        incident=row, heard=said.heard, actor=actor, now=now
    ),
    _A.JUDGE_TRUE: lambda row, said, actor, now: handling.judge_true(
        incident=row, heard=said.heard, actor=actor, now=now
    ),
    _A.JUDGE_FALSE: lambda row, said, actor, now: handling.judge_false(
        incident=row, cause=said.cause, heard=said.heard, actor=actor, now=now
    ),
    _A.JUDGE_TEST: lambda row, said, actor, now: handling.judge_test(
        incident=row, heard=said.heard, actor=actor, now=now
    ),
    _A.JUDGE_FAULT: lambda row, said, actor, now: handling.judge_fault(
        incident=row, heard=said.heard, actor=actor, now=now
    ),
    _A.FORWARD: lambda row, said, actor, now: handling.forward(incident=row, heard=said.heard, actor=actor, now=now),
    _A.HANDLE: lambda row, said, actor, now: handling.handle(incident=row, heard=said.heard, actor=actor, now=now),
    _A.NOTE: lambda row, said, actor, now: handling.note(incident=row, heard=said.heard, actor=actor, now=now),
    _A.CLOSE: lambda row, said, actor, now: handling.close(incident=row, heard=said.heard, actor=actor, now=now),
}


def _chosen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _several(texts: Sequence[str]) -> list[int]:
    return [pk for text in texts[:MOST_AT_ONCE] if (pk := _chosen(text)) is not None]


@door(*duty_room.WATCHERS)
def room(request: ViewerRequest) -> HttpResponse:
    """值班室: what waits, what matters first, and the incident that is open."""
    now = clock.now()
    # Asked before the list is read: what happens in between is told by the stream, rather than by nobody.
    mark = duty_room.last_notice()
    rows = showing.rows_of(list(duty_room.in_hand(request.viewer)), request.viewer, now)
    asked = _chosen(request.GET.get("incident", ""))
    panel = None
    if asked is not None:
        incident = get_object_or_404(duty_room.incidents_visible_to(request.viewer), pk=asked)
        panel = showing.panel_of(incident, request.viewer, now, _chosen(request.GET.get("plan", "")))
    context = {
        "rows": rows,
        "untaken": sum(row.is_untaken for row in rows),
        "panel": panel,
        "selected": asked,
        "mark": mark,
        "now_ms": showing.milliseconds(now),
        "on_duty": duty_room.operators_on_duty(request.viewer, now),
    }
    return render(request, "alarms/room.html", context)


@door(*duty_room.WATCHERS)
def room_rows(request: ViewerRequest) -> HttpResponse:
    """The list alone, or the rows of it that the page asks for by `only`; what isn't in hand any more is left out."""
    rows = duty_room.in_hand(request.viewer)
    if "only" in request.GET:
        rows = rows.filter(pk__in=_several(request.GET["only"].split(",")))
    context = {
        "rows": showing.rows_of(list(rows), request.viewer, clock.now()),
        "selected": _chosen(request.GET.get("incident", "")),
    }
    return render(request, "alarms/_list.html", context)


@door(*duty_room.READERS)
def incident(request: ViewerRequest, pk: int) -> HttpResponse:
    """警情: everything about one incident; the duty room fetches its panel from here."""
    row = get_object_or_404(duty_room.incidents_visible_to(request.viewer), pk=pk)
    panel = showing.panel_of(row, request.viewer, clock.now(), _chosen(request.GET.get("plan", "")))
    return _answer(request, panel)


def _answer(request: ViewerRequest, panel: showing.Panel, error: str = "") -> HttpResponse:
    is_part = is_htmx(request) and request.headers.get("HX-Target") == INCIDENT_TARGET
    template = "alarms/_incident.html" if is_part else "alarms/incident.html"
    response = render(request, template, {"panel": panel, "error": error, "is_part": is_part})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_POST
@door(*duty_room.WATCHERS)
def act(request: ViewerRequest, pk: int, action: str) -> HttpResponseBase:
    """处置: one act on an incident. A refusal is told in its own sentence, on the incident as it stands now."""
    row = get_object_or_404(duty_room.incidents_visible_to(request.viewer), pk=pk)
    try:
        service = SERVICES[IncidentAction(action)]
    except (KeyError, ValueError):
        raise Http404 from None
    said = Said(
        what="；".join(request.POST.getlist("what"))[:300],
        heard=request.POST.get("heard", ""),
        cause=request.POST.get("cause", ""),
        reason=request.POST.get("reason", ""),
    )
    now = clock.now()
    error = ""
    try:
        service(row, said, request.viewer.actor, now)
    except NotAllowed as refusal:
        error = showing.sentence(refusal)
    if is_htmx(request):
        fresh = get_object_or_404(duty_room.incidents_visible_to(request.viewer), pk=pk)
        return _answer(request, showing.panel_of(fresh, request.viewer, now), error)
    if error:
        messages.error(request, error)
    return redirect(f"{reverse('alarms:room')}?incident={pk}")


@require_POST
@door(*duty_room.WATCHERS)
def shown(request: ViewerRequest) -> HttpResponse:
    """呈现: a screen of the duty room says what it shows now."""
    ids = _several(request.POST.getlist("incident"))
    mine = duty_room.incidents_visible_to(request.viewer).filter(pk__in=ids).values_list("pk", flat=True)
    handling.present(incident_ids=list(mine), actor=request.viewer.actor, now=clock.now())
    return HttpResponse(status=204)


@door(*duty_room.READERS)
def incidents(request: ViewerRequest) -> HttpResponse:
    """警情档案: every incident of one's organs, ended ones included."""
    rows = duty_room.incidents_visible_to(request.viewer)
    params = request.GET
    if params.get("kind") in set(IncidentKind):
        rows = rows.filter(kind=params["kind"])
    if params.get("verdict") in set(Verdict):
        rows = rows.filter(verdict=params["verdict"])
    if params.get("state") == "open":
        rows = rows.exclude(state=IncidentState.CLOSED)
    elif params.get("state") == "closed":
        rows = rows.filter(state=IncidentState.CLOSED)
    if words := params.get("q", "").strip():
        rows = rows.filter(building__name__icontains=words) | rows.filter(enterprise__name__icontains=words)
    listing = listing_of(
        request,
        rows,
        name="alarm-incidents",
        columns=[
            Column("opened", _("首次信号"), sort="opened"),
            Column("kind", _("类别")),
            Column("place", _("地点")),
            Column("state", _("状态")),
            Column("verdict", _("结论")),
            Column("handler", _("受理人")),
            Column("signals", _("信号数"), kind="number"),
        ],
        sorts={"opened": ("opened_at", "pk")},
        default_sort="-opened",
        filters=[
            Filter("kind", _("类别"), [Choice(one.value, _(one.label)) for one in IncidentKind]),
            Filter("state", _("状态"), [Choice("open", _("未办结")), Choice("closed", _("已办结"))]),
            Filter("verdict", _("结论"), [Choice(one.value, _(one.label)) for one in Verdict]),
        ],
        search_label=_("建筑、单位名称"),
        empty_title=_("没有警情"),
        empty_hint=_("装置接入后，报警、故障和离线都会在这里留下记录。"),
    )
    context = {
        "title": _("警情"),
        "listing": listing,
        "shown": [
            (
                row,
                showing.kind_word(row),
                showing.place_of(row),
                _(IncidentState(row.state).label),
                showing.verdict_words(row),
            )
            for row in listing.rows
        ],
    }
    return partial(request, "alarms/incidents.html", "alarms/_incident_rows.html", context)
