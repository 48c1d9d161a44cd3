"""底账: the district's enterprises, complexes and tenants, buildings, construction sites and key units.

A row keeps its id for ever. Foreign keys to a merged enterprise are never re-pointed: the loser stays as an alias whose
`merged_into` selectors follow. Every change is in the audit records, from which an as-of view can be read.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anguan.core.coordinates import CoordinateSystem
from anguan.ground.models import Evidence
from anguan.people.models import Expert, Officer, User
from anguan.people.rules import Role
from anguan.registry.rules import (
    BuildingUse,
    ConflictKind,
    EnterpriseStatus,
    RiskLevel,
    SiteStatus,
)


class Found(models.Model):
    """What every kind of the ledger carries so that it can be found by name, code, address and pinyin initials.

    `tokens` finds candidates by index, `search_text` (folded words, then initials) decides; see `core.search`.
    """

    tokens = ArrayField(models.TextField(), default=list, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True


class Located(models.Model):
    """An address and, where known, a position in CGCS2000 degrees."""

    address = models.CharField(_("地址"), max_length=200)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    # Only what it was: longitude and latitude were turned into CGCS2000 when they came in.
    given_in = models.CharField(_("坐标系"), max_length=8, choices=CoordinateSystem.choices(), blank=True)

    class Meta:
        abstract = True


class Enterprise(Found, Located):
    """企业（监管对象）: known by its 统一社会信用代码 (GB 32100-2015)."""

    name = models.CharField(_("单位名称"), max_length=150)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    industry_code = models.CharField(_("行业代码"), max_length=8, blank=True)
    risk_level = models.CharField(_("风险等级"), max_length=1, choices=RiskLevel.choices(), blank=True)
    is_key = models.BooleanField(_("是否重点检查对象"), default=False)
    supervised_by = models.CharField(_("监管部门"), max_length=100, blank=True)
    principal = models.CharField(_("主要负责人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    safety_managers = models.CharField(_("安全管理人员"), max_length=120, blank=True)
    employees = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=EnterpriseStatus.choices(), default=EnterpriseStatus.OPERATING
    )
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="aliases")

    class Meta:
        verbose_name = _("企业")
        indexes = [
            GinIndex(fields=["tokens"], name="enterprise_words"),
            models.Index(fields=["name", "id"], name="enterprise_by_name"),
            models.Index(fields=["risk_level", "id"], name="enterprise_by_risk"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="no_enterprise_is_its_own_alias"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["enterprise", self.pk])


class Building(Found, Located):
    """建筑: a building; whether it is a high-rise is derived, never typed."""

    name = models.CharField(_("建筑名称"), max_length=150)
    height_m = models.DecimalField(_("建筑高度"), max_digits=6, decimal_places=2)
    storeys_above = models.PositiveSmallIntegerField(_("地上层数"))
    storeys_below = models.PositiveSmallIntegerField(_("地下层数"), null=True, blank=True)
    area_m2 = models.DecimalField(_("建筑面积"), max_digits=12, decimal_places=2, null=True, blank=True)
    use = models.CharField(_("使用性质"), max_length=12, choices=BuildingUse.choices())
    built_year = models.PositiveSmallIntegerField(_("建成年份"), null=True, blank=True)
    manager = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name=_("管理单位")
    )
    is_high_rise = models.BooleanField(_("高层建筑"), editable=False)

    class Meta:
        verbose_name = _("建筑")
        indexes = [
            GinIndex(fields=["tokens"], name="building_words"),
            models.Index(fields=["name", "id"], name="building_by_name"),
        ]
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="one_building_of_a_name_at_an_address")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["building", self.pk])


def storey_words(storey: int) -> str:
    """How people call a storey: 3层, 地下1层."""
    return gettext("地下%(n)s层") % {"n": -storey} if storey < 0 else gettext("%(n)s层") % {"n": storey}


class FloorPlan(models.Model):
    """平面图: the picture of one storey, or a part of one; upper rooms place points on it by fractions of its sides.

    A better picture takes the place of the old one in the same row, so that what stands on the plan stays there.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="floor_plans", verbose_name=_("建筑"))
    storey = models.SmallIntegerField(_("楼层"))
    part = models.CharField(_("部位"), max_length=40, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("平面图")
        constraints = [
            models.UniqueConstraint(fields=["building", "storey", "part"], name="one_plan_of_a_part_of_a_storey"),
            models.CheckConstraint(condition=~Q(storey=0), name="no_storey_is_number_zero"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="a_plan_has_an_area"),
        ]

    def __str__(self) -> str:
        return f"{storey_words(self.storey)} {self.part}".strip()

    def get_absolute_url(self) -> str:
        """The page that shows the picture."""
        return reverse("registry:plan", args=[self.building_id, self.pk])


class DistrictBoundary(models.Model):
    """区界: the line around the district, drawn on its map. The newest counts; what it was before stays here."""

    name = models.CharField(_("名称"), max_length=60)
    geometry = models.JSONField()
    points = models.PositiveIntegerField()
    given_in = models.CharField(_("坐标系"), max_length=8, choices=CoordinateSystem.choices())
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("区界")
        constraints = [models.CheckConstraint(condition=Q(points__gte=4), name="a_boundary_encloses_something")]

    def __str__(self) -> str:
        return self.name


class Complex(Found, Located):
    """商业综合体: a mall with an operator and tenants."""

    name = models.CharField(_("综合体名称"), max_length=150, unique=True)
    operator = models.ForeignKey(Enterprise, models.PROTECT, related_name="complexes", verbose_name=_("运营管理单位"))

    class Meta:
        verbose_name = _("综合体")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["complex", self.pk])


class Tenant(Found):
    """商户: a shop in a complex."""

    complex = models.ForeignKey(Complex, models.PROTECT, related_name="tenants", verbose_name=_("综合体"))
    unit_no = models.CharField(_("铺位号"), max_length=32)
    name = models.CharField(_("商户名称"), max_length=150)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="shops")
    business = models.CharField(_("业态"), max_length=60, blank=True)
    powered_all_night = models.BooleanField(_("24小时供电"), default=False)
    uses_gas = models.BooleanField(_("用气"), default=False)
    manager = models.CharField(_("负责人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("商户")
        constraints = [models.UniqueConstraint(fields=["complex", "unit_no"], name="one_shop_per_unit")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["tenant", self.pk])


class Site(Found, Located):
    """建筑工地: a construction site under a permit."""

    name = models.CharField(_("工程名称"), max_length=150)
    permit_no = models.CharField(_("施工许可证号"), max_length=60, unique=True)
    developer = models.CharField(_("建设单位"), max_length=150, blank=True)
    contractor = models.ForeignKey(Enterprise, models.PROTECT, related_name="sites", verbose_name=_("施工单位"))
    supervising_firm = models.CharField(_("监理单位"), max_length=150, blank=True)
    project_type = models.CharField(_("工程类型"), max_length=60, blank=True)
    started_on = models.DateField(_("开工日期"))
    planned_finish_on = models.DateField(_("计划竣工日期"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=SiteStatus.choices(), default=SiteStatus.ACTIVE)

    class Meta:
        verbose_name = _("建筑工地")
        indexes = [
            GinIndex(fields=["tokens"], name="site_words"),
            models.Index(fields=["name", "id"], name="site_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["site", self.pk])


class KeyUnit(Found):
    """消防安全重点单位: designated by the fire-rescue body (消防法 art. 17)."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="key_units")
    name = models.CharField(_("单位名称"), max_length=150)
    category = models.CharField(_("列管类别"), max_length=60)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="key_units")
    building_name = models.CharField(_("所在建筑"), max_length=150, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    designated_on = models.DateField(_("确定日期"), null=True, blank=True)
    fire_principal = models.CharField(_("消防安全责任人"), max_length=60, blank=True)
    fire_manager = models.CharField(_("消防安全管理人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("消防安全重点单位")
        indexes = [
            GinIndex(fields=["tokens"], name="key_unit_words"),
            models.Index(fields=["name", "id"], name="key_unit_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="one_key_unit_of_a_name_per_enterprise")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of this row in the ledger."""
        return reverse("registry:detail", args=["key-unit", self.pk])


class Membership(models.Model):
    """企业成员: a user who speaks for an enterprise."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="members")
    role = models.CharField(
        max_length=20,
        choices=[(Role.PRINCIPAL.value, Role.PRINCIPAL.label), (Role.SAFETY_MANAGER.value, Role.SAFETY_MANAGER.label)],
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("企业成员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise", "role"],
                condition=Q(until__isnull=True),
                name="one_open_membership_per_role",
            )
        ]


class ShopMembership(models.Model):
    """商户成员: a user who speaks for a shop."""

    user = models.ForeignKey(User, models.PROTECT, related_name="shop_memberships")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="members")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("商户成员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "tenant"], condition=Q(until__isnull=True), name="one_open_membership_per_shop"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="shop_membership_ends_after_it_begins"),
        ]


class ExpertRecusal(models.Model):
    """专家回避: an enterprise that an expert keeps away from, as employee, adviser, supplier or relative."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="recusals")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="expert_recusals")
    source = models.CharField(_("来源"), max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("专家回避")
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "enterprise"], condition=Q(until__isnull=True), name="one_open_recusal_per_enterprise"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="recusal_ends_after_it_begins"),
        ]


class DeclaredConflict(models.Model):
    """回避申报: why an officer may not check or punish an enterprise (行政处罚法 art. 43); the grounds stay inside."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="conflicts")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("情形"), max_length=20, choices=ConflictKind.choices())
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    declared_at = models.DateTimeField()
    declared_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("回避申报")


class ImportRun(models.Model):
    """导入: one file on its way into the ledger, from upload to confirmation."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("已上传")
        CHECKING = "checking", _("核对中")
        CHECKED = "checked", _("已核对")
        WRITING = "writing", _("写入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("未导入")

    kind = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    mapping = models.JSONField(default=dict)
    partial = models.BooleanField(default=False)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    failure = models.CharField(max_length=500, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导入")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """The page on which this file is taken further."""
        return reverse("registry:import_run", args=[self.pk])
