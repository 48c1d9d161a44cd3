"""Office pages of hazards: the list, one hazard with its story, and the acts on it."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.spreadsheets import write_rows
from anguan.hazards import rules, selectors, services, showing, showing_file
from anguan.hazards.acts import ACTS
from anguan.hazards.casefile import CaseFile
from anguan.hazards.forms import ClassifyForm, DeadlineForm, ReasonForm, RecheckForm, sentence
from anguan.hazards.models import Hazard
from anguan.hazards.rules import Action, Level, NotAllowed, Source, State
from anguan.hazards.selectors import Asked
from anguan.papers.selectors import papers_visible_to
from anguan.people.doors import door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.htmx import partial
from anguan.ui.lists import Choice, Column, Filter, listing_of

MOST_EXPORTED = 100_000


@door(*BUREAU)
def hazard_list(request: ViewerRequest) -> HttpResponse:
    """隐患清单: rows along an index, their total apart."""
    asked = Asked.of(request.GET)
    found = selectors.found_rows(request.viewer, asked, clock.local_day(clock.now()), showing.ROW_FIELDS)
    listing = listing_of(
        request,
        cast("QuerySet[Hazard, dict[str, Any]]", found),
        name="hazards",
        columns=[
            Column("hazard", _("隐患情况")),
            Column("place", _("部位"), hidden=True),
            Column("enterprise", _("企业")),
            Column("due", _("整改期限"), sort="due"),
            Column("state", _("状态")),
            Column("level", _("等级")),
            Column("source", _("发现来源")),
            Column("found", _("发现日期"), sort="found"),
        ],
        sorts={"found": ["id"], "due": ["sort_due_on", "id"]},
        default_sort="-found",
        filters=[
            Filter(
                "state",
                _("状态"),
                [Choice("unclosed", _("未销号")), *(Choice(state.value, _(state.label)) for state in State)],
            ),
            Filter("due", _("期限"), [Choice("overdue", _("已逾期")), Choice("soon", _("七天内到期"))]),
            Filter("level", _("等级"), [Choice(level.value, _(level.label)) for level in Level]),
            Filter("source", _("发现来源"), [Choice(source.value, _(source.label)) for source in Source]),
        ],
        search_label=_("隐患、部位、企业"),
        total_url=reverse("hazards:count"),
        export_url=reverse("hazards:export"),
        empty_title=_("还没有隐患"),
        empty_hint=_("检查中发现的隐患会出现在这里。"),
    )
    return partial(
        request,
        "hazards/list.html",
        "hazards/_rows.html",
        {"listing": listing, "rows": showing.rows_of(listing.rows)},
    )


@door(*BUREAU)
def hazard_count(request: ViewerRequest) -> HttpResponse:
    """The exact total of the list, as its own request."""
    asked = Asked.of(request.GET)
    hazards = selectors.hazards_asked(request.viewer, asked, clock.local_day(clock.now()))
    return HttpResponse(f"{hazards.count():,}", content_type="text/plain; charset=utf-8")


@door(*BUREAU)
def hazard_export(request: ViewerRequest) -> HttpResponseBase:
    """导出: exactly what the list shows, in its order, as .xlsx; streamed from the database into the file."""
    now = clock.now()
    asked = Asked.of(request.GET)
    hazards = selectors.hazards_asked(request.viewer, asked, clock.local_day(now))
    if hazards.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        messages.error(request, _("一次最多导出 10 万条，请先筛选，例如按状态或企业。"))
        return redirect(f"{reverse('hazards:list')}?{request.GET.urlencode()}")
    order = {"found": ("id",), "due": ("sort_due_on", "id"), "-due": ("-sort_due_on", "-id")}
    hazards = hazards.order_by(*order.get(request.GET.get("sort", ""), ("-id",)))
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    headers = [
        *(
            _("隐患情况"),
            _("部位"),
            _("企业"),
            _("统一社会信用代码"),
            _("状态"),
            _("等级"),
            _("判定依据"),
            _("发现来源"),
        ),
        *(
            _("发现时间"),
            _("发现人"),
            _("整改期限"),
            _("责令文书"),
            _("送达时间"),
            _("报告整改时间"),
            _("复查合格时间"),
        ),
        _("销号时间"),
    ]
    write_rows(file, headers, _exported(hazards), title=_("隐患清单"), widths=[40, 16, 28, 20, 10, 12, 20, 10, 16])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_('隐患清单')}-{clock.local_day(now):%Y%m%d}.xlsx")


def _exported(hazards: Any) -> Iterator[list[Any]]:
    states = {state.value: _(state.label) for state in State}
    levels = {"": "", **{level.value: _(level.label) for level in Level}}
    sources = {source.value: _(source.label) for source in Source}
    rows = hazards.values_list(
        *("description", "place", "enterprise__name", "enterprise__credit_code", "state", "level", "criterion"),
        *("source", "found_at", "found_by_name", "due_on", "order__number", "effective_at", "reported_at"),
        *("verified_at", "closed_at"),
    )
    for row in rows.iterator(chunk_size=2000):
        shown = list(row)
        shown[4], shown[5], shown[7] = states[row[4]], levels[row[5]], sources[row[7]]
        yield shown


@dataclass(frozen=True)
class Refused:
    """An act that the rules forbid now, with the reason and the article."""

    label: str
    why: str
    basis: str


def _refused(state: State) -> list[Refused]:
    refused = []
    for action in (Action.CLASSIFY, Action.ACCEPT, Action.CLOSE):
        # A level once set stands; asking for it again is no act that anybody misses.
        if action is Action.CLASSIFY and state is not State.FOUND:
            continue
        try:
            rules.advance(state, action)
        except NotAllowed as error:
            label = _("复查") if action is Action.ACCEPT else _(action.label)
            refused.append(Refused(label, sentence(error), _(error.basis)))
    return refused


def shown(
    request: ViewerRequest,
    hazard: Hazard,
    forms: dict[str, Form] | None = None,
    status: int = 200,
    failed: tuple[str, Form] | None = None,
) -> HttpResponse:
    """隐患详情 with forms as they were sent; `failed` is an act of `acts.ACTS` whose form has to be mended."""
    state = State(hazard.state)
    given = forms or {}
    acts = selectors.handled_by(request.viewer, hazard)
    officer = request.viewer.officer_id
    order = papers_visible_to(request.viewer).filter(pk=hazard.order_id).first() if hazard.order_id else None
    file = CaseFile(hazard, request.viewer, clock.local_day(clock.now()))
    context = {
        "file": file,
        "returned": file.transfer_returned,
        "term_is_over": hazard.due_on is not None and hazard.due_on < file.today,
        "acts": _acts(file) if acts else [],
        "failed": _failed(failed),
        "major": showing_file.major_of(file) if file.is_major else None,
        "asked": showing_file.asked_of(file),
        "transfers": showing_file.transfers_of(file),
        "chains": showing_file.chains_of(file),
        "lacking": [(sentence(one), _(one.basis)) for one in file.missing],
        "tenant_reports": showing_file.tenant_reports_of(hazard),
        "reused": list(hazard.reused_photos.all()),
        "hazard": hazard,
        "state": showing.state_pill(hazard.state),
        "level": showing.level_mark(hazard.level),
        "source": _(Source(hazard.source).label),
        "term": showing.term(hazard.due_on, hazard.state, hazard.due_provisional),
        "next": _(rules.NEXT[state]),
        "order": order,
        "photos": showing.photos_of(hazard),
        "attempts": showing.attempts_of(hazard),
        "story": showing.story_of(hazard),
        "may_act": acts,
        "refused": _refused(state) if acts else [],
        "classify_form": _form(given, "classify", acts and state is State.FOUND, lambda: ClassifyForm()),
        "deadline_form": _form(
            given,
            "deadline",
            acts and state in {State.CLASSIFIED, State.REOPENED} and not file.must_transfer,
            lambda: DeadlineForm(initial={"due_on": hazard.due_on}),
        ),
        "recheck_form": _form(
            given,
            "recheck",
            acts and state is State.REPORTED and officer is not None,
            lambda: RecheckForm(hazard=hazard, initial={"officers": [officer]}),
        ),
        "may_close": acts and state is State.VERIFIED and (not file.is_major or (file.leads and not file.missing)),
        "reopen_form": _form(given, "reopen", acts and state in {State.VERIFIED, State.CLOSED}, lambda: ReasonForm()),
    }
    return render(request, "hazards/detail.html", context, status=status)


def _acts(file: CaseFile) -> list[dict[str, Any]]:
    """What may be done now, the most urgent first."""
    offered = [(name, act) for name, act in ACTS.items() if act.offered(file)]
    if file.must_transfer:
        offered.sort(key=lambda pair: pair[0] != "transfer")
    else:
        offered.sort(key=lambda pair: not pair[1].is_prominent)
    return [
        {
            "name": name,
            "title": _(act.title),
            "says": _(act.says),
            "form": _named(act.form(file, None), name),
            "tone": "primary" if act.is_prominent or (file.must_transfer and name == "transfer") else "plain",
        }
        for name, act in offered
    ]


def _named(form: Form, act: str) -> Form:
    """The form with ids of its own: several stand on the page, and each label must find its field."""
    form.auto_id = f"{act}_%s"
    return form


def _failed(failed: tuple[str, Form] | None) -> dict[str, Any] | None:
    if failed is None:
        return None
    name, form = failed
    return {"name": name, "title": _(ACTS[name].title), "form": form}


def _form(given: dict[str, Form], name: str, offered: bool, blank: Callable[[], Form]) -> Form | None:
    return given.get(name) or (blank() if offered else None)


def _hazard(request: ViewerRequest, uid: UUID) -> Hazard:
    return get_object_or_404(
        selectors.hazards_visible_to(request.viewer).select_related("enterprise", "organ", "checklist_item", "tenant"),
        uid=uid,
    )


def to_act_on(request: ViewerRequest, uid: UUID) -> Hazard:
    """The hazard, for people of the organ that handles it."""
    hazard = _hazard(request, uid)
    if not selectors.handled_by(request.viewer, hazard):
        raise PermissionDenied(_("这条隐患由%(organ)s承办，请联系该机构办理。") % {"organ": hazard.organ.name})
    return hazard


@door(*BUREAU)
def hazard_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """隐患详情: facts, proof before and after, the next lawful act, the story."""
    return shown(request, _hazard(request, uid))


def _done(request: ViewerRequest, hazard: Hazard, said: str) -> HttpResponse:
    messages.success(request, _(said))
    return redirect("hazards:detail", uid=hazard.uid)


@require_POST
@door(Role.OFFICER, Role.LEADER)
def classify(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """定级."""
    hazard = to_act_on(request, uid)
    form = ClassifyForm(request.POST)
    if form.is_valid():
        try:
            services.classify_hazard(hazard=hazard, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
        except NotAllowed as error:
            form.add_error("criterion", sentence(error))
        else:
            return _done(request, hazard, N_("已定级。"))
    return shown(request, hazard, {"classify": form}, status=422)


@require_POST
@door(Role.OFFICER, Role.LEADER)
def deadline(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """定整改期限."""
    hazard = to_act_on(request, uid)
    form = DeadlineForm(request.POST)
    if form.is_valid():
        try:
            services.set_deadline(
                hazard=hazard, due_on=form.cleaned_data["due_on"], actor=request.viewer.actor, now=clock.now()
            )
        except NotAllowed as error:
            form.add_error("due_on", sentence(error))
        else:
            return _done(request, hazard, N_("整改期限已定。"))
    return shown(request, hazard, {"deadline": form}, status=422)


@require_POST
@door(Role.OFFICER)
def recheck(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """复查."""
    hazard = to_act_on(request, uid)
    form = RecheckForm(request.POST, hazard=hazard)
    if form.is_valid():
        try:
            services.verify_rectification(
                hazard=hazard,
                accepted=form.cleaned_data["accepted"],
                reason=form.cleaned_data["reason"],
                officers=list(form.cleaned_data["officers"]),
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error(None, sentence(error))
        else:
            said = N_("复查合格，可以销号。") if form.cleaned_data["accepted"] else N_("已退回，企业会收到通知。")
            return _done(request, hazard, said)
    return shown(request, hazard, {"recheck": form}, status=422)


@require_POST
@door(Role.OFFICER, Role.LEADER)
def close(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """销号."""
    hazard = to_act_on(request, uid)
    try:
        services.close_hazard(hazard=hazard, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, sentence(error))
        return redirect("hazards:detail", uid=uid)
    return _done(request, hazard, N_("已销号，企业会收到通知。"))


@require_POST
@door(Role.OFFICER, Role.LEADER)
def reopen(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """重新打开."""
    hazard = to_act_on(request, uid)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.reopen_hazard(
                hazard=hazard, reason=form.cleaned_data["reason"], actor=request.viewer.actor, now=clock.now()
            )
        except NotAllowed as error:
            form.add_error("reason", sentence(error))
        else:
            return _done(request, hazard, N_("已重新打开，请重新下达责令限期整改指令书。"))
    return shown(request, hazard, {"reopen": form}, status=422)
