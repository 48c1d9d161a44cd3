"""机构与人员: who may act, in whose name, with which certificate."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.people.managers import UserManager
from anguan.people.rules import DutyPost, Matter, OrganKind, Role, is_certified, is_in_term


class Organ(models.Model):
    """机构: a handling unit, an issuing organ, or a party of a draw."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    short_name = models.CharField(_("文号简称"), max_length=20, help_text=_("如 川遂，写在文号的括号里"))
    kind = models.CharField(_("类型"), max_length=16, choices=OrganKind.choices())
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    review_body = models.CharField(_("复议机关"), max_length=100, blank=True)
    court = models.CharField(_("管辖法院"), max_length=100, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("机构")

    def __str__(self) -> str:
        return self.name


class Entrustment(models.Model):
    """委托: an organ lets another act in its name, in writing, for stated matters and a term (行政处罚法 art. 20)."""

    entrusting = models.ForeignKey(Organ, models.PROTECT, related_name="entrustments_given")
    entrusted = models.ForeignKey(Organ, models.PROTECT, related_name="entrustments_held")
    document = models.CharField(_("委托书"), max_length=100)
    matters = ArrayField(models.CharField(max_length=16, choices=Matter.choices()))
    valid_from = models.DateField()
    valid_to = models.DateField()
    publication_url = models.URLField(blank=True)

    class Meta:
        verbose_name = _("委托")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="entrustment_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(entrusting=F("entrusted")), name="nobody_entrusts_themselves"),
        ]

    def __str__(self) -> str:
        return self.document


class Competence(models.Model):
    """职权: which organ may do what on which legal basis, from when to when."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="competences")
    matter = models.CharField(max_length=16, choices=Matter.choices())
    statute = models.CharField(_("法律"), max_length=60)
    article = models.CharField(_("条款"), max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    verified = models.BooleanField(_("已核实"), default=False)

    class Meta:
        verbose_name = _("职权")
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "matter", "statute", "article", "valid_from"], name="one_competence_per_basis"
            )
        ]


class Department(models.Model):
    """科室: a part of an organ."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="departments")
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = _("科室")
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="one_department_of_a_name_per_organ")]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """用户: somebody who can log in; what they may do is told by their roles."""

    username = models.CharField(_("账号"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("邮箱"), blank=True)
    phone = models.CharField(_("手机"), max_length=32, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """授权: a role a user holds for an organ; enterprise roles come from memberships in the ledger."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices())
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="grants")

    class Meta:
        verbose_name = _("授权")
        constraints = [models.UniqueConstraint(fields=["user", "role", "organ"], name="one_grant_per_role_and_organ")]


class Officer(models.Model):
    """执法人员: a person with an enforcement certificate (行政处罚法 art. 42)."""

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="officer")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="officers")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    certificate_no = models.CharField(_("执法证号"), max_length=40, unique=True)
    valid_to = models.DateField(_("有效期至"))
    specialities = ArrayField(models.CharField(max_length=32), default=list, blank=True, verbose_name=_("执法领域"))
    can_lead = models.BooleanField(_("可任组长"), default=False)
    capacity = models.PositiveSmallIntegerField(_("每批最多承担"), default=5)

    class Meta:
        verbose_name = _("执法人员")
        constraints = [models.CheckConstraint(condition=Q(capacity__gte=1), name="officer_can_take_at_least_one")]

    def __str__(self) -> str:
        return self.name

    def is_certified_on(self, day: date) -> bool:
        """Whether the certificate counts on that day."""
        return is_certified(self.valid_to, day)


class Leave(models.Model):
    """离岗: days on which an officer is not available."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="leaves")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="leave_ends_after_it_begins")]


class Expert(models.Model):
    """专家: gives technical opinion, never signs as officer."""

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="expert")
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="experts", verbose_name=_("聘任机构")
    )
    name = models.CharField(_("姓名"), max_length=60)
    employer = models.CharField(_("单位"), max_length=100)
    specialities = ArrayField(models.CharField(max_length=32), default=list, blank=True, verbose_name=_("专业"))
    title = models.CharField(_("职称"), max_length=60, blank=True)
    term_to = models.DateField(_("聘期至"), null=True, blank=True)
    fee_yuan = models.DecimalField(_("酬劳（元/天）"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("专家")
        constraints = [
            models.UniqueConstraint(fields=["name", "employer"], name="one_expert_of_a_name_per_employer"),
            models.CheckConstraint(condition=Q(fee_yuan__gte=0), name="nobody_pays_to_advise"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_serving_on(self, day: date) -> bool:
        """Whether the term covers that day."""
        return is_in_term(self.term_to, day)


class DutyShift(models.Model):
    """值班: who holds a post of an organ's duty room from when to when; the end no longer belongs to it."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="duty_shifts")
    user = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts")
    post = models.CharField(_("岗位"), max_length=12, choices=DutyPost.choices(), default=DutyPost.OPERATOR)
    since = models.DateTimeField(_("接班"))
    until = models.DateTimeField(_("交班"))

    class Meta:
        verbose_name = _("值班")
        indexes = [models.Index(fields=["organ", "until"], name="duty_of_an_organ_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="duty_shift_ends_after_it_begins"),
            models.UniqueConstraint(fields=["user", "since"], name="nobody_begins_two_shifts_at_once"),
        ]

    def __str__(self) -> str:
        return self.user.name


class OneTimeCode(models.Model):
    """一次性码: lets somebody in once, for an invitation, a first log-in or a recovery; only its hash is kept."""

    class Purpose(models.TextChoices):
        FIRST_LOGIN = "first_login", _("首次登录")
        RECOVERY = "recovery", _("恢复登录")
        INVITATION = "invitation", _("邀请开通账号")
        RESET = "reset", _("重设密码")

    code_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="codes")
    # Whom an invitation is for: a person of an enterprise, a shop's manager, an expert.
    enterprise_id = models.BigIntegerField(null=True)
    tenant_id = models.BigIntegerField(null=True)
    expert = models.ForeignKey(Expert, models.CASCADE, null=True, related_name="codes")
    role = models.CharField(max_length=20, choices=Role.choices(), blank=True)
    skips_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=128)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("一次性码")
