"""双随机抽查 and 检查: batches with their frozen pools and parties, visits with their answers, what is published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem
from anguan.checklists.rules import HazardLevel
from anguan.hazards.models import Hazard
from anguan.inspections.draws import BeaconKind
from anguan.inspections.rules import (
    BatchState,
    BreakReason,
    Exclusion,
    OfficerExclusion,
    Outcome,
    PartyRole,
    ResultCategory,
    VisitKind,
    VisitState,
)
from anguan.papers.models import Paper
from anguan.people.models import Officer, Organ, User
from anguan.registry.models import DeclaredConflict, Enterprise


class Batch(models.Model):
    """抽查批次: one draw from plan to publication, under an id that is never used again.

    `strata` is a list of `rules.StratumPlan` as objects, `weights` maps a risk class to its number of tickets. From
    the commitment on `spec` is what the bundle says, fixed; `result` is the bundle's result.
    """

    code = models.CharField(_("批次号"), max_length=64, unique=True)
    title = models.CharField(_("名称"), max_length=150)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="batches", verbose_name=_("检查机关"))
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="batches", verbose_name=_("抽查事项"))
    state = models.CharField(_("状态"), max_length=12, choices=BatchState.choices(), default=BatchState.PLANNED)
    window_from = models.DateField(_("检查期自"))
    window_to = models.DateField(_("检查期至"))
    strata = models.JSONField(_("分层"))
    weights = models.JSONField(_("各类签数"))
    officers_per_target = models.PositiveSmallIntegerField(_("每家几人"), default=2)
    beacon_kind = models.CharField(_("公开随机源"), max_length=16, choices=BeaconKind.choices())
    beacon_round = models.CharField(_("约定的轮次或期号"), max_length=100, blank=True)
    not_before = models.DateTimeField(_("随机值产生时间"))
    beacon_value = models.CharField(_("公开随机值"), max_length=200, blank=True)
    beacon_signature = models.CharField(max_length=96, blank=True)
    beacon_source = models.CharField(_("来源"), max_length=200, blank=True)
    beacon_entered_at = models.DateTimeField(null=True)
    spec = models.JSONField(null=True)
    spec_digest = models.CharField(_("规范摘要"), max_length=64, blank=True)
    result = models.JSONField(null=True)
    planned_by_name = models.CharField(max_length=128)
    planned_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    reveal_by = models.DateTimeField(_("开启期限"), null=True)
    drawn_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=128, blank=True)
    inspected_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_reason = models.CharField(_("作废原因"), max_length=16, choices=BreakReason.choices(), blank=True)
    broken_note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("抽查批次")
        indexes = [models.Index(fields=["organ", "-id"], name="batch_by_organ")]
        constraints = [
            models.CheckConstraint(condition=Q(window_to__gte=F("window_from")), name="a_window_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(officers_per_target__gte=2), name="two_officers_or_more_per_target"),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True) | Q(committed_at__lt=F("not_before")),
                name="committed_before_the_beacon_exists",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "pool_frozen"])
                | (Q(spec__isnull=False) & Q(committed_at__isnull=False)),
                name="a_committed_batch_has_its_spec",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.BROKEN) | (~Q(broken_reason="") & Q(result__isnull=True)),
                name="a_broken_batch_says_why_and_has_no_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "approved", "inspected", "published"]) | Q(result__isnull=False),
                name="a_drawn_batch_has_its_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BatchParty(models.Model):
    """参与方: who brings a secret. The commitment comes first; the secret arrives sealed and is opened with all others.

    `sealed` is the secret under a key that only the opening uses; it is emptied when the batch is drawn or broken.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(_("身份"), max_length=12, choices=PartyRole.choices())
    name = models.CharField(_("公开的称谓"), max_length=60)
    user = models.ForeignKey(User, models.PROTECT, related_name="draw_parties")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    commitment = models.CharField(_("承诺值"), max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    sealed_at = models.DateTimeField(null=True)
    secret = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("参与方")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_party_at_each_position"),
            models.UniqueConstraint(fields=["batch", "name"], name="one_party_of_a_name_per_batch"),
            models.UniqueConstraint(fields=["batch", "user"], name="nobody_is_two_parties_of_a_batch"),
        ]

    def __str__(self) -> str:
        return self.name


class PoolEntry(models.Model):
    """名录快照: one enterprise when the pool was frozen, in it under a pseudonym or left out with a reason."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="pool")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="pool_entries")
    enterprise_name = models.CharField(max_length=150)
    pseudonym = models.CharField(_("代号"), max_length=24, blank=True)
    stratum = models.CharField(_("层"), max_length=64, blank=True)
    risk_class = models.CharField(_("类"), max_length=64, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    exclusion = models.CharField(_("不入名录的原因"), max_length=16, choices=Exclusion.choices(), blank=True)

    class Meta:
        verbose_name = _("名录快照")
        constraints = [
            models.UniqueConstraint(fields=["batch", "enterprise"], name="an_enterprise_is_in_a_pool_once"),
            models.UniqueConstraint(
                fields=["batch", "pseudonym"], condition=~Q(pseudonym=""), name="one_enterprise_per_pseudonym"
            ),
            models.CheckConstraint(
                condition=(Q(exclusion="") & ~Q(pseudonym="") & ~Q(stratum="") & ~Q(salt=""))
                | (~Q(exclusion="") & Q(pseudonym="")),
                name="in_the_pool_under_a_pseudonym_or_out_with_a_reason",
            ),
        ]


class BatchOfficer(models.Model):
    """派员名册快照: one officer at the moment the pool was frozen, under a pseudonym or left out with the reason."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="officers")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="draw_entries")
    pseudonym = models.CharField(_("代号"), max_length=24, blank=True)
    leader = models.BooleanField()
    capacity = models.PositiveSmallIntegerField()
    specialities = models.JSONField(default=list)
    exclusion = models.CharField(_("不参与派员的原因"), max_length=16, choices=OfficerExclusion.choices(), blank=True)

    class Meta:
        verbose_name = _("派员名册快照")
        constraints = [
            models.UniqueConstraint(fields=["batch", "officer"], name="an_officer_is_on_a_roster_once"),
            models.UniqueConstraint(
                fields=["batch", "pseudonym"], condition=~Q(pseudonym=""), name="one_officer_per_pseudonym"
            ),
            models.CheckConstraint(
                condition=Q(exclusion="") ^ Q(pseudonym=""), name="on_the_roster_or_off_it_with_a_reason"
            ),
        ]


class BatchConflict(models.Model):
    """回避快照: this officer does not go to this enterprise; the grounds stay in the ledger (行政处罚法 art. 43)."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="conflicts")
    officer = models.ForeignKey(BatchOfficer, models.PROTECT, related_name="conflicts")
    target = models.ForeignKey(PoolEntry, models.PROTECT, related_name="conflicts")
    declared = models.ForeignKey(DeclaredConflict, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("回避快照")
        constraints = [
            models.UniqueConstraint(fields=["officer", "target"], name="one_conflict_per_officer_and_target")
        ]


class Assignment(models.Model):
    """抽取结果: one target or alternate with its officers, the leader first."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="assignments")
    target = models.OneToOneField(PoolEntry, models.PROTECT, related_name="assignment")
    stratum = models.CharField(max_length=64)
    rank = models.PositiveIntegerField()
    is_alternate = models.BooleanField()
    is_unstaffed = models.BooleanField(default=False)
    officers = models.ManyToManyField(BatchOfficer, related_name="assignments")

    class Meta:
        verbose_name = _("抽取结果")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "stratum", "rank"], name="one_target_of_each_rank_in_a_stratum")
        ]


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

    class Meta:
        verbose_name = _("结果公示")
        indexes = [models.Index(fields=["-published_at"], name="result_by_day")]
