"""Which column of a file is which of the template: surely, or probably."""

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anguan.registry.sheets.columns.basis import BRACKETED, Column, Kind, normalise_header


def match_header(kind: Kind, header: str) -> tuple[str, int] | None:
    """The field that a header surely means, with the rank of the name it was known by; None when it isn't known."""
    found = kind.headers.get(normalise_header(header))
    if found is None:
        without = BRACKETED.sub("", unicodedata.normalize("NFKC", header))
        found = kind.headers.get(normalise_header(without)) if without else None
    return found


def match_headers(kind: Kind, headers: Sequence[str]) -> dict[int, str]:
    """Place of column to field, for the headers that are surely known; of two for one field the closer name wins."""
    best: dict[str, tuple[int, int]] = {}
    for place, header in enumerate(headers):
        found = match_header(kind, header) if header else None
        if found is None:
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            best[field] = (rank, place)
    return {place: field for field, (_, place) in sorted(best.items(), key=lambda item: item[1][1])}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the matching page offers for one column of a file: a field or None, and whether it is certain."""

    place: int
    header: str
    field: str | None
    is_certain: bool


def suggest(kind: Kind, headers: Sequence[str]) -> list[Suggestion]:
    """For each column of a file the field it surely or probably means; each field is offered once."""
    certain = match_headers(kind, headers)
    free = {column.field for column in kind.columns} - set(certain.values())
    guesses: list[tuple[float, int, str]] = []
    for place, header in enumerate(headers):
        plain = normalise_header(header)
        if place in certain or not plain:
            continue
        for known, (field, _) in kind.headers.items():
            if field in free:
                likeness = difflib.SequenceMatcher(None, plain, known).ratio()
                if known in plain or plain in known:
                    likeness = max(likeness, 0.7)
                if likeness >= 0.6:
                    guesses.append((likeness, place, field))
    probable: dict[int, str] = {}
    for _, place, field in sorted(guesses, key=lambda guess: (-guess[0], guess[1])):
        if place not in probable and field in free:
            probable[place] = field
            free.discard(field)
    return [
        Suggestion(place, header, certain.get(place, probable.get(place)), place in certain)
        for place, header in enumerate(headers)
    ]


def missing_columns(kind: Kind, fields: Iterable[str]) -> list[Column]:
    """The required columns that aren't among these fields."""
    present = set(fields)
    return [column for column in kind.required if column.field not in present]
