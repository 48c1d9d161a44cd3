"""Tables of the ground floor. Actor, officer and recipient are kept as id and name text: no foreign key points up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.ground.calendars.models import HolidayNotice
from anguan.ground.rules.models import RuleRecord

__all__ = [
    "AuditHead",
    "AuditRecord",
    "AuditSeal",
    "Evidence",
    "Heartbeat",
    "HolidayNotice",
    "NumberSeries",
    "OutboxMessage",
    "RuleRecord",
]


class AuditRecord(models.Model):
    """审计记录: one write, by whom, why, before and after; the database refuses to change or delete it."""

    chain = models.BigIntegerField(_("链"))
    at = models.DateTimeField(_("时间"))
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(_("办理人"), max_length=128, blank=True)
    action = models.CharField(_("动作"), max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    cause = models.CharField(_("缘由"), max_length=256, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["-at"], name="audit_by_time"),
        ]


class AuditSeal(models.Model):
    """The link that ties a record into its organ's chain."""

    record = models.OneToOneField(AuditRecord, models.PROTECT, primary_key=True, related_name="seal")
    chain = models.BigIntegerField()
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_record_at_each_position")]


class AuditHead(models.Model):
    """How long each chain is and where it ends, so that a cut-off tail shows."""

    chain = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class OutboxMessage(models.Model):
    """待发消息: whatever leaves the process, written in the transaction of its cause and claimed by a worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        DEAD = "dead", _("未送达")
        DROPPED = "dropped", _("不再发送")

    channel = models.CharField(max_length=16)
    address = models.CharField(max_length=256)
    recipient_id = models.CharField(max_length=64, blank=True)
    recipient_name = models.CharField(max_length=128, blank=True)
    title = models.CharField(max_length=256)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=256, blank=True)
    key = models.CharField(max_length=128, unique=True)
    # Text and link are emptied once the message has left: they carry something that lets its reader in.
    is_secret = models.BooleanField(default=False)
    # 紧急: goes before all others, over carriers of its own, and is tried again within seconds.
    is_urgent = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # What the other side said to it, where the carrier gets an answer: the proof that it arrived.
    receipt = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        verbose_name = _("待发消息")
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=Q(state="waiting", is_urgent=False)),
            models.Index(
                fields=["next_attempt_at"], name="outbox_due_urgently", condition=Q(state="waiting", is_urgent=True)
            ),
            models.Index(fields=["recipient_id", "-id"], name="outbox_by_recipient"),
            models.Index(fields=["-id"], name="outbox_dead", condition=Q(state="dead")),
        ]


class NumberSeries(models.Model):
    """文号序列: the last number an organ gave out under one prefix in one year."""

    organ_id = models.BigIntegerField()
    prefix = models.CharField(max_length=32)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ_id", "prefix", "year"], name="one_series_a_year")]


class Evidence(models.Model):
    """证据: an immutable file known by its SHA-256, with where and when it was taken and by whom."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        SIGNATURE = "signature", _("签名")
        DOCUMENT = "document", _("文件")
        SCAN = "scan", _("扫描件")

    uid = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    media_type = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(_("拍摄时间"))
    clock_offset_ms = models.BigIntegerField(_("设备时钟偏差"), default=0)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    taken_by_id = models.CharField(max_length=64)
    taken_by_name = models.CharField(max_length=128)
    owner_type = models.CharField(max_length=64)
    owner_id = models.CharField(max_length=64)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("证据")
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="evidence_by_owner")]


class Heartbeat(models.Model):
    """When each process was last heard of, for `/readyz`."""

    process = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
