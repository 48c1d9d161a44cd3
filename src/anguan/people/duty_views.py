"""值班表: a week of an organ's duty room at a glance, planned a person at a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.ground.clock import CHINA
from anguan.people import services
from anguan.people.doors import door
from anguan.people.forms import ShiftForm
from anguan.people.models import DutyShift, Organ
from anguan.people.rules import Role, ShiftRefused
from anguan.people.selectors import on_duty, rosters_managed_by, rosters_visible_to, shifts_between
from anguan.people.viewers import ViewerRequest

READERS = (Role.CLERK, Role.LEADER, Role.OFFICER, Role.DUTY_OFFICER)
PLANNERS = (Role.CLERK, Role.LEADER)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """One column of the week."""

    day: date
    is_today: bool
    shifts: list[DutyShift]


def _monday(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    if not date(2000, 1, 10) <= asked <= date(2199, 12, 20):
        asked = today
    return asked - timedelta(days=asked.weekday())


@door(*READERS)
def my_roster(request: ViewerRequest) -> HttpResponseBase:
    """值班表 of the reader's organ; whoever belongs to several chooses on the page."""
    organ = rosters_visible_to(request.viewer).first()
    return redirect("people:roster", organ.pk) if organ else render(request, "people/roster.html", {"organ": None})


@door(*READERS)
def roster(request: ViewerRequest, pk: int) -> HttpResponse:
    """值班表: who is on duty when, this week or any other."""
    organ = get_object_or_404(rosters_visible_to(request.viewer), pk=pk)
    now = clock.now()
    monday = _monday(request.GET.get("week", ""), clock.local_day(now))
    return _shown(request, organ, monday, ShiftForm(organ, monday), now)


@door(*PLANNERS)
def roster_plan(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """排班: one person's hours on the days ticked."""
    organ = get_object_or_404(rosters_managed_by(request.viewer), pk=pk)
    now = clock.now()
    monday = _monday(request.GET.get("week", ""), clock.local_day(now))
    if request.method != "POST":
        return redirect(_address(organ, monday))
    form = ShiftForm(organ, monday, request.POST)
    if form.is_valid():
        try:
            planned = services.plan_shifts(organ=organ, actor=request.viewer.actor, now=now, **form.cleaned_data)
        except ShiftRefused as error:
            form.add_error(None, _(str(error)))
        else:
            said = _("排了 %(n)s 班。") % {"n": len(planned)}
            messages.success(request, said if planned else _("这些班已经排好，没有变化。"))
            return redirect(_address(organ, monday))
    return _shown(request, organ, monday, form, now, status=422)


def _shown(
    request: ViewerRequest, organ: Organ, monday: date, form: ShiftForm, now: datetime, status: int = 200
) -> HttpResponse:
    today = clock.local_day(now)
    start = datetime.combine(monday, time.min, CHINA)
    shifts = list(shifts_between(organ, start, start + WEEK))
    days = [
        Day(day, day == today, [one for one in shifts if one.since.astimezone(CHINA).date() == day])
        for day in (monday + timedelta(days=place) for place in range(7))
    ]
    context = {
        "organ": organ,
        "organs": list(rosters_visible_to(request.viewer)),
        "days": days,
        "now": now,
        "running": list(on_duty([organ.pk], now)),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "is_this_week": monday <= today < monday + WEEK,
        "is_planned_here": rosters_managed_by(request.viewer).filter(pk=organ.pk).exists(),
        "is_past": monday + WEEK <= today,
        "has_last_week": shifts_between(organ, start - WEEK, start).exists(),
        "form": form,
    }
    return render(request, "people/roster.html", context, status=status)


def _address(organ: Organ, monday: date) -> str:
    return f"{reverse('people:roster', args=[organ.pk])}?week={monday:%Y-%m-%d}"


@require_POST
@door(*PLANNERS)
def roster_repeat(request: ViewerRequest, pk: int) -> HttpResponse:
    """照上周排班."""
    organ = get_object_or_404(rosters_managed_by(request.viewer), pk=pk)
    now = clock.now()
    monday = _monday(request.GET.get("week", ""), clock.local_day(now))
    planned, left_out = services.repeat_week(organ=organ, monday=monday, actor=request.viewer.actor, now=now)
    messages.success(request, _("照上周排了 %(n)s 班。") % {"n": planned})
    if left_out:
        messages.warning(
            request,
            _("%(n)s 班没有照排：时间已过、人员不再有这个角色，或当时已有别的班。") % {"n": left_out},
        )
    return redirect(_address(organ, monday))


@require_POST
@door(*PLANNERS)
def shift_remove(request: ViewerRequest, pk: int, shift_id: int) -> HttpResponse:
    """取消排班, or ending one that runs."""
    organ = get_object_or_404(rosters_managed_by(request.viewer), pk=pk)
    shift = get_object_or_404(DutyShift, pk=shift_id, organ=organ)
    day = clock.local_day(shift.since)
    try:
        services.remove_shift(shift=shift, actor=request.viewer.actor, now=clock.now())
    except ShiftRefused as error:
        messages.error(request, str(error))
    return redirect(_address(organ, day - timedelta(days=day.weekday())))
