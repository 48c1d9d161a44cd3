"""延期 and 异议: what an enterprise asks about its order, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models.hazards import Hazard
from anguan.hazards.rules import ExtensionState, ObjectionState


class Extension(models.Model):
    """延期: asked before the term ends; a granted one keeps the day that it moved (`before_on` to `granted_on`)."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="extensions")
    uid = models.UUIDField(unique=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ExtensionState.choices(), default=ExtensionState.APPLIED.value
    )
    reason = models.CharField(_("延期理由"), max_length=500)
    measures = models.CharField(_("延期期间的安全措施"), max_length=500)
    before_on = models.DateField(_("原期限"))
    proposed_on = models.DateField(_("申请延期至"))
    applied_at = models.DateTimeField(_("申请时间"))
    applied_by_id = models.CharField(max_length=64)
    applied_by_name = models.CharField(_("申请人"), max_length=128)
    decide_by = models.DateField(_("决定期限"))
    decide_provisional = models.BooleanField(default=False)
    rule_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("决定人"), max_length=128, blank=True)
    decision = models.CharField(_("决定理由"), max_length=500, blank=True)
    granted_on = models.DateField(_("延期至"), null=True)

    class Meta:
        verbose_name = _("延期")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state=ExtensionState.APPLIED.value), name="one_extension_waits_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(measures=""), name="an_extension_says_why_and_how"),
            models.CheckConstraint(
                condition=(
                    Q(state=ExtensionState.GRANTED.value)
                    & Q(granted_on__isnull=False, granted_on__gt=models.F("before_on"))
                )
                | (~Q(state=ExtensionState.GRANTED.value) & Q(granted_on__isnull=True)),
                name="a_granted_extension_moves_the_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ExtensionState.GRANTED.value, ExtensionState.REFUSED.value])
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="a_decided_extension_says_why",
            ),
        ]


class Objection(models.Model):
    """异议: the enterprise contests a finding within the term; somebody else than the finder decides."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="objections")
    uid = models.UUIDField(unique=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ObjectionState.choices(), default=ObjectionState.FILED.value
    )
    reason = models.CharField(_("异议理由"), max_length=1000)
    filed_at = models.DateTimeField(_("提出时间"))
    filed_by_id = models.CharField(max_length=64)
    filed_by_name = models.CharField(_("提出人"), max_length=128)
    answer_by = models.DateField(_("答复期限"))
    answer_provisional = models.BooleanField(default=False)
    rule_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField(_("答复时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("答复人"), max_length=128, blank=True)
    decision = models.CharField(_("答复理由"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("异议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state=ObjectionState.FILED.value), name="one_objection_waits_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_objection_says_why"),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.FILED.value) | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="an_answered_objection_says_why",
            ),
        ]
