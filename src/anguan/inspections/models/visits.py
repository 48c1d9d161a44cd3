"""检查: a visit with its officers and answers, and the public result of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem
from anguan.checklists.rules import HazardLevel
from anguan.hazards.models import Hazard
from anguan.inspections.models.batches import Assignment, Batch
from anguan.inspections.models.plans import PlanRow
from anguan.inspections.rules import (
    Outcome,
    ResultCategory,
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
    """

    uid = models.UUIDField(unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=VisitKind.choices())
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
    approved_at = models.DateTimeField()
    approved_by_name = models.CharField(max_length=128)
    started_at = models.DateTimeField(_("到场时间"), null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    host = models.CharField(_("被检查单位现场负责人"), max_length=60, blank=True)
    record = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
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
                fields=["due_on", "id"], condition=~Q(state__in=["ordered", "closed"]), name="visit_in_hand_by_due_day"
            ),
            # 覆盖 and 入企负担: whom was checked in a year, without reading the visits themselves.
            models.Index(
                fields=["enterprise", "started_at"],
                include=["organ"],
                condition=Q(parent__isnull=True, started_at__isnull=False),
                name="visit_begun_by_enterprise",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=VisitKind.RECHECK, parent__isnull=False)
                | Q(kind=VisitKind.DRAWN, parent__isnull=True, batch__isnull=False),
                name="a_recheck_answers_a_visit_and_a_drawn_visit_comes_from_a_batch",
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
        return f"{self.enterprise} {self.approved_at:%Y-%m-%d}"

    @property
    def paper(self) -> Paper | None:
        """The paper that the officers have in hand: the order once there is one, else the record."""
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
