"""The public page of hung major hazards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anguan.hazards import selectors
from anguan.hazards.rules import ListingLevel, ListingState
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest
from anguan.ui.templatetags.ui import pill

_TONES = {ListingState.HUNG: "overdue", ListingState.REMOVED: "done", ListingState.WITHDRAWN: "void"}


@door(PUBLIC)
def listings(request: ViewerRequest) -> HttpResponse:
    """挂牌督办公示: what hangs, what was taken down, what was withdrawn and why. No names of persons."""
    rows = [
        {
            "listing": row,
            "level": _(ListingLevel(row.level).label),
            "state": pill(_TONES[ListingState(row.state)], ListingState(row.state).label),
        }
        for row in selectors.public_listings()
    ]
    return render(request, "hazards/public_listings.html", {"rows": rows})
