"""全区地图: the page with its table, and the points as GeoJSON."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from anguan.people.doors import door
from anguan.people.rules import BUREAU
from anguan.people.viewers import ViewerRequest
from anguan.registry.places import SIGNS, legend, places
from anguan.ui.middleware import policy_with

# Rows of each kind in the table; the lists of the ledger have the rest.
MOST_IN_TABLE = 100
TIANDITU = "https://t0.tianditu.gov.cn"


def _chosen(request: ViewerRequest) -> list[str]:
    """The kinds that the address asks for; all of them when it names none."""
    asked = set(request.GET.getlist("kind"))
    return [slug for slug in SIGNS if slug in asked] or list(SIGNS)


@door(*BUREAU)
def district_map(request: ViewerRequest) -> HttpResponse:
    """全区地图: the district's own points; tiles only where a key of 天地图 is configured."""
    chosen = _chosen(request)
    shown = legend(request.viewer, chosen)
    key = settings.TIANDITU_KEY
    context = {
        "legend": shown,
        "places": list(places(request.viewer, chosen, MOST_IN_TABLE)),
        "is_cut": any(one.chosen and one.located > MOST_IN_TABLE for one in shown),
        "most": MOST_IN_TABLE,
        "unlocated": sum(one.unlocated for one in shown if one.chosen),
        "tiles": f"{TIANDITU}/DataServer?T=vec_w&x={{x}}&y={{y}}&l={{z}}&tk={key}" if key else "",
        "labels": f"{TIANDITU}/DataServer?T=cva_w&x={{x}}&y={{y}}&l={{z}}&tk={key}" if key else "",
    }
    response = render(request, "registry/map.html", context)
    if key:
        response["Content-Security-Policy"] = policy_with(TIANDITU)
    return response


@door(*BUREAU)
def map_points(request: ViewerRequest) -> HttpResponse:
    """The points of the chosen kinds; name, kind and id are all that a popup needs."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(place.longitude), float(place.latitude)]},
            "properties": {"kind": place.slug, "id": place.pk, "name": place.name, "address": place.address},
        }
        for place in places(request.viewer, _chosen(request))
    ]
    told = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(told, content_type="application/geo+json")
