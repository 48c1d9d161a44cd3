"""联合检查: several organs at one door on one day, each with its own matter, record and later case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import InspectionItem
from anguan.inspections.rules import JointAnswer, JointState
from anguan.people.models import Organ
from anguan.registry.models import Enterprise


class JointTask(models.Model):
    """联合检查任务: what the initiator proposes; powers do not merge, so every participant has a visit of its own."""

    uid = models.UUIDField(unique=True)
    title = models.CharField(_("名称"), max_length=150)
    initiator = models.ForeignKey(Organ, models.PROTECT, related_name="joint_tasks", verbose_name=_("发起部门"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="joint_tasks", verbose_name=_("企业"))
    visit_on = models.DateField(_("检查日期"))
    state = models.CharField(_("状态"), max_length=12, choices=JointState.choices(), default=JointState.INVITING)
    reason = models.CharField(_("事由"), max_length=500)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=128)
    ended_at = models.DateTimeField(null=True)
    ended_note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("联合检查")
        indexes = [models.Index(fields=["enterprise", "visit_on"], name="joint_task_by_enterprise")]

    def __str__(self) -> str:
        return self.title


class JointParticipant(models.Model):
    """联合检查的参加部门 with its own matter; it accepts with its own officers, or declines with its reason."""

    task = models.ForeignKey(JointTask, models.PROTECT, related_name="participants")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="joint_parts", verbose_name=_("部门"))
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="+", verbose_name=_("检查事项"))
    answer = models.CharField(_("答复"), max_length=8, choices=JointAnswer.choices(), default=JointAnswer.INVITED)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=128, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("联合检查参加部门")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "organ"], name="an_organ_takes_part_once"),
            models.CheckConstraint(
                condition=~Q(answer=JointAnswer.DECLINED) | ~Q(note=""), name="who_declines_says_why"
            ),
        ]
