"""What a version of anything in this room carries."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from anguan.checklists.rules import Stage, is_in_force
from anguan.people.models import Organ


class Versioned(models.Model):
    """版本: drafted by an organ, published from a day on, withdrawn from a day on; once published it never changes.

    What ships with the program has no organ: any bureau may publish its successor.
    """

    stage = models.CharField(_("版本状态"), max_length=12, choices=Stage.choices(), default=Stage.DRAFT)
    effective_from = models.DateField(_("施行日期"), null=True, blank=True)
    withdrawn_from = models.DateField(_("停用日期"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("停用理由"), max_length=300, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构"))
    drafted_at = models.DateTimeField(_("起草时间"), null=True, blank=True)
    drafted_by_name = models.CharField(_("起草人"), max_length=60, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by_name = models.CharField(_("公布人"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def is_in_force_on(self, day: date) -> bool:
        """Whether the version counts on a day."""
        return is_in_force(Stage(self.stage), self.effective_from, self.withdrawn_from, day)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return self.stage == Stage.DRAFT


def says_from_when(name: str) -> models.CheckConstraint:
    """公布的版本写明从哪天起."""
    return models.CheckConstraint(
        condition=models.Q(stage__in=[Stage.DRAFT, Stage.DISCARDED]) | models.Q(effective_from__isnull=False),
        name=name,
    )


def says_until_when(name: str) -> models.CheckConstraint:
    """停用的版本写明到哪天止."""
    return models.CheckConstraint(
        condition=models.Q(stage=Stage.WITHDRAWN, withdrawn_from__isnull=False)
        | models.Q(~models.Q(stage=Stage.WITHDRAWN), withdrawn_from__isnull=True),
        name=name,
    )
