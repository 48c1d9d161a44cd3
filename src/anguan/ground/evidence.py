"""证据库: immutable files in folders named by their SHA-256, with a row that says where they come from."""

import os
import secrets
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from anguan.ground.access import Actor
from anguan.ground.models import Evidence

LARGEST_FILE = 20 * 1024 * 1024
IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class UnusableFile(ValueError):
    """The upload is not what it says or not what is accepted; the message is what the person reads."""


def path_of(digest: str) -> Path:
    """Where the file with this SHA-256 lies, whether or not it does."""
    return Path(settings.EVIDENCE_ROOT) / digest[:2] / digest[2:4] / digest


def media_type_of(data: bytes) -> str:
    """What the bytes really are: a JPEG, PNG, WebP or PDF; anything else raises `UnusableFile`."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        with Image.open(BytesIO(data)) as image:
            image.verify()
            return IMAGE_TYPES[image.format or ""]
    except (UnidentifiedImageError, KeyError, OSError, SyntaxError, Image.DecompressionBombError):
        raise UnusableFile(_("只接受 JPEG、PNG、WebP 图片或 PDF 文件，这个文件不是。")) from None


def write(data: bytes) -> str:
    """Put bytes into the store so that they survive a crash, and return their SHA-256; twice is as good as once."""
    digest = sha256(data).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{digest[:8]}{secrets.token_hex(4)}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o440)
    draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def read(digest: str) -> bytes:
    """The bytes with this SHA-256; raises `UnusableFile` when the file was altered on disk or is gone."""
    try:
        data = path_of(digest).read_bytes()
    except FileNotFoundError:
        raise UnusableFile(_("证据库里找不到这个文件，请从备份恢复。")) from None
    if sha256(data).hexdigest() != digest:
        raise UnusableFile(_("这个文件与登记的哈希不符，可能已被改动。"))
    return data


def keep(
    *,
    data: bytes,
    uid: UUID,
    kind: str,
    owner: Model,
    actor: Actor,
    now: datetime,
    taken_at: datetime | None = None,
    clock_offset_ms: int = 0,
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    accuracy_m: int | None = None,
    name: str = "",
    expected_sha256: str = "",
    parent: Evidence | None = None,
) -> Evidence:
    """Store a file as evidence of `owner`; idempotent on `uid`.

    The same id with other bytes or for another owner is refused: what was sent would otherwise be lost in silence.
    `expected_sha256` is what the device computed when it took the picture: bytes that arrived changed are refused.
    """
    if len(data) > LARGEST_FILE:
        raise UnusableFile(_("文件超过 20 MB，请压缩或分开上传。"))
    media_type = media_type_of(data)
    if expected_sha256 and sha256(data).hexdigest() != expected_sha256:
        raise UnusableFile(_("文件在传输中有变化，请重新上传。"))
    known = Evidence.objects.filter(uid=uid).first()
    if known is not None:
        same_owner = (known.owner_type, known.owner_id) == (owner._meta.label_lower, str(owner.pk))
        if not same_owner or known.sha256 != sha256(data).hexdigest():
            raise UnusableFile(_("这个编号已经用于另一个文件，请重新打开页面再上传。"))
        return known
    return Evidence.objects.create(
        uid=uid,
        sha256=write(data),
        kind=kind,
        media_type=media_type,
        size=len(data),
        name=name[:200],
        taken_at=taken_at or now,
        clock_offset_ms=clock_offset_ms,
        latitude=latitude,
        longitude=longitude,
        accuracy_m=accuracy_m,
        taken_by_id=actor.id,
        taken_by_name=actor.name,
        owner_type=owner._meta.label_lower,
        owner_id=str(owner.pk),
        parent=parent,
        stored_at=now,
    )


def of(owner: Model) -> list[Evidence]:
    """The evidence of a row in the order it was taken."""
    return list(
        Evidence.objects.filter(owner_type=owner._meta.label_lower, owner_id=str(owner.pk)).order_by("taken_at", "id")
    )
