"""报警可信度: one page of figures about alarms, systems and the people who handle them."""

from datetime import timedelta
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anguan.alarms.selectors import truth
from anguan.alarms.selectors.duty_room import READERS
from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.people.doors import door
from anguan.people.viewers import ViewerRequest

PERIODS = (7, 30, 90, 365)
_LISTED = 10


def percent(share: Fraction | None, digits: int = 1) -> str:
    """A share as people read it; a dash where there is nothing to divide. Never rounds a lack away."""
    if share is None:
        return "—"
    if share < 1 and round(float(share), digits + 2) == 1:
        return f"{float(Fraction(10 ** (digits + 2) - 1, 10 ** (digits + 2))):.{digits}%}"
    return f"{float(share):.{digits}%}"


def number(value: Fraction | None) -> str:
    """A figure with one decimal; a dash where there is none."""
    return "—" if value is None else f"{float(value):.1f}"


def _rows(rows: list[truth.TruthRow]) -> list[dict[str, object]]:
    return [
        {
            "name": row.name or _("没有登记"),
            "tally": row.tally,
            "rate": percent(row.tally.false_rate, 0),
            "detectors": row.detectors,
            "per_hundred": number(row.per_hundred),
        }
        for row in rows
    ]


@door(*READERS)
def statistics(request: ViewerRequest) -> HttpResponse:
    """报警可信度 of the last days; what can't protect anybody now stands first."""
    asked = request.GET.get("days", "30")
    days = int(asked) if asked in {str(period) for period in PERIODS} else 30
    end = clock.now()
    start = end - timedelta(days=days)
    today = clock.local_day(end)
    viewer = request.viewer
    budget, plan = rule("operator-budget", today), rule("duty-check", today)
    load = truth.load_of_operators(viewer, start, end, int(budget.values["per_hour"]))
    score, asked_count = truth.duty_check_score(viewer, start, end)
    online = truth.devices_online(viewer, start, end)
    shares = [row.share for row in online if row.share is not None]
    whole = truth.whole_tally(viewer, start, end)
    context = {
        "days": days,
        "periods": PERIODS,
        "whole": whole,
        "whole_rate": percent(whole.false_rate, 0),
        "load": load,
        "load_rate": number(load.per_hour),
        "hours": number(Fraction(int(load.operator_time.total_seconds()), 3600)),
        "budget": budget,
        "score": percent(score),
        "score_is_low": score is not None and score < Fraction(plan.values["pass_score"]),
        "asked_count": asked_count,
        "timers": [
            {"name": _(row.timer.label), "share": percent(Fraction(row.kept, row.asked), 0), "row": row}
            for row in truth.timers_kept(viewer, start, end)
        ],
        "systems": [
            {"row": row, "share": percent(row.availability, 2)} for row in truth.systems_worst_first(viewer, start, end)
        ],
        "devices": len(online),
        "offline": sum(not row.is_online for row in online),
        "online_rate": percent(sum(shares, Fraction(0)) / len(shares) if shares else None, 2),
        "worst_online": [
            {"row": row, "share": percent(row.share, 2)} for row in online if row.share != 1 or not row.is_online
        ][:_LISTED],
        "points": _rows(truth.points_by_false_alarms(viewer, start, end)),
        "makers": _rows(truth.makers_by_false_alarms(viewer, start, end)),
        "units": _rows(truth.units_by_false_alarms(viewer, start, end)),
        "repairs": truth.open_repairs(viewer).count(),
        "agreements": truth.agreements_waiting(viewer).count(),
    }
    return render(request, "alarms/statistics.html", context)
