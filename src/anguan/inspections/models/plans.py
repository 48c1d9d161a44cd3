"""年度监督检查计划 with its rows, and 检查主体清单: both versioned, what was published never changes."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import InspectionItem
from anguan.inspections.rules.plans import (
    MAY_INSPECT,
    OPEN_PLANS,
    JointPart,
    PlanState,
    RowMode,
    SubjectKind,
    SubjectState,
    TargetKind,
)
from anguan.people.models import Department, Entrustment, Organ
from anguan.registry.models import Enterprise


class AnnualPlan(models.Model):
    """年度监督检查计划: one version of one organ's plan for a year (安全生产法 art. 62).

    `other_days` and `non_days` map the categories of the capacity sheet to officer-days as text; what they come to is
    computed when asked, until approval fixes `capacity` with the calendar it was counted on.
    """

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="plans", verbose_name=_("编制机关"))
    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=PlanState.choices(), default=PlanState.DRAFT)
    title = models.CharField(_("名称"), max_length=150)
    amends = models.OneToOneField("self", models.PROTECT, null=True, related_name="amended_by")
    amended_because = models.CharField(_("调整原因"), max_length=300, blank=True)
    staff = models.PositiveSmallIntegerField(_("执法人员人数"), default=0)
    other_days = models.JSONField(_("其他执法工作日"), default=dict)
    non_days = models.JSONField(_("非执法工作日"), default=dict)
    capacity = models.JSONField(_("测算结果"), null=True)
    calendar_version = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=128)
    coordinated_with = models.CharField(_("衔接对象"), max_length=200, blank=True)
    coordinated_at = models.DateTimeField(null=True)
    coordinated_by_name = models.CharField(max_length=128, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=128, blank=True)
    filed_with = models.CharField(_("备案机关"), max_length=100, blank=True)
    filed_number = models.CharField(_("备案文号"), max_length=60, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    published_by_name = models.CharField(max_length=128, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("年度监督检查计划")
        ordering = ["-year", "organ", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "version"], name="one_plan_of_a_version_per_year"),
            models.UniqueConstraint(
                fields=["organ", "year"],
                condition=Q(state__in=sorted(OPEN_PLANS)),
                name="one_plan_at_work_per_organ_and_year",
            ),
            models.UniqueConstraint(
                fields=["organ", "year"],
                condition=Q(state=PlanState.PUBLISHED),
                name="one_plan_in_force_per_organ_and_year",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "coordinated"])
                | (Q(approved_at__isnull=False) & Q(capacity__isnull=False)),
                name="an_approved_plan_has_its_capacity",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "published", "superseded"])
                | (Q(filed_on__isnull=False) & ~Q(filed_number="")),
                name="a_filed_plan_has_its_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "superseded"]) | Q(published_at__isnull=False),
                name="a_published_plan_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(version=1, amends__isnull=True)
                | (Q(version__gt=1) & Q(amends__isnull=False) & ~Q(amended_because="")),
                name="a_further_version_says_what_it_amends_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanRow(models.Model):
    """计划事项: one row of a plan, with the ten fields that real plans have.

    检查事项, 实施依据, 检查对象, 检查内容, 检查方式, 频次和上限, 时间安排, 承办机构, 联合检查, 备注.
    """

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="rows")
    number = models.PositiveSmallIntegerField(_("序号"))
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="plan_rows", verbose_name=_("检查事项"))
    basis = models.CharField(_("实施依据"), max_length=300)
    target_kind = models.CharField(_("对象类型"), max_length=8, choices=TargetKind.choices())
    targets = models.CharField(_("检查对象"), max_length=200)
    named = models.ManyToManyField(Enterprise, related_name="plan_rows", blank=True)
    pool_size = models.PositiveIntegerField(_("对象总数"), null=True, blank=True)
    pool_count = models.PositiveIntegerField(_("抽取数"), null=True, blank=True)
    content = models.CharField(_("检查内容"), max_length=500)
    mode = models.CharField(_("检查方式"), max_length=16, choices=RowMode.choices())
    frequency = models.PositiveSmallIntegerField(_("每家每年频次"), default=1)
    cap = models.PositiveSmallIntegerField(_("每家每年上限"), default=1)
    months = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("时间安排"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办机构")
    )
    joint = models.CharField(_("联合检查"), max_length=8, choices=JointPart.choices(), default=JointPart.NONE)
    partners = models.CharField(_("联合部门"), max_length=200, blank=True)
    days_per_check = models.DecimalField(_("每次工作日"), max_digits=4, decimal_places=1, default=Decimal(1))
    officers_per_check = models.PositiveSmallIntegerField(_("每次人数"), default=2)
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    # How many enterprises the row names, on rows that come from `selectors.plans.rows_of`.
    named_count: int

    class Meta:
        verbose_name = _("计划事项")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_row_of_a_number_per_plan"),
            models.CheckConstraint(
                condition=Q(target_kind=TargetKind.NAMED, pool_size__isnull=True, pool_count__isnull=True)
                | Q(target_kind=TargetKind.POOL, pool_count__gte=1, pool_size__gte=F("pool_count")),
                name="targets_are_named_or_drawn_from_a_counted_pool",
            ),
            models.CheckConstraint(
                condition=Q(frequency__gte=1) & Q(cap__gte=F("frequency")), name="a_cap_is_not_below_its_frequency"
            ),
            models.CheckConstraint(
                condition=Q(months__len__gte=1) & Q(months__contained_by=list(range(1, 13))),
                name="a_row_names_the_months_of_its_checks",
            ),
            models.CheckConstraint(
                condition=Q(joint=JointPart.NONE, partners="") | (~Q(joint=JointPart.NONE) & ~Q(partners="")),
                name="a_joint_check_names_its_partners",
            ),
            models.CheckConstraint(condition=Q(days_per_check__gt=0), name="a_check_takes_some_time"),
            models.CheckConstraint(condition=Q(officers_per_check__gte=2), name="a_check_takes_two_officers"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.item.matter}"


class SubjectList(models.Model):
    """检查主体清单: who may inspect in the district, one published version (国办发〔2024〕54号)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="subject_lists", verbose_name=_("公布机关"))
    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=SubjectState.choices(), default=SubjectState.DRAFT)
    due_on = models.DateField(_("报送期限"))
    rule_version = models.CharField(max_length=40)
    rule_is_verified = models.BooleanField(default=False)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=128)
    filed_with = models.CharField(_("司法行政部门"), max_length=100, blank=True)
    filed_on = models.DateField(_("报送日期"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    published_by_name = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("检查主体清单")
        ordering = ["-year", "organ", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "version"], name="one_subject_list_of_a_version_per_year"),
            models.UniqueConstraint(
                fields=["organ"],
                condition=Q(state__in=["draft", "filed"]),
                name="one_subject_list_at_work_per_organ",
            ),
            models.UniqueConstraint(
                fields=["organ"], condition=Q(state=SubjectState.PUBLISHED), name="one_subject_list_in_force_per_organ"
            ),
            models.CheckConstraint(
                condition=Q(state=SubjectState.DRAFT) | Q(filed_on__isnull=False),
                name="a_filed_subject_list_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "superseded"]) | Q(published_at__isnull=False),
                name="a_published_subject_list_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.year}.{self.version}"


class SubjectEntry(models.Model):
    """检查主体: an organ that may inspect, by its own power, by authorisation, or entrusted within a scope."""

    subject_list = models.ForeignKey(SubjectList, models.PROTECT, related_name="entries")
    subject = models.ForeignKey(Organ, models.PROTECT, related_name="subject_entries", verbose_name=_("检查主体"))
    kind = models.CharField(_("主体性质"), max_length=12, choices=SubjectKind.choices())
    basis = models.CharField(_("依据"), max_length=300)
    scope = models.CharField(_("范围"), max_length=300)
    entrustment = models.ForeignKey(Entrustment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("检查主体")
        ordering = ["subject_list", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject_list", "subject"], name="one_entry_of_a_subject_per_list"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(MAY_INSPECT)), name="only_who_has_the_power_is_on_the_subject_list"
            ),
            models.CheckConstraint(
                condition=~Q(kind=SubjectKind.ENTRUSTED) | Q(entrustment__isnull=False),
                name="an_entrusted_subject_has_its_letter",
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)
