"""Pages for citizens that combine rooms."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from anguan.ground import audit, clock, evidence_days
from anguan.inspections.selectors.burden import burden_of_year
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import district_figures

_LANGUAGE_KEPT_S: Final = 365 * 24 * 3600
ROBOTS: Final = """User-agent: *
Disallow: /
Allow: /public/
Allow: /static/
Disallow: /public/tasks/
Disallow: /public/papers/
Disallow: /public/in/
"""


@door(PUBLIC)
def index(request: ViewerRequest) -> HttpResponse:
    """公开: what anybody may look up and check."""
    return render(request, "web/public.html", {"figures": district_figures()})


@door(PUBLIC)
def figures(request: ViewerRequest) -> HttpResponse:
    """公开数据: the district's figures and a year's burden on enterprises, each with how it was counted."""
    this_year = clock.local_day(clock.now()).year
    asked = request.GET.get("year", "")
    years = [this_year, this_year - 1, this_year - 2]
    year = int(asked) if asked in map(str, years) else this_year
    context = {"figures": district_figures(), "burden": burden_of_year(year), "years": years}
    return render(request, "web/public_figures.html", context)


@door(PUBLIC)
def language(request: ViewerRequest, code: str) -> HttpResponse:
    """语言: remember the reader's language and go back; a link, so that public pages need no token and no session."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    asked = request.GET.get("next", "")
    is_ours = asked.startswith("/public/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    response = redirect(asked if is_ours else "public")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=_LANGUAGE_KEPT_S, samesite="Lax", secure=request.is_secure()
    )
    return response


@door(PUBLIC)
def robots(_request: ViewerRequest) -> HttpResponse:
    """robots.txt: what is published may be found; codes of single visits and papers, and everything else, may not."""
    response = HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@door(PUBLIC)
def audit_root(request: ViewerRequest) -> HttpResponse:
    """今日审计根值: the figure that would change if any sealed record were edited; and each past day's evidence."""
    context = {"root": audit.root(), "now": clock.now(), "days": evidence_days.recorded(limit=30)}
    return render(request, "web/audit_root.html", context)
