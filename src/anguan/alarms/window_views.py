"""测试时段: planned tests, so that their alarms are known for what they are."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.alarms import showing
from anguan.alarms.forms import WindowForm, in_the_form
from anguan.alarms.rules.devices import DeviceState
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.selectors.devices import devices_visible_to, windows_visible_to
from anguan.alarms.selectors.duty_room import READERS, WATCHERS
from anguan.alarms.services.windows import end_test_window, open_test_window
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.viewers import ViewerRequest

MOST = 60


@door(*READERS)
def windows(request: ViewerRequest) -> HttpResponseBase:
    """测试时段: those that run or are to come on top, then what was."""
    now = clock.now()
    watched = request.viewer.organs_as(*WATCHERS)
    rows = list(windows_visible_to(request.viewer)[:MOST])
    context = {
        "now": now,
        "coming": [row for row in reversed(rows) if row.until > now],
        "past": [row for row in rows if row.until <= now],
        "may_plan": bool(watched),
        "watched": watched,
    }
    return render(request, "alarms/windows.html", context)


@door(*WATCHERS)
def window_new(request: ViewerRequest) -> HttpResponseBase:
    """登记测试时段."""
    now = clock.now()
    watched = request.viewer.organs_as(*WATCHERS)
    devices = devices_visible_to(request.viewer).filter(organ__in=watched, state=DeviceState.ADMITTED)
    form = WindowForm(
        devices.order_by("building__name", "place", "pk"),
        request.POST or None,
        initial={
            "device": request.GET.get("device", ""),
            "since": in_the_form(now),
            "until": in_the_form(now + timedelta(hours=2)),
        },
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        device, whole = told["device"], told["whole_building"]
        try:
            open_test_window(
                organ=device.organ,
                device=None if whole else device,
                building=device.building if whole else None,
                zones=told["zones"],
                # The form tells minutes; one that begins in this minute begins now.
                since=max(told["since"], now) if now - told["since"] < timedelta(minutes=1) else told["since"],
                until=told["until"],
                reason=told["reason"],
                responsible=told["responsible"],
                phone=told["phone"],
                actor=request.viewer.actor,
                now=now,
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("测试时段已登记。"))
            return redirect("alarms:windows")
    return render(request, "alarms/window_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@door(*WATCHERS)
def window_end(request: ViewerRequest, pk: int) -> HttpResponse:
    """提前结束测试."""
    row = get_object_or_404(windows_visible_to(request.viewer), pk=pk, organ__in=request.viewer.organs_as(*WATCHERS))
    end_test_window(window=row, actor=request.viewer.actor, now=clock.now())
    messages.success(request, _("测试已结束，此后的报警按警情处置。"))
    return redirect("alarms:windows")
