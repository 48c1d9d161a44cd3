"""警情: one cause from its first signal to its verdict, with its points, signals, steps and timers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.models.devices import Device, Point
from anguan.alarms.rules.grouping import Trigger
from anguan.alarms.rules.incidents import JOINABLE, FalseCause, IncidentKind, IncidentState, Timer, Verdict
from anguan.alarms.rules.signals import SignalKind
from anguan.people.models import Organ, User
from anguan.registry.models import Building, Enterprise

_JOINABLE = sorted(state.value for state in JOINABLE)
_BEFORE_VERDICT = sorted(
    state.value
    for state in (
        IncidentState.RECEIVED,
        IncidentState.PRESENTED,
        IncidentState.ACKNOWLEDGED,
        IncidentState.VERIFYING,
        IncidentState.UNREACHABLE,
    )
)
_UNTAKEN = [IncidentState.RECEIVED.value, IncidentState.PRESENTED.value]


class TestWindow(models.Model):
    """测试时段: a planned test, during which fire from what it covers is labelled as test.

    `zones` empty means all of the device or the building. Another zone, or a second one within the grouping window,
    is an alarm like any other.
    """

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="test_windows", verbose_name=_("接警机构"))
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="test_windows")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="test_windows")
    zones = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("防火分区"))
    since = models.DateTimeField(_("开始"))
    until = models.DateTimeField(_("结束"))
    reason = models.CharField(_("测试事由"), max_length=200)
    responsible = models.CharField(_("现场负责人"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by_id = models.CharField(max_length=64)
    recorded_by_name = models.CharField(_("登记人"), max_length=128)
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("测试时段")
        indexes = [models.Index(fields=["organ", "-until"], name="test_window_by_organ")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_test_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(device__isnull=False, building__isnull=True)
                | Q(device__isnull=True, building__isnull=False),
                name="a_test_covers_a_device_or_a_building",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(responsible=""), name="a_test_says_why_and_who"),
        ]

    def __str__(self) -> str:
        return self.reason


class Incident(models.Model):
    """警情: one cause, however many signals tell of it, until it has a verdict and is closed.

    `cause_key` is kind and first point; while signals may still join there is one incident for a key. `rank` sorts what
    matters first. `restored_at` is when all its points had returned to normal, which ends a fault and never a fire.
    """

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="incidents", verbose_name=_("接警机构"))
    device = models.ForeignKey(Device, models.PROTECT, related_name="incidents", verbose_name=_("装置"))
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, related_name="incidents", verbose_name=_("建筑"), db_index=False
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="incidents", verbose_name=_("单位"), db_index=False
    )
    window = models.ForeignKey(
        TestWindow, models.PROTECT, null=True, related_name="incidents", verbose_name=_("测试时段")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=IncidentKind.choices())
    state = models.CharField(
        _("状态"), max_length=12, choices=IncidentState.choices(), default=IncidentState.RECEIVED.value
    )
    cause_key = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField()
    is_presumed = models.BooleanField(_("推定火警"), default=False)
    is_grouped = models.BooleanField(_("报警风暴"), default=False)
    is_flapping = models.BooleanField(_("反复异常"), default=False)
    opened_at = models.DateTimeField(_("首次信号"))
    last_signal_at = models.DateTimeField(_("最近信号"))
    points_count = models.PositiveIntegerField(_("部位数"), default=0)
    signals_count = models.PositiveIntegerField(_("信号数"), default=0)
    presented_at = models.DateTimeField(_("呈现时间"), null=True)
    acknowledged_at = models.DateTimeField(_("受理时间"), null=True)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="incidents_handled", verbose_name=_("受理人")
    )
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict.choices(), blank=True)
    verdict_at = models.DateTimeField(_("结论时间"), null=True)
    verdict_by_name = models.CharField(_("结论人"), max_length=128, blank=True)
    false_cause = models.CharField(_("误报原因"), max_length=20, choices=FalseCause.choices(), blank=True)
    restored_at = models.DateTimeField(_("恢复正常"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("警情")
        indexes = [
            models.Index(
                fields=["organ", "rank", "opened_at"],
                name="incident_in_hand",
                condition=~Q(state=IncidentState.CLOSED.value),
            ),
            models.Index(fields=["organ", "-opened_at"], name="incident_by_organ_and_time"),
            models.Index(fields=["building", "-opened_at"], name="incident_by_building"),
            models.Index(fields=["enterprise", "-opened_at"], name="incident_by_enterprise"),
            models.Index(
                fields=["restored_at"],
                name="incident_restored",
                condition=Q(state__in=_BEFORE_VERDICT, restored_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cause_key"], condition=Q(state__in=_JOINABLE), name="one_open_incident_per_cause"
            ),
            models.UniqueConstraint(fields=["window"], name="one_incident_per_test_window"),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE_VERDICT, verdict="") | (~Q(state__in=_BEFORE_VERDICT) & ~Q(verdict="")),
                name="an_incident_has_a_verdict_once_it_is_judged",
            ),
            models.CheckConstraint(
                condition=(Q(verdict=Verdict.FALSE.value) & ~Q(false_cause=""))
                | (~Q(verdict=Verdict.FALSE.value) & Q(false_cause="")),
                name="a_false_alarm_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_at__isnull=True) | (~Q(verdict="") & Q(verdict_at__isnull=False)),
                name="a_verdict_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNTAKEN)
                | Q(handler__isnull=False)
                | Q(window__isnull=False)
                | Q(verdict=Verdict.RESTORED.value),
                name="what_is_handled_has_a_handler",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.RESTORED.value) | ~Q(kind=IncidentKind.FIRE.value),
                name="no_fire_ends_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(state=IncidentState.CLOSED.value, closed_at__isnull=False)
                | (~Q(state=IncidentState.CLOSED.value) & Q(closed_at__isnull=True)),
                name="an_incident_and_its_closing_time_come_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{IncidentKind(self.kind).label} {self.building or self.device}"


class IncidentPoint(models.Model):
    """报警部位: a point that an incident is about, how often it told of it and whether it still does.

    `is_open` while signals may join the incident; a point stands in one open incident of a kind.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="points")
    point = models.ForeignKey(Point, models.PROTECT, related_name="incident_points", db_index=False)
    kind = models.CharField(max_length=12, choices=IncidentKind.choices())
    zone_key = models.CharField(max_length=64)
    trigger = models.CharField(_("触发来源"), max_length=12, choices=Trigger.choices())
    first_at = models.DateTimeField(_("首次信号"))
    last_at = models.DateTimeField(_("最近信号"))
    times = models.PositiveIntegerField(_("次数"), default=1)
    returns = models.PositiveIntegerField(_("反复次数"), default=0)
    is_active = models.BooleanField(_("仍在报警"), default=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("报警部位")
        indexes = [models.Index(fields=["point", "-first_at"], name="incidents_of_a_point")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "point"], name="an_incident_names_a_point_once"),
            models.UniqueConstraint(
                fields=["point", "kind"],
                condition=Q(is_open=True),
                name="a_point_stands_in_one_open_incident_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.point_id}"


class IncidentSignal(models.Model):
    """警情信号: one observation that belongs to an incident; start, number and index name it in the intake."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="signals", db_index=False)
    start_id = models.BigIntegerField()
    number = models.BigIntegerField()
    index = models.SmallIntegerField()
    point = models.ForeignKey(Point, models.PROTECT, related_name="+", db_index=False)
    kinds = ArrayField(models.CharField(max_length=16, choices=SignalKind.choices()))
    occurred_at = models.DateTimeField(_("发生时间"), null=True)
    received_at = models.DateTimeField(_("接收时间"))

    class Meta:
        verbose_name = _("警情信号")
        indexes = [models.Index(fields=["incident", "received_at"], name="signals_of_an_incident")]
        constraints = [
            models.UniqueConstraint(
                fields=["start_id", "number", "index", "incident"], name="a_signal_counts_once_in_an_incident"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start_id}/{self.number}/{self.index}"


class IncidentStep(models.Model):
    """处置记录: one step in the story of an incident: who, when, what was done and what was heard.

    `action` is a value of `IncidentAction`, `Happening` or `Told`.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="steps", db_index=False)
    at = models.DateTimeField(_("时间"))
    action = models.CharField(_("动作"), max_length=24)
    what = models.CharField(_("做了什么"), max_length=300, blank=True)
    heard = models.CharField(_("听到看到什么"), max_length=500, blank=True)
    by_id = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(_("办理人"), max_length=128)
    before = models.CharField(max_length=12, choices=IncidentState.choices(), blank=True)
    after = models.CharField(max_length=12, choices=IncidentState.choices())

    class Meta:
        verbose_name = _("处置记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["incident", "id"], name="steps_of_an_incident")]
        constraints = [models.CheckConstraint(condition=~Q(by_name=""), name="a_step_says_who")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.action}"


class IncidentTimer(models.Model):
    """处置时限: by when something has to be done, when it was, and when it was escalated because it wasn't."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="timers")
    timer = models.CharField(_("时限"), max_length=16, choices=Timer.choices())
    started_at = models.DateTimeField(_("起算"))
    due_at = models.DateTimeField(_("应在此前"))
    met_at = models.DateTimeField(_("完成时间"), null=True)
    escalated_at = models.DateTimeField(_("升级时间"), null=True)
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("处置时限")
        indexes = [
            models.Index(
                fields=["due_at"], name="timer_due", condition=Q(met_at__isnull=True, escalated_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["incident", "timer"], name="a_timer_runs_once_in_an_incident"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="a_timer_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.timer}"


class Notice(models.Model):
    """动态: something that screens have to show; ids become visible in their order, so that the last one is a mark.

    Inserted under a lock (`services.notices`); kept for a week.
    """

    organ_id = models.BigIntegerField()
    incident_id = models.BigIntegerField()
    what = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("动态")
        indexes = [models.Index(fields=["organ_id", "id"], name="notice_by_organ")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.what}"
