"""Reads what `<photo-capture>` sends, or a plain file input where no script runs."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Final
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from anguan.ground.clock import CHINA
from anguan.ground.evidence import LARGEST_FILE, UnusableFile
from anguan.ground.photos import Photo

MOST_PHOTOS: Final = 9
_TAKEN_AT, _EXIF_IFD = 0x9003, 0x8769


def photos_from(request: HttpRequest, *, uid: UUID, now: datetime, name: str = "photo") -> list[Photo]:
    """The pictures of a form, in order; their ids come from `uid`, the form's own, so that sending twice adds none.

    When a picture was taken is told by the device, else by the picture itself (EXIF), else by its arrival.
    Raises `UnusableFile` for a picture that is too large, before it is read.
    """
    files = request.FILES.getlist(name)[:MOST_PHOTOS]
    told = {
        field: request.POST.getlist(f"{name}_{field}") for field in ("taken_at", "lat", "lon", "accuracy", "sha256")
    }

    def of(field: str, place: int) -> str:
        values = told[field]
        # Fewer values than files: nobody knows which file they belong to.
        return values[place] if len(values) == len(files) else ""

    photos = []
    for place, file in enumerate(files):
        if (file.size or 0) > LARGEST_FILE:
            raise UnusableFile(_("文件超过 20 MB，请压缩或分开上传。"))
        data = file.read()
        photos.append(
            Photo(
                uid=uuid5(uid, f"{name}/{place}"),
                data=data,
                taken_at=_moment(of("taken_at", place)) or taken_at_of(data) or now,
                latitude=_degrees(of("lat", place), 90),
                longitude=_degrees(of("lon", place), 180),
                accuracy_m=_metres(of("accuracy", place)),
                name=file.name or "",
                claimed_sha256=of("sha256", place).lower(),
            )
        )
    return photos


def taken_at_of(data: bytes) -> datetime | None:
    """When a camera says it took the picture (EXIF DateTimeOriginal, China's time); None where it does not say."""
    try:
        with Image.open(BytesIO(data)) as image:
            text = image.getexif().get_ifd(_EXIF_IFD).get(_TAKEN_AT, "")
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA).astimezone(UTC)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _degrees(text: str, most: int) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return round(value, 6) if value.is_finite() and abs(value) <= most else None


def _metres(text: str) -> int | None:
    try:
        return min(max(0, round(float(text))), 10_000_000)
    except (ValueError, OverflowError):
        return None
