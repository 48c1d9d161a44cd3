"""区界: a bureau loads the line around its district from a GeoJSON file."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.registry.boundaries import read_boundary
from anguan.registry.models import DistrictBoundary
from anguan.registry.rules import Refused


@transaction.atomic
def load_boundary(*, name: str, data: bytes, given_in: str, actor: Actor, now: datetime) -> DistrictBoundary:
    """载入区界; the same line under the same name once more adds nothing. Raises `rules.Refused`."""
    name = name.strip()[:60]
    if not name:
        raise Refused(N_("请写明这是哪里的边界。"))
    read = read_boundary(data, given_in)
    digest = sha256(data).hexdigest()
    current = DistrictBoundary.objects.order_by("-pk").first()
    if current is not None and (current.name, current.given_in, current.sha256) == (name, given_in, digest):
        return current
    boundary = DistrictBoundary.objects.create(
        name=name,
        geometry=read.geometry(),
        points=read.points,
        given_in=given_in,
        sha256=digest,
        loaded_at=now,
        loaded_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="registry.load_boundary",
        subject=boundary,
        now=now,
        after=audit.snapshot(boundary, "name", "points", "given_in", "sha256"),
    )
    return boundary
