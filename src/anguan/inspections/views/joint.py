"""联合检查 in the office: what is proposed, who answers, what could be merged."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.inspections import selectors, showing
from anguan.inspections.models import JointParticipant, JointTask, Visit
from anguan.inspections.rules import NOT_BEGUN, JointAnswer, JointState
from anguan.inspections.selectors import oversight
from anguan.inspections.services import joint
from anguan.inspections.visit_forms import AnswerJointForm, JointForm
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.selectors import enterprises_visible_to

HANDLERS = frozenset({*selectors.PLANNERS, Role.DEPARTMENT})


@door(*HANDLERS, Role.OFFICER)
def joint_list(request: ViewerRequest) -> HttpResponse:
    """联合检查: invitations that wait, what is agreed, and checks that could go together."""
    today = clock.local_day(clock.now())
    tasks = oversight.joint_tasks_visible_to(request.viewer).prefetch_related("participants__organ")[:100]
    return render(
        request,
        "inspections/joint_list.html",
        {
            "waiting": oversight.joint_parts_of(request.viewer),
            "tasks": [(task, showing.joint_pill(task)) for task in tasks],
            "proposals": oversight.merge_proposals(request.viewer, today) if request.viewer.has(*HANDLERS) else [],
            "may_propose": request.viewer.has(*selectors.PLANNERS),
        },
    )


@door(*selectors.PLANNERS)
def propose(request: ViewerRequest, pk: int) -> HttpResponse:
    """发起联合检查 at a firm that was chosen before."""
    enterprise = get_object_or_404(enterprises_visible_to(request.viewer), pk=pk)
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*selectors.PLANNERS)).order_by("pk")
    form = JointForm(request.POST or None, organs=organs)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            task = joint.propose_joint(
                uid=form.once, title=values["title"], initiator=values["organ"], enterprise=enterprise,
                visit_on=values["visit_on"], reason=values["reason"], parts=form.parts(),
                actor=request.viewer.actor, now=clock.now(),
            )  # fmt: skip
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("已发起，请各部门答复；本部门也要答复，选好执法人员。"))
            return redirect("inspections:joint_task", uid=task.uid)
    status = 422 if form.errors else 200
    return render(request, "inspections/joint_propose.html", {"form": form, "enterprise": enterprise}, status=status)


def _task(request: ViewerRequest, uid: UUID) -> JointTask:
    return get_object_or_404(oversight.joint_tasks_visible_to(request.viewer), uid=uid)


def _own_part(request: ViewerRequest, task: JointTask) -> JointParticipant | None:
    mine = request.viewer.organs_as(*HANDLERS)
    return task.participants.filter(organ__in=mine, answer=JointAnswer.INVITED).select_related("organ").first()


def _planned(part: JointParticipant, task: JointTask) -> object:
    return Visit.objects.filter(
        Q(batch__isnull=True, parent__isnull=True, joint__isnull=True, is_sealed=False),
        organ=part.organ, enterprise=task.enterprise, state__in=NOT_BEGUN,
    )  # fmt: skip


@door(*HANDLERS, Role.OFFICER)
def joint_task(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一次联合检查: who takes part with what, and the answer of one's own organ."""
    task = _task(request, uid)
    part = _own_part(request, task) if task.state == JointState.INVITING else None
    form = None
    if part is not None:
        form = AnswerJointForm(request.POST or None, organ=part.organ, planned=_planned(part, task))
        if request.method == "POST" and form.is_valid():
            values, actor, now = form.cleaned_data, request.viewer.actor, clock.now()
            try:
                if values["answer"] == "accept":
                    joint.accept_joint(
                        part=part, officers=list(values["officers"]), visit=values["visit"], actor=actor, now=now
                    )
                else:
                    joint.decline_joint(part=part, note=values["note"], actor=actor, now=now)
            except showing.REFUSALS as error:
                form.add_error(None, showing.sentence(error))
            else:
                messages.success(request, _("答复已记录。"))
                return redirect("inspections:joint_task", uid=uid)
    elif request.method == "POST":
        messages.error(request, _("这次联合检查不再等您的答复。"))
        return redirect("inspections:joint_task", uid=uid)
    by_organ = {visit.organ_id: visit for visit in task.visits.order_by("pk")}
    visible = set(selectors.visits_visible_to(request.viewer).filter(joint=task).values_list("pk", flat=True))
    rows = []
    for row in task.participants.select_related("organ", "item"):
        visit = by_organ.get(row.organ_id)
        opens = visit is not None and visit.pk in visible
        rows.append((row, _(JointAnswer(row.answer).label), visit and showing.visit_pill(visit), visit, opens))
    return render(
        request,
        "inspections/joint_task.html",
        {
            "task": task,
            "state": showing.joint_pill(task),
            "rows": rows,
            "form": form,
            "part": part,
            "may_cancel": task.state in {JointState.INVITING, JointState.SETTLED}
            and task.initiator_id in request.viewer.organs_as(*HANDLERS),
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
@door(*HANDLERS)
def cancel(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """取消, by the initiator."""
    task = _task(request, uid)
    if task.initiator_id not in request.viewer.organs_as(*HANDLERS):
        raise PermissionDenied(_("联合检查由发起部门取消。"))
    try:
        joint.cancel_joint(task=task, note=request.POST.get("note", ""), actor=request.viewer.actor, now=clock.now())
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("联合检查已取消。"))
    return redirect("inspections:joint_task", uid=uid)


@require_POST
@door(*HANDLERS)
def merge(request: ViewerRequest, own: UUID, other: UUID) -> HttpResponse:
    """建议合并: one's own check and another organ's, on the later of the two days."""
    today = clock.local_day(clock.now())
    pair = next(
        (
            pair
            for pair in oversight.merge_proposals(request.viewer, today)
            if (pair[0].uid, pair[1].uid) == (own, other)
        ),
        None,
    )
    if pair is None:
        messages.error(request, _("这两次检查已经不能合并，可能已经开始或已并入别的联合检查。"))
        return redirect("inspections:joint")
    first, second = pair
    assert first.visit_on is not None
    assert second.visit_on is not None
    try:
        task = joint.propose_merge(
            uid=uuid7(), own=first, other=second, visit_on=max(first.visit_on, second.visit_on),
            actor=request.viewer.actor, now=clock.now(),
        )  # fmt: skip
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
        return redirect("inspections:joint")
    messages.success(request, _("已建议合并，等对方部门答复。"))
    return redirect("inspections:joint_task", uid=task.uid)
