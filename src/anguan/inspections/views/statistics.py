"""抽查自检: the year of draws for the bureau and the judicial supervisor, and without names for everybody."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.inspections import selectors
from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.rules import ReplacementKind
from anguan.inspections.selectors.statistics import YearOfDraws
from anguan.people.doors import PUBLIC, door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest

SHOWN = 30


def _years(request: HttpRequest) -> tuple[int, Sequence[int]]:
    """The year that is asked for, and those that can be; anything else is this year."""
    this = clock.local_day(clock.now()).year
    years = sorted({this, *selectors.years_with_draws()}, reverse=True)
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this
    return (chosen if chosen in years else this), years


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"


def _context(year: YearOfDraws, years: Sequence[int]) -> dict[str, Any]:
    return {
        "year": year,
        "years": years,
        "facts": [
            (_("承诺的批次"), year.committed),
            (_("抽取完成"), year.drawn),
            (_("作废"), year.broken),
            (_("抽中企业"), year.targets),
            (_("派不出检查组"), year.unstaffed),
            (_("替换率"), _percent(year.replacement_rate)),
            (_("未发现问题的比例"), _percent(year.nothing_found_rate)),
        ],
        "classes": [
            (line, f"{line.expected:.1f}", "—" if line.deviation is None else f"{line.deviation:+.2f}")
            for line in year.classes
        ],
        "reasons": [
            (
                _(ReplacementKind(kind).label),
                _((TargetReason if kind == ReplacementKind.TARGET else PersonReason)(reason).label),
                count,
            )
            for kind, reason, count in year.reasons
        ],
        "even": f"{year.even_share:.1f}",
        "most_together": year.pairs[0].times if year.pairs else 0,
    }


@door(*selectors.PLANNERS, Role.SUPERVISOR)
def statistics(request: ViewerRequest) -> HttpResponse:
    """抽查自检 with the names of officers."""
    chosen, years = _years(request)
    year = selectors.year_for_viewer(request.viewer, chosen)
    return render(
        request,
        "inspections/draw_statistics.html",
        {
            **_context(year, years),
            "pairs": year.pairs[:SHOWN],
            "officers": [
                (line, _percent(line.nothing_found / line.visits), f"{line.chance:.3f}") for line in year.officers
            ],
        },
    )


@door(PUBLIC)
def public_statistics(request: ViewerRequest) -> HttpResponse:
    """抽查自检 for everybody: no names, from published batches only."""
    chosen, years = _years(request)
    return render(request, "inspections/public_draw_statistics.html", _context(selectors.public_year(chosen), years))
