"""指导服务: what an organ explained to a firm before its first check; never an enforcement act."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise


class Guidance(models.Model):
    """指导服务记录: when, who, what was explained, and problems noted with the day agreed.

    Problems here are `service_finding`s behind a wall: no paper, hazard or case is made of them. What is dangerous is
    referred, by an explicit act with its reason, and then needs an approved check of its own.
    """

    uid = models.UUIDField(unique=True)
    code_no = models.CharField(_("服务编号"), max_length=40, unique=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="guidance", verbose_name=_("指导机关"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="guidance", verbose_name=_("企业"))
    guided_on = models.DateField(_("指导日期"))
    officers = models.ManyToManyField(Officer, related_name="guidance", verbose_name=_("指导人员"))
    others = models.CharField(_("同行人员"), max_length=200, blank=True)
    host = models.CharField(_("企业在场人员"), max_length=60)
    explained = models.TextField(_("讲了什么"), max_length=2000)
    # [{"text", "agreed_on": ISO day or ""}]
    problems = models.JSONField(_("发现的问题"), default=list)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.CharField(max_length=64)
    recorded_by_name = models.CharField(max_length=128)
    referred_at = models.DateTimeField(null=True)
    referred_by_name = models.CharField(max_length=128, blank=True)
    referred_reason = models.CharField(_("转为线索的理由"), max_length=500, blank=True)
    clue = models.CharField(_("线索编号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("指导服务记录")
        indexes = [models.Index(fields=["organ", "enterprise"], name="guidance_by_organ_and_firm")]
        constraints = [
            models.CheckConstraint(
                condition=Q(referred_at__isnull=True) | (~Q(referred_reason="") & ~Q(clue="")),
                name="what_is_referred_says_why",
            ),
            models.CheckConstraint(condition=~Q(explained=""), name="guidance_says_what_was_explained"),
        ]

    def __str__(self) -> str:
        return self.code_no


class GuidanceException(models.Model):
    """首检指导例外: why an organ checks a firm for the first time without having guided it."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    since = models.DateField()
    until = models.DateField(_("有效期至"))
    decided_by_name = models.CharField(max_length=128)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("首检指导例外")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="an_exception_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_exception_says_why"),
        ]
