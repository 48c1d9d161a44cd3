"""Pages of papers: the office's list and paper, and the public page that confirms one."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import audit, clock, evidence
from anguan.ground.rendering import CannotRender
from anguan.papers import services
from anguan.papers.body_forms import shown_body
from anguan.papers.drafts import draft_context
from anguan.papers.forms import CodeForm, SealedCopyForm, ServeForm, VoidForm
from anguan.papers.models import Announcement, Paper, PaperOpinion, Service
from anguan.papers.rules import FORMS, FormCode, OpinionRole, PaperState, Review, Stance, day_in_words
from anguan.papers.selectors import (
    AlteredPaper,
    confirm_url,
    confirmation,
    consent_for,
    fault_of,
    paper_of,
    papers_found,
    papers_visible_to,
    pdf_of,
)
from anguan.people.doors import PUBLIC, door
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.htmx import partial
from anguan.ui.lists import Choice, Column, Filter, listing_of

READERS = (*BUREAU, *ENTERPRISE, Role.LEGAL_REVIEWER)

TONES = {
    PaperState.DRAFT: "open",
    PaperState.ISSUED: "waiting",
    PaperState.SERVED: "done",
    PaperState.VOID: "void",
}

Refusals = (services.NotAllowed, evidence.UnusableFile, CannotRender)


@dataclass(frozen=True)
class PaperRow:
    """A paper as a line of a list shows it."""

    paper: Paper
    tone: str
    word: str
    url: str
    review: str = ""


def row_of(paper: Paper) -> PaperRow:
    """What a list shows of a paper; one that goes to nobody is done when it is issued."""
    tone = TONES[PaperState(paper.state)]
    if paper.state == PaperState.ISSUED and not FORMS[FormCode(paper.form)].goes_to_party:
        tone = "done"
    is_away = paper.state == PaperState.DRAFT and paper.review != Review.HANDLER
    return PaperRow(
        paper,
        tone,
        PaperState(paper.state).label,
        reverse("papers:detail", args=[paper.uid]),
        Review(paper.review).label if is_away else "",
    )


@door(*READERS)
def paper_list(request: ViewerRequest) -> HttpResponse:
    """文书清单."""
    papers = papers_found(request.viewer, request.GET).select_related("enterprise", "issuing_organ")
    listing = listing_of(
        request,
        papers,
        name="papers",
        columns=[
            Column("number", _("文号")),
            Column("title", _("文书")),
            Column("enterprise", _("当事人")),
            Column("state", _("状态")),
            Column("issued", _("出具"), sort="issued"),
            Column("effective", _("送达")),
            Column("organ", _("出具机关"), hidden=True),
        ],
        sorts={"issued": ["id"]},
        default_sort="-issued",
        filters=[
            Filter("state", _("状态"), [Choice(state.value, _(state.label)) for state in PaperState]),
            Filter("form", _("种类"), [Choice(form.value, _(form.label)) for form in FormCode]),
        ],
        search_label=_("文号、单位名称"),
        total_url=reverse("papers:count"),
        empty_title=_("还没有文书"),
        empty_hint=_("检查中出具的现场检查记录、责令限期整改指令书会出现在这里。"),
    )
    rows = [row_of(paper) for paper in listing.rows]
    return partial(request, "papers/list.html", "papers/_rows.html", {"listing": listing, "paper_rows": rows})


@door(*READERS)
def paper_count(request: ViewerRequest) -> HttpResponse:
    """How many papers the list's filter finds."""
    return HttpResponse(f"{papers_found(request.viewer, request.GET).count():,}")


@door(*READERS)
def paper_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """One paper: facts, story, PDF, and the acts that are open."""
    paper = found_paper(request, uid)
    return render(request, "papers/detail.html", shown_paper(request, paper))


@door(*READERS)
def paper_pdf(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The PDF as it was issued; an altered one is refused with a sentence."""
    paper = found_paper(request, uid)
    try:
        data = pdf_of(paper)
    except AlteredPaper as error:
        return render(request, "papers/altered.html", {"paper": paper, "why": str(error)}, status=409)
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            # Shown inside its own page only.
            "X-Frame-Options": "SAMEORIGIN",
            "Content-Security-Policy": "frame-ancestors 'self'",
            "Cache-Control": "private, no-cache",
            "Content-Disposition": f'inline; filename="{paper.form}-{paper.year}-{paper.serial}.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@door(Role.OFFICER)
@require_POST
def paper_issue(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """出具 a signed draft."""
    paper = found_paper(request, uid)
    return _act(
        request,
        paper,
        _("已出具，文号已定。"),
        lambda: services.issue_paper(paper=paper, actor=request.viewer.actor, now=clock.now()),
    )


@door(Role.OFFICER)
def paper_serve(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """送达 from the office."""
    paper = found_paper(request, uid)
    now = clock.now()
    form = ServeForm(request.POST or None, request.FILES or None, paper=paper, now=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.serve_paper(
                paper=paper,
                method=said["method"],
                receiver=said["receiver"],
                place=said["place"],
                servers=list(said["servers"]),
                uid=form.once,
                image=form.file_of("image"),
                note=said["note"],
                served_at=min(said["served_at"], now),
                details=form.details,
                video=form.file_of("video"),
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已送达，送达回执已自动出具。"))
            return redirect("papers:detail", uid)
    status = 422 if form.is_bound else 200
    context = {
        "paper": paper,
        "form": form,
        "consent": consent_for(paper.enterprise, clock.local_day(now)),
        "attempts": list(paper.attempts.all()),
    }
    return render(request, "papers/serve.html", context, status=status)


@door(Role.LEADER)
@require_POST
def paper_void(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """作废 with a reason."""
    paper = found_paper(request, uid)
    if not _leads(request, paper):
        raise PermissionDenied(_("作废须由出具或承办这份文书的机关负责人办理。"))
    form = VoidForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request,
        paper,
        _("已作废，文号和原因留存。"),
        lambda: services.void_paper(paper=paper, reason=reason, actor=request.viewer.actor, now=clock.now()),
    )


@door(*BUREAU)
@require_POST
def paper_sealed_copy(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Keep the scan of the sealed paper."""
    paper = found_paper(request, uid)
    form = SealedCopyForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择盖章件的扫描件：PDF 或图片。"))
        return redirect("papers:detail", uid)
    file = form.cleaned_data["file"]
    return _act(
        request,
        paper,
        _("盖章件已存入。"),
        lambda: services.attach_sealed_copy(
            paper=paper,
            data=file.read(evidence.LARGEST_FILE + 1),
            uid=form.once,
            name=file.name,
            note=form.cleaned_data["note"],
            actor=request.viewer.actor,
            now=clock.now(),
        ),
    )


@door(PUBLIC)
def confirm(request: ViewerRequest, code: str) -> HttpResponse:
    """文书核验: number, date, form, organ and hashes of a paper; nothing of what it says."""
    found = confirmation(code)
    if found is None:
        form = CodeForm(initial={"code": code[:40]})
        context = {"form": form, "code": code[:40], "is_unknown": True}
        return render(request, "papers/confirm_code.html", context, status=404)
    return render(
        request,
        "papers/confirm.html",
        {
            "paper": found,
            "code": code,
            "hashes": " ".join([found.pdf_sha256, *found.sealed_sha256]),
            "checked_at": clock.now(),
        },
    )


@door(PUBLIC)
def confirm_code(request: ViewerRequest) -> HttpResponse:
    """Where somebody types the code that is printed on a paper."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        # Whoever copies the whole address from the foot of the page is served as well.
        typed = form.cleaned_data["code"].strip().rstrip("/").rpartition("/")[2].lower()
        if re.fullmatch(r"[-a-z0-9_]+", typed):
            return redirect("papers_public:confirm", typed)
        return render(
            request, "papers/confirm_code.html", {"form": form, "code": typed, "is_unknown": True}, status=404
        )
    return render(request, "papers/confirm_code.html", {"form": form, "is_unknown": False})


def found_paper(request: ViewerRequest, uid: UUID) -> Paper:
    """The paper that the viewer may read, or no page."""
    try:
        return paper_of(request.viewer, uid)
    except Paper.DoesNotExist:
        raise Http404 from None


def _leads(request: ViewerRequest, paper: Paper) -> bool:
    return not request.viewer.organs_as(Role.LEADER).isdisjoint({paper.issuing_organ_id, paper.handling_organ_id})


def _act(request: ViewerRequest, paper: Paper, done: str, act: Any) -> HttpResponseRedirect:
    try:
        act()
    except Refusals as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, done)
    return redirect("papers:detail", paper.uid)


@dataclass(frozen=True)
class Step:
    """One step of a paper's story."""

    title: str
    at: datetime
    by: str
    tone: str
    why: str = ""
    image_url: str = ""


def shown_paper(request: ViewerRequest, paper: Paper) -> dict[str, Any]:
    viewer = request.viewer
    state = PaperState(paper.state)
    service = Service.objects.filter(paper=paper).select_related("receipt", "image").first()
    receipt_of = list(paper.receipt_of.select_related("paper"))
    is_bureau = viewer.has(*BUREAU)
    needs_service = state is PaperState.ISSUED and paper.spec.goes_to_party
    answered_by = list(papers_visible_to(viewer).filter(answers=paper).order_by("id"))
    facts = [
        (_("当事人"), paper.enterprise.name),
        (_("出具机关"), paper.issuing_organ.name),
        (_("承办机构"), paper.handling_organ.name if paper.handling_organ_id != paper.issuing_organ_id else ""),
        (_("委托书"), paper.entrustment.document if paper.entrustment else ""),
        (_("内容哈希"), paper.body_hash[:16]),
        (_("作废原因"), paper.void_reason),
    ]
    return {
        "paper": paper,
        "row": row_of(paper),
        "facts": facts,
        "steps": _story(paper, service),
        "service": service,
        "receipt": service.receipt if service and is_bureau else None,
        "receipt_of": [row_of(one.paper) for one in receipt_of],
        "answers": row_of(paper.answers) if paper.answers else None,
        "answered_by": [row_of(one) for one in answered_by],
        "sealed_copies": list(paper.sealed_copies.select_related("image")),
        "fault": fault_of(paper) if paper.is_issued else None,
        "confirm_url": confirm_url(paper) if paper.is_issued else "",
        "may_serve": needs_service and viewer.has(Role.OFFICER),
        "terms": list(paper.terms.filter(met_at=None)) if is_bureau and state is not PaperState.VOID else [],
        "may_void": state is not PaperState.VOID and _leads(request, paper),
        "may_attach": paper.is_issued and is_bureau,
        "needs_service": needs_service,
        "void_form": VoidForm(),
        "sealed_form": SealedCopyForm(),
        "history": audit.history(paper) if is_bureau else [],
        "said": shown_body(paper.spec, paper.body) if state is PaperState.DRAFT else [],
        "origin_url": reverse("papers:offers", args=[paper.origin_kind, paper.origin_uid])
        if paper.is_by_hand and is_bureau
        else "",
        **draft_context(request, paper),
    }


def _opinion_words(opinion: PaperOpinion) -> str:
    if opinion.role == OpinionRole.HANDLER:
        return _("送审")
    return f"{_(opinion.get_role_display())}：{_(opinion.get_stance_display())}"


def _story(paper: Paper, service: Service | None) -> list[Step]:
    steps = [Step(_("拟稿"), paper.drafted_at, paper.drafted_by_name, "done")]
    for signature in paper.signatures.select_related("image"):
        who = signature.name or _("被检查单位")
        by = f"{who} {signature.certificate_no}".strip()
        steps.append(
            Step(
                _("拒绝签名") if signature.refused else _("签名"),
                signature.signed_at,
                by,
                "overdue" if signature.refused else "done",
                signature.note,
                reverse("evidence", args=[signature.image.uid]) if signature.image else "",
            )
        )
    steps += [
        Step(
            _opinion_words(one),
            one.given_at,
            one.by_name,
            {Stance.AGREES: "done", Stance.REFUSES: "void", Stance.RETURNS: "overdue"}[Stance(one.stance)],
            one.text,
        )
        for one in paper.opinions.all()
    ]
    steps += [
        Step(
            _("%(method)s不成：%(outcome)s")
            % {"method": _(attempt.get_method_display()), "outcome": _(attempt.get_outcome_display())},
            attempt.tried_at,
            "、".join(server["name"] for server in attempt.servers),
            "overdue",
            f"{attempt.place} · {attempt.note}",
            reverse("evidence", args=[attempt.photo.uid])
            if attempt.photo and attempt.photo.media_type.startswith("image/")
            else "",
        )
        for attempt in paper.attempts.select_related("photo")
    ]
    if announcement := Announcement.objects.filter(paper=paper).first():
        steps.append(
            Step(
                _("公告送达"),
                datetime.combine(announcement.announced_on, time(8), tzinfo=clock.CHINA),
                "、".join(server["name"] for server in announcement.servers),
                "waiting",
                _("%(where)s；%(day)s 视为送达")
                % {"where": announcement.announced_in, "day": day_in_words(announcement.deemed_on)},
            )
        )
    if paper.issued_at:
        steps.append(Step(_("出具"), paper.issued_at, paper.issuing_organ.name, "done", paper.number))
    if service:
        servers = "、".join(server["name"] for server in service.servers)
        steps.append(
            Step(
                _(service.get_method_display()),
                service.served_at,
                servers,
                "done",
                " · ".join(part for part in (service.receiver, service.place, service.note) if part),
                reverse("evidence", args=[service.image.uid]) if service.image else "",
            )
        )
    steps += [
        Step(
            _("存入盖章件"),
            copy.attached_at,
            copy.attached_by_name,
            "done",
            copy.note,
            reverse("evidence", args=[copy.image.uid]) if copy.image.media_type.startswith("image/") else "",
        )
        for copy in paper.sealed_copies.select_related("image")
    ]
    if paper.voided_at:
        steps.append(Step(_("作废"), paper.voided_at, "", "void", paper.void_reason))
    return sorted(steps, key=lambda step: step.at)
