"""照片指纹: made for every picture of a hazard, asked before a picture counts as proof."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery
from PIL import Image, UnidentifiedImageError

from anguan.core.words import N_
from anguan.ground import clock, evidence
from anguan.ground.access import Actor
from anguan.ground.likeness import ALGORITHM, Likeness, likeness_of
from anguan.ground.models import Evidence
from anguan.ground.photos import Photo
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.models import Hazard, PhotoHash, Rectification, ReusedPhoto, TenantReport
from anguan.hazards.rules import PhotoReused
from anguan.hazards.selectors.photos import earlier_alike
from anguan.hazards.services.writing import note

LIKENESS_RULE = "photo-likeness"
HAZARD, REPORT, TENANT_REPORT = "hazards.hazard", "hazards.rectification", "hazards.tenantreport"
OWNERS = (HAZARD, REPORT, TENANT_REPORT)
# Two reports with one picture, sent at once, must not both find that nobody used it.
_INTAKE_LOCK = 0x70686F74


def hash_photos(kept: Iterable[Evidence], *, hazard: Hazard, now: datetime) -> None:
    """Store the numbers of pictures that were just kept for a hazard; a picture that has them is left alone."""
    for item in kept:
        if item.kind == Evidence.Kind.PHOTO and not PhotoHash.objects.filter(evidence=item).exists():
            _store(item, hazard, _numbers(evidence.read(item.sha256)), now)


def _store(item: Evidence, hazard: Hazard, numbers: Likeness, now: datetime) -> None:
    PhotoHash.objects.update_or_create(
        evidence=item,
        defaults={
            "hazard": hazard,
            "enterprise_id": hazard.enterprise_id,
            "algorithm": ALGORITHM,
            "perceptual": numbers.perceptual,
            "gradient": numbers.gradient,
            "made_at": now,
        },
    )


def _numbers(data: bytes) -> Likeness:
    try:
        return likeness_of(data)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        # What can't be decoded has no likeness; whether it is accepted at all is the evidence store's question.
        return Likeness(None, None)


def refuse_reused_photos(photos: Sequence[Photo], *, hazard: Hazard, now: datetime) -> None:
    """Refuse pictures that were used before, byte for byte or almost, for any hazard of anybody: `PhotoReused`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_INTAKE_LOCK])
    limits = rule(LIKENESS_RULE, clock.local_day(now)).values
    for photo in photos:
        same = Evidence.objects.filter(sha256=photo.sha256, owner_type__in=OWNERS).exclude(uid=photo.uid).order_by("id")
        earlier, bits = same.first(), 0
        if earlier is None:
            alike = earlier_alike(
                _numbers(photo.data), perceptual=int(limits["perceptual"]), gradient=int(limits["gradient"]), limit=1
            )
            if not alike:
                continue
            earlier, bits = Evidence.objects.get(pk=alike[0].evidence_id), alike[0].perceptual_bits
        raise _refusal(earlier, bits, hazard)


def _refusal(earlier: Evidence, bits: int, hazard: Hazard) -> PhotoReused:
    used, where = _use_of(earlier)
    return rules.refuse_reused(
        evidence_id=earlier.pk,
        distance=bits,
        day=clock.local_day(earlier.taken_at).isoformat(),
        where=where,
        same_enterprise=used is not None and used.enterprise_id == hazard.enterprise_id,
    )


def _use_of(item: Evidence) -> tuple[Hazard | None, str]:
    """The hazard that a picture belongs to, and in words what for."""
    if item.owner_type == HAZARD:
        hazard = Hazard.objects.filter(pk=item.owner_id).first()
        return hazard, f"{hazard.description}（发现时）" if hazard else ""
    if item.owner_type == REPORT:
        report = Rectification.objects.select_related("hazard").filter(pk=item.owner_id).first()
        return (report.hazard, f"{report.hazard.description}（第{report.attempt}次整改报告）") if report else (None, "")
    said = TenantReport.objects.select_related("hazard").filter(pk=item.owner_id).first()
    return (said.hazard, f"{said.hazard.description}（商户反馈）") if said else (None, "")


@transaction.atomic
def note_reused_photo(*, hazard: Hazard, refusal: PhotoReused, actor: Actor, now: datetime) -> ReusedPhoto:
    """登记重复照片: that a used picture was offered as proof; called after the refused act was rolled back.

    The same person with the same picture for the same hazard is told once.
    """
    row, created = ReusedPhoto.objects.get_or_create(
        hazard=hazard,
        earlier_id=refusal.evidence_id,
        tried_by_id=actor.id,
        defaults={
            "enterprise_id": hazard.enterprise_id,
            "distance": refusal.distance,
            "tried_by_name": actor.name,
            "tried_at": now,
        },
    )
    if created:
        note(
            hazard,
            "hazards.note_reused_photo",
            actor,
            now,
            cause=N_("上传的照片以前用过"),
            earlier=refusal.evidence_id,
            distance=refusal.distance,
        )
    return row


def hash_missing_photos(now: datetime, limit: int = 50) -> int:
    """补算指纹: pictures from before there were numbers, or of an older algorithm; returns how many were done."""
    numbers = PhotoHash.objects.filter(evidence=OuterRef("pk")).values("algorithm")[:1]
    missing = (
        Evidence.objects.filter(owner_type__in=OWNERS, kind=Evidence.Kind.PHOTO)
        .annotate(by=Subquery(numbers))
        .filter(Q(by__isnull=True) | ~Q(by=ALGORITHM))
        .order_by("id")[:limit]
    )
    done = 0
    for item in missing:
        hazard, _ = _use_of(item)
        if hazard is None:
            continue
        try:
            data = evidence.read(item.sha256)
        except evidence.UnusableFile:
            # The file is gone or altered: that is the backup's question; its row is marked so that we go on.
            data = b""
        with transaction.atomic():
            _store(item, hazard, _numbers(data), now)
        done += 1
    return done
