"""A phone without network, as a test sees it: makes operations as `frontend/src/phone` does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from anguan.core.canonical import canonical_json
from anguan.ground.photos import Photo
from anguan.inspections.models import Visit
from anguan.people.models import User


def stamp(moment: datetime) -> str:
    """A moment as the phone writes it: UTC, milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


@dataclass
class Phone:
    """One phone with one officer's log-in; `sent` are text and digest of each operation of a visit."""

    user: User
    now: datetime
    offset_ms: int = 0
    device: UUID = field(default_factory=lambda: UUID(str(uuid7())))
    sent: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    _heads: dict[UUID, tuple[int, str]] = field(default_factory=dict)

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)

    def note(self, photo: Photo) -> dict[str, Any]:
        """A picture as an operation names it; its bytes lie ready to be sent."""
        self.files[photo.sha256] = photo.data
        return {
            "id": str(photo.uid), "sha256": photo.sha256, "taken_at": stamp(photo.taken_at), "lat": "30.5",
            "lon": "105.5", "accuracy": 12, "name": "一.png",
        }  # fmt: skip

    def do(self, visit: Visit | UUID, kind: str, payload: dict[str, Any], **changes: Any) -> tuple[str, str]:
        """Add an operation to the chain of a visit."""
        uid = visit.uid if isinstance(visit, Visit) else visit
        position, previous = self._heads.get(uid, (0, ""))
        value: dict[str, Any] = {
            "format": "anguan-offline/1",
            "id": str(uuid7()),
            "user": str(self.user.pk),
            "device": str(self.device),
            "visit": str(uid),
            "position": position + 1,
            "previous": previous,
            "kind": kind,
            "at": stamp(self.now),
            "device_at": stamp(self.now - timedelta(milliseconds=self.offset_ms)),
            "offset_ms": self.offset_ms,
            "jump_ms": 0,
            "measured_at": stamp(self.now),
            "task": "0" * 64,
            "payload": payload,
        }
        value.update(changes)
        text = canonical_json(value)
        digest = sha256(text.encode()).hexdigest()
        self._heads[uid] = (position + 1, digest)
        self.sent.append((text, digest))
        return text, digest

    def start(self, visit: Visit, present: Sequence[int], host: str = "示例经理") -> None:
        """到场签到."""
        self.do(visit, "start", {"present": list(present), "host": host, "lat": "30.5", "lon": "105.5", "accuracy": 9})

    def answer(self, visit: Visit, number: int, seen: str = "", photos: Sequence[Photo] = (), **changes: Any) -> None:
        """One item: conforms, or fails with what was seen."""
        self.do(
            visit,
            "answer",
            {
                "item": number, "outcome": "fails" if seen else "conforms", "note": seen, "place": "", "level": "",
                "criterion": "", "due_on": "", "photos": [self.note(photo) for photo in photos], **changes,
            },
        )  # fmt: skip

    def sign(self, visit: Visit, digest: str, image: bytes | None, officer: int = 0, **changes: Any) -> None:
        """One signature under the record with this digest."""
        name = sha256(image).hexdigest() if image else ""
        if image:
            self.files[name] = image
        self.do(
            visit,
            "sign",
            {
                "digest": digest, "party": "officer" if officer else "enterprise", "officer": officer, "image": name,
                "name": "" if officer else "示例经理", "refused": False, "note": "", **changes,
            },
        )  # fmt: skip
