"""全区地图: the page with its table, the points and the boundary as GeoJSON, and where a bureau loads its own."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anguan.core.coordinates import CoordinateSystem
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry import services
from anguan.registry.forms import BoundaryForm
from anguan.registry.models import DistrictBoundary
from anguan.registry.places import SIGNS, legend, places
from anguan.registry.rules import Refused
from anguan.registry.selectors import current_boundary
from anguan.registry.services.runs import sentence
from anguan.registry.tiles import DEEPEST, tiles_of
from anguan.ui.middleware import policy_with
from anguan.ui.templatetags.ui import moment

# Rows of each kind in the table; the lists of the ledger have the rest.
MOST_IN_TABLE = 100


def _chosen(request: ViewerRequest) -> list[str]:
    """The kinds that the address asks for; all of them when it names none."""
    asked = set(request.GET.getlist("kind"))
    return [slug for slug in SIGNS if slug in asked] or list(SIGNS)


@door(*BUREAU)
def district_map(request: ViewerRequest) -> HttpResponse:
    """全区地图: the district's own points and line; tiles only where a key of 天地图 is configured."""
    chosen = _chosen(request)
    shown = legend(request.viewer, chosen)
    tiles = tiles_of(settings.TIANDITU_SERVER, settings.TIANDITU_KEY)
    context = {
        "legend": shown,
        "places": list(places(request.viewer, chosen, MOST_IN_TABLE)),
        "is_cut": any(one.chosen and one.located > MOST_IN_TABLE for one in shown),
        "most": MOST_IN_TABLE,
        "unlocated": sum(one.unlocated for one in shown if one.chosen),
        "boundary": current_boundary(),
        "loads_boundary": request.viewer.has(Role.CLERK),
        "tiles": tiles,
        "deepest": DEEPEST,
    }
    response = render(request, "registry/map.html", context)
    if tiles.host:
        response["Content-Security-Policy"] = policy_with(tiles.host)
    return response


@door(*BUREAU)
def map_points(request: ViewerRequest) -> HttpResponse:
    """The points of the chosen kinds; name, kind and id are all that a popup needs."""
    return _geojson(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(place.longitude), float(place.latitude)]},
            "properties": {"kind": place.slug, "id": place.pk, "name": place.name, "address": place.address},
        }
        for place in places(request.viewer, _chosen(request))
    )


@door(*BUREAU)
def boundary_shape(_request: ViewerRequest) -> HttpResponse:
    """The line that the map draws; nothing in it where none was loaded."""
    found = current_boundary()
    return _geojson(
        [{"type": "Feature", "geometry": found.geometry, "properties": {"name": found.name}}] if found else []
    )


def _geojson(features: Iterable[dict[str, Any]]) -> HttpResponse:
    told = {"type": "FeatureCollection", "features": list(features)}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/geo+json")


@door(Role.CLERK)
def boundary(request: ViewerRequest) -> HttpResponse:
    """区界: which one is drawn, and a form that loads another."""
    form = BoundaryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            loaded = services.load_boundary(
                name=form.cleaned_data["name"],
                data=form.cleaned_data["file"].read(),
                given_in=form.cleaned_data["coordinates"] or CoordinateSystem.CGCS2000,
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error("file", sentence(refused))
        else:
            messages.success(request, _("区界已载入，共 %(points)s 个点。") % {"points": loaded.points})
            return redirect("registry:map")
    current = current_boundary()
    context = {"form": form, "current": _facts(current) if current else []}
    return render(request, "registry/boundary.html", context, status=422 if form.errors else 200)


def _facts(drawn: DistrictBoundary) -> list[tuple[str, object]]:
    return [
        (_("名称"), drawn.name),
        (_("点数"), drawn.points),
        (_("原来的坐标系"), _(CoordinateSystem(drawn.given_in).label)),
        (_("载入"), moment(drawn.loaded_at)),
        (_("载入人"), drawn.loaded_by_name),
    ]
