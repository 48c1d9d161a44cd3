"""The kinds of tables and their columns as data: what each is called, what else bureaus call it, what it may hold."""

from collections.abc import Mapping

from anguan.registry.sheets.columns.basis import (
    Choice,
    Column,
    Holds,
    Kind,
    accepted_words,
    fold_word,
    normalise_header,
    words,
)
from anguan.registry.sheets.columns.building import BUILDING
from anguan.registry.sheets.columns.enterprise import ENTERPRISE
from anguan.registry.sheets.columns.key_unit import KEY_UNIT
from anguan.registry.sheets.columns.mall import COMPLEX, TENANT
from anguan.registry.sheets.columns.matching import (
    Suggestion,
    match_header,
    match_headers,
    missing_columns,
    suggest,
)
from anguan.registry.sheets.columns.people import EXPERT, OFFICER
from anguan.registry.sheets.columns.site import SITE

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (ENTERPRISE, BUILDING, COMPLEX, TENANT, KEY_UNIT, SITE, OFFICER, EXPERT)
}

__all__ = [
    "BUILDING",
    "COMPLEX",
    "ENTERPRISE",
    "EXPERT",
    "KEY_UNIT",
    "KINDS",
    "OFFICER",
    "SITE",
    "TENANT",
    "Choice",
    "Column",
    "Holds",
    "Kind",
    "Suggestion",
    "accepted_words",
    "fold_word",
    "match_header",
    "match_headers",
    "missing_columns",
    "normalise_header",
    "suggest",
    "words",
]
