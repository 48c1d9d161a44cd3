"""判定标准: what is on file, and clauses that a bureau adds or corrects."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from anguan.checklists import selectors, services, showing
from anguan.checklists.forms import CompositeForm, CriterionForm, PublishForm, StandardForm, WithdrawForm, sentence
from anguan.checklists.models import Criterion, Standard
from anguan.checklists.rules import Field, NotAllowed, Premises, Stage, judge_fire
from anguan.ground import clock
from anguan.ground.rules.selectors import rule
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


@door(*BUREAU, Role.SUPERVISOR)
def index(request: ViewerRequest) -> HttpResponse:
    """重大事故隐患判定标准: every standard with its clauses; drafts of one's own organ too."""
    visible = (
        selectors.versions_visible_to(request.viewer, Criterion)
        .exclude(stage=Stage.DISCARDED)
        .select_related("standard")
        .order_by("standard_id", "pk")
    )
    by_standard: dict[str, list[dict[str, object]]] = {}
    for row in visible:
        by_standard.setdefault(row.standard_id, []).append({"criterion": row, "pill": showing.stage_pill(row)})
    today = clock.local_day(clock.now())
    order = [str(field) for field in Field]
    return render(
        request,
        "checklists/criteria.html",
        {
            "standards": [
                {
                    "standard": standard,
                    "field": _(standard.get_field_display()),
                    "rows": by_standard.get(standard.number, []),
                    "has_ended": standard.valid_to is not None and standard.valid_to < today,
                }
                for standard in sorted(selectors.standards(), key=lambda one: order.index(one.field))
            ],
            "may_draft": selectors.drafting_organ(request.viewer) is not None,
        },
    )


@door(*BUREAU, Role.SUPERVISOR)
def detail(request: ViewerRequest, pk: int) -> HttpResponse:
    """One clause, with what may be done with it."""
    viewer = request.viewer
    visible = selectors.versions_visible_to(viewer, Criterion)
    criterion = get_object_or_404(visible.select_related("standard"), pk=pk)
    today = clock.local_day(clock.now())
    return render(
        request,
        "checklists/criterion.html",
        {
            "criterion": criterion,
            "text": selectors.criterion_text(criterion),
            "pill": showing.stage_pill(criterion),
            "judgement": _(criterion.get_judgement_display()),
            "mark": _(criterion.get_tag_display()),
            "may_draft": not criterion.is_draft and selectors.drafting_organ(viewer) is not None,
            "may_edit": selectors.may_edit(viewer, criterion),
            "may_publish": selectors.may_publish(viewer, criterion),
            "may_withdraw": criterion.stage == Stage.PUBLISHED
            and selectors.withdrawable_by(viewer, Criterion).filter(pk=criterion.pk).exists(),
            "publish_form": PublishForm(initial={"effective_from": today}),
            "withdraw_form": WithdrawForm(initial={"withdrawn_from": today}),
            "history": showing.story_of(criterion),
        },
    )


@door(Role.CLERK, Role.LEADER)
def new(request: ViewerRequest) -> HttpResponseBase:
    """补录判定条款, or correct one: with `based_on` the form is filled in from it."""
    based_on = None
    asked = request.GET.get("based_on", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        based_on = selectors.versions_visible_to(request.viewer, Criterion).filter(pk=int(asked)).first()
    number = request.GET.get("standard", "").replace("\0", "")
    initial: dict[str, object] = {"standard": Standard.objects.filter(number=number).first()}
    if based_on is not None:
        initial = {
            name: getattr(based_on, name) for name in ("standard", "clause", "summary", "judgement", "evidence", "tag")
        }
    form = CriterionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_criterion(
                organ=cast(Organ, selectors.drafting_organ(request.viewer)),
                actor=request.viewer.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("已存为草稿，由负责人公布后可以引用。"))
            return redirect("checklists:criterion", made.pk)
    return render(
        request,
        "checklists/criterion_form.html",
        {"form": form, "title": _("补录判定条款")},
        status=422 if form.errors else 200,
    )


@door(Role.CLERK, Role.LEADER)
def edit(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """修改判定条款的草稿."""
    own = selectors.versions_of_own_organ(request.viewer, Criterion)
    criterion = get_object_or_404(own.select_related("standard"), pk=pk)
    names = ("clause", "summary", "judgement", "evidence", "tag")
    form = CriterionForm(
        request.POST or None,
        is_fixed=True,
        initial={"standard": criterion.standard, **{name: getattr(criterion, name) for name in names}},
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names if name != "clause"}
        try:
            services.change_criterion(criterion=criterion, actor=request.viewer.actor, now=clock.now(), **values)
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("已保存。"))
            return redirect("checklists:criterion", criterion.pk)
    return render(
        request,
        "checklists/criterion_form.html",
        {"form": form, "title": selectors.criterion_text(criterion)},
        status=422 if form.errors else 200,
    )


@door(*BUREAU, Role.SUPERVISOR)
def composite(request: ViewerRequest) -> HttpResponse:
    """综合判定重大火灾隐患: counts the elements found; a help for judging, nothing is kept."""
    found_rule = rule("fire-composite", clock.local_day(clock.now()))
    form = CompositeForm(request.GET if "elements" in request.GET else None)
    verdict = None
    if form.is_bound and form.is_valid():
        try:
            verdict = judge_fire(
                form.found(), Premises(form.cleaned_data["premises"]), found_rule.values.get("lines", ())
            )
        except NotAllowed as error:
            form.add_error("elements", sentence(error))
    return render(
        request,
        "checklists/composite.html",
        {
            "form": form,
            "verdict": verdict,
            "counted": "、".join(verdict.counted) if verdict else "",
            "rule": found_rule,
        },
        status=422 if form.errors else 200,
    )


@door(Role.CLERK, Role.LEADER)
def new_standard(request: ViewerRequest) -> HttpResponseBase:
    """登记判定标准."""
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_standard(actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("已登记，请接着补录条款。"))
            return redirect("checklists:criteria")
    return render(
        request,
        "checklists/criterion_form.html",
        {"form": form, "title": _("登记判定标准")},
        status=422 if form.errors else 200,
    )
