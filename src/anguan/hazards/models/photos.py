"""照片的感知指纹: what a picture looks like, as two numbers, and what was refused because of it."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from anguan.ground.models import Evidence
from anguan.hazards.models.hazards import Hazard
from anguan.hazards.rules.bands import BANDS
from anguan.registry.models import Enterprise


def _band(shift: int, width: int) -> models.expressions.Combinable:
    return F("perceptual").bitrightshift(shift).bitand((1 << width) - 1)


class PhotoHash(models.Model):
    """照片指纹: derived from one picture of a hazard by one version of the algorithm; `ground.likeness` tells how.

    Both numbers are None for a picture without features (one colour), which is compared by its SHA-256 alone.
    """

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="likeness")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", db_index=False)
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="photo_hashes")
    algorithm = models.PositiveSmallIntegerField()
    perceptual = models.BigIntegerField(null=True)
    gradient = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("照片指纹")
        indexes = [
            models.Index(_band(shift, width), name=f"photo_hash_band_{number}")
            for number, (shift, width) in enumerate(BANDS)
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(perceptual__isnull=True, gradient__isnull=True)
                | models.Q(perceptual__isnull=False, gradient__isnull=False),
                name="both_numbers_of_a_photo_or_none",
            )
        ]


class ReusedPhoto(models.Model):
    """重复照片: a picture that was refused as proof because it had been used before; a hint for the bureau."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="reused_photos")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="reused_photos")
    earlier = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    distance = models.PositiveSmallIntegerField(_("差异位数"))
    tried_by_id = models.CharField(max_length=64)
    tried_by_name = models.CharField(_("上传人"), max_length=128)
    tried_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("重复照片")
        ordering = ["-id"]
