"""What alarms leave behind: outages, repair requests, agreed handling."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.models.devices import Device, Point
from anguan.alarms.models.incidents import Incident
from anguan.alarms.rules.truth import OutageKind, RepairReason
from anguan.people.models import Organ
from anguan.registry.models import Building, Enterprise


class Outage(models.Model):
    """失效时段: since when and until when a point was faulty, shielded, in manual or offline.

    The device's own point offline means every point behind it. `announced_at` is set once a shield lasted too long.
    """

    point = models.ForeignKey(Point, models.PROTECT, related_name="outages", db_index=False)
    kind = models.CharField(_("失效类别"), max_length=12, choices=OutageKind.choices())
    since = models.DateTimeField(_("开始"))
    until = models.DateTimeField(_("结束"), null=True)
    announced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("失效时段")
        indexes = [
            models.Index(fields=["point", "-since"], name="outages_of_a_point"),
            models.Index(
                fields=["kind", "since"],
                name="outage_to_announce",
                condition=Q(until__isnull=True, announced_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "kind"], condition=Q(until__isnull=True), name="one_outage_of_a_kind_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="an_outage_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.kind}"


class RepairRequest(models.Model):
    """维修申请: a point that somebody has to look at, why, and what came of it."""

    point = models.ForeignKey(Point, models.PROTECT, related_name="repair_requests")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="repair_requests")
    reason = models.CharField(_("事由"), max_length=16, choices=RepairReason.choices())
    text = models.CharField(_("说明"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("提出时间"))
    opened_by_name = models.CharField(_("提出人"), max_length=128)
    closed_at = models.DateTimeField(_("完成时间"), null=True)
    closed_by_name = models.CharField(_("完成人"), max_length=128, blank=True)
    outcome = models.CharField(_("结果"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("维修申请")
        constraints = [
            models.UniqueConstraint(
                fields=["point"], condition=Q(closed_at__isnull=True), name="one_open_repair_request_per_point"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="a_closed_repair_request_says_what_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {RepairReason(self.reason).label}"


class HandlingAgreement(models.Model):
    """约定处理: a unit with too many false alarms in a day, and how it and the centre agreed to go on."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="handling_agreements")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="handling_agreements")
    building = models.ForeignKey(Building, models.PROTECT, null=True, related_name="handling_agreements")
    device = models.ForeignKey(Device, models.PROTECT, related_name="handling_agreements")
    day = models.DateField(_("日期"))
    false_alarms = models.PositiveIntegerField(_("误报次数"))
    opened_at = models.DateTimeField()
    agreed = models.CharField(_("约定内容"), max_length=500, blank=True)
    with_whom = models.CharField(_("对方人员"), max_length=60, blank=True)
    agreed_at = models.DateTimeField(_("约定时间"), null=True)
    agreed_by_name = models.CharField(_("登记人"), max_length=128, blank=True)
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("约定处理")
        constraints = [
            models.UniqueConstraint(fields=["device", "day"], name="one_agreement_a_day_and_device"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | (~Q(agreed="") & ~Q(with_whom="")),
                name="an_agreement_says_what_and_with_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.day}"
