"""照片: pictures on their way from a form into the evidence store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.db.models import Model

from anguan.ground import evidence
from anguan.ground.access import Actor
from anguan.ground.models import Evidence


@dataclass(frozen=True)
class Photo:
    """One picture as it was taken: `taken_at` is corrected by `clock_offset_ms` already; position None when unknown.

    `claimed_sha256` is what the device computed, empty where it could not.
    """

    uid: UUID
    data: bytes
    taken_at: datetime
    clock_offset_ms: int = 0
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy_m: int | None = None
    name: str = ""
    claimed_sha256: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the bytes that arrived, hex."""
        return sha256(self.data).hexdigest()


def keep_photos(photos: Iterable[Photo], *, owner: Model, actor: Actor, now: datetime) -> list[Evidence]:
    """Store pictures as evidence of `owner`; idempotent on their uids. Raises `evidence.UnusableFile`."""
    return [
        evidence.keep(
            data=photo.data,
            uid=photo.uid,
            kind=Evidence.Kind.PHOTO,
            owner=owner,
            actor=actor,
            now=now,
            taken_at=photo.taken_at,
            clock_offset_ms=photo.clock_offset_ms,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
            name=photo.name,
            expected_sha256=photo.claimed_sha256,
        )
        for photo in photos
    ]
