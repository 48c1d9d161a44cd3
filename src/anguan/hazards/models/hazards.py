"""隐患: what was found, where it stands, and each report that it was put right.

Photos are evidence in `ground`: those of the finding belong to the hazard, those of the finished work to the report.
"""

from collections.abc import Sequence
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import ChecklistItem
from anguan.core.search import folded, pinyin_initials, search_tokens
from anguan.hazards.rules import ASKS_ENTERPRISE, Level, Outcome, Source, State
from anguan.papers.models import Paper
from anguan.people.models import Organ
from anguan.registry.models import Enterprise, Tenant

_AFTER_SERVICE = [
    State.RECTIFYING.value,
    State.OVERDUE.value,
    State.REPORTED.value,
    State.VERIFIED.value,
    State.CLOSED.value,
]


class Hazard(models.Model):
    """隐患: one thing that is wrong at one place of an enterprise, until it is closed (销号).

    Three legal chains stand on it: what it violates, what the order rests on, what a penalty would rest on. `due_on`
    is the last day of the term (限期整改); `sort_due_on` is the same for sorting, with undated hazards last.
    `effective_at` is when the order was served, before which no proof counts.
    """

    uid = models.UUIDField(unique=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="hazards", verbose_name=_("企业"), db_index=False
    )
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="hazards", verbose_name=_("承办机构"))
    source = models.CharField(_("发现来源"), max_length=12, choices=Source.choices())
    visit_uid = models.UUIDField(null=True, db_index=True)
    checklist_item = models.ForeignKey(
        ChecklistItem, models.PROTECT, null=True, related_name="hazards", verbose_name=_("检查项")
    )
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name=_("商户"), db_index=False
    )
    place = models.CharField(_("部位"), max_length=100, blank=True)
    description = models.CharField(_("隐患情况"), max_length=500)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices(), default=State.FOUND.value)
    level = models.CharField(_("等级"), max_length=8, choices=Level.choices(), blank=True)
    criterion = models.CharField(_("判定依据"), max_length=200, blank=True)
    classified_by_id = models.CharField(max_length=64, blank=True)
    violation_basis = models.CharField(_("违反条款"), max_length=200, blank=True)
    order_basis = models.CharField(_("责令依据"), max_length=200, blank=True)
    penalty_basis = models.CharField(_("处罚依据"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    found_by_id = models.CharField(max_length=64, blank=True)
    found_by_name = models.CharField(_("发现人"), max_length=128, blank=True)
    due_on = models.DateField(_("整改期限"), null=True)
    sort_due_on = models.GeneratedField(
        expression=Coalesce(F("due_on"), Value(date.max)), output_field=models.DateField(), db_persist=True
    )
    due_rule = models.CharField(max_length=64, blank=True)
    due_rule_version = models.PositiveIntegerField(null=True)
    due_provisional = models.BooleanField(default=False)
    overdue_on = models.DateField(_("逾期自"), null=True)
    order = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="hazards", verbose_name=_("责令文书"), db_index=False
    )
    effective_at = models.DateTimeField(_("送达时间"), null=True)
    reported_at = models.DateTimeField(_("报告整改时间"), null=True)
    verified_at = models.DateTimeField(_("复查合格时间"), null=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True)
    closed_by_name = models.CharField(_("销号人"), max_length=128, blank=True)
    # 自行销号: closed by the enterprise that found it, without officers; a sample of these is visited again.
    self_closed = models.BooleanField(_("自行销号"), default=False, db_default=False)
    withdrawn_at = models.DateTimeField(_("撤销认定时间"), null=True)
    times_reopened = models.PositiveSmallIntegerField(_("重新打开次数"), default=0)
    reopened_at = models.DateTimeField(_("最近重新打开时间"), null=True)
    # `tokens` finds candidates by index, `search_text` (folded words, then initials) decides; see `core.search`.
    search_text = models.TextField(editable=False)
    tokens = ArrayField(models.TextField(), default=list, editable=False)

    class Meta:
        verbose_name = _("隐患")
        indexes = [
            GinIndex(fields=["tokens"], name="hazard_words", fastupdate=False),
            # A search for a common word walks these two in order and reads nothing else: `selectors.Search`.
            models.Index(
                fields=["id"], include=["search_text", "state", "level", "source"], name="hazard_words_in_order"
            ),
            models.Index(fields=["state", "id"], include=["search_text"], name="hazard_words_by_state"),
            models.Index(fields=["sort_due_on", "id"], name="hazard_by_due_day"),
            models.Index(fields=["state", "sort_due_on", "id"], name="hazard_by_state_and_due_day"),
            models.Index(fields=["enterprise", "id"], name="hazard_by_enterprise"),
            # The desk: what an organ has in hand, without the many that were closed long ago: `selectors.desk`.
            models.Index(
                fields=["organ", "state", "sort_due_on", "id"],
                condition=~Q(state=State.CLOSED.value),
                name="hazard_in_hand",
            ),
            models.Index(
                fields=["organ", "reported_at", "id"],
                condition=Q(state=State.REPORTED.value),
                name="hazard_waiting_for_recheck",
            ),
            models.Index(fields=["order"], name="hazard_by_order", condition=Q(order__isnull=False)),
            models.Index(fields=["id"], name="major_hazard", condition=Q(level=Level.MAJOR.value)),
            models.Index(fields=["tenant", "id"], name="hazard_by_tenant", condition=Q(tenant__isnull=False)),
            models.Index(fields=["organ", "closed_at"], name="self_closed_hazard", condition=Q(self_closed=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(description=""), name="a_hazard_says_what_is_wrong"),
            models.CheckConstraint(
                condition=Q(state=State.FOUND.value, level="") | (~Q(state=State.FOUND.value) & ~Q(level="")),
                name="a_hazard_has_a_level_once_it_is_classified",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.MAJOR.value) | ~Q(criterion=""), name="a_major_hazard_names_its_criterion"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AFTER_SERVICE)
                | Q(source=Source.SELF.value)
                | Q(order__isnull=False, effective_at__isnull=False),
                name="rectification_starts_with_a_served_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(state.value for state in ASKS_ENTERPRISE)) | Q(due_on__isnull=False),
                name="whoever_must_rectify_has_a_term",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OVERDUE.value) | Q(overdue_on__isnull=False),
                name="an_overdue_hazard_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REPORTED.value, State.VERIFIED.value, State.CLOSED.value])
                | Q(reported_at__isnull=False),
                name="nothing_is_verified_before_it_is_reported",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.VERIFIED.value, State.CLOSED.value])
                | Q(verified_at__isnull=False)
                | Q(self_closed=True, state=State.CLOSED.value),
                name="nothing_is_closed_before_it_is_verified",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED.value, closed_at__isnull=False)
                | (~Q(state=State.CLOSED.value) & Q(closed_at__isnull=True)),
                name="closed_and_the_closing_time_come_together",
            ),
            models.CheckConstraint(
                condition=Q(self_closed=False) | (Q(source=Source.SELF.value) & ~Q(level=Level.MAJOR.value)),
                name="only_a_general_hazard_of_its_own_is_closed_by_the_enterprise",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN.value) | Q(withdrawn_at__isnull=False),
                name="a_withdrawn_finding_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_overdue(self) -> bool:
        """Whether the term ran out before anything was reported."""
        return self.state == State.OVERDUE

    def index_words(self, enterprise_name: str) -> None:
        """Set what the search needs: description, place and enterprise name, and the name's pinyin initials."""
        self.search_text, self.tokens = words_of(self.description, self.place, enterprise_name)


# What a B-tree index can hold of a row is 2704 bytes.
_MOST_BYTES = 2400


def words_of(description: str, place: str, enterprise_name: str) -> tuple[str, list[str]]:
    """`Hazard.search_text` and `Hazard.tokens`; of texts that are too long for an index only the beginning is found."""
    texts: Sequence[str] = (description, place, enterprise_name)
    initials = pinyin_initials(enterprise_name)
    text = f"{folded(*texts)}\n{initials}".encode()[:_MOST_BYTES].decode(errors="ignore")
    return text, search_tokens(*texts, initials=initials)


class Rectification(models.Model):
    """整改报告: one report by the enterprise that a hazard is put right, and what two officers made of it."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="rectifications")
    uid = models.UUIDField(unique=True)
    attempt = models.PositiveSmallIntegerField(_("第几次"))
    order = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="rectifications")
    description = models.CharField(_("整改情况"), max_length=1000)
    reported_by_id = models.CharField(max_length=64)
    reported_by_name = models.CharField(_("报告人"), max_length=128)
    reported_at = models.DateTimeField(_("报告时间"))
    outcome = models.CharField(_("复查结论"), max_length=8, choices=Outcome.choices(), default=Outcome.PENDING.value)
    checkers = models.JSONField(_("复查人员"), default=list)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("记录人"), max_length=128, blank=True)
    decided_at = models.DateTimeField(_("复查时间"), null=True)
    reason = models.CharField(_("复查意见"), max_length=500, blank=True)
    # Taken further from the finding than the rule allows: how far, and why, for whoever rechecks.
    far_m = models.PositiveIntegerField(_("拍摄位置相距（米）"), null=True)
    far_reason = models.CharField(_("不在现场拍摄的原因"), max_length=300, blank=True)
    opinion = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="rechecked", verbose_name=_("整改复查意见书")
    )

    class Meta:
        verbose_name = _("整改报告")
        ordering = ["attempt"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "attempt"], name="one_report_for_each_attempt"),
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(outcome=Outcome.PENDING.value), name="one_report_waits_for_its_recheck"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.PENDING.value, decided_at__isnull=True)
                | (~Q(outcome=Outcome.PENDING.value) & Q(decided_at__isnull=False)),
                name="a_recheck_has_an_outcome_and_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RETURNED.value) | ~Q(reason=""), name="a_returned_report_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id="") | ~Q(decided_by_id=F("reported_by_id")),
                name="whoever_reported_does_not_verify",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.PENDING.value, Outcome.SELF_CLOSED.value])
                | Q(checkers__1__isnull=False),
                name="two_officers_recheck",
            ),
            models.CheckConstraint(
                condition=Q(far_m__isnull=True) | ~Q(far_reason=""), name="a_proof_from_elsewhere_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id}#{self.attempt}"
