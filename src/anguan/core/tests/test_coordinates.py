"""坐标系: the published test points of eviltransform and coordtransform, and there and back all over the country."""

import math
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anguan.core.coordinates import CoordinateSystem, Point, bd09_of, bd09_of_gcj02, gcj02_of, to_cgcs2000


def metres(one: Point, other: Point) -> float:
    """How far two points are apart on the ground, for points that are near each other."""
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) * 111_320


# Longitude and latitude in WGS-84, then in GCJ-02.
KNOWN = [
    pytest.param((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), id="上海"),
    pytest.param((113.912316, 22.543847), (113.9171764808363, 22.540796131694766), id="深圳"),
    pytest.param((116.377817, 39.911954), (116.38404722455657, 39.91334545536069), id="北京"),
]


@pytest.mark.parametrize(("wgs84", "gcj02"), KNOWN)
def test_published_points_are_met(wgs84: Point, gcj02: Point) -> None:
    assert metres(gcj02_of(*wgs84), gcj02) < 0.001
    back = to_cgcs2000(Decimal(str(gcj02[0])), Decimal(str(gcj02[1])), CoordinateSystem.GCJ02)
    assert metres((float(back[0]), float(back[1])), wgs84) < 0.1


def test_the_published_point_of_baidu_is_met() -> None:
    assert metres(bd09_of_gcj02(116.404, 39.915), (116.41036949371029, 39.92133699351021)) < 0.001


@pytest.mark.parametrize(("system", "forward"), [(CoordinateSystem.GCJ02, gcj02_of), (CoordinateSystem.BD09, bd09_of)])
@given(longitude=st.floats(73.5, 135), latitude=st.floats(3.6, 53.5))
def test_there_and_back_is_where_it_began(
    system: CoordinateSystem, forward: Callable[[float, float], Point], longitude: float, latitude: float
) -> None:
    there = forward(longitude, latitude)
    assert metres(there, (longitude, latitude)) < 2000
    back = to_cgcs2000(Decimal(there[0]), Decimal(there[1]), system)
    assert metres((float(back[0]), float(back[1])), (longitude, latitude)) < 0.1


@pytest.mark.parametrize("forward", [gcj02_of, bd09_of])
def test_a_city_is_shifted_by_hundreds_of_metres(forward: Callable[[float, float], Point]) -> None:
    # In the empty west, near 97° E 37° N, GCJ-02 hardly moves anything.
    assert 100 < metres(forward(105.57, 30.52), (105.57, 30.52)) < 2000


def test_what_is_given_in_cgcs2000_stays_to_the_last_figure() -> None:
    point = (Decimal("105.5712345678"), Decimal("30.5"))
    assert to_cgcs2000(*point, CoordinateSystem.CGCS2000) == point


def test_nothing_is_shifted_abroad() -> None:
    assert gcj02_of(2.35, 48.85) == (2.35, 48.85)
