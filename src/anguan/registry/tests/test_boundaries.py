"""区界: what a bureau's GeoJSON may be, and what is said of everything else."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anguan.core.coordinates import gcj02_of
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry.boundaries import MOST_BYTES, read_boundary
from anguan.registry.models import DistrictBoundary
from anguan.registry.rules import Refused

SQUARE = [[105.5, 30.4], [105.7, 30.4], [105.7, 30.6], [105.5, 30.6], [105.5, 30.4]]
HOLE = [[105.55, 30.45], [105.6, 30.45], [105.6, 30.5], [105.55, 30.45]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [105.5, 30.5]}}


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "示例区"}, "geometry": geometry}


def told(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("value", "polygons"),
    [
        pytest.param(POLYGON, 1, id="面"),
        pytest.param({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, 2, id="多面"),
        pytest.param(feature(POLYGON), 1, id="要素"),
        pytest.param({"type": "FeatureCollection", "features": [POINT, feature(POLYGON)]}, 1, id="点被略过"),
        pytest.param({**POLYGON, "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, 1, id="CRS84"),
        pytest.param({**POLYGON, "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}}, 1, id="4490"),
        pytest.param({**POLYGON, "crs": {"properties": []}}, 1, id="坐标系没有名称"),
    ],
)
def test_polygons_are_read_in_every_wrapping(value: Any, polygons: int) -> None:
    read = read_boundary(told(value), "cgcs2000")
    assert len(read.polygons) == polygons
    assert read.polygons[0][0] == SQUARE
    assert read.geometry()["type"] == "MultiPolygon"


def test_holes_heights_and_a_byte_order_mark_do_no_harm() -> None:
    high = {"type": "Polygon", "coordinates": [[[*corner, 300.5] for corner in SQUARE], HOLE]}
    read = read_boundary(b"\xef\xbb\xbf" + told(high), "cgcs2000")
    assert read.polygons == [[SQUARE, HOLE]]
    assert read.points == 9


def test_a_line_from_a_map_of_the_market_is_turned_into_cgcs2000() -> None:
    shifted = [list(gcj02_of(x, y)) for x, y in SQUARE]
    read = read_boundary(told({"type": "Polygon", "coordinates": [shifted]}), "gcj02")
    for found, expected in zip(read.polygons[0][0], SQUARE, strict=True):
        assert found == pytest.approx(expected, abs=2e-6)


def ring(*corners: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(corners)]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"PK\x03\x04shp.zip", "不是 UTF-8 编码的 JSON", id="压缩包"),
        pytest.param("区界".encode("gb18030"), "不是 UTF-8 编码的 JSON", id="国标编码"),
        pytest.param(b"[" * 100_000, "不是 UTF-8 编码的 JSON", id="套得太深"),
        pytest.param(b"[1, 2]", "最外层", id="数组"),
        pytest.param(b"{}", "没有面", id="空对象"),
        pytest.param(b" " * (MOST_BYTES + 1), "超过 5 MB", id="太大"),
        pytest.param(told({"type": "FeatureCollection", "features": [POINT]}), "没有面", id="只有点"),
        pytest.param(told({"type": "FeatureCollection", "features": None}), "没有面", id="没有要素"),
        pytest.param(told({"type": "Polygon", "coordinates": []}), "没有坐标", id="没有坐标"),
        pytest.param(told({"type": "Polygon", "coordinates": 7}), "没有坐标", id="坐标是数"),
        pytest.param(told(ring(*SQUARE[:-1])), "没有闭合", id="没有闭合"),
        pytest.param(told(ring(SQUARE[0], SQUARE[1], SQUARE[0])), "没有闭合", id="不成面"),
        pytest.param(told(ring(*([y, x] for x, y in SQUARE))), "写反了", id="写反了"),
        pytest.param(told(ring(*([x * 1e5, y * 1e5] for x, y in SQUARE))), "投影坐标", id="投影坐标"),
        pytest.param(told(ring([float("nan"), 30.4], *SQUARE[1:])), "不是我国的经纬度", id="不是数"),
        pytest.param(told(ring(["105.5", "30.4"], *SQUARE[1:])), "两个数", id="文字"),
        pytest.param(told(ring([True, False], *SQUARE[1:])), "两个数", id="真假"),
        pytest.param(told(ring(*([105.5, 30.4] for _ in range(100_001)))), "100001 个点", id="太多点"),
        pytest.param(told({**POLYGON, "crs": {"properties": {"name": "EPSG:4546"}}}), "EPSG:4546", id="分带投影"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read_boundary(data, "cgcs2000")
    assert says in str(refused.value)
    assert str(refused.value).count("。") == 1


@pytest.mark.django_db
def test_a_clerk_loads_a_line_and_the_map_draws_the_newest() -> None:
    client = logged_in(a_user("clerk", Role.CLERK))

    def sent(name: str, data: bytes, system: str = "cgcs2000") -> Any:
        file = SimpleUploadedFile("区界.geojson", data)
        return client.post("/ledger/map/boundary/", {"name": name, "file": file, "coordinates": system})

    assert client.get("/ledger/map/boundary/shape/").json()["features"] == []
    assert "还没有载入区界" in client.get("/ledger/map/").content.decode()
    refused = sent("示例区", told({"type": "FeatureCollection", "features": [POINT]}))
    assert (refused.status_code, "文件里没有面" in refused.content.decode()) == (422, True)
    assert DistrictBoundary.objects.count() == 0
    for name in ("示例区", "示例区", "示例新区"):
        assert sent(name, told(POLYGON)).status_code == 302
    # The same line under the same name is the same.
    assert list(DistrictBoundary.objects.order_by("pk").values_list("name", "points")) == [
        ("示例区", 9),
        ("示例新区", 9),
    ]
    (drawn,) = client.get("/ledger/map/boundary/shape/").json()["features"]
    assert (drawn["properties"]["name"], drawn["geometry"]["coordinates"]) == ("示例新区", [[SQUARE, HOLE]])
    assert "虚线是区界：示例新区。" in client.get("/ledger/map/").content.decode()
