"""抽查批次 with its parties, frozen pool and roster, and what was drawn."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import InspectionItem
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models.plans import PlanRow
from anguan.inspections.rules import (
    BatchPurpose,
    BatchState,
    BreakReason,
    ConflictKind,
    Exclusion,
    OfficerExclusion,
    PartyRole,
)
from anguan.people.models import Officer, Organ, User
from anguan.registry.models import DeclaredConflict, Enterprise


class Batch(models.Model):
    """抽查批次: one draw from plan to publication, under an id that is never used again.

    `strata` is a list of `rules.StratumPlan` as objects, `weights` maps a risk class to its number of tickets. From
    the commitment on `spec` is what the bundle says, fixed; `result` is the bundle's result.
    """

    code = models.CharField(_("批次号"), max_length=64, unique=True)
    title = models.CharField(_("名称"), max_length=150)
    purpose = models.CharField(_("用途"), max_length=8, choices=BatchPurpose.choices(), default=BatchPurpose.RANDOM)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="batches", verbose_name=_("检查机关"))
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="batches", verbose_name=_("抽查事项"))
    plan_row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="batches", verbose_name=_("计划事项"))
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
    experts_per_target = models.PositiveSmallIntegerField(_("每家几名专家"), default=0)
    expert_speciality = models.CharField(_("专家专业"), max_length=32, blank=True)
    expert_capacity = models.PositiveSmallIntegerField(_("每名专家最多去几家"), default=3)
    is_sealed = models.BooleanField(_("密封抽查"), default=False)
    envelopes_digest = models.CharField(_("信封摘要"), max_length=64, blank=True)
    experts_digest = models.CharField(_("专家名册摘要"), max_length=64, blank=True)
    expert_teams = models.JSONField(null=True)
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
            models.CheckConstraint(
                condition=Q(experts_per_target=0) | Q(state__in=["planned", "pool_frozen"]) | ~Q(experts_digest=""),
                name="a_committed_batch_with_experts_has_their_digest",
            ),
            models.CheckConstraint(
                condition=Q(is_sealed=False)
                | ~Q(state__in=["drawn", "approved", "inspected", "published"])
                | ~Q(envelopes_digest=""),
                name="a_sealed_draw_has_its_envelopes",
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
    position = models.PositiveIntegerField(_("在名录中的次序"), null=True)
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


class PoolLevel(models.Model):
    """名录树的一层: the hashes of one level of the pool's tree, 32 bytes each, level 0 the leaves.

    Kept from the commitment on, so that a proof of one's own place costs a slice of each level and no hashing.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="levels")
    level = models.PositiveSmallIntegerField()
    hashes = models.BinaryField()

    class Meta:
        verbose_name = _("名录树的一层")
        constraints = [models.UniqueConstraint(fields=["batch", "level"], name="one_level_of_each_number_of_a_tree")]


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
    """回避快照: this officer does not go to this enterprise; the grounds stay inside (行政处罚法 art. 43).

    Declared, or barred by 空查, empty checks in a row that nobody has explained; what is published is the same.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="conflicts")
    officer = models.ForeignKey(BatchOfficer, models.PROTECT, related_name="conflicts")
    target = models.ForeignKey(PoolEntry, models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("缘由"), max_length=12, choices=ConflictKind.choices(), default=ConflictKind.DECLARED)
    declared = models.ForeignKey(DeclaredConflict, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("回避快照")
        constraints = [
            models.UniqueConstraint(fields=["officer", "target"], name="one_conflict_per_officer_and_target"),
            models.CheckConstraint(
                condition=Q(kind=ConflictKind.DECLARED, declared__isnull=False)
                | Q(kind=ConflictKind.EMPTY_CHECKS, declared__isnull=True),
                name="a_declared_conflict_names_its_declaration",
            ),
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


class Envelope(models.Model):
    """信封: what a sealed draw shows of one target or alternate, from the draw on, and what opens it afterwards.

    `number` counts in the order of the draw. `name_hash` hides the firm behind its pseudonym; who has `name_salt` can
    check it. Who opened it and when stands in the openings of its visit.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="envelope")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="envelopes")
    number = models.PositiveSmallIntegerField(_("信封号"))
    name_salt = models.CharField(max_length=64)
    name_hash = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    commitment = models.CharField(_("承诺值"), max_length=64)

    class Meta:
        verbose_name = _("信封")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_envelope_of_each_number"),
            models.CheckConstraint(
                condition=~Q(commitment="") & ~Q(salt="") & ~Q(name_salt=""), name="an_envelope_is_closed_with_salt"
            ),
        ]

    def __str__(self) -> str:
        return _("第%(number)d号信封") % {"number": self.number}
