"""Office pages of 覆盖 and 入企负担, and the two registers (两库) with their counts as of a day."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from anguan.ground import clock
from anguan.ground.calendars.selectors import current_calendar
from anguan.inspections.rules.plans import days_text
from anguan.inspections.selectors import burden, coverage
from anguan.inspections.selectors.plan_use import progress_of
from anguan.people.doors import door
from anguan.people.models import Officer
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import NotKnown, figures_as_of

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@door(*BUREAU)
def coverage_page(request: ViewerRequest) -> HttpResponse:
    """覆盖情况: which key enterprises are still open this year, and whether the rest of it can hold them."""
    today = clock.local_day(clock.now())
    organs = sorted(request.viewer.organs_as(*BUREAU))
    after = request.GET.get("after", "")
    found = coverage.coverage(organs, today, current_calendar())
    firms = coverage.uncovered_key(organs, today, after=int(after) if after.isdecimal() and len(after) < 18 else 0)
    return render(
        request,
        "inspections/coverage.html",
        {
            "found": found,
            "forecast": found.forecast,
            "needed": days_text(found.forecast.needed_days),
            "held": None if found.forecast.held_days is None else days_text(found.forecast.held_days),
            "progress": progress_of(found.plan) if found.plan else [],
            "firms": firms,
            "more": firms[-1].pk if len(firms) == coverage.LISTED else None,
            "may_plan": request.viewer.has(Role.CLERK, Role.OFFICER, Role.LEADER),
            "today": today,
        },
    )


def asked_year(request: ViewerRequest) -> int:
    """The year in the address, else this one."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else clock.local_day(clock.now()).year


@door(*BUREAU, Role.SUPERVISOR)
def burden_page(request: ViewerRequest) -> HttpResponse:
    """入企负担: the year in figures, the firms visited most, by department; by officer for the leader only."""
    year = asked_year(request)
    leads = sorted(request.viewer.organs_as(Role.LEADER))
    organs = sorted(request.viewer.organs_as(*BUREAU))
    return render(
        request,
        "inspections/burden.html",
        {
            "burden": burden.burden_of_year(year),
            "firms": burden.busiest_firms(organs, year) if organs else [],
            "departments": burden.departments_of_year(None if request.viewer.has(Role.SUPERVISOR) else organs, year),
            "officers": burden.officers_of_year(leads, year) if leads else [],
            "leads": bool(leads),
            "years": _years(),
        },
    )


def _years() -> list[int]:
    this_year = clock.local_day(clock.now()).year
    return [this_year, this_year - 1, this_year - 2]


@door(*ENTERPRISE)
def own_burden(request: ViewerRequest) -> HttpResponse:
    """本企业被检查情况: how often, by whom; the firm's own counter (国办发〔2024〕54号)."""
    year = asked_year(request)
    found = burden.burden_of_firm(sorted(request.viewer.enterprise_ids), year)
    return render(request, "inspections/own_burden.html", {"found": found, "years": _years()})


@door(*BUREAU, Role.SUPERVISOR)
def registers(request: ViewerRequest) -> HttpResponse:
    """两库: targets and officers, counted as of a day."""
    today = clock.local_day(clock.now())
    day = _asked_day(request.GET.get("on", "")) or today
    context: dict[str, Any] = {"day": day, "today": today, "officers": _officers_on(day)}
    try:
        context["figures"] = figures_as_of(day, today)
    except NotKnown as error:
        context["not_known"] = str(error)
    return render(request, "inspections/registers.html", context)


def _asked_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _officers_on(day: date) -> list[tuple[str, int]]:
    """How many officers' certificates count on a day, by organ."""
    counts: dict[str, int] = {}
    for name in Officer.objects.filter(valid_to__gte=day).order_by("organ__name").values_list("organ__name", flat=True):
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())
