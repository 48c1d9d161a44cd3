"""备选替换 and 换员: each step that was taken after a draw, and who asked for it and who decided."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.models.batches import Assignment, Batch, BatchOfficer
from anguan.inspections.models.experts import BatchExpert
from anguan.inspections.rules import ReplacementKind, ReplacementState


class Replacement(models.Model):
    """备选替换: a drawn target, officer or expert that can't be had gives way to the next; never a new draw.

    `assignment` is the target that it is about. `step` is what was worked out when the head of the organ approved, as
    the companion of the bundle publishes it, and `number` its place among the steps of the batch. `alternate` is the
    target that came instead, None where no alternate was left.
    """

    uid = models.UUIDField(unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="replacements")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replacements", verbose_name=_("检查对象"))
    kind = models.CharField(_("替换什么"), max_length=8, choices=ReplacementKind.choices())
    officer = models.ForeignKey(BatchOfficer, models.PROTECT, null=True, related_name="replacements")
    expert = models.ForeignKey(BatchExpert, models.PROTECT, null=True, related_name="replacements")
    reason = models.CharField(_("原因"), max_length=16, choices=[*TargetReason.choices(), *PersonReason.choices()])
    note = models.CharField(_("情况和依据"), max_length=500)
    state = models.CharField(
        _("状态"), max_length=8, choices=ReplacementState.choices(), default=ReplacementState.ASKED
    )
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by_id = models.CharField(max_length=64)
    asked_by_name = models.CharField(_("提出人"), max_length=128)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(_("批准人"), max_length=128, blank=True)
    decision_note = models.CharField(_("不批准的理由"), max_length=300, blank=True)
    number = models.PositiveIntegerField(_("步骤序号"), null=True)
    step = models.JSONField(null=True)
    alternate = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="replacement")

    class Meta:
        verbose_name = _("备选替换")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_step_of_each_number_after_a_draw"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state=ReplacementState.ASKED),
                name="one_open_request_about_a_target",
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(kind=ReplacementKind.TARGET, state=ReplacementState.APPROVED),
                name="a_target_is_replaced_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReplacementState.APPROVED) | (Q(number__isnull=False) & Q(step__isnull=False)),
                name="an_approved_replacement_is_a_numbered_step",
            ),
            models.CheckConstraint(
                condition=Q(state=ReplacementState.ASKED, decided_at__isnull=True)
                | (~Q(state=ReplacementState.ASKED) & Q(decided_at__isnull=False) & ~Q(decided_by_id=F("asked_by_id"))),
                name="a_replacement_is_decided_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReplacementKind.TARGET, officer__isnull=True, expert__isnull=True)
                | Q(kind=ReplacementKind.OFFICER, officer__isnull=False, expert__isnull=True)
                | Q(kind=ReplacementKind.EXPERT, officer__isnull=True, expert__isnull=False),
                name="a_replacement_names_what_it_replaces",
            ),
        ]
