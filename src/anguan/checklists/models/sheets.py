"""一单与检查表: published versions of what may be inspected and of what is asked on the spot."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models.criteria import Criterion
from anguan.checklists.models.versions import Versioned, says_from_when, says_until_when
from anguan.checklists.rules import HazardLevel, Importance, Stage, SubjectKind
from anguan.people.rules import OrganKind


class ItemList(Versioned):
    """随机抽查事项清单（一单）: one version; what is on none in force may not be inspected (国办发〔2024〕54号)."""

    version = models.CharField(_("版本"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=150)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")

    class Meta:
        verbose_name = _("随机抽查事项清单")
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=Q(stage=Stage.DRAFT), name="one_draft_of_the_item_list_at_a_time"
            ),
            says_from_when("a_published_item_list_says_from_when"),
            says_until_when("a_withdrawn_item_list_says_until_when"),
        ]

    def __str__(self) -> str:
        return self.title


class Checklist(Versioned):
    """检查表: the questions for one kind of premises, one version."""

    code = models.CharField(_("编号"), max_length=40)
    version = models.CharField(_("版本"), max_length=40)
    title = models.CharField(_("名称"), max_length=150)
    industry = models.CharField(_("适用行业"), max_length=60)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")

    class Meta:
        verbose_name = _("检查表")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_checklist_of_a_code_and_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(stage=Stage.DRAFT), name="one_draft_of_a_checklist_at_a_time"
            ),
            says_from_when("a_published_checklist_says_from_when"),
            says_until_when("a_withdrawn_checklist_says_until_when"),
        ]

    def __str__(self) -> str:
        return self.title


class InspectionItem(models.Model):
    """抽查事项: one row of an item list, with the checklist that its visits use.

    Key matters may be checked without limit of ratio; for general ones the ratio is kept low (市场监管总局 2019).
    """

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
    checklist = models.ForeignKey(Checklist, models.PROTECT, null=True, blank=True, related_name="matters")
    importance = models.CharField(_("事项类别"), max_length=8, choices=Importance.choices(), default=Importance.GENERAL)
    partners = ArrayField(
        models.CharField(max_length=16, choices=OrganKind.choices()),
        verbose_name=_("联合部门"),
        default=list,
        blank=True,
    )
    subject_kinds = ArrayField(
        models.CharField(max_length=16, choices=SubjectKind.choices()),
        verbose_name=_("对象类型"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("抽查事项")
        constraints = [
            models.UniqueConstraint(fields=["item_list", "code"], name="one_matter_of_a_code_in_an_item_list")
        ]

    def __str__(self) -> str:
        return self.matter


class ChecklistItem(models.Model):
    """检查项: one question, where its duty stands, and the chains violation, order and penalty.

    `key` names the question through all versions: phrases and comparisons follow it. `order_organs` and
    `penalty_organs` say which kinds of organ may order and penalise: a fine under 消防法 60 is the fire brigade's.
    """

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items")
    key = models.CharField(_("题目标识"), max_length=40)
    number = models.PositiveSmallIntegerField(_("序号"))
    question = models.CharField(_("检查内容"), max_length=300)
    look_for = models.CharField(_("怎么查"), max_length=500)
    statute = models.CharField(_("法律"), max_length=60)
    clause = models.CharField(_("条款"), max_length=60)
    violation_basis = models.CharField(_("违反条款"), max_length=200)
    order_basis = models.CharField(_("责令依据"), max_length=200)
    penalty_basis = models.CharField(_("处罚依据"), max_length=200)
    order_organs = ArrayField(
        models.CharField(max_length=16, choices=OrganKind.choices()),
        verbose_name=_("有权责令的部门"),
        default=list,
        blank=True,
    )
    penalty_organs = ArrayField(
        models.CharField(max_length=16, choices=OrganKind.choices()),
        verbose_name=_("有权处罚的部门"),
        default=list,
        blank=True,
    )
    hazard_level = models.CharField(_("隐患级别"), max_length=8, choices=HazardLevel.choices())
    suggested_days = models.PositiveSmallIntegerField(_("建议整改天数"))
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("可能构成重大隐患")
    )
    verified = models.BooleanField(_("已核对原文"), default=False)

    class Meta:
        verbose_name = _("检查项")
        ordering = ["number"]
        constraints = [
            # Deferred: moving a question renumbers its neighbours in one transaction.
            models.UniqueConstraint(
                fields=["checklist", "number"],
                name="one_question_of_a_number_in_a_checklist",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["checklist", "key"], name="one_question_of_a_key_in_a_checklist"),
            models.CheckConstraint(condition=Q(suggested_days__gte=1), name="a_term_has_at_least_one_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"


class HazardPhrase(models.Model):
    """隐患目录: a common description that an officer picks instead of typing it, with what follows from it.

    It belongs to a question through all its versions. Chains left empty are the question's own.
    """

    checklist_code = models.CharField(_("检查表"), max_length=40)
    item_key = models.CharField(_("题目标识"), max_length=40)
    text = models.CharField(_("隐患描述"), max_length=120)
    hazard_level = models.CharField(_("隐患级别"), max_length=8, choices=HazardLevel.choices())
    days = models.PositiveSmallIntegerField(_("建议整改天数"))
    violation_basis = models.CharField(_("违反条款"), max_length=200, blank=True)
    order_basis = models.CharField(_("责令依据"), max_length=200, blank=True)
    penalty_basis = models.CharField(_("处罚依据"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)
    is_offered = models.BooleanField(_("可以选用"), default=True)

    class Meta:
        verbose_name = _("隐患目录")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist_code", "item_key", "text"], name="one_phrase_of_a_wording_for_a_question"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="a_phrase_has_at_least_one_day"),
        ]

    def __str__(self) -> str:
        return self.text
