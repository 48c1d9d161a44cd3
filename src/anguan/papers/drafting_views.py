"""拟稿 in the office: what may be drafted from a check or hazard, the draft, its signatures. One page for all forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.papers import services
from anguan.papers.body_forms import BodyForm
from anguan.papers.drafts import handles, returned_with, still_to_sign
from anguan.papers.forms import FIRM, PaperSignatureForm, SendForm
from anguan.papers.models import Paper
from anguan.papers.origins import Origin, origin_of
from anguan.papers.rules import (
    BY_HAND,
    FORMS,
    GROUPS,
    FormCode,
    PaperState,
    Party,
    Review,
)
from anguan.papers.selectors import edition_for
from anguan.papers.services.offering import Verdict, first_body
from anguan.papers.views import Refusals, found_paper, row_of
from anguan.people.doors import door
from anguan.people.models import Officer
from anguan.people.rules import BUREAU, Role
from anguan.people.selectors import officers_on_duty
from anguan.people.viewers import ViewerRequest


def _origin(request: ViewerRequest, kind: str, uid: UUID) -> Origin:
    origin = origin_of(request.viewer, kind, uid)
    if origin is None:
        raise Http404
    return origin


@door(*BUREAU)
def paper_offers(request: ViewerRequest, kind: str, uid: UUID) -> HttpResponse:
    """可拟的文书: the papers that stand, and every form with the lawful next step or the reason why not yet."""
    origin = _origin(request, kind, uid)
    papers = services.standing_from(request.viewer, origin)
    verdicts = services.offers_from(origin, papers, clock.local_day(clock.now()))
    context = {
        "origin": origin,
        "rows": [row_of(paper) for paper in papers],
        "groups": [(_(title), [_offered(origin, verdicts[code]) for code in codes]) for title, codes in GROUPS],
        "may_draft": handles(request, origin.organ.pk),
    }
    return render(request, "papers/offers.html", context)


def _offered(origin: Origin, verdict: Verdict) -> dict[str, Any]:
    form = verdict.offer.form
    url = reverse("papers:draft", args=[origin.kind, origin.uid, form.code.value])
    ways: list[tuple[str, Paper | None]] = [(f"{url}?on={paper.uid}", paper) for paper in verdict.bases]
    if verdict.offer.is_free:
        ways.append((url, None))
    return {
        "title": _(form.title),
        "article": verdict.article,
        "refusal": _(verdict.refusal) if verdict.refusal else "",
        "ways": ways,
        "is_alone": bool(verdict.bases),
        "is_urgent": bool(form.follows) and verdict.offer.is_free,
        "goes": _("内部审批") if form.opinions else _("交其他单位") if form.to_third else _("交当事人"),
    }


@door(Role.OFFICER)
def paper_draft(request: ViewerRequest, kind: str, uid: UUID, form: str) -> HttpResponse:
    """拟稿: the blanks of one form, filled in with what the platform knows."""
    if form not in {code.value for code in BY_HAND}:
        raise Http404
    origin, code, now = _origin(request, kind, uid), FormCode(form), clock.now()
    if not handles(request, origin.organ.pk):
        raise PermissionDenied(_("由%(organ)s承办，请联系该机关的执法人员拟稿。") % {"organ": origin.organ.name})
    today = clock.local_day(now)
    papers = services.standing_from(request.viewer, origin)
    verdict = services.offers_from(origin, papers, today)[code]
    on = request.GET.get("on", "")
    base = next((paper for paper in verdict.bases if str(paper.uid) == on), None)
    if base is None and verdict.bases and not verdict.offer.is_free:
        base = verdict.bases[-1]
    edition = edition_for(code, origin.organ, today)
    spec = edition.spec if edition else FORMS[code]
    body = first_body(spec, origin, base)
    officers = officers_on_duty(today, frozenset({origin.organ.pk}))
    filled = BodyForm(request.POST or None, spec=spec, body=body, officers=officers, sources=_sources(body, base))
    if request.method == "POST" and filled.is_valid():
        try:
            paper = services.draft_paper(
                form=code,
                enterprise=origin.enterprise,
                handling_organ=origin.organ,
                body=filled.body,
                answers=base,
                uid=filled.once,
                origin=(origin.kind, origin.uid),
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            filled.add_error(None, _(str(error)))
        else:
            _told_lacking(request, filled)
            return redirect("papers:detail", paper.uid)
    context = {
        "origin": origin,
        "spec": spec,
        "base": base,
        "form": filled,
        "verdict": verdict,
        "refusal": _(verdict.refusal) if verdict.refusal else "",
    }
    status = 422 if filled.is_bound else 200
    return render(request, "papers/draft.html", context, status=status)


def _sources(body: dict[str, Any], base: Paper | None) -> dict[str, str]:
    """Where what is filled in already comes from, as the page says it."""
    return {
        key: str(base) if base is not None and base.body.get(key) == value else _("检查、隐患和底账")
        for key, value in body.items()
    }


def _told_lacking(request: ViewerRequest, form: BodyForm) -> None:
    if form.lacking:
        messages.warning(request, _("拟稿已存，还缺：%(fields)s。") % {"fields": "、".join(form.lacking)})
    else:
        messages.success(request, _("拟稿已存。"))


def _own_draft(request: ViewerRequest, uid: UUID) -> Paper:
    """A draft made by hand that the viewer's organ handles, or no page."""
    paper = found_paper(request, uid)
    if not handles(request, paper.handling_organ_id):
        raise PermissionDenied(
            _("由%(organ)s承办，请联系该机关的执法人员办理。") % {"organ": paper.handling_organ.name}
        )
    return paper


@door(Role.OFFICER)
def paper_edit(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """改稿, as long as nobody has signed it and it isn't with somebody for an opinion."""
    paper, now = _own_draft(request, uid), clock.now()
    if not paper.is_by_hand or paper.state != PaperState.DRAFT:
        messages.error(request, _("只有手工拟的稿可以在这里改；现场文书请在现场办理里退回修改。"))
        return redirect("papers:detail", uid)
    if request.method == "GET" and (paper.review != Review.HANDLER or paper.signatures.exists()):
        messages.error(request, _("已经送审或者有人签名，内容不能再改；送审的可以撤回，签过名的请弃稿后另拟。"))
        return redirect("papers:detail", uid)
    officers = officers_on_duty(clock.local_day(now), frozenset({paper.handling_organ_id}))
    filled = BodyForm(request.POST or None, spec=paper.spec, body=paper.body, officers=officers)
    if request.method == "POST" and filled.is_valid():
        try:
            services.rewrite_draft(paper=paper, body=filled.body, actor=request.viewer.actor, now=now)
        except Refusals as error:
            filled.add_error(None, _(str(error)))
        else:
            _told_lacking(request, filled)
            return redirect("papers:detail", uid)
    context = {"paper": paper, "form": filled, "returned": returned_with(paper)}
    return render(request, "papers/edit.html", context, status=422 if filled.is_bound else 200)


@door(Role.OFFICER)
@require_POST
def paper_send(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """送审."""
    paper = _own_draft(request, uid)
    form = SendForm(request.POST, paper=paper)
    if not form.is_valid():
        messages.error(request, _("请写明承办人意见，再送审。"))
        return redirect("papers:detail", uid)
    try:
        services.send_paper(
            paper=paper,
            uid=form.once,
            opinion=form.cleaned_data["opinion"],
            actor=request.viewer.actor,
            now=clock.now(),
        )
    except Refusals as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("已送审，审核员的工作台上能看到。"))
    return redirect("papers:detail", uid)


@door(Role.OFFICER)
@require_POST
def paper_recall(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """撤回 what was sent and not decided."""
    paper = _own_draft(request, uid)
    try:
        services.recall_paper(paper=paper, actor=request.viewer.actor, now=clock.now())
    except Refusals as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("已撤回，可以修改后再送审。"))
    return redirect("papers:detail", uid)


@door(Role.OFFICER)
def paper_sign(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """签名 under a draft made by hand: two officers and, where the form wants it, the firm or its refusal."""
    paper, now = _own_draft(request, uid), clock.now()
    signed = list(paper.signatures.all())
    numbers = {one.certificate_no for one in signed}
    organs = frozenset({paper.handling_organ_id, paper.issuing_organ_id})
    waiting = [one for one in officers_on_duty(clock.local_day(now), organs) if one.certificate_no not in numbers]
    waiting.sort(key=lambda one: (one.pk != request.viewer.officer_id, not _named(paper, one), one.pk))
    asks_firm = paper.spec.enterprise_signs and not any(one.party == Party.ENTERPRISE for one in signed)
    form = PaperSignatureForm(
        request.POST or None, officers=waiting, asks_firm=asks_firm, firm=paper.body.get("attendant", "")
    )
    if (
        not paper.is_by_hand
        or paper.state != PaperState.DRAFT
        or not (paper.spec.officers_sign and still_to_sign(paper))
    ):
        messages.error(request, _("这份文书现在不用在这里签名。"))
        return redirect("papers:detail", uid)
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request, paper, form, waiting)
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已签名。"))
            return redirect("papers:sign" if still_to_sign(paper) else "papers:detail", uid)
    context = {"paper": paper, "form": form, "signed": signed, "asks_firm": asks_firm}
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


def _named(paper: Paper, officer: Officer) -> bool:
    return any(row.get("certificate_no") == officer.certificate_no for row in paper.body.get("officers") or [])


def _sign(request: ViewerRequest, paper: Paper, form: PaperSignatureForm, waiting: list[Officer]) -> None:
    said = form.cleaned_data
    common: dict[str, Any] = {"paper": paper, "uid": form.once, "actor": request.viewer.actor, "now": clock.now()}
    if said["party"] == FIRM:
        services.sign_paper(
            party=Party.ENTERPRISE,
            name=said.get("name", ""),
            image=form.image,
            refused=said["signature_refused"],
            note=said["signature_note"],
            **common,
        )
        return
    officer = next(one for one in waiting if str(one.pk) == said["party"])
    services.sign_paper(
        party=Party.OFFICER,
        name=officer.name,
        certificate_no=officer.certificate_no,
        image=form.image,
        **common,
    )


@door(Role.OFFICER)
@require_POST
def paper_discard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """弃稿: an officer gives up a draft made by hand; what has a number only a leader voids."""
    paper = _own_draft(request, uid)
    if not paper.is_by_hand or paper.state != PaperState.DRAFT:
        raise PermissionDenied(_("作废须由出具或承办这份文书的机关负责人办理。"))
    try:
        services.void_paper(
            paper=paper, reason=request.POST.get("reason", ""), actor=request.viewer.actor, now=clock.now()
        )
    except Refusals as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("拟稿已作废，原因留存。"))
    return redirect("papers:detail", uid)
