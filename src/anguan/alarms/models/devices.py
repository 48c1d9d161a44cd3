"""用户信息传输装置 and the points behind them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.rules.devices import (
    COMMAND_ENDS,
    CommandKind,
    CommandState,
    DeviceState,
    IdentifiedBy,
    Profile,
)
from anguan.alarms.rules.signals import NO_COMPONENT, SignalKind
from anguan.people.models import Organ
from anguan.registry.models import Building, Enterprise, FloorPlan


class Device(models.Model):
    """用户信息传输装置: what stands in a building and reports for the panels there.

    `source` is what it is told apart by: the twelve hex digits of its address in the order of the wire, or `@` and
    the network address it connects from where it has none, or `mqtt:` and its name in a topic. `clock_offset` is its
    clock minus ours, in seconds. `silent_since` is when its silence was told to the evaluator, None once it has been
    told that this is over.
    """

    source = models.CharField(_("源地址"), max_length=64, unique=True)
    identified_by = models.CharField(
        _("识别方式"), max_length=8, choices=IdentifiedBy.choices(), default=IdentifiedBy.ADDRESS.value
    )
    state = models.CharField(
        _("接入状态"), max_length=8, choices=DeviceState.choices(), default=DeviceState.UNKNOWN.value
    )
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="alarm_devices", verbose_name=_("接警机构")
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="alarm_devices", verbose_name=_("建筑")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="alarm_devices", verbose_name=_("单位")
    )
    place = models.CharField(_("安装位置"), max_length=100, blank=True)
    profile = models.CharField(_("协议方言"), max_length=16, choices=Profile.choices(), default=Profile.STANDARD.value)
    maker = models.CharField(_("厂家"), max_length=60, blank=True)
    model = models.CharField(_("型号"), max_length=60, blank=True)
    heartbeat_s = models.PositiveIntegerField(_("心跳间隔（秒）"), default=30)
    poll_every_s = models.PositiveIntegerField(_("巡检间隔（秒）"), null=True, blank=True)
    # SHA-256 of the secret by which it may send to `/live/signals`; empty where it may not.
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Admitted under a profile by which the gateway has not read its earlier frames yet.
    needs_reading_again = models.BooleanField(default=False, db_default=False, editable=False)
    first_heard_at = models.DateTimeField(_("首次收到"), null=True)
    last_heard_at = models.DateTimeField(_("最近收到"), null=True)
    is_online = models.BooleanField(_("在线"), default=False)
    silent_since = models.DateTimeField(null=True, editable=False)
    clock_offset = models.FloatField(_("时钟误差（秒）"), null=True)
    last_polled_at = models.DateTimeField(_("最近巡检"), null=True)

    class Meta:
        verbose_name = _("用户信息传输装置")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_device_has_a_source"),
            models.CheckConstraint(
                condition=~Q(state=DeviceState.ADMITTED.value) | Q(organ__isnull=False),
                name="an_admitted_device_belongs_to_an_organ",
            ),
            models.CheckConstraint(
                condition=Q(silent_since__isnull=True) | Q(is_online=False), name="a_silent_device_is_not_online"
            ),
            models.CheckConstraint(condition=Q(heartbeat_s__gte=1), name="a_heartbeat_takes_at_least_a_second"),
            models.CheckConstraint(
                condition=Q(poll_every_s__isnull=True) | Q(poll_every_s__range=(10, 7200)),
                name="a_device_is_polled_within_two_hours",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="a_token_opens_one_device"
            ),
        ]

    def __str__(self) -> str:
        return self.place or self.source


class Point(models.Model):
    """点位: one detector, button, pump or system that a device reports about."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="points", verbose_name=_("装置"))
    system_type = models.PositiveSmallIntegerField(_("系统类型"))
    system_address = models.PositiveSmallIntegerField(_("系统地址"))
    component_type = models.SmallIntegerField(_("部件类型"), default=NO_COMPONENT)
    component_address = models.BigIntegerField(_("部件地址"), default=0)
    text = models.CharField(_("位置说明"), max_length=100, blank=True)
    zone = models.CharField(_("防火分区"), max_length=60, blank=True)
    maker = models.CharField(_("厂家"), max_length=60, blank=True)
    # Where it stands on the plan, in fractions of the picture's width and height from its upper left corner.
    plan = models.ForeignKey(
        FloorPlan, models.PROTECT, null=True, blank=True, related_name="alarm_points", verbose_name=_("平面图")
    )
    x = models.FloatField(_("平面图横坐标"), null=True, blank=True)
    y = models.FloatField(_("平面图纵坐标"), null=True, blank=True)
    # Whether the building is defenceless without it: pumps, panels, linkage.
    is_critical = models.BooleanField(_("关键点位"), default=False)

    class Meta:
        verbose_name = _("点位")
        constraints = [
            models.UniqueConstraint(
                fields=["device", "system_type", "system_address", "component_type", "component_address"],
                name="a_device_names_a_point_once",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=True, x__isnull=True, y__isnull=True)
                | Q(plan__isnull=False, x__range=(0, 1), y__range=(0, 1)),
                name="a_point_stands_on_a_plan_or_on_none",
            ),
        ]

    def __str__(self) -> str:
        return self.text or (f"{self.system_type}-{self.system_address}-{self.component_type}-{self.component_address}")


class PointState(models.Model):
    """点位状态: what a point said last, and since when."""

    point = models.OneToOneField(Point, models.CASCADE, primary_key=True, related_name="current")
    state = models.IntegerField(_("状态字"), null=True)
    kinds = ArrayField(models.CharField(max_length=16, choices=SignalKind.choices()), default=list)
    since = models.DateTimeField(_("起始时间"))
    at = models.DateTimeField(_("最近报告"))

    class Meta:
        verbose_name = _("点位状态")
        constraints = [
            models.CheckConstraint(condition=Q(at__gte=models.F("since")), name="a_state_is_seen_after_it_began")
        ]

    def __str__(self) -> str:
        return "、".join(str(SignalKind(kind).label) for kind in self.kinds)


class Command(models.Model):
    """下行命令: one thing asked of a device, and what came of it.

    `minutes` is the time to answer a duty check, `type` the type of a query; both are None elsewhere.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="commands", verbose_name=_("装置"))
    kind = models.CharField(_("命令"), max_length=12, choices=CommandKind.choices())
    arguments = models.JSONField(_("参数"), default=dict)
    state = models.CharField(
        _("结果"), max_length=16, choices=CommandState.choices(), default=CommandState.WAITING.value
    )
    outcome = models.JSONField(_("应答内容"), default=dict)
    asked_at = models.DateTimeField(_("下达时间"))
    asked_by_id = models.CharField(max_length=64, blank=True)
    asked_by_name = models.CharField(_("下达人"), max_length=128, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    times_sent = models.PositiveSmallIntegerField(_("发送次数"), default=0)

    class Meta:
        verbose_name = _("下行命令")
        indexes = [
            models.Index(
                fields=["id"],
                name="command_without_an_end",
                condition=~Q(state__in=sorted(state.value for state in COMMAND_ENDS)),
            ),
            models.Index(fields=["device", "-id"], name="command_by_device"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in COMMAND_ENDS), ended_at__isnull=False)
                | (~Q(state__in=sorted(state.value for state in COMMAND_ENDS)) & Q(ended_at__isnull=True)),
                name="a_command_that_ended_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"{CommandKind(self.kind).label} {self.device}"
