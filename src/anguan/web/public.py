"""Pages for citizens that combine rooms."""

from django.http import HttpResponse
from django.shortcuts import render

from anguan.ground import audit, clock, evidence_days
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import district_figures


@door(PUBLIC)
def index(request: ViewerRequest) -> HttpResponse:
    """公开: what anybody may look up and check."""
    return render(request, "web/public.html", {"figures": district_figures()})


@door(PUBLIC)
def audit_root(request: ViewerRequest) -> HttpResponse:
    """今日审计根值: the figure that would change if any sealed record were edited; and each past day's evidence."""
    context = {"root": audit.root(), "now": clock.now(), "days": evidence_days.recorded(limit=30)}
    return render(request, "web/audit_root.html", context)
