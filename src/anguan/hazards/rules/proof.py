"""整改证明的规则: the same place, and a picture that was never used before, here or anywhere.

Platform's own rules (enforcement practice has none): how far apart is too far, and how alike is the same, are the rule
records `proof-distance` and `photo-likeness`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class Position:
    """位置: WGS-84 degrees, and how exact the device said it was, in metres."""

    latitude: float
    longitude: float
    accuracy_m: float = 0.0


def metres_between(first: Position, second: Position) -> float:
    """Great-circle distance (haversine) in metres."""
    half_lat = radians(second.latitude - first.latitude) / 2
    half_lon = radians(second.longitude - first.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(radians(first.latitude)) * cos(radians(second.latitude)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def metres_too_far(found: Iterable[Position], proof: Iterable[Position], allowed_m: float) -> float | None:
    """How far the worst proof lies from the nearest picture of the finding; None where all are near enough or unknown.

    What the devices say about their own exactness is taken off: nobody is refused for a bad receiver.
    """
    places = list(found)
    worst: float | None = None
    for position in proof:
        distances = [metres_between(place, position) - place.accuracy_m - position.accuracy_m for place in places]
        nearest = min(distances, default=0.0)
        if nearest > allowed_m and (worst is None or nearest > worst):
            worst = nearest
    return worst


def check_place(far_m: float | None, *, allowed_m: float, reason: str) -> str:
    """The reason why the proof was taken elsewhere, empty where it wasn't; `NotAllowed` without one."""
    if far_m is None:
        return ""
    if not reason.strip():
        raise NotAllowed(
            N_(
                "照片拍摄位置离发现隐患的位置约 %(far)s 米，超过 %(allowed)s 米；"
                "请到现场重拍，或者写明原因，复查时会重点核对。"
            ),
            far=str(round(far_m)),
            allowed=str(round(allowed_m)),
        )
    return reason.strip()


class PhotoReused(NotAllowed):
    """照片重复: the picture, or one almost like it, was used before; `evidence_id` is the earlier one."""

    def __init__(self, template: str, *, evidence_id: int, distance: int, **params: str) -> None:
        self.evidence_id = evidence_id
        self.distance = distance
        super().__init__(template, **params)


def refuse_reused(*, evidence_id: int, distance: int, day: str, where: str, same_enterprise: bool) -> PhotoReused:
    """The refusal that says where the picture was used; what another enterprise did is not told by name."""
    if same_enterprise:
        template = N_("这张照片与 %(day)s 用于“%(where)s”的照片相同或几乎相同，不能作整改后的证明；请重新拍摄现场。")
        return PhotoReused(template, evidence_id=evidence_id, distance=distance, day=day, where=where)
    template = N_("这张照片与 %(day)s 用于另一单位的照片相同或几乎相同，不能作整改后的证明；请重新拍摄现场。")
    return PhotoReused(template, evidence_id=evidence_id, distance=distance, day=day)
