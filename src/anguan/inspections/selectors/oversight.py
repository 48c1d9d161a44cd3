"""密封检查 and 监督线索: who reads what."""

from datetime import date

from django.db.models import Q, QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import Concern, Guidance, JointParticipant, JointTask, Visit, VisitOfficer
from anguan.inspections.rules import NOT_BEGUN, JointAnswer, JointState, Planned, to_merge
from anguan.inspections.selectors.batches import PLANNERS
from anguan.inspections.selectors.caps import MERGE, local_rule
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role


def sealed_visits(viewer: Viewer) -> QuerySet[Visit]:
    """密封检查 for the head of the organ, its team and the supervisor: by hash; the target is not for this list."""
    condition = Q(pk__in=[])
    if viewer.has(Role.LEADER):
        condition |= Q(organ__in=viewer.organs_as(Role.LEADER))
    if viewer.officer_id is not None:
        condition |= Q(pk__in=VisitOfficer.objects.filter(officer=viewer.officer_id).values("visit"))
    if viewer.has(Role.SUPERVISOR):
        condition |= Q(is_sealed=True)
    return (
        Visit.objects.filter(condition, is_sealed=True)
        .select_related("organ", "item")
        .prefetch_related("openings")
        .order_by("-pk")
    )


def applications(viewer: Viewer) -> QuerySet[Visit]:
    """待批准 and 待补办 of the organs that the viewer heads."""
    if not viewer.has(Role.LEADER):
        return Visit.objects.none()
    return (
        Visit.objects.filter(organ__in=viewer.organs_as(Role.LEADER))
        .filter(Q(state="applied") | (Q(approve_by__isnull=False, approved_at__isnull=True) & ~Q(state="refused")))
        .select_related("enterprise", "organ", "item")
        .order_by("approve_by", "due_on", "pk")
    )


def concerns_visible_to(viewer: Viewer) -> QuerySet[Concern]:
    """监督线索 for the judicial supervisor; an organ's leader sees those about the organ."""
    concerns = Concern.objects.select_related("organ", "visit__enterprise").order_by("handled_at", "-pk")
    if viewer.has(Role.SUPERVISOR):
        return concerns
    if viewer.has(Role.LEADER):
        return concerns.filter(organ__in=viewer.organs_as(Role.LEADER))
    return concerns.none()


def joint_tasks_visible_to(viewer: Viewer) -> QuerySet[JointTask]:
    """联合检查 of the organs that take part, for those who plan there or handle it for another department."""
    roles = (*PLANNERS, Role.DEPARTMENT, Role.OFFICER)
    if not viewer.has(*roles):
        return JointTask.objects.none()
    mine = JointParticipant.objects.filter(organ__in=viewer.organs_as(*roles)).values("task")
    return JointTask.objects.filter(pk__in=mine).select_related("initiator", "enterprise").order_by("-visit_on", "-pk")


def joint_parts_of(viewer: Viewer) -> QuerySet[JointParticipant]:
    """Invitations that wait for the viewer's organs."""
    return JointParticipant.objects.filter(
        organ__in=viewer.organs_as(*PLANNERS, Role.DEPARTMENT), answer=JointAnswer.INVITED,
        task__state=JointState.INVITING,
    ).select_related("task__enterprise", "task__initiator", "item")  # fmt: skip


def merge_proposals(viewer: Viewer, on: date) -> list[tuple[Visit, Visit]]:
    """建议合并: checks of the viewer's organs with those of others at one firm within the rule's days; none sealed.

    The viewer's own comes first.
    """
    mine = viewer.organs_as(*PLANNERS, Role.DEPARTMENT)
    if not mine:
        return []
    own_firms = Visit.objects.filter(organ__in=mine, state__in=NOT_BEGUN).values("enterprise")
    open_visits = {
        visit.pk: visit
        for visit in Visit.objects.filter(enterprise__in=own_firms, state__in=NOT_BEGUN, joint__isnull=True)
        .filter(is_sealed=False, batch__isnull=True, parent__isnull=True, visit_on__gte=on)
        .select_related("enterprise", "organ", "item")
    }
    organ = Organ.objects.get(pk=min(mine))
    days = int(local_rule(MERGE, organ, on).values["days"])
    pairs = to_merge(
        (
            Planned(visit.pk, visit.organ_id, visit.enterprise_id, visit.visit_on)
            for visit in open_visits.values()
            if visit.visit_on is not None
        ),
        days,
    )
    found = [(open_visits[first.visit_id], open_visits[second.visit_id]) for first, second in pairs]
    return [
        (first, second) if first.organ_id in mine else (second, first)
        for first, second in found
        if first.organ_id in mine or second.organ_id in mine
    ]


def guidance_visible_to(viewer: Viewer) -> QuerySet[Guidance]:
    """指导服务记录: whose problems are behind a wall: those who guide for the organ, who wrote it, and the firm itself.

    Officers of the organ who did not take part see that it was done (`guidance_need`), not what was found.
    """
    condition = Q(pk__in=[])
    if viewer.has(*PLANNERS):
        condition |= Q(organ__in=viewer.organs_as(*PLANNERS))
    if viewer.user_id is not None and viewer.has(*BUREAU):
        condition |= Q(recorded_by_id=str(viewer.user_id), organ__in=viewer.organ_ids)
    if viewer.officer_id is not None:
        condition |= Q(pk__in=Guidance.officers.through.objects.filter(officer=viewer.officer_id).values("guidance"))
    if viewer.enterprise_ids:
        condition |= Q(enterprise__in=viewer.enterprise_ids)
    return Guidance.objects.filter(condition).select_related("organ", "enterprise").order_by("-guided_on", "-pk")


READERS_OF_SEALS = BUREAU | {Role.SUPERVISOR}
