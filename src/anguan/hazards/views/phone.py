"""Phone pages of the enterprise: what is asked of it until when, the proof that it is done, and what it asks itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.evidence import UnusableFile
from anguan.hazards import forms, rules, selectors, services, showing, showing_file
from anguan.hazards.casefile import CaseFile
from anguan.hazards.forms import ReportForm, sentence
from anguan.hazards.models import Hazard
from anguan.hazards.rules import ASKS_ENTERPRISE, Action, Level, NotAllowed, PhotoReused, Source, State
from anguan.papers.selectors import papers_visible_to
from anguan.people.doors import door
from anguan.people.rules import ENTERPRISE
from anguan.people.viewers import ViewerRequest
from anguan.ui.paging import PHONE_PAGE, page_of
from anguan.ui.photos import photos_from

SHOWN_ASKED: Final = 100


@door(*ENTERPRISE)
def asked_of_us(request: ViewerRequest) -> HttpResponse:
    """本单位隐患: what has to be put right, most urgent first; then what waits for the recheck and what is past."""
    own = selectors.own_hazards(request.viewer).select_related("enterprise")
    asked = own.filter(state__in=sorted(ASKS_ENTERPRISE)).order_by("sort_due_on", "id")[:SHOWN_ASKED]
    page = page_of(
        own.exclude(state__in=sorted(ASKS_ENTERPRISE)),
        order=["-id"],
        cursor=request.GET.get("cursor", ""),
        size=PHONE_PAGE,
    )
    return render(
        request,
        "hazards/phone_list.html",
        {
            "asked": [card(hazard) for hazard in asked] if not request.GET.get("cursor") else [],
            "others": [card(hazard) for hazard in page.rows],
            "page": page,
            "several": len(request.viewer.enterprise_ids) > 1,
        },
    )


def card(hazard: Hazard) -> dict[str, object]:
    """A hazard as lists and headings show it."""
    return {
        "hazard": hazard,
        "state": showing.state_pill(hazard.state),
        "term": showing.term(hazard.due_on, hazard.state, hazard.due_provisional),
    }


def _own(request: ViewerRequest, uid: UUID) -> Hazard:
    return get_object_or_404(selectors.own_hazards(request.viewer).select_related("enterprise", "organ"), uid=uid)


@door(*ENTERPRISE)
def one_hazard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一条隐患: what was found, on which paper, until when, and what became of each report."""
    hazard = _own(request, uid)
    state = State(hazard.state)
    file = CaseFile(hazard, request.viewer, clock.local_day(clock.now()))
    acts = [(name, _(act.title)) for name, act in OUR_ACTS.items() if act.offered(file)]
    self_closing = hazard.source == Source.SELF and hazard.level != Level.MAJOR
    may_report = rules.may(state, Action.REPORT) and not file.missing
    return render(
        request,
        "hazards/phone_detail.html",
        {
            **card(hazard),
            "level": showing.level_mark(hazard.level),
            "order": papers_visible_to(request.viewer).filter(pk=hazard.order_id).first() if hazard.order_id else None,
            "photos": showing.photos_of(hazard),
            "attempts": showing.attempts_of(hazard),
            "may_report": may_report,
            "self_closing": self_closing,
            "waits": state is State.REPORTED,
            "acts": acts,
            # Before anything can be reported, the plan comes first.
            "first_act": acts[0] if acts and not may_report else None,
            "lacking": [(sentence(one), _(one.basis)) for one in file.missing],
            "major": showing_file.major_of(file) if file.is_major else None,
            "asked": showing_file.asked_of(file),
            "tenant_reports": showing_file.tenant_reports_of(hazard),
        },
    )


@door(*ENTERPRISE)
def report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """报告整改完成: words and pictures; sent twice it counts once. Its own finding the enterprise closes itself."""
    hazard = _own(request, uid)
    now = clock.now()
    closes = hazard.source == Source.SELF and hazard.level != Level.MAJOR and hazard.order_id is None
    page = {"self_closing": closes, **card(hazard)}
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            send = services.close_own_hazard if closes else services.report_rectification
            try:
                send(
                    hazard=hazard,
                    uid=form.cleaned_data["uid"],
                    description=form.cleaned_data["description"],
                    place_reason=form.cleaned_data["place_reason"],
                    photos=photos_from(request, uid=form.cleaned_data["uid"], now=now),
                    actor=request.viewer.actor,
                    now=now,
                )
            except PhotoReused as error:
                # The refused act left nothing behind; that it was tried is told to the bureau.
                services.note_reused_photo(hazard=hazard, refusal=error, actor=request.viewer.actor, now=now)
                form.add_error(None, sentence(error))
            except NotAllowed as error:
                form.add_error(None, sentence(error))
            except UnusableFile as error:
                form.add_error(None, str(error))
            else:
                said = _("已销号；监管部门会抽查自行销号的隐患。") if closes else _("已报告，执法人员会来复查。")
                messages.success(request, said)
                return redirect("hazards_phone:detail", uid=uid)
        return render(request, "hazards/phone_report.html", {"form": form, **page}, status=422)
    try:
        rules.advance(State(hazard.state), Action.REPORT)
        if hazard.level == Level.MAJOR:
            rules.check_report(selectors.standing_of(hazard))
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return redirect("hazards_phone:detail", uid=uid)
    form = ReportForm(initial={"uid": uuid7()})
    return render(request, "hazards/phone_report.html", {"form": form, **page})


@dataclass(frozen=True)
class OurAct:
    """What an enterprise may ask or hand in about a hazard: its words, when, which form, which service."""

    title: str
    says: str
    said: str
    offered: Callable[[CaseFile], bool]
    form: type[Form]
    do: Callable[[CaseFile, dict[str, Any], Actor, datetime], object]


def _plan(file: CaseFile, data: dict[str, Any], actor: Actor, now: datetime) -> object:
    fixes = {fix.value: data[fix.value] for fix in rules.Fix}
    return services.submit_plan(
        hazard=file.hazard, uid=data["uid"], fixes=fixes, finish_on=data["finish_on"], actor=actor, now=now
    )


def _resume(file: CaseFile, data: dict[str, Any], actor: Actor, now: datetime) -> object:
    if file.measure_in_force is None:
        raise NotAllowed(N_("现在没有执行中的停产停用措施，不用申请恢复。"))
    return services.ask_to_resume(measure=file.measure_in_force, reason=data["reason"], actor=actor, now=now)


OUR_ACTS: Final[Mapping[str, OurAct]] = {
    "plan": OurAct(
        N_("报送治理方案"),
        N_("重大事故隐患要做到责任、措施、资金、时限、预案“五落实”，审定后按方案治理。"),
        N_("治理方案已报送，请等审定。"),
        lambda file: (
            file.is_major
            and file.state in {State.CLASSIFIED, State.RECTIFYING, State.OVERDUE, State.REOPENED}
            and file.plan_waiting is None
            and not file.standing.plan_approved
        ),
        forms.PlanForm,
        _plan,
    ),
    "acceptance": OurAct(
        N_("申请验收"),
        N_("治理完成并由专家或者安全评价机构评估后，申请执法人员到现场验收。"),
        N_("验收申请已提交，执法人员会在期限内到现场。"),
        lambda file: file.is_major and file.state is State.REPORTED and file.acceptance_waiting is None,
        forms.AcceptanceForm,
        lambda file, data, actor, now: services.apply_for_acceptance(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "resume": OurAct(
        N_("申请恢复生产经营或者使用"),
        N_("隐患验收合格后申请；审查同意以前不能恢复。"),
        N_("恢复申请已提交，请等审查。"),
        lambda file: file.state is State.VERIFIED and file.measure_in_force is not None,
        forms.ReasonForm,
        _resume,
    ),
    "extension": OurAct(
        N_("申请延期"),
        N_("期限届满以前申请，写明理由和延期期间的安全措施；没有批准以前按原期限整改。"),
        N_("延期申请已提交，请等决定。"),
        lambda file: file.state is State.RECTIFYING and file.extension_waiting is None,
        forms.ExtensionForm,
        lambda file, data, actor, now: services.apply_for_extension(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "objection": OurAct(
        N_("提出异议"),
        N_("认为认定有误的，在整改期限内提出；由发现人以外的人答复，理由双方都能看到。"),
        N_("异议已提交，请等答复。"),
        lambda file: file.state is State.RECTIFYING and file.hazard.source != Source.SELF and not file.objections,
        forms.ObjectionForm,
        lambda file, data, actor, now: services.file_objection(hazard=file.hazard, actor=actor, now=now, **data),
    ),
}


@door(*ENTERPRISE)
def our_act(request: ViewerRequest, uid: UUID, name: str) -> HttpResponse:
    """申请: one thing the enterprise asks or hands in about a hazard; sent twice it counts once."""
    chosen = OUR_ACTS.get(name)
    if chosen is None:
        raise Http404
    hazard, now = _own(request, uid), clock.now()
    file = CaseFile(hazard, request.viewer, clock.local_day(now))
    if request.method != "POST" and not chosen.offered(file):
        messages.error(request, _("这一步现在不能办理，页面可能已经过时。"))
        return redirect("hazards_phone:detail", uid=uid)
    page = {"title": _(chosen.title), "says": _(chosen.says), **card(hazard)}
    if request.method == "POST":
        form = chosen.form(cast(QueryDict, request.POST))
        if form.is_valid():
            try:
                chosen.do(file, form.cleaned_data, request.viewer.actor, now)
            except NotAllowed as error:
                form.add_error(None, sentence(error))
            else:
                messages.success(request, _(chosen.said))
                return redirect("hazards_phone:detail", uid=uid)
        return render(request, "hazards/phone_act.html", {"form": form, **page}, status=422)
    return render(request, "hazards/phone_act.html", {"form": chosen.form(initial={"uid": uuid7()}), **page})
