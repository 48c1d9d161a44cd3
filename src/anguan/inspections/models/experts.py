"""专家 on a batch and on its visits, and what they say there."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import ChecklistItem
from anguan.inspections.models.batches import Batch, PoolEntry
from anguan.inspections.models.visits import Visit
from anguan.inspections.rules import ExpertExclusion, OpinionState
from anguan.people.models import Expert


class BatchExpert(models.Model):
    """专家名册快照: one expert when the pool was frozen, under a pseudonym or left out with the reason."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="experts")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="draw_entries")
    pseudonym = models.CharField(_("代号"), max_length=24, blank=True)
    capacity = models.PositiveSmallIntegerField()
    specialities = models.JSONField(default=list)
    exclusion = models.CharField(_("不参与抽取的原因"), max_length=16, choices=ExpertExclusion.choices(), blank=True)

    class Meta:
        verbose_name = _("专家名册快照")
        constraints = [
            models.UniqueConstraint(fields=["batch", "expert"], name="an_expert_is_on_a_roster_once"),
            models.UniqueConstraint(
                fields=["batch", "pseudonym"], condition=~Q(pseudonym=""), name="one_expert_per_pseudonym"
            ),
            models.CheckConstraint(
                condition=Q(exclusion="") ^ Q(pseudonym=""), name="an_expert_is_on_the_roster_or_off_it_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="an_expert_can_go_somewhere"),
        ]


class BatchRecusal(models.Model):
    """专家回避快照: this expert does not go to this enterprise; the grounds stay in the ledger."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="recusals")
    expert = models.ForeignKey(BatchExpert, models.PROTECT, related_name="recusals")
    target = models.ForeignKey(PoolEntry, models.PROTECT, related_name="recusals")

    class Meta:
        verbose_name = _("专家回避快照")
        constraints = [models.UniqueConstraint(fields=["expert", "target"], name="one_recusal_per_expert_and_target")]


class VisitExpert(models.Model):
    """随行专家: an expert on a visit. Never an officer of it: no certificate, no signature, not of the two.

    Drawn with the batch (`entry`), or, for a visit that was applied for, called by name with the reason.
    `daily_fee_yuan` is what a day costs, as it stood when the expert was seated; `days` is recorded after the visit.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="experts")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="visits")
    entry = models.ForeignKey(BatchExpert, models.PROTECT, null=True, related_name="visits")
    called_reason = models.CharField(_("指定理由"), max_length=200, blank=True)
    daily_fee_yuan = models.DecimalField(_("每日费用（元）"), max_digits=9, decimal_places=2, default=Decimal(0))
    days = models.DecimalField(_("工作天数"), max_digits=4, decimal_places=1, null=True)
    fee_yuan = models.DecimalField(_("专家费（元）"), max_digits=10, decimal_places=2, null=True)
    fee_recorded_at = models.DateTimeField(null=True)
    fee_recorded_by_name = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("随行专家")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "expert"], name="an_expert_is_on_a_visit_once"),
            models.CheckConstraint(
                condition=Q(days__isnull=True, fee_yuan__isnull=True, fee_recorded_at__isnull=True)
                | Q(days__gt=0, fee_yuan__gte=0, fee_recorded_at__isnull=False),
                name="a_fee_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) ^ ~Q(called_reason=""),
                name="an_expert_is_drawn_or_called_with_a_reason",
            ),
        ]


class Opinion(models.Model):
    """专家检查意见: what an expert saw at one item of a visit, or on the whole; officers adopt or reject it.

    Photos are evidence of this row. It can be changed until it is submitted, and not at all afterwards.
    """

    uid = models.UUIDField(unique=True)
    visit_expert = models.ForeignKey(VisitExpert, models.PROTECT, related_name="opinions")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("意见"), max_length=1000)
    state = models.CharField(_("状态"), max_length=10, choices=OpinionState.choices(), default=OpinionState.DRAFTED)
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=128, blank=True)
    decision_reason = models.CharField(_("采纳或不采纳的理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("专家检查意见")
        ordering = ["item__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit_expert", "item"], nulls_distinct=False, name="one_opinion_per_expert_and_item"
            ),
            models.CheckConstraint(
                condition=Q(state=OpinionState.DRAFTED) | Q(submitted_at__isnull=False),
                name="a_submitted_opinion_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OpinionState.ADOPTED, OpinionState.REJECTED])
                | (Q(decided_at__isnull=False) & ~Q(decision_reason="")),
                name="a_decided_opinion_says_why",
            ),
        ]
