"""监督: where organs may act, what the supervisor is told, who opened a sealed visit, what firms said of a visit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.inspections.models.visits import Visit
from anguan.inspections.rules import Ban, ConcernKind, OpeningKind
from anguan.people.models import Officer, Organ, User
from anguan.registry.models import Enterprise


class OrganArea(models.Model):
    """管辖区域: where an organ checks, as words that stand in addresses there, with the 行政区划代码."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="areas", verbose_name=_("机关"))
    code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    words = models.CharField(_("地址所含文字"), max_length=60)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True)

    class Meta:
        verbose_name = _("管辖区域")
        constraints = [
            models.UniqueConstraint(fields=["organ", "words", "valid_from"], name="one_area_of_the_same_words"),
            models.CheckConstraint(condition=~Q(words=""), name="an_area_is_told_in_words"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="an_area_ends_after_it_begins",
            ),
        ]


class Concern(models.Model):
    """监督线索: something the judicial supervisor should look at; what they make of it stays beside it."""

    kind = models.CharField(_("类别"), max_length=16, choices=ConcernKind.choices())
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="concerns")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="concerns")
    text = models.CharField(_("情况"), max_length=500)
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by_name = models.CharField(max_length=128, blank=True)
    opinion = models.CharField(_("监督意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("监督线索")
        indexes = [models.Index(fields=["handled_at", "-id"], name="concern_by_handling")]
        constraints = [
            # A rating leads to no visit, so that nobody finds out which firm spoke.
            models.UniqueConstraint(
                fields=["visit", "kind"], condition=Q(visit__isnull=False), name="one_concern_of_a_kind_per_visit"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ConcernKind.RATING) | Q(visit__isnull=True), name="a_rating_names_no_visit"
            ),
        ]


class EmptyChecksExplained(models.Model):
    """空查说明: why an officer who kept finding nothing at a firm should go there again; the leader's own words."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    reason = models.CharField(_("说明"), max_length=300)
    explained_on = models.DateField()
    explained_at = models.DateTimeField()
    explained_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("空查说明")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="an_explanation_says_something")]


class SealOpening(models.Model):
    """启封记录: who opened a sealed visit or read its target, and when; an early one shows."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="openings")
    kind = models.CharField(max_length=8, choices=OpeningKind.choices())
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=128)
    at = models.DateTimeField()
    is_early = models.BooleanField(_("早于出发时间"))
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("启封记录")
        ordering = ["pk"]


class Rating(models.Model):
    """企业评价: what a firm said of a visit, with no trace of firm or visit: organ and month are all it keeps."""

    uid = models.UUIDField(primary_key=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="ratings")
    month = models.DateField(_("月份"))
    score = models.PositiveSmallIntegerField(_("总体评价"))
    bans = ArrayField(models.CharField(max_length=16, choices=Ban.choices()), default=list)
    text = models.CharField(_("想说的话"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("企业评价")
        indexes = [models.Index(fields=["organ", "month"], name="rating_by_organ_and_month")]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="a_rating_is_one_to_five"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_rating_keeps_its_month_only"),
        ]


class SpentRatingCode(models.Model):
    """已用的评价码: only that it was used; nothing leads from here to the rating."""

    digest = models.CharField(primary_key=True, max_length=64)

    class Meta:
        verbose_name = _("已用的评价码")
