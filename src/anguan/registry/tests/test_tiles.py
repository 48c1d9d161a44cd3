"""天地图: which addresses are asked, in the browser too, and what happens when nobody answers."""

import math
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from anguan.ground.access import Actor
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry.services import load_boundary
from anguan.registry.tests.test_boundaries import POLYGON, told
from anguan.registry.tiles import Tiles, tiles_of

from .builders import NOW, an_enterprise

KEY = "示例 密钥&x={z}"
GREEN = (40, 160, 60)
LOADER = Actor(kind="system", id="test", name="示例")


def test_the_layers_are_those_of_web_mercator_with_the_key_quoted() -> None:
    tiles = tiles_of("https://t0.tianditu.gov.cn", "abc123")
    assert tiles.ground == "https://t0.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk=abc123"
    assert tiles.names == "https://t0.tianditu.gov.cn/DataServer?T=cva_w&x={x}&y={y}&l={z}&tk=abc123"
    assert tiles.host == "https://t0.tianditu.gov.cn"
    # Nothing in a key reaches the address as more than a key.
    assert tiles_of("https://t0.tianditu.gov.cn", "a b&T=c{z}").ground.endswith("&tk=a%20b%26T%3Dc%7Bz%7D")


def test_a_node_of_a_province_keeps_its_path_and_the_policy_only_its_host() -> None:
    tiles = tiles_of("https://user:secret@map.example.gov.cn:8443/node/", "k")
    assert tiles.ground.startswith("https://map.example.gov.cn:8443/node/DataServer?T=vec_w&")
    assert tiles.host == "https://map.example.gov.cn:8443"


@pytest.mark.parametrize(
    ("server", "key"),
    [
        pytest.param("https://t0.tianditu.gov.cn", "", id="没有密钥"),
        pytest.param("t0.tianditu.gov.cn", "k", id="没有协议"),
        pytest.param("javascript:alert(1)", "k", id="不是网址"),
        pytest.param("https://", "k", id="没有主机"),
    ],
)
def test_without_a_key_or_an_address_nobody_is_asked(server: str, key: str) -> None:
    assert tiles_of(server, key) == Tiles()


class TileServer(ThreadingHTTPServer):
    """天地图 on this machine: answers with a green square, refuses, or keeps silent until it is let go."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TileHandler)
        square = BytesIO()
        Image.new("RGB", (256, 256), GREEN).save(square, "PNG")
        self.square = square.getvalue()
        self.manner = "answer"
        self.asked: list[str] = []
        self.let_go = threading.Event()


class TileHandler(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.manner == "silent":
            self.server.let_go.wait(60)
        answers = self.server.manner == "answer"
        self.send_response(200 if answers else 403)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/png" if answers else "text/plain")
        self.end_headers()
        self.wfile.write(self.server.square if answers else b"tk")

    def log_message(self, *_words: Any) -> None:
        """Nothing: what was asked is kept."""


@pytest.fixture
def tile_server() -> Iterator[TileServer]:
    """A tile server of our own, until the test ends."""
    server = TileServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def mercator_tile(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """The tile of Web Mercator that a place lies in, by the formula of its definition."""
    turn = math.radians(latitude)
    x = (longitude + 180) / 360
    y = (1 - math.asinh(math.tan(turn)) / math.pi) / 2
    return math.floor(x * 2**zoom), math.floor(y * 2**zoom)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_tiles_lie_under_the_boundary_and_a_silent_or_refusing_server_takes_nothing_away(
    drawing_page: Page, live_address: str, settings: Any, tile_server: TileServer
) -> None:
    settings.TIANDITU_SERVER = f"http://127.0.0.1:{tile_server.server_port}"
    settings.TIANDITU_KEY = KEY
    an_enterprise(longitude=Decimal("105.6"), latitude=Decimal("30.5"))
    load_boundary(name="示例区", data=told(POLYGON), given_in="cgcs2000", actor=LOADER, now=NOW)
    session = logged_in(a_user("officer", Role.OFFICER)).cookies["sessionid"].value
    page = drawing_page
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_address}])
    answered(page, tile_server)
    for manner in ("refuse", "silent"):
        tile_server.manner = manner
        page.goto("/ledger/map/")
        place = page.locator("district-map")
        expect(place).to_have_attribute("data-drawn", "1")
        expect(place).to_have_attribute("data-state", "ready")
        expect(place.get_by_role("status")).to_contain_text("底图没有取到")
        expect(page.get_by_text("虚线是区界：示例区。")).to_be_visible()


def answered(page: Page, tile_server: TileServer) -> None:
    """The server answers: both layers are asked for the very tiles of the place, with the key, and are seen."""
    page.goto("/ledger/map/")
    place = page.locator("district-map")
    expect(place).to_have_attribute("data-tiles-state", "there")
    expect(place).to_have_attribute("data-drawn", "1")
    expect(place.get_by_role("status")).to_have_count(0)
    asked = [parse_qs(urlsplit(path).query, strict_parsing=True) for path in tile_server.asked]
    assert {query["T"][0] for query in asked} == {"vec_w", "cva_w"}
    assert {query["tk"][0] for query in asked} == {KEY}
    # The middle of the boundary is the middle of the picture: of each zoom that was asked, its tile was among them.
    zooms = {int(query["l"][0]) for query in asked}
    tiles = {(int(query["l"][0]), int(query["x"][0]), int(query["y"][0])) for query in asked}
    assert zooms
    for zoom in zooms:
        assert (zoom, *mercator_tile(105.6, 30.5, zoom)) in tiles
    # Inside the boundary, away from the point and the hole, the ground is green.
    box = place.bounding_box()
    assert box is not None
    shot = Image.open(BytesIO(place.screenshot())).convert("RGB")
    corner = (int(box["width"] * 0.6), int(box["height"] * 0.6))
    red, green, blue = (band.getpixel(corner) for band in shot.split())
    assert isinstance(red, int)
    assert isinstance(green, int)
    assert isinstance(blue, int)
    assert green > max(red, blue) + 60
