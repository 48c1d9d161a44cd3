"""坐标系: positions are kept in CGCS2000 degrees; what maps of the market give is turned into them at the edge.

CGCS2000 and WGS-84 differ by centimetres, less than any use here can tell, and count as one. GCJ-02 is the shifted
system that maps sold in China must use; its formula was never published by the state. The one below is the formula that
has been public since 2010 and that the open "eviltransform" implementations share, whose points ours is tested with.
BD-09 is Baidu's second shift on top of it, as "coordtransform" has it. Both are told forwards only; backwards they are
solved to less than a centimetre.
"""

import math
from collections.abc import Callable
from decimal import Decimal

from anguan.core.enums import Labelled
from anguan.core.words import N_

Point = tuple[float, float]


class CoordinateSystem(Labelled):
    """坐标系: in which a position was given."""

    CGCS2000 = "cgcs2000", N_("CGCS2000 或 WGS-84")
    GCJ02 = "gcj02", N_("GCJ-02（高德、腾讯）")
    BD09 = "bd09", N_("BD-09（百度）")


# Krasovsky's ellipsoid, on which the shift is worked out: semi-major axis in metres, squared eccentricity.
_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_BAIDU = math.pi * 3000.0 / 180.0
_PLACES = Decimal("0.000001")
_STEPS, _NEAR_ENOUGH = 20, 1e-9


def _is_shifted(longitude: float, latitude: float) -> bool:
    """Outside this rectangle nothing is shifted."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _waves(value: float, *lengths: tuple[float, float]) -> float:
    return sum(height * math.sin(value * turns * math.pi) for height, turns in lengths) * 2.0 / 3.0


def gcj02_of(longitude: float, latitude: float) -> Point:
    """The GCJ-02 position of a CGCS2000 one."""
    if not _is_shifted(longitude, latitude):
        return longitude, latitude
    x, y = longitude - 105.0, latitude - 35.0
    both = _waves(x, (20.0, 6.0), (20.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + both
    north += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + both
    east += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    angle = math.radians(latitude)
    curve = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    north_radius = _AXIS * (1 - _ECCENTRICITY) / (curve * math.sqrt(curve))
    east_radius = _AXIS / math.sqrt(curve) * math.cos(angle)
    return longitude + math.degrees(east / east_radius), latitude + math.degrees(north / north_radius)


def bd09_of_gcj02(longitude: float, latitude: float) -> Point:
    """The BD-09 position of a GCJ-02 one."""
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_of(longitude: float, latitude: float) -> Point:
    """The BD-09 position of a CGCS2000 one."""
    return bd09_of_gcj02(*gcj02_of(longitude, latitude))


def _solved(forward: Callable[[float, float], Point], longitude: float, latitude: float) -> Point:
    """The point that `forward` leads here: each step takes off what the last one missed by."""
    x, y = longitude, latitude
    for _ in range(_STEPS):
        there = forward(x, y)
        east, north = there[0] - longitude, there[1] - latitude
        x, y = x - east, y - north
        if abs(east) < _NEAR_ENOUGH and abs(north) < _NEAR_ENOUGH:
            break
    return x, y


_FORWARD: dict[CoordinateSystem, Callable[[float, float], Point]] = {
    CoordinateSystem.GCJ02: gcj02_of,
    CoordinateSystem.BD09: bd09_of,
}


def to_cgcs2000(longitude: Decimal, latitude: Decimal, given_in: str) -> tuple[Decimal, Decimal]:
    """A position in CGCS2000, with six places (a decimetre); one that was given so comes back unchanged."""
    forward = _FORWARD.get(CoordinateSystem(given_in))
    if forward is None:
        return longitude, latitude
    x, y = _solved(forward, float(longitude), float(latitude))
    return Decimal(x).quantize(_PLACES), Decimal(y).quantize(_PLACES)
