"""自查自改回访: hazards that enterprises found and closed themselves, seen again by a drawn sample."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models import Hazard
from anguan.inspections.models.batches import Batch
from anguan.inspections.rules import RevisitOutcome
from anguan.registry.models import Enterprise


class RevisitHazard(models.Model):
    """回访的隐患: one self-closed hazard of an enterprise in the pool of a re-visit batch, and what was found of it."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="revisit_hazards")
    uid = models.UUIDField(null=True, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="revisits")
    outcome = models.CharField(_("回访结果"), max_length=12, choices=RevisitOutcome.choices(), blank=True)
    note = models.CharField(_("看到的情况"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("回访的隐患")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "hazard"], name="a_hazard_is_in_a_re_visit_batch_once"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="a_re_visited_hazard_says_when",
            ),
        ]
