"""接收: every frame as it came, readings, resends, and what waits to be judged."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _


class Transport(models.IntegerChoices):
    """传输方式: how a frame came; `INTERNAL` is what the gateway itself noticed, such as silence."""

    INTERNAL = 0, _("平台自身")
    TCP = 1, "TCP"
    UDP = 2, "UDP"
    MQTT = 3, "MQTT"
    HTTP = 4, "HTTP"


class NumbersField(models.TextField):  # type: ignore[type-arg]  # Django's fields take none when they run
    """A set of whole numbers, kept as the ranges that it is made of; only the intake's own SQL reads and writes it."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 of the base class
        return "int8multirange"


class IntakeStart(models.Model):
    """接收启动: one start of one gateway, within which frames are numbered from 1 without a gap.

    Where frames come through a stream, `token` is the name that the gateway gave its start, `batches` are those of it
    that are stored, and `last_number` the number that was given last.
    """

    gateway = models.CharField(_("网关"), max_length=64)
    number = models.PositiveIntegerField(_("启动序号"))
    started_at = models.DateTimeField(_("启动时间"))
    token = models.UUIDField(null=True, unique=True, editable=False)
    last_number = models.BigIntegerField(db_default=0, editable=False)
    batches = NumbersField(null=True, editable=False)

    class Meta:
        verbose_name = _("接收启动")
        constraints = [models.UniqueConstraint(fields=["gateway", "number"], name="a_gateway_starts_once_by_a_number")]

    def __str__(self) -> str:
        return f"{self.gateway} #{self.number}"


class Frame(models.Model):
    """报文: what was received, byte by byte, before it was acknowledged.

    The table is partitioned: by `is_routine` (heartbeats and readings are kept for weeks, everything else for more
    than a year), then by time; partitions are made ahead and dropped whole. `device_id` is None for a source that
    nobody has admitted. `problem` says what could not be read.
    """

    pk = models.CompositePrimaryKey("start_id", "number", "received_at", "is_routine")
    start_id = models.BigIntegerField()
    number = models.BigIntegerField(_("接收序号"))
    received_at = models.DateTimeField(_("接收时间"))
    is_routine = models.BooleanField(_("例行报文"))
    transport = models.SmallIntegerField(_("传输方式"), choices=Transport.choices)
    source = models.CharField(_("源地址"), max_length=64)
    device_id = models.BigIntegerField(null=True)
    serial = models.IntegerField(_("业务流水号"), null=True)
    command = models.SmallIntegerField(_("命令字节"), null=True)
    type = models.SmallIntegerField(_("类型标志"), null=True)
    client_id = models.UUIDField(_("请求编号"), null=True)
    raw = models.BinaryField(_("原始报文"))
    problem = models.TextField(_("解析问题"), blank=True)

    class Meta:
        managed = False
        db_table = "alarms_frame"
        verbose_name = _("报文")


class Reading(models.Model):
    """模拟量: a measured value with its time, partitioned by the time it was received."""

    pk = models.CompositePrimaryKey("start_id", "number", "index", "received_at")
    start_id = models.BigIntegerField()
    number = models.BigIntegerField()
    index = models.SmallIntegerField()
    received_at = models.DateTimeField(_("接收时间"))
    device_id = models.BigIntegerField()
    system_type = models.SmallIntegerField()
    system_address = models.SmallIntegerField()
    component_type = models.SmallIntegerField()
    component_address = models.BigIntegerField()
    value = models.FloatField(_("数值"))
    unit = models.CharField(_("单位"), max_length=16)
    measured_at = models.DateTimeField(_("测量时间"), null=True)

    class Meta:
        managed = False
        db_table = "alarms_reading"
        verbose_name = _("模拟量")


class ResendKey(models.Model):
    """重发识别: what was taken in lately; the same key before `until` is a resend and adds nothing."""

    key = models.UUIDField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("重发识别")

    def __str__(self) -> str:
        return str(self.key)


class UnreadableBatch(models.Model):
    """无法读取的批次: a message of the stream that is no batch of frames, kept whole for somebody to look at."""

    stream = models.CharField(_("流"), max_length=255)
    sequence = models.BigIntegerField(_("序号"))
    published_at = models.DateTimeField(_("发布时间"))
    problem = models.TextField(_("解析问题"))
    raw = models.BinaryField(_("原始内容"))

    class Meta:
        verbose_name = _("无法读取的批次")
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "sequence", "published_at"], name="an_unreadable_batch_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.sequence}"


class Pending(models.Model):
    """待研判: what one frame says, until the evaluator has worked it into points and incidents.

    `observations` is a list of what `rules.signals.as_json` makes. A row without a device waits for somebody to admit
    its source; the evaluator leaves it alone.
    """

    start_id = models.BigIntegerField()
    number = models.BigIntegerField()
    received_at = models.DateTimeField(_("接收时间"))
    urgency = models.SmallIntegerField(_("缓急"))
    source = models.CharField(_("源地址"), max_length=64)
    device_id = models.BigIntegerField(null=True)
    observations = models.JSONField(_("所报内容"))

    class Meta:
        verbose_name = _("待研判信号")
        indexes = [
            models.Index(
                fields=["urgency", "id"], name="pending_in_its_order", condition=models.Q(device_id__isnull=False)
            ),
            models.Index(fields=["source"], name="pending_of_a_stranger", condition=models.Q(device_id__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.start_id}/{self.number}"
