"""离线操作: what arrived from a phone that had no network, kept as it came."""

import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.inspections.models.visits import Visit
from anguan.inspections.rules.offline import OperationKind, OperationState
from anguan.people.models import User


class OfflineOperation(models.Model):
    """离线操作: one operation with its text as the phone made it, when it was done and when it arrived.

    `visit` is None for one that names no visit of its sender: it is kept, and refused.
    """

    uid = models.UUIDField(unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="offline_operations")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    device = models.UUIDField()
    position = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("操作"), max_length=8, choices=OperationKind.choices())
    digest = models.CharField(_("手机上的指纹"), max_length=64)
    body = models.TextField()
    state = models.CharField(_("状态"), max_length=8, choices=OperationState.choices(), default=OperationState.WAITING)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    acted_at = models.DateTimeField(_("办理时间"))
    clock_offset_ms = models.BigIntegerField(_("时钟偏差"))
    clock_is_doubtful = models.BooleanField(default=False)
    received_at = models.DateTimeField(_("收到时间"))
    # How often it came: a phone that got no answer sends it again.
    times_received = models.PositiveIntegerField(default=1)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("离线操作")
        indexes = [
            models.Index(fields=["visit", "user", "device", "position"], name="operation_by_chain"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "user", "device", "position"],
                condition=Q(visit__isnull=False),
                name="one_operation_at_a_place_of_a_chain",
            ),
            models.CheckConstraint(
                condition=Q(state=OperationState.WAITING, applied_at__isnull=True)
                | (~Q(state=OperationState.WAITING) & Q(applied_at__isnull=False)),
                name="an_operation_is_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=OperationState.REFUSED) | ~Q(reason=""), name="a_refused_operation_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"

    @property
    def told(self) -> str:
        """What somebody wrote down in it, for a note or an opinion; empty for other kinds."""
        if self.kind not in {OperationKind.NOTE, OperationKind.OPINION}:
            return ""
        payload = json.loads(self.body)["payload"]
        return str(payload.get("text", "")) if isinstance(payload, dict) else ""


class OfflineFile(models.Model):
    """离线照片: a picture or a drawn signature that came ahead of, or after, the operation that names it.

    The bytes lie in the evidence store. `problem` is why they can't be used; an operation that needs them is refused.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    problem = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("离线照片")
        constraints = [models.UniqueConstraint(fields=["user", "sha256"], name="a_file_comes_once_from_its_sender")]
