"""区界 as GeoJSON: read, checked and turned into CGCS2000. Pure; what can't be drawn is refused in one sentence."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anguan.core.coordinates import to_cgcs2000
from anguan.core.words import N_
from anguan.registry.rules import Refused

MOST_BYTES = 5 * 1024 * 1024
# A county's line at 1:10 000 has some ten thousand; more makes the map slow and nothing clearer.
MOST_POINTS = 100_000
# Names of the degrees that we keep: CGCS2000 and WGS-84, which differ by centimetres, in the order of GeoJSON.
_OUR_DEGREES = ("CRS84", "4326", "4490")
# The land and sea of China with a margin, in degrees.
_WEST, _EAST, _SOUTH, _NORTH = 70, 140, 0, 56

Ring = list[list[float]]
Polygon = list[Ring]


@dataclass(frozen=True)
class Boundary:
    """The polygons of a district: of each the outer ring first, then its holes; longitude before latitude."""

    polygons: list[Polygon]

    @property
    def points(self) -> int:
        """How many corners it has."""
        return sum(len(ring) for polygon in self.polygons for ring in polygon)

    def geometry(self) -> dict[str, Any]:
        """The same as a GeoJSON geometry."""
        return {"type": "MultiPolygon", "coordinates": self.polygons}


def read_boundary(data: bytes, given_in: str) -> Boundary:
    """The district's polygons of a GeoJSON file, in CGCS2000. Raises `Refused`."""
    if len(data) > MOST_BYTES:
        raise Refused(N_("文件超过 5 MB；一个区的边界用不了这么多点，请先简化再上传。"))
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(N_("这不是 GeoJSON：文件不是 UTF-8 编码的 JSON；请在制图软件里另存为 GeoJSON。")) from None
    if not isinstance(told, dict):
        raise Refused(N_("这不是 GeoJSON：最外层应是 FeatureCollection、Feature、Polygon 或 MultiPolygon。"))
    _check_system(told)
    shapes = list(_shapes(told))
    if not shapes:
        raise Refused(N_("文件里没有面（Polygon 或 MultiPolygon）；区界要画成面，点和线不行。"))
    # Counted before anything is looked at more closely.
    count = sum(len(ring) for shape in shapes if isinstance(shape, list) for ring in shape if isinstance(ring, list))
    if count > MOST_POINTS:
        raise Refused(N_("边界有 %(count)s 个点，超过 %(most)s 个；请先简化再上传。"), count=count, most=MOST_POINTS)
    return Boundary(
        [
            [_ring(ring, number, given_in) for ring in _list(shape, number)]
            for number, shape in enumerate(shapes, start=1)
        ]
    )


def _check_system(told: dict[str, Any]) -> None:
    """An old `crs` member that names something else than degrees of CGCS2000 or WGS-84 is refused."""
    named = told.get("crs")
    inside = named.get("properties") if isinstance(named, dict) else None
    name = inside.get("name", "") if isinstance(inside, dict) else ""
    if name and not str(name).endswith(_OUR_DEGREES):
        raise Refused(
            N_("文件写明的坐标系是 %(name)s；请先转换为 CGCS2000 经纬度（EPSG:4490）再导出。"), name=str(name)[:60]
        )


def _shapes(told: Any) -> Iterator[Any]:
    """The coordinates of every polygon in a GeoJSON object; points and lines are passed over."""
    if not isinstance(told, dict):
        return
    match told.get("type"):
        case "FeatureCollection":
            features = told.get("features")
            for feature in features if isinstance(features, list) else []:
                yield from _shapes(feature if isinstance(feature, dict) and feature.get("type") == "Feature" else None)
        case "Feature":
            geometry = told.get("geometry")
            if isinstance(geometry, dict) and geometry.get("type") in {"Polygon", "MultiPolygon"}:
                yield from _shapes(geometry)
        case "MultiPolygon":
            polygons = told.get("coordinates")
            yield from polygons if isinstance(polygons, list) else [None]
        case "Polygon":
            yield told.get("coordinates")


def _list(shape: Any, number: int) -> list[Any]:
    if not isinstance(shape, list) or not shape:
        raise Refused(N_("第 %(number)s 个面没有坐标；请在制图软件里检查后重新导出。"), number=number)
    return shape


def _ring(ring: Any, number: int, given_in: str) -> Ring:
    corners = [_corner(corner, number) for corner in _list(ring, number)]
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise Refused(
            N_("第 %(number)s 个面没有闭合：每一圈至少四个点，最后一点与第一点相同；请修正后重新导出。"), number=number
        )
    return [[float(x), float(y)] for x, y in (to_cgcs2000(east, north, given_in) for east, north in corners)]


def _corner(corner: Any, number: int) -> tuple[Decimal, Decimal]:
    """A corner as it was given; a height behind it is left away."""
    if (
        not isinstance(corner, list)
        or len(corner) < 2
        or any(isinstance(part, bool) or not isinstance(part, int | float) for part in corner[:2])
    ):
        raise Refused(N_("第 %(number)s 个面有一个点不是“经度, 纬度”两个数；请检查后重新导出。"), number=number)
    east, north = corner[:2]
    if _WEST <= east <= _EAST and _SOUTH <= north <= _NORTH:
        return Decimal(str(east)), Decimal(str(north))
    if _WEST <= north <= _EAST and _SOUTH <= east <= _NORTH:
        raise Refused(N_("第 %(number)s 个面的经度和纬度写反了；GeoJSON 先写经度，请调换后重新导出。"), number=number)
    raise Refused(
        N_("第 %(number)s 个面有一个点（%(east)s, %(north)s）不是我国的经纬度；投影坐标请先转换为 CGCS2000 经纬度。"),
        number=number,
        east=f"{east:.10g}",
        north=f"{north:.10g}",
    )
