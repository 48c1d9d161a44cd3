"""重大事故隐患: what is decided about one besides the path of every hazard, each as a row of its own."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models.hazards import Hazard, Rectification
from anguan.hazards.rules import (
    STOPS,
    AcceptanceState,
    Assessor,
    ClosureState,
    EscalationKind,
    EscalationState,
    ListingLevel,
    ListingState,
    MeasureKind,
    MeasureState,
    PlanState,
)
from anguan.papers.models import Paper


class RectificationPlan(models.Model):
    """治理方案（五落实）: who is responsible, what is done, with what money, until when, and what if it goes wrong."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="plans")
    uid = models.UUIDField(unique=True)
    version = models.PositiveSmallIntegerField(_("第几稿"))
    state = models.CharField(_("状态"), max_length=12, choices=PlanState.choices(), default=PlanState.SUBMITTED.value)
    responsibility = models.CharField(_("责任"), max_length=500)
    measures = models.CharField(_("措施"), max_length=1000)
    funds = models.CharField(_("资金"), max_length=300)
    time_limit = models.CharField(_("时限"), max_length=300)
    contingency = models.CharField(_("预案"), max_length=1000)
    finish_on = models.DateField(_("治理完成日"))
    submitted_at = models.DateTimeField(_("报送时间"))
    submitted_by_id = models.CharField(max_length=64)
    submitted_by_name = models.CharField(_("报送人"), max_length=128)
    decided_at = models.DateTimeField(_("审定时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("审定人"), max_length=128, blank=True)
    reason = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("治理方案")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "version"], name="one_plan_for_each_version"),
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state=PlanState.SUBMITTED.value), name="one_plan_waits_for_its_review"
            ),
            models.CheckConstraint(
                condition=~Q(responsibility="")
                & ~Q(measures="")
                & ~Q(funds="")
                & ~Q(time_limit="")
                & ~Q(contingency=""),
                name="a_plan_settles_all_five",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.RETURNED.value) | ~Q(reason=""), name="a_returned_plan_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} v{self.version}"


class InterimMeasure(models.Model):
    """临时安全措施: evacuate, stop production, stop use, or guard, while a major hazard is open.

    Stops rest on a served 现场处理措施决定书 and are lifted only after review and consent (安全生产法 65(1)(3)).
    `due_on` is the last day for the review of an application to resume (rule D26).
    """

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="measures")
    uid = models.UUIDField(unique=True)
    kind = models.CharField(_("措施"), max_length=16, choices=MeasureKind.choices())
    state = models.CharField(
        _("状态"), max_length=12, choices=MeasureState.choices(), default=MeasureState.IN_FORCE.value
    )
    scope = models.CharField(_("范围"), max_length=300)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="interim_measures", verbose_name=_("现场处理措施决定书")
    )
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    since = models.DateTimeField(_("执行自"))
    decided_by_id = models.CharField(max_length=64)
    decided_by_name = models.CharField(_("决定人"), max_length=128)
    asked_at = models.DateTimeField(_("申请恢复时间"), null=True)
    asked_by_name = models.CharField(_("申请人"), max_length=128, blank=True)
    asked_reason = models.CharField(_("申请说明"), max_length=500, blank=True)
    due_on = models.DateField(_("审查期限"), null=True)
    due_provisional = models.BooleanField(default=False)
    due_rule_version = models.PositiveIntegerField(null=True)
    lifted_at = models.DateTimeField(_("解除时间"), null=True)
    lifted_by_id = models.CharField(max_length=64, blank=True)
    lifted_by_name = models.CharField(_("同意人"), max_length=128, blank=True)
    review = models.CharField(_("审查意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("临时安全措施")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "kind"],
                condition=~Q(state=MeasureState.LIFTED.value),
                name="one_measure_of_a_kind_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(kind.value for kind in STOPS)) | Q(paper__isnull=False),
                name="a_stop_rests_on_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MeasureKind.GUARD.value) | ~Q(reason=""), name="guarding_says_why_it_is_safe"
            ),
            models.CheckConstraint(
                condition=~Q(state=MeasureState.ASKED.value) | Q(asked_at__isnull=False, due_on__isnull=False),
                name="whoever_asks_to_resume_gets_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.LIFTED.value, lifted_at__isnull=False) & ~Q(review="")
                | ~Q(state=MeasureState.LIFTED.value) & Q(lifted_at__isnull=True),
                name="nothing_resumes_without_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.kind}"


class Listing(models.Model):
    """挂牌督办: a major hazard on the notice board of a county, city or province, until it is closed.

    `responsible` is a leader by name and office, for the bureau; the public reads the office only.
    """

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="listings")
    uid = models.UUIDField(unique=True)
    level = models.CharField(_("挂牌层级"), max_length=12, choices=ListingLevel.choices())
    state = models.CharField(_("状态"), max_length=12, choices=ListingState.choices(), default=ListingState.HUNG.value)
    notice_no = models.CharField(_("督办通知文号"), max_length=80)
    responsible = models.CharField(_("督办责任人"), max_length=60)
    office = models.CharField(_("督办责任人职务"), max_length=100)
    due_on = models.DateField(_("督办期限"))
    hung_at = models.DateTimeField(_("挂牌时间"))
    hung_by_id = models.CharField(max_length=64)
    hung_by_name = models.CharField(_("挂牌人"), max_length=128)
    publish_by = models.DateField(_("挂牌公示期限"))
    publish_provisional = models.BooleanField(default=False)
    publish_rule_version = models.PositiveIntegerField()
    published_at = models.DateTimeField(_("挂牌公示时间"), null=True)
    removed_at = models.DateTimeField(_("摘牌时间"), null=True)
    publish_removal_by = models.DateField(_("摘牌公示期限"), null=True)
    removal_provisional = models.BooleanField(default=False)
    removal_published_at = models.DateTimeField(_("摘牌公示时间"), null=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawal_reason = models.CharField(_("撤回理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("挂牌督办")
        ordering = ["-hung_at", "-id"]
        indexes = [models.Index(fields=["state", "published_at"], name="listing_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state=ListingState.HUNG.value), name="a_hazard_hangs_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["notice_no"], name="one_listing_for_each_notice"),
            models.CheckConstraint(
                condition=~Q(state=ListingState.REMOVED.value)
                | Q(removed_at__isnull=False, publish_removal_by__isnull=False),
                name="a_removed_listing_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListingState.WITHDRAWN.value)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="a_withdrawn_listing_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.notice_no


class Acceptance(models.Model):
    """验收: the enterprise's application after treatment, with who assessed it; decided on the spot by two officers.

    `due_on` is the last day of the on-site acceptance (rule D26).
    """

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="acceptances")
    report = models.OneToOneField(Rectification, models.PROTECT, related_name="acceptance")
    uid = models.UUIDField(unique=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=AcceptanceState.choices(), default=AcceptanceState.APPLIED.value
    )
    assessor = models.CharField(_("评估方式"), max_length=8, choices=Assessor.choices())
    assessed_by = models.CharField(_("评估单位或专家"), max_length=200)
    assessed_on = models.DateField(_("评估日期"))
    assessment = models.CharField(_("评估结论"), max_length=1000)
    applied_at = models.DateTimeField(_("申请时间"))
    applied_by_id = models.CharField(max_length=64)
    applied_by_name = models.CharField(_("申请人"), max_length=128)
    due_on = models.DateField(_("现场验收期限"))
    due_provisional = models.BooleanField(default=False)
    due_rule_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField(_("验收时间"), null=True)
    decided_by_name = models.CharField(_("记录人"), max_length=128, blank=True)

    class Meta:
        verbose_name = _("验收申请")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=Q(state=AcceptanceState.APPLIED.value),
                name="one_acceptance_waits_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=AcceptanceState.APPLIED.value, decided_at__isnull=True)
                | (~Q(state=AcceptanceState.APPLIED.value) & Q(decided_at__isnull=False)),
                name="a_decided_acceptance_says_when",
            ),
        ]


class Closure(models.Model):
    """销号结论: written by one person, approved by a leader who neither wrote it nor found the hazard."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="closures")
    uid = models.UUIDField(unique=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ClosureState.choices(), default=ClosureState.PROPOSED.value
    )
    conclusion = models.CharField(_("销号结论"), max_length=1000)
    proposed_at = models.DateTimeField(_("拟写时间"))
    proposed_by_id = models.CharField(max_length=64)
    proposed_by_name = models.CharField(_("拟写人"), max_length=128)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("批准负责人"), max_length=128, blank=True)
    reason = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("销号结论")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=Q(state=ClosureState.PROPOSED.value),
                name="one_conclusion_waits_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id="") | ~Q(decided_by_id=F("proposed_by_id")),
                name="whoever_wrote_a_conclusion_does_not_approve_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClosureState.RETURNED.value) | ~Q(reason=""), name="a_returned_conclusion_says_why"
            ),
        ]


class Escalation(models.Model):
    """升级处置建议: penalty, stop, power cut or closure, proposed upward; a leader adopts or rejects it.

    `proposed_by_id` is empty where the platform proposed it because a term ran out.
    """

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="escalations")
    kind = models.CharField(_("建议"), max_length=12, choices=EscalationKind.choices())
    state = models.CharField(
        _("状态"), max_length=12, choices=EscalationState.choices(), default=EscalationState.PROPOSED.value
    )
    ground = models.CharField(_("事实和理由"), max_length=500)
    proposed_at = models.DateTimeField(_("提请时间"))
    proposed_by_id = models.CharField(max_length=64, blank=True)
    proposed_by_name = models.CharField(_("提请人"), max_length=128)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("决定人"), max_length=128, blank=True)
    reason = models.CharField(_("决定理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("升级处置建议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "kind"],
                condition=Q(state=EscalationState.PROPOSED.value),
                name="one_proposal_of_a_kind_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=EscalationState.PROPOSED.value, decided_at__isnull=True)
                | (~Q(state=EscalationState.PROPOSED.value) & Q(decided_at__isnull=False)),
                name="a_decided_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=EscalationState.REJECTED.value) | ~Q(reason=""),
                name="a_rejected_proposal_says_why",
            ),
        ]
