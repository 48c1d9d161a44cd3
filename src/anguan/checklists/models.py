"""一单与检查表: published versions of what may be inspected and of what is asked on the spot. Rows never change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.rules import HazardLevel


class ItemList(models.Model):
    """随机抽查事项清单（一单）: one published version; what is on none may not be inspected (国办发〔2024〕54号)."""

    version = models.CharField(_("版本"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=150)
    published_on = models.DateField(_("公布日期"))

    class Meta:
        verbose_name = _("随机抽查事项清单")

    def __str__(self) -> str:
        return self.title


class Checklist(models.Model):
    """检查表: the questions for one kind of premises, one version."""

    code = models.CharField(_("编号"), max_length=40)
    version = models.CharField(_("版本"), max_length=40)
    title = models.CharField(_("名称"), max_length=150)
    industry = models.CharField(_("适用行业"), max_length=60)

    class Meta:
        verbose_name = _("检查表")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_checklist_of_a_code_and_version")]

    def __str__(self) -> str:
        return self.title


class InspectionItem(models.Model):
    """抽查事项: one row of an item list, with the checklist that its visits use."""

    item_list = models.ForeignKey(ItemList, models.PROTECT, related_name="items")
    code = models.CharField(_("编号"), max_length=16)
    matter = models.CharField(_("抽查事项"), max_length=150)
    basis = models.CharField(_("抽查依据"), max_length=200)
    targets = models.CharField(_("抽查对象"), max_length=200)
    base = models.CharField(_("对象基数"), max_length=100, blank=True)
    ratio = models.CharField(_("抽查比例"), max_length=100, blank=True)
    cycle = models.CharField(_("抽查周期"), max_length=60, blank=True)
    method = models.CharField(_("抽查方式"), max_length=100, blank=True)
    subject = models.CharField(_("抽查主体"), max_length=100, blank=True)
    checklist = models.ForeignKey(Checklist, models.PROTECT, null=True, related_name="matters")

    class Meta:
        verbose_name = _("抽查事项")
        constraints = [
            models.UniqueConstraint(fields=["item_list", "code"], name="one_matter_of_a_code_in_an_item_list")
        ]

    def __str__(self) -> str:
        return self.matter


class ChecklistItem(models.Model):
    """检查项: one question, where its duty stands, and the chains violation, order and penalty."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(_("序号"))
    question = models.CharField(_("检查内容"), max_length=300)
    look_for = models.CharField(_("怎么查"), max_length=500)
    statute = models.CharField(_("法律"), max_length=60)
    clause = models.CharField(_("条款"), max_length=60)
    violation_basis = models.CharField(_("违反条款"), max_length=200)
    order_basis = models.CharField(_("责令依据"), max_length=200)
    penalty_basis = models.CharField(_("处罚依据"), max_length=200)
    hazard_level = models.CharField(_("隐患级别"), max_length=8, choices=HazardLevel.choices())
    suggested_days = models.PositiveSmallIntegerField(_("建议整改天数"))
    verified = models.BooleanField(_("已核对原文"), default=False)

    class Meta:
        verbose_name = _("检查项")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="one_question_of_a_number_in_a_checklist"),
            models.CheckConstraint(condition=Q(suggested_days__gte=1), name="a_term_has_at_least_one_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"
