"""Reads of hazards, a subject a file; always scoped to who asks."""

from anguan.hazards.selectors.hazards import (
    SOON,
    Asked,
    Search,
    found_rows,
    handled_by,
    hazards_asked,
    hazards_due_by,
    hazards_visible_to,
    of_enterprises,
    own_hazards,
    pending_report,
    waiting_for_recheck,
    with_words,
)
from anguan.hazards.selectors.major import (
    PublicListing,
    acceptances_due,
    escalations_for,
    listings_to_publish,
    public_listings,
    resumptions_due,
    standing_of,
)

__all__ = [
    "SOON",
    "Asked",
    "PublicListing",
    "Search",
    "acceptances_due",
    "escalations_for",
    "found_rows",
    "handled_by",
    "hazards_asked",
    "hazards_due_by",
    "hazards_visible_to",
    "listings_to_publish",
    "of_enterprises",
    "own_hazards",
    "pending_report",
    "public_listings",
    "resumptions_due",
    "standing_of",
    "waiting_for_recheck",
    "with_words",
]
