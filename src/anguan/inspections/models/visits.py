"""检查: a visit with its officers and answers, and the public result of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem
from anguan.checklists.rules import HazardLevel
from anguan.hazards.models import Hazard
from anguan.inspections.models.batches import Assignment, Batch
from anguan.inspections.models.joint import JointTask
from anguan.inspections.models.plans import PlanRow
from anguan.inspections.rules import (
    IN_HAND,
    TRIGGERED,
    WITHOUT_CHECK,
    AssistantKind,
    CountClass,
    ExemptReason,
    Mark,
    Mode,
    Outcome,
    ResultCategory,
    Trigger,
    VisitKind,
    VisitState,
)
from anguan.papers.models import Paper
from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise


class Visit(models.Model):
    """检查: one organ at one enterprise for one matter; for a recheck `parent` is the visit whose order it answers.

    `finished_at` is when the check itself was over: the record issued and, where something was wrong, the order served.
    The period for publishing the result runs from there.

    `is_sealed` with `opened_at` None is a surprise check before departure: nobody but the approver reads its target,
    and `target_hash` is all that is shown. `cap_used` and `cap` are what the approval saw; `code_no` is what the visit
    is known by at the door.
    """

    uid = models.UUIDField(unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=VisitKind.choices())
    state = models.CharField(_("状态"), max_length=16, choices=VisitState.choices(), default=VisitState.APPROVED)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="visits")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="visit")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="rechecks")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits", verbose_name=_("企业"))
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="visits", verbose_name=_("检查机关"))
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="visits", verbose_name=_("抽查事项"))
    plan_row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="visits", verbose_name=_("计划事项"))
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="visits", verbose_name=_("检查表"))
    due_on = models.DateField(_("期限"))
    due_is_provisional = models.BooleanField(default=False)
    count_class = models.CharField(_("计数类别"), max_length=20, choices=CountClass.choices(), default=CountClass.DAILY)
    mode = models.CharField(_("检查方式"), max_length=8, choices=Mode.choices(), default=Mode.ON_SITE)
    trigger = models.CharField(_("来由"), max_length=16, choices=Trigger.choices(), default=Trigger.RANDOM)
    clue = models.CharField(_("线索编号或文件号"), max_length=100, blank=True)
    why_on_site = models.CharField(_("为什么必须到现场"), max_length=300, blank=True)
    reason = models.CharField(_("事由"), max_length=500, blank=True)
    exempt_reason = models.CharField(_("超过上限的理由"), max_length=12, choices=ExemptReason.choices(), blank=True)
    visit_on = models.DateField(_("拟检查日期"), null=True)
    joint = models.ForeignKey(JointTask, models.PROTECT, null=True, related_name="visits", verbose_name=_("联合检查"))
    assistants_allowed = models.PositiveSmallIntegerField(_("协助人员人数"), default=0)
    experts_allowed = models.PositiveSmallIntegerField(_("专家人数"), default=0)
    applied_at = models.DateTimeField(null=True)
    applied_by_id = models.CharField(max_length=64, blank=True)
    applied_by_name = models.CharField(max_length=128, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=128, blank=True)
    approve_by = models.DateTimeField(_("补办批准期限"), null=True)
    approval_overdue_at = models.DateTimeField(null=True)
    decided_note = models.CharField(_("审批意见"), max_length=300, blank=True)
    approval = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name=_("行政检查审批表"))
    notice = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name=_("行政检查通知书"))
    code_no = models.CharField(_("检查编号"), max_length=40, blank=True)
    cap_used = models.PositiveSmallIntegerField(_("本年第几次"), null=True)
    cap = models.PositiveSmallIntegerField(_("每年上限"), null=True)
    cap_rule = models.CharField(max_length=60, blank=True)
    marks = ArrayField(models.CharField(max_length=8, choices=Mark.choices()), default=list)
    is_sealed = models.BooleanField(_("密封"), default=False)
    target_hash = models.CharField(_("对象的哈希"), max_length=64, blank=True)
    target_salt = models.CharField(max_length=64, blank=True)
    departs_at = models.DateTimeField(_("出发时间"), null=True)
    opened_at = models.DateTimeField(_("启封时间"), null=True)
    scanned_at = models.DateTimeField(_("扫码入企时间"), null=True)
    started_at = models.DateTimeField(_("到场时间"), null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    host = models.CharField(_("被检查单位现场负责人"), max_length=60, blank=True)
    record = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    measures = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(_("检查结束时间"), null=True)
    closed_at = models.DateTimeField(null=True)
    category = models.CharField(_("检查结果"), max_length=16, choices=ResultCategory.choices(), blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("检查")
        indexes = [
            models.Index(fields=["organ", "state", "due_on"], name="visit_by_organ_and_state"),
            models.Index(fields=["enterprise", "-id"], name="visit_by_enterprise"),
            # The desk: what officers still have in hand is a handful among a year's visits.
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=sorted(IN_HAND)), name="visit_in_hand_by_due_day"
            ),
            # 终止的复查: a handful, told to their officers for a few days.
            models.Index(
                fields=["closed_at"],
                condition=Q(kind=VisitKind.RECHECK, state=VisitState.CLOSED, finished_at__isnull=True),
                name="recheck_called_off_by_day",
            ),
            # 覆盖 and 入企负担: who was checked when and by whom, without reading the visits themselves.
            models.Index(
                fields=["organ", "enterprise", "started_at"],
                condition=Q(parent__isnull=True, started_at__isnull=False)
                & ~Q(category__in=sorted(category.value for category in WITHOUT_CHECK)),
                name="check_by_organ_and_enterprise",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=VisitKind.RECHECK, parent__isnull=False)
                | Q(kind=VisitKind.DRAWN, parent__isnull=True, batch__isnull=False)
                | (Q(parent__isnull=True, batch__isnull=True) & ~Q(kind__in=[VisitKind.RECHECK, VisitKind.DRAWN])),
                name="a_recheck_answers_a_visit_and_a_drawn_visit_comes_from_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=False)
                | Q(state__in=[VisitState.APPLIED, VisitState.REFUSED, VisitState.WITHDRAWN])
                | Q(kind=VisitKind.EMERGENCY, approve_by__isnull=False),
                name="nothing_begins_unapproved_except_in_an_emergency",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[VisitKind.KEY, VisitKind.CLUE, VisitKind.SPECIAL])
                | ~Q(mode=Mode.ON_SITE)
                | ~Q(why_on_site=""),
                name="who_goes_there_says_why_not_from_afar",
            ),
            models.CheckConstraint(
                condition=~Q(trigger__in=sorted(TRIGGERED)) | ~Q(clue=""), name="a_triggered_check_names_its_clue"
            ),
            models.CheckConstraint(
                condition=Q(is_sealed=False) | (~Q(target_hash="") & ~Q(target_salt="")),
                name="a_sealed_visit_has_its_hash",
            ),
            models.UniqueConstraint(fields=["code_no"], condition=~Q(code_no=""), name="one_visit_of_a_code_number"),
            models.UniqueConstraint(
                fields=["joint", "organ"],
                condition=Q(joint__isnull=False) & ~Q(state__in=[VisitState.REFUSED, VisitState.WITHDRAWN]),
                name="an_organ_is_in_a_joint_check_once",
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(kind="recheck") & ~Q(state="closed"),
                name="one_open_recheck_of_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(category=""), name="a_finished_visit_has_its_result"
            ),
        ]

    def __str__(self) -> str:
        if self.is_closed_envelope:
            return f"{_('密封')} {self.target_hash[:12]}"
        return f"{self.enterprise} {self.due_on:%Y-%m-%d}"

    @property
    def is_closed_envelope(self) -> bool:
        """Whether the target is still secret: sealed, and the team has not opened it."""
        return self.is_sealed and self.opened_at is None

    @property
    def is_recheck(self) -> bool:
        """Whether it answers an order rather than goes through a checklist."""
        return self.kind == VisitKind.RECHECK

    @property
    def was_called_off(self) -> bool:
        """Whether it was a recheck with nothing left to look at: closed without a result."""
        return self.is_recheck and self.state == VisitState.CLOSED and self.finished_at is None

    @property
    def awaits_approval(self) -> bool:
        """Whether it began in an emergency and nobody has approved it yet."""
        return self.approve_by is not None and self.approved_at is None

    @property
    def paper(self) -> Paper | None:
        """The paper that the officers have in hand: measures or order once there is one, else the record."""
        if self.state == VisitState.MEASURES_DRAFTED:
            return self.measures
        return self.order or self.record


class VisitOfficer(models.Model):
    """检查人员: an officer assigned to a visit; `is_leader` as drawn, `arrived_at` when they were on the spot."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="officers")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="visits")
    position = models.PositiveSmallIntegerField()
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("检查人员")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["visit", "officer"], name="an_officer_is_on_a_visit_once")]


class VisitAssistant(models.Model):
    """协助人员: somebody without power to inspect who came along; the approval fixed how many."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="assistants")
    kind = models.CharField(_("类别"), max_length=16, choices=AssistantKind.choices())
    name = models.CharField(_("姓名"), max_length=60)
    employer = models.CharField(_("单位"), max_length=100, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("协助人员")
        constraints = [models.UniqueConstraint(fields=["visit", "name"], name="an_assistant_is_on_a_visit_once")]


class Answer(models.Model):
    """检查项结果: what was found at one item, or on a recheck about one hazard. Photos are evidence of this row."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="answers")
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="answers")
    uid = models.UUIDField(unique=True)
    # Ids of answers that this one replaced: a phone may send an old one again, and it must not come back.
    replaced = ArrayField(models.UUIDField(), default=list)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices())
    place = models.CharField(_("部位"), max_length=200, blank=True)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    level = models.CharField(_("隐患级别"), max_length=8, choices=HazardLevel.choices(), blank=True)
    criterion = models.CharField(_("重大隐患判定依据"), max_length=200, blank=True)
    due_on = models.DateField(_("整改期限"), null=True)
    answered_at = models.DateTimeField()
    answered_by_id = models.CharField(max_length=64)
    answered_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("检查项结果")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item"], condition=Q(item__isnull=False), name="one_answer_per_item_of_a_visit"
            ),
            models.UniqueConstraint(
                fields=["visit", "hazard"],
                condition=Q(item__isnull=True),
                name="one_answer_per_hazard_of_a_recheck",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(hazard__isnull=False), name="an_answer_is_about_something"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.FAILS) | ~Q(note=""), name="a_failure_says_what_was_seen"
            ),
        ]


class Publication(models.Model):
    """结果公示: the public result of one drawn visit, with the day by which it must be public (rule D21)."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="publication")
    due_on = models.DateField(_("公示期限"))
    due_is_provisional = models.BooleanField()
    rule_version = models.CharField(max_length=40)
    rule_is_verified = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=200)
    category = models.CharField(_("检查结果"), max_length=16, choices=ResultCategory.choices())
    published_at = models.DateTimeField(_("公示时间"), null=True)
    published_by_name = models.CharField(max_length=128, blank=True)
    # 撤回: when what the result rests on was revoked or changed, by when it must be gone (rule D09), and that it is.
    changed_on = models.DateField(_("变更、撤销日期"), null=True)
    withdraw_reason = models.CharField(_("撤回理由"), max_length=300, blank=True)
    withdraw_by = models.DateField(_("撤回期限"), null=True)
    withdraw_by_is_provisional = models.BooleanField(default=False)
    withdraw_rule_version = models.CharField(max_length=40, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by_name = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("结果公示")
        indexes = [
            models.Index(fields=["-published_at"], name="result_by_day"),
            models.Index(
                fields=["due_on", "id"], condition=Q(published_at__isnull=True), name="result_waiting_by_due_day"
            ),
            models.Index(
                fields=["withdraw_by", "id"],
                condition=Q(withdraw_by__isnull=False, withdrawn_at__isnull=True),
                name="result_to_withdraw_by_due_day",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdraw_by__isnull=True) | (Q(changed_on__isnull=False) & ~Q(withdraw_reason="")),
                name="a_withdrawal_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdraw_by__isnull=False, published_at__isnull=False),
                name="only_what_was_public_is_withdrawn",
            ),
        ]
