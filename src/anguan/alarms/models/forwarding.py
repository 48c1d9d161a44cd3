"""上报: whom fires are forwarded to, and the proof that it arrived."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.alarms.models.incidents import Incident
from anguan.alarms.rules.forwarding import Channel, Stage
from anguan.people.models import Organ


class ForwardTarget(models.Model):
    """上报对象: a fire command centre, a duty mailbox, a mobile number: where an organ's fires go."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="forward_targets", verbose_name=_("接警机构"))
    name = models.CharField(_("名称"), max_length=100)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices())
    address = models.CharField(_("地址"), max_length=200)
    # Whether it also gets what is only presumed; a mobile number may want confirmed fires alone.
    takes_unverified = models.BooleanField(_("接收未核实的推定火警"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("上报对象")
        constraints = [
            models.UniqueConstraint(fields=["organ", "channel", "address"], name="a_target_stands_once_for_an_organ"),
            models.CheckConstraint(condition=~Q(address=""), name="a_target_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.name


class Forwarding(models.Model):
    """上报记录: one document about one incident to one addressee, from the outbox to the proof of delivery."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="forwardings")
    target = models.ForeignKey(ForwardTarget, models.PROTECT, related_name="forwardings")
    stage = models.CharField(_("内容"), max_length=12, choices=Stage.choices())
    identifier = models.CharField(_("文件编号"), max_length=64, unique=True)
    document = models.TextField(_("CAP 文件"))
    sha256 = models.CharField(max_length=64)
    posted_at = models.DateTimeField(_("发出时间"))
    due_at = models.DateTimeField(_("应在此前送达"))
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    proof = models.CharField(_("送达证明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("上报记录")
        constraints = [
            models.UniqueConstraint(fields=["incident", "target", "stage"], name="a_target_is_told_each_thing_once"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | ~Q(proof=""), name="what_is_delivered_has_a_proof"
            ),
        ]

    def __str__(self) -> str:
        return self.identifier
