"""移送 and 法律链条: what the law says about a hazard, and the way to the organ that may act on it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models.hazards import Hazard
from anguan.hazards.rules import OPEN_TRANSFERS, TAKES_BACK, Chain, State, TransferState
from anguan.papers.models import Paper
from anguan.people.models import Organ


class LegalBasis(models.Model):
    """法律依据: one of the three chains of a hazard as statute and article; `verified` once compared with the text."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="bases")
    chain = models.CharField(_("链条"), max_length=12, choices=Chain.choices())
    statute = models.CharField(_("法律"), max_length=100, blank=True)
    article = models.CharField(_("条款"), max_length=100, blank=True)
    verified = models.BooleanField(_("已核对"), default=False)

    class Meta:
        verbose_name = _("法律依据")
        constraints = [
            models.UniqueConstraint(fields=["hazard", "chain"], name="one_basis_for_each_chain"),
            models.CheckConstraint(condition=~Q(statute="") | ~Q(article=""), name="a_basis_names_something"),
        ]

    def __str__(self) -> str:
        return f"《{self.statute}》{self.article}" if self.statute else self.article


class Transfer(models.Model):
    """移送: a hazard on its way to the competent organ, with approval, receipt, decision and result."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="transfers")
    uid = models.UUIDField(unique=True)
    from_organ = models.ForeignKey(Organ, models.PROTECT, related_name="hazards_sent", verbose_name=_("移送机关"))
    to_organ = models.ForeignKey(Organ, models.PROTECT, related_name="hazards_received", verbose_name=_("接收机关"))
    state = models.CharField(
        _("状态"), max_length=12, choices=TransferState.choices(), default=TransferState.PROPOSED.value
    )
    reason = models.CharField(_("移送理由"), max_length=500)
    approval = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="transfers_approved", verbose_name=_("移送审批表")
    )
    letter = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="transfers_sent", verbose_name=_("移送书")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by_id = models.CharField(max_length=64)
    proposed_by_name = models.CharField(_("提出人"), max_length=128)
    approved_at = models.DateTimeField(_("审批时间"), null=True)
    approved_by_name = models.CharField(_("审批人"), max_length=128, blank=True)
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by_name = models.CharField(_("签收人"), max_length=128, blank=True)
    decided_at = models.DateTimeField(_("受理或退回时间"), null=True)
    decided_by_name = models.CharField(_("受理或退回人"), max_length=128, blank=True)
    answer = models.CharField(_("受理、退回意见"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    result = models.CharField(_("办理结果"), max_length=1000, blank=True)
    # Where the hazard stood when it was sent; a returned one goes back there.
    stood_at = models.CharField(
        max_length=12, choices=State.choices(), default=State.CLASSIFIED.value, db_default=State.CLASSIFIED.value
    )
    # The day by which the one who has it now must act: receive, decide, or answer.
    due_on = models.DateField(_("期限"), null=True)
    due_provisional = models.BooleanField(default=False)
    rule_version = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("移送")
        ordering = ["id"]
        indexes = [models.Index(fields=["to_organ", "state"], name="transfer_by_receiver")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=Q(state__in=sorted(state.value for state in OPEN_TRANSFERS)),
                name="one_transfer_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(from_organ=F("to_organ")), name="nobody_transfers_to_themselves"),
            models.CheckConstraint(
                condition=Q(stood_at__in=sorted(state.value for state in TAKES_BACK)),
                name="a_transfer_can_be_taken_back",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_transfer_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=[TransferState.RETURNED.value, TransferState.REFUSED.value]) | ~Q(answer=""),
                name="a_returned_transfer_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.ANSWERED.value) | ~Q(result=""), name="an_answer_says_the_result"
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=False)
                | ~Q(
                    state__in=[
                        TransferState.RECEIVED.value,
                        TransferState.ACCEPTED.value,
                        TransferState.RETURNED.value,
                        TransferState.ANSWERED.value,
                    ]
                ),
                name="nothing_is_decided_before_it_is_received",
            ),
        ]
