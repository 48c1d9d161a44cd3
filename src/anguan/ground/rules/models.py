"""The stored rule records: shipped ones as they were loaded, local ones as an administrator entered them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anguan.core.periods import Unit
from anguan.ground.rules.records import Kind


class RuleRecord(models.Model):
    """规则记录: one version of one time limit, threshold or text of the law; never changed, only followed by the next.

    `values` holds what a period cannot say: steps, caps, thresholds, texts; decimals in it are text. `fingerprint` is
    the SHA-256 of everything that decides an outcome, so that a changed rule under an old number is noticed.
    """

    rule_id = models.CharField(_("规则编号"), max_length=64)
    jurisdiction = models.CharField(_("适用地区"), max_length=16, default="CN")
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("法律文件"), max_length=200)
    clause = models.CharField(_("条款"), max_length=100, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices())
    count = models.PositiveIntegerField(_("数量"), null=True)
    unit = models.CharField(_("单位"), max_length=16, choices=Unit.choices(), blank=True)
    roll_forward = models.BooleanField(_("遇休息日顺延"), default=False)
    valid_from = models.DateField(_("施行日期"), null=True)
    valid_to = models.DateField(_("失效日期"), null=True)
    verified = models.BooleanField(_("已核对原文"), default=False)
    tag = models.CharField(_("证据级别"), max_length=16, blank=True)
    note = models.TextField(_("说明"), blank=True)
    values = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        app_label = "ground"
        verbose_name = _("规则记录")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "jurisdiction", "version"], name="one_record_for_each_rule_version"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.version}"
