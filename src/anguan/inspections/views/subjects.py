"""Office pages of 检查主体清单: the versions, one of them with its entries, and the withdrawal of a public result."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.inspections import selectors, showing
from anguan.inspections.models import SubjectList, Visit
from anguan.inspections.plan_forms import SubjectFileForm, SubjectForm, WithdrawForm
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import SubjectKind, SubjectState
from anguan.inspections.selectors import plans as reads
from anguan.inspections.services import subject_lists, withdrawals
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.viewers import ViewerRequest
from anguan.ui.templatetags.ui import pill

SUBJECT_TONES = {
    SubjectState.DRAFT: "open",
    SubjectState.FILED: "waiting",
    SubjectState.PUBLISHED: "done",
    SubjectState.SUPERSEDED: "void",
}


def subject_pill(made: SubjectList) -> str:
    """The state of a subject list, the same everywhere."""
    state = SubjectState(made.state)
    return pill(SUBJECT_TONES[state], state.label)


@door(*reads.PLAN_READERS)
def subject_list(request: ViewerRequest) -> HttpResponse:
    """检查主体清单: the versions that the reader may see; a planner begins a further one."""
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*selectors.PLANNERS)).order_by("pk")
    if request.method == "POST":
        organ = get_object_or_404(organs, pk=request.POST.get("organ", "") if _is_id(request) else None)
        try:
            made = subject_lists.draft_subject_list(organ=organ, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
            return redirect("inspections:subjects")
        return redirect("inspections:subject_list", pk=made.pk)
    found = reads.subject_lists_visible_to(request.viewer).order_by("-year", "organ__name", "-version")
    return render(
        request,
        "inspections/subjects.html",
        {"rows": [(made, subject_pill(made)) for made in found[:100]], "organs": organs},
    )


def _is_id(request: ViewerRequest) -> bool:
    asked = request.POST.get("organ", "")
    return asked.isascii() and asked.isdecimal() and len(asked) < 18


def _list(request: ViewerRequest, pk: int) -> SubjectList:
    return get_object_or_404(reads.subject_lists_visible_to(request.viewer), pk=pk)


def _own_list(request: ViewerRequest, pk: int) -> SubjectList:
    made = _list(request, pk)
    if made.organ_id not in request.viewer.organs_as(*selectors.PLANNERS):
        raise PermissionDenied(_("只有公布机关的人员可以办理这份清单。"))
    return made


@door(*reads.PLAN_READERS)
def subject_detail(request: ViewerRequest, pk: int) -> HttpResponse:
    """一份检查主体清单 with its entries and the act that comes next."""
    return _show(request, _list(request, pk))


def _show(
    request: ViewerRequest,
    made: SubjectList,
    entry_form: SubjectForm | None = None,
    file_form: SubjectFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    edits = made.organ_id in request.viewer.organs_as(*selectors.PLANNERS)
    is_draft = made.state == SubjectState.DRAFT
    return render(
        request,
        "inspections/subject_list.html",
        {
            "made": made,
            "state": subject_pill(made),
            "entries": [
                (entry, _(SubjectKind(entry.kind).label))
                for entry in made.entries.select_related("subject", "entrustment")
            ],
            "is_draft": is_draft,
            "edits": edits,
            "entry_form": (entry_form or SubjectForm()) if edits and is_draft else None,
            "file_form": (file_form or SubjectFileForm()) if edits and is_draft else None,
            "may_publish": edits and made.state == SubjectState.FILED,
        },
        status=status,
    )


@require_POST
@door(*selectors.PLANNERS)
def subject_enter(request: ViewerRequest, pk: int) -> HttpResponse:
    """列入检查主体; whom the law bars is refused with the reason."""
    made = _own_list(request, pk)
    form = SubjectForm(request.POST)
    if form.is_valid():
        try:
            subject_lists.enter_subject(
                subject_list=made,
                subject=form.cleaned_data["subject"],
                kind=SubjectKind(form.cleaned_data["kind"]),
                basis=form.cleaned_data["basis"],
                scope=form.cleaned_data["scope"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error("kind", showing.sentence(error))
        else:
            messages.success(request, _("已列入。"))
            return redirect("inspections:subject_list", pk=pk)
    return _show(request, made, entry_form=form, status=422)


@require_POST
@door(*selectors.PLANNERS)
def subject_remove(request: ViewerRequest, pk: int, entry: int) -> HttpResponse:
    """移出检查主体."""
    made = _own_list(request, pk)
    try:
        subject_lists.remove_subject(subject_list=made, entry_id=entry, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    return redirect("inspections:subject_list", pk=pk)


@require_POST
@door(*selectors.PLANNERS)
def subject_file(request: ViewerRequest, pk: int) -> HttpResponse:
    """报司法行政部门."""
    made = _own_list(request, pk)
    form = SubjectFileForm(request.POST)
    if form.is_valid():
        try:
            subject_lists.file_subject_list(
                subject_list=made, **form.cleaned_data, actor=request.viewer.actor, now=clock.now()
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("报送已登记。"))
            return redirect("inspections:subject_list", pk=pk)
    return _show(request, made, file_form=form, status=422)


@require_POST
@door(*selectors.PLANNERS)
def subject_publish(request: ViewerRequest, pk: int) -> HttpResponse:
    """公布主体清单."""
    made = _own_list(request, pk)
    try:
        subject_lists.publish_subject_list(subject_list=made, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("主体清单已公布。"))
    return redirect("inspections:subject_list", pk=pk)


@door(*selectors.PLANNERS)
def withdraw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """撤回公示: first the change and its reason, which sets the day; then the withdrawal itself."""
    visit = get_object_or_404(selectors.visits_visible_to(request.viewer), uid=uid)
    if visit.organ_id not in request.viewer.organs_as(*selectors.PLANNERS):
        raise PermissionDenied(_("只有检查机关可以撤回公示。"))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        done = _withdrawn(request, visit, form)
        if done:
            messages.success(request, done)
            return redirect("inspections:withdraw", uid=uid)
    result = getattr(visit, "publication", None)
    return render(
        request,
        "inspections/withdraw.html",
        {
            "visit": visit,
            "result": result,
            "category": showing.category_word(result.category) if result else "",
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _withdrawn(request: ViewerRequest, visit: Visit, form: WithdrawForm) -> str:
    """What was done, in words; empty where the form says why nothing was."""
    actor, now = request.viewer.actor, clock.now()
    try:
        if request.POST.get("act") == "withdraw":
            withdrawals.withdraw_result(visit=visit, actor=actor, now=now)
            return _("已撤回，公开的页面从现在起只说明撤回及理由。")
        if form.is_valid():
            result = withdrawals.note_change(visit=visit, **form.cleaned_data, actor=actor, now=now)
            return _("已登记，须在 %(day)s 前撤回。") % {"day": result.withdraw_by}
    except NotAllowed as error:
        form.is_valid()
        form.errors.clear()
        form.add_error(None, showing.sentence(error))
    return ""
