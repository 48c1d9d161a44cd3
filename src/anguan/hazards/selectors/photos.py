"""Reads of photo hashes: was this picture, or one almost like it, used before, anywhere?"""

from dataclasses import dataclass

from django.db import connection

from anguan.ground.likeness import Likeness
from anguan.hazards.rules.bands import BANDS, band_of, near, radius_of


@dataclass(frozen=True)
class Alike:
    """An earlier picture that looks the same: whose it is, and in how many bits the two numbers differ."""

    evidence_id: int
    hazard_id: int
    enterprise_id: int
    perceptual_bits: int
    gradient_bits: int


def earlier_alike(likeness: Likeness, *, perceptual: int, gradient: int, limit: int = 20) -> list[Alike]:
    """Every stored picture within these distances of the two numbers, nearest first, then the earliest.

    Exact: the bands of `perceptual` miss nothing (`rules.bands`). Empty for a picture without features.
    """
    if likeness.perceptual is None or likeness.gradient is None:
        return []
    candidates, params = _candidates(likeness.perceptual, perceptual)
    sql = (
        "SELECT evidence_id, hazard_id, enterprise_id,"  # noqa: S608  # no value is pasted into it
        " bit_count((perceptual # %s)::bit(64)) AS perceptual_bits,"
        " bit_count((gradient # %s)::bit(64)) AS gradient_bits"
        f" FROM ({candidates}) AS found"
        " WHERE bit_count((perceptual # %s)::bit(64)) <= %s AND bit_count((gradient # %s)::bit(64)) <= %s"
        " ORDER BY perceptual_bits, gradient_bits, evidence_id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                likeness.perceptual,
                likeness.gradient,
                *params,
                likeness.perceptual,
                perceptual,
                likeness.gradient,
                gradient,
                limit,
            ],
        )
        return [Alike(*row) for row in cursor.fetchall()]


def _candidates(number: int, distance: int) -> tuple[str, list[list[int]]]:
    """Rows that share a near value of some band with `number`, as SQL; a row that shares several comes once."""
    radius = radius_of(distance)
    parts, params = [], []
    for shift, width in BANDS:
        # Written as the index of `PhotoHash` is, so that it is used.
        parts.append(
            "SELECT id, evidence_id, hazard_id, enterprise_id, perceptual, gradient"  # noqa: S608  # constants only
            " FROM hazards_photohash"
            f" WHERE ((perceptual >> {shift}) & {(1 << width) - 1}) = ANY(%s)"
        )
        params.append(list(near(band_of(number, shift, width), width, radius)))
    return " UNION ".join(parts), params
