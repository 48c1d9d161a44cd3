"""天地图 under the map: which layers are asked for, and where. Pure.

The browser draws in Web Mercator and nothing else, so the layers are the w ones: Web Mercator tiles on the CGCS2000
datum. Their c sisters are cut in degrees (EPSG:4490); taken for Mercator they would put every street in a wrong place.
CGCS2000 and the datum of Web Mercator differ by centimetres, less than a pixel at any zoom.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# 矢量底图 and its 注记 (names), in Web Mercator.
GROUND, NAMES = "vec_w", "cva_w"
DEEPEST = 18


@dataclass(frozen=True)
class Tiles:
    """What the page of the map needs: the addresses of both layers, and the one host that its policy lets through."""

    ground: str = ""
    names: str = ""
    host: str = ""


def tiles_of(server: str, key: str) -> Tiles:
    """The layers of a server for a key; none at all without a key, or where `server` is no address of a server."""
    parts = urlsplit(server)
    if not key or parts.scheme not in {"http", "https"} or not parts.hostname:
        return Tiles()
    host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    asked = f"{host}{parts.path.rstrip('/')}/DataServer?T={{layer}}&x={{{{x}}}}&y={{{{y}}}}&l={{{{z}}}}&tk="
    ground, names = (asked.format(layer=layer) + quote(key, safe="") for layer in (GROUND, NAMES))
    return Tiles(ground, names, host)
