"""重大事故隐患判定标准: standards, and their clauses as rows that a bureau adds to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models.versions import Versioned, says_from_when, says_until_when
from anguan.checklists.rules import Field, Judgement, Mark, Stage


class Standard(models.Model):
    """判定标准: its number as documents cite it, its field, in force from and to (both days included)."""

    number = models.CharField(_("标准编号"), max_length=60, unique=True)
    title = models.CharField(_("标准名称"), max_length=150)
    field = models.CharField(_("领域"), max_length=20, choices=Field.choices())
    valid_from = models.DateField(_("施行日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    tag = models.CharField(_("证据级别"), max_length=1, choices=Mark.choices())
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("重大事故隐患判定标准")
        ordering = ["field", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_standard_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Criterion(Versioned):
    """判定条款: what a clause of a standard calls a major hazard, in our own words; one version.

    Clauses differ in number from edition to edition, so a hazard cites standard and clause, never a row.
    """

    standard = models.ForeignKey(
        Standard, models.PROTECT, to_field="number", related_name="criteria", verbose_name=_("标准编号")
    )
    clause = models.CharField(_("条款"), max_length=60)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    summary = models.CharField(_("判定情形"), max_length=300)
    judgement = models.CharField(_("判定方式"), max_length=16, choices=Judgement.choices(), default=Judgement.DIRECT)
    evidence = models.CharField(_("需要的证据"), max_length=300, blank=True)
    tag = models.CharField(_("证据级别"), max_length=1, choices=Mark.choices(), default=Mark.MEMORY)
    verified = models.BooleanField(_("已核对原文"), default=False)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")

    class Meta:
        verbose_name = _("判定条款")
        ordering = ["standard", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "clause", "version"], name="one_criterion_of_a_clause_and_version"
            ),
            models.UniqueConstraint(
                fields=["standard", "clause"], condition=Q(stage=Stage.DRAFT), name="one_draft_of_a_criterion_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(verified=False) | Q(tag=Mark.READ), name="only_what_was_read_in_full_is_verified"
            ),
            says_from_when("a_published_criterion_says_from_when"),
            says_until_when("a_withdrawn_criterion_says_until_when"),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.clause}"

    @property
    def field(self) -> str:
        """领域 of its standard."""
        return self.standard.field
