"""平面图: pictures of storeys, kept as evidence of their building."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from anguan.ground import audit, evidence
from anguan.ground.access import Actor
from anguan.ground.models import Evidence
from anguan.registry.models import Building, FloorPlan, storey_words
from anguan.registry.rules import check_storey

# More than any screen shows, and what a browser still draws at once on a modest machine.
MOST_PIXELS = 40_000_000
LEAST_SIDE = 200


class PlanRefused(ValueError):
    """The plan can't be kept so; the message says why."""


@dataclass(frozen=True)
class Picture:
    """A file from a form, with the id that the form gave it."""

    uid: UUID
    data: bytes
    name: str = ""


@transaction.atomic
def add_plan(*, building: Building, storey: int, part: str, picture: Picture, actor: Actor, now: datetime) -> FloorPlan:
    """上传平面图; the same form sent twice adds nothing.

    Raises `PlanRefused`, `rules.Refused` or `evidence.UnusableFile`.
    """
    building = Building.objects.select_for_update().get(pk=building.pk)
    check_storey(storey, building.storeys_above, building.storeys_below)
    known = FloorPlan.objects.filter(building=building, storey=storey, part=part).first()
    if known is not None:
        if known.evidence.uid == picture.uid:
            return known
        raise PlanRefused(
            _("%(storey)s已有平面图，请在那张图的页面更换图片；同一层的另一部分请写明部位。")
            % {"storey": f"{storey_words(storey)}{part}"}
        )
    file, width, height = _kept(building, picture, actor, now)
    plan = FloorPlan.objects.create(
        building=building,
        storey=storey,
        part=part,
        evidence=file,
        width=width,
        height=height,
        uploaded_at=now,
        uploaded_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="registry.add_plan",
        subject=building,
        now=now,
        after={"storey": storey, "part": part, "sha256": file.sha256},
    )
    return plan


@transaction.atomic
def change_picture(*, plan: FloorPlan, picture: Picture, actor: Actor, now: datetime) -> FloorPlan:
    """更换图片 of a storey; what was placed on the plan stays at the same fraction of its sides."""
    plan = FloorPlan.objects.select_for_update(of=("self",)).select_related("evidence", "building").get(pk=plan.pk)
    before = plan.evidence
    if before.uid == picture.uid:
        return plan
    plan.evidence, plan.width, plan.height = _kept(plan.building, picture, actor, now)
    plan.uploaded_at, plan.uploaded_by_name = now, actor.name
    plan.save(update_fields=["evidence", "width", "height", "uploaded_at", "uploaded_by_name"])
    audit.record(
        actor=actor,
        action="registry.change_plan",
        subject=plan.building,
        now=now,
        before={"storey": plan.storey, "part": plan.part, "sha256": before.sha256},
        after={"storey": plan.storey, "part": plan.part, "sha256": plan.evidence.sha256},
    )
    return plan


def _kept(building: Building, picture: Picture, actor: Actor, now: datetime) -> tuple[Evidence, int, int]:
    width, height = size_of(picture.data)
    file = evidence.keep(
        data=picture.data,
        uid=picture.uid,
        kind=Evidence.Kind.DOCUMENT,
        owner=building,
        actor=actor,
        now=now,
        name=picture.name,
    )
    return file, width, height


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a picture as it is shown; refuses what is no picture, too small to read or too large."""
    if evidence.media_type_of(data) == "application/pdf":
        raise PlanRefused(_("平面图要用图片（JPEG、PNG、WebP），PDF 请先另存为图片。"))
    try:
        with Image.open(BytesIO(data)) as image:
            turned = image.getexif().get(_ORIENTATION, 1) >= _FIRST_SIDEWAYS
            width, height = image.size[::-1] if turned else image.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise PlanRefused(_("这张图片打不开，请另存后再上传。")) from None
    if width * height > MOST_PIXELS:
        raise PlanRefused(_("图片超过 4000 万像素，请缩小后上传。"))
    if min(width, height) < LEAST_SIDE:
        raise PlanRefused(_("图片太小，看不清点位；短边至少 200 像素。"))
    return width, height


# EXIF: how the camera was held; from 5 on, width and height change places.
_ORIENTATION, _FIRST_SIDEWAYS = 0x0112, 5
