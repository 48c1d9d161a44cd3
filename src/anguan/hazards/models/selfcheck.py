"""自查自报: the quarterly statistics of an enterprise, and what a shop says about its own part."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models.hazards import Hazard
from anguan.registry.models import Enterprise, Tenant


class Statement(models.Model):
    """隐患排查治理统计表: one quarter of an enterprise (0: the year), as its principal signed it."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="hazard_statements")
    year = models.PositiveSmallIntegerField(_("年度"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    found_general = models.PositiveIntegerField(_("自查一般隐患"))
    found_major = models.PositiveIntegerField(_("自查重大隐患"))
    rectified = models.PositiveIntegerField(_("已整改"))
    open_count = models.PositiveIntegerField(_("期末未整改"))
    funds_yuan = models.DecimalField(_("投入资金（元）"), max_digits=14, decimal_places=2, default=0)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    due_on = models.DateField(_("报送期限"))
    rule_version = models.PositiveIntegerField()
    submitted_at = models.DateTimeField(_("报送时间"))
    submitted_by_id = models.CharField(max_length=64)
    submitted_by_name = models.CharField(_("签字人"), max_length=128)

    class Meta:
        verbose_name = _("隐患排查治理统计表")
        ordering = ["year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year", "quarter"], name="one_statement_for_each_period"),
            models.CheckConstraint(condition=Q(quarter__lte=4), name="a_year_has_four_quarters"),
            models.CheckConstraint(condition=Q(funds_yuan__gte=0), name="nobody_spends_less_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"


class TenantReport(models.Model):
    """商户整改反馈: a shop tells the mall's safety manager that its part is done; the manager reports to the bureau."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="tenant_reports")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="hazard_reports")
    uid = models.UUIDField(unique=True)
    description = models.CharField(_("怎么整改的"), max_length=1000)
    reported_at = models.DateTimeField(_("反馈时间"))
    reported_by_id = models.CharField(max_length=64)
    reported_by_name = models.CharField(_("反馈人"), max_length=128)

    class Meta:
        verbose_name = _("商户整改反馈")
        ordering = ["-id"]
