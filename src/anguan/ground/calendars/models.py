"""Imported holiday notices, one row for each year and version."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolidayNotice(models.Model):
    """节假日安排通知: one year's State Council notice as an administrator entered it; the newest version counts.

    `holidays` and `make_up_days` (调休上班日) are lists of ISO dates. A corrected notice is a new version; rows are
    never changed, so that an old deadline can still name the calendar it was counted on.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    version = models.PositiveSmallIntegerField(_("版本"))
    holidays = models.JSONField(_("放假日"))
    make_up_days = models.JSONField(_("调休上班日"))
    source = models.CharField(_("通知文号或网址"), max_length=300)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.CharField(_("导入人"), max_length=128)

    class Meta:
        app_label = "ground"
        verbose_name = _("节假日安排通知")
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="one_notice_for_each_year_and_version")]

    def __str__(self) -> str:
        return f"{self.year}.{self.version}"
