"""查岗: a question at a random moment, whether somebody sits in the control room."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.models.devices import Command, Device
from anguan.alarms.rules.duty_checks import DutyCheckState

_SENT = ~Q(state__in=[DutyCheckState.PLANNED.value, DutyCheckState.CANCELLED.value])


class DutyCheck(models.Model):
    """查岗: planned in secret, sent with its minutes, answered by a key, or followed up until it is settled."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="duty_checks", verbose_name=_("装置"))
    state = models.CharField(
        _("状态"), max_length=12, choices=DutyCheckState.choices(), default=DutyCheckState.PLANNED.value
    )
    planned_at = models.DateTimeField(_("计划时间"))
    is_random = models.BooleanField(_("随机查岗"), default=True)
    minutes = models.PositiveSmallIntegerField(_("应答时限（分钟）"))
    command = models.OneToOneField(Command, models.PROTECT, null=True, related_name="duty_check")
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    due_at = models.DateTimeField(_("应在此前应答"), null=True)
    give_up_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("应答时间"), null=True)
    called_at = models.DateTimeField(_("电话查问时间"), null=True)
    heard = models.CharField(_("听到什么"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("认定时间"), null=True)
    settled_by_name = models.CharField(_("认定人"), max_length=128, blank=True)
    reason = models.CharField(_("认定理由"), max_length=500, blank=True)
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("查岗")
        indexes = [
            models.Index(
                fields=["planned_at"], name="duty_check_to_send", condition=Q(state=DutyCheckState.PLANNED.value)
            ),
            models.Index(fields=["due_at"], name="duty_check_running", condition=Q(state=DutyCheckState.SENT.value)),
            models.Index(fields=["device", "-planned_at"], name="duty_check_by_device"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(state=DutyCheckState.SENT.value),
                name="a_device_is_asked_one_thing_at_a_time",
            ),
            models.CheckConstraint(
                condition=~_SENT | Q(sent_at__isnull=False, due_at__isnull=False), name="a_sent_check_says_by_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DutyCheckState.ANSWERED.value, DutyCheckState.LATE.value])
                | Q(answered_at__isnull=False),
                name="an_answered_check_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DutyCheckState.EXPLAINED.value, DutyCheckState.VIOLATION.value])
                | (Q(settled_at__isnull=False) & ~Q(reason="")),
                name="a_settled_check_says_why",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gt=F("sent_at")), name="a_check_leaves_time_to_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {DutyCheckState(self.state).label}"
