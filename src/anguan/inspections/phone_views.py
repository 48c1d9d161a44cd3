"""Phone pages of the officer: today's visits, and one visit step by step; actions at the bottom, one item a card."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock, evidence
from anguan.ground.evidence import UnusableFile
from anguan.inspections import selectors, showing
from anguan.inspections.forms import AnswerForm, RecheckForm, ServeForm, SignatureForm, StartForm, WithoutCheckForm
from anguan.inspections.models import Answer, Visit
from anguan.inspections.rules import (
    NotAllowed,
    Outcome,
    ResultCategory,
    VisitKind,
    VisitState,
    missing_numbers,
    suggested_due,
)
from anguan.inspections.selectors.wordings import wordings_of
from anguan.inspections.services import visits
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.photos import photos_from

OPEN_FIRST = 100
CLOSED_SHOWN = 10


@door(Role.OFFICER)
def today(request: ViewerRequest) -> HttpResponse:
    """我的检查: what is assigned and not over, by its day; then the last ones that are."""
    mine = selectors.visits_of_officer(request.viewer)
    unfinished = mine.exclude(state__in=[VisitState.ORDERED, VisitState.CLOSED]).order_by("due_on", "pk")[:OPEN_FIRST]
    finished = mine.filter(state__in=[VisitState.ORDERED, VisitState.CLOSED]).order_by("-pk")[:CLOSED_SHOWN]
    return render(
        request,
        "inspections/phone_today.html",
        {"open": [_card(visit) for visit in unfinished], "past": [_card(visit) for visit in finished]},
    )


def _card(visit: Visit) -> dict[str, Any]:
    return {"visit": visit, "state": showing.visit_pill(visit), "kind": _(VisitKind(visit.kind).label)}


def _mine(request: ViewerRequest, uid: UUID) -> Visit:
    """A visit that is assigned to who asks; nobody else's exists here."""
    return get_object_or_404(selectors.visits_of_officer(request.viewer), uid=uid)


@door(Role.OFFICER)
def visit(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """一次检查: where it stands and the one thing to do next."""
    found = _mine(request, uid)
    return render(
        request,
        "inspections/phone_visit.html",
        {
            **_card(found),
            "team": selectors.team_of(found),
            "steps": _steps(found),
            "next": _next(found),
            "may_end": found.state == VisitState.APPROVED and not found.is_recheck,
        },
    )


def _steps(found: Visit) -> list[tuple[str, str]]:
    """The steps of a visit with how far each is: done, now or later."""
    names = [_("到场签到"), _("逐项检查"), _("记录签字"), _("出具送达")]
    done = {
        VisitState.APPLIED: 0,
        VisitState.REFUSED: 0,
        VisitState.WITHDRAWN: 0,
        VisitState.MEASURES_DRAFTED: 3,
        VisitState.APPROVED: 0,
        VisitState.ON_SITE: 1,
        VisitState.RECORD_DRAFTED: 2,
        VisitState.RECORD_ISSUED: 3,
        VisitState.ORDER_DRAFTED: 3,
        VisitState.ORDERED: 4,
        VisitState.CLOSED: 4,
    }[VisitState(found.state)]
    return [(name, "done" if place < done else "now" if place == done else "later") for place, name in enumerate(names)]


def _next(found: Visit) -> tuple[str, str] | None:
    """Words and address of the button at the bottom."""
    match VisitState(found.state):
        case VisitState.APPROVED:
            return _("到场签到"), reverse("inspections_phone:start", args=[found.uid])
        case VisitState.ON_SITE:
            return _("逐项检查"), reverse("inspections_phone:items", args=[found.uid])
        case (
            VisitState.RECORD_DRAFTED
            | VisitState.RECORD_ISSUED
            | VisitState.MEASURES_DRAFTED
            | VisitState.ORDER_DRAFTED
        ):
            return _("签字和送达"), reverse("inspections_phone:paper", args=[found.uid])
    return None


@door(Role.OFFICER)
def task_code(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """任务码, to be shown on arrival: the firm scans it and sees organ, officers, matters and basis."""
    found = _mine(request, uid)
    now = clock.now()
    code = visits.task_code(visit=found, now=now)
    path = reverse("inspections_public:task", args=[code])
    url = (settings.ANGUAN_ORIGIN or request.build_absolute_uri("/").rstrip("/")) + path
    return render(
        request,
        "inspections/phone_code.html",
        {**_card(found), "team": selectors.team_of(found), "qr": _qr(url), "url": url},
    )


def _qr(url: str) -> SafeString:
    # Drawn by us from our own address: nothing a visitor typed is in it.
    return mark_safe(  # noqa: S308  # a drawing
        segno.make(url, error="m").svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True)
    )


@door(Role.OFFICER)
def start(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """到场签到: both officers, the position, who receives them."""
    found = _mine(request, uid)
    team = selectors.team_of(found)
    officers = [(row.officer_id, f"{row.officer.name}（{row.officer.certificate_no}）") for row in team]
    form = StartForm(request.POST or None, officers=officers)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            visits.start_visit(
                visit=found,
                present=[int(officer) for officer in values["present"]],
                latitude=values["position_lat"],
                longitude=values["position_lon"],
                accuracy_m=values["position_accuracy"],
                host=values["host"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        else:
            return redirect("inspections_phone:items", uid=uid)
    status = 422 if form.errors else 200
    return render(request, "inspections/phone_start.html", {**_card(found), "form": form}, status=status)


@door(Role.OFFICER)
def items(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """检查表: every item with its answer, what is left, and the way to the next one; on a recheck the hazards."""
    found = _mine(request, uid)
    answers = selectors.answers_of(found)
    if found.kind == VisitKind.RECHECK:
        by_hazard = {answer.hazard_id: answer for answer in answers}
        rows = [
            (hazard, by_hazard.get(hazard.pk), reverse("inspections_phone:hazard", args=[uid, hazard.uid]))
            for hazard in visits.hazards_to_recheck(found)
        ]
        left = [url for _hazard, answer, url in rows if answer is None]
        context = {
            "hazards": rows,
            "done": len(rows) - len(left),
            "total": len(rows),
            "next_url": left[0] if left else "",
        }
    else:
        by_item = {answer.item_id: answer for answer in answers}
        questions = list(found.checklist.items.all())
        missing = _missing(found, answers)
        context = {
            "questions": [(item, _shown(by_item.get(item.pk))) for item in questions],
            "done": len(questions) - len(missing),
            "total": len(questions),
            "next_url": reverse("inspections_phone:item", args=[uid, missing[0]]) if missing else "",
        }
    is_open = found.state == VisitState.ON_SITE
    return render(request, "inspections/phone_items.html", {**_card(found), **context, "is_open": is_open})


def _missing(found: Visit, answers: list[Answer]) -> list[int]:
    numbers = [item.number for item in found.checklist.items.all()]
    return missing_numbers(numbers, [answer.item.number for answer in answers if answer.item])


def _shown(answer: Answer | None) -> tuple[str, str] | None:
    """Tone and word of an answer."""
    if answer is None:
        return None
    outcome = Outcome(answer.outcome)
    tone = {Outcome.CONFORMS: "done", Outcome.FAILS: "overdue", Outcome.NOT_APPLICABLE: "void"}[outcome]
    return tone, outcome.label


@door(Role.OFFICER)
def item(request: ViewerRequest, uid: UUID, number: int) -> HttpResponse:
    """一项: one question a card; 符合, 不符合 or 不适用, photo and note; then the next one without an answer."""
    found = _mine(request, uid)
    question = get_object_or_404(found.checklist.items, number=number)
    now = clock.now()
    today = clock.local_day(now)
    answer = found.answers.filter(item=question).first()
    wordings = wordings_of(found.checklist, [question], today, found.enterprise.industry_code)
    offers, own = wordings.offers_of(question), wordings.own.get(number, "")
    phrases = wordings.phrases_of(question)
    suggested = question.hazard_level, suggested_due(today, question.suggested_days)
    known: dict[str, Any] = {"phrases": phrases, "suggested": suggested, "today": today}
    if request.method == "POST":
        form = AnswerForm(request.POST, **known)
        if form.is_valid():
            values = form.cleaned_data
            try:
                visits.answer_item(
                    visit=found,
                    item=question,
                    uid=form.once,
                    outcome=Outcome(values["outcome"]),
                    note=values["note"],
                    place=values["place"],
                    level=values["level"],
                    criterion=values["criterion"],
                    due_on=values["due_on"],
                    photos=photos_from(request, uid=form.once, now=now),
                    actor=request.viewer.actor,
                    now=now,
                )
            except showing.REFUSALS as error:
                form.add_error(None, showing.sentence(error))
            except UnusableFile as error:
                form.add_error(None, str(error))
            else:
                missing = _missing(found, selectors.answers_of(found))
                after = [left for left in missing if left > number] or missing
                if after:
                    return redirect("inspections_phone:item", uid=uid, number=after[0])
                return redirect("inspections_phone:items", uid=uid)
    else:
        form = AnswerForm(
            initial={
                "outcome": answer.outcome if answer else "",
                "place": answer.place if answer else "",
                "note": answer.note if answer else "",
                "level": (answer.level if answer else "") or suggested[0],
                "criterion": answer.criterion if answer else "",
                "due_on": (answer.due_on if answer else None) or suggested[1],
            },
            **known,
        )
    total = found.checklist.items.count()
    return render(
        request,
        "inspections/phone_item.html",
        {
            **_card(found),
            "item": question,
            "form": form,
            "phrases": [(phrase, suggested_due(today, phrase.days)) for phrase in phrases],
            "ticked": form["phrase"].value() or [],
            "offers": offers,
            "own": next((offer for offer in offers if offer.text == own), None),
            "fitting": [offer for offer in offers if offer.fits and offer.text != own],
            "others": [offer for offer in offers if not offer.fits and offer.text != own],
            "chosen": form["outcome"].value() or "",
            "outcomes": [
                (outcome.value, _(outcome.label), icon)
                for outcome, icon in zip(Outcome, ("ok", "cross", "void"), strict=True)
            ],
            "photos": evidence.of(answer) if answer else [],
            "done": found.answers.count(),
            "total": total,
            "previous": number - 1 if number > 1 else None,
            "following": number + 1 if number < total else None,
        },
        status=422 if form.errors else 200,
    )


@door(Role.OFFICER)
def hazard(request: ViewerRequest, uid: UUID, hazard_uid: UUID) -> HttpResponse:
    """复查一条隐患: what was ordered, what the firm reported, and what is seen now."""
    found = _mine(request, uid)
    row = next((one for one in visits.hazards_to_recheck(found) if one.uid == hazard_uid), None)
    if row is None:
        messages.error(request, _("这条隐患不在本次复查里，可能已经销号。"))
        return redirect("inspections_phone:items", uid=uid)
    now = clock.now()
    answer = found.answers.filter(hazard=row).first()
    form = RecheckForm(
        request.POST or None,
        initial={"note": answer.note, "is_rectified": "yes" if answer.outcome == Outcome.CONFORMS else "no"}
        if answer
        else None,
        is_reported=row.state == "reported",
    )
    if request.method == "POST" and form.is_valid():
        try:
            visits.answer_hazard(
                visit=found,
                hazard=row,
                uid=form.once,
                is_rectified=form.cleaned_data["is_rectified"],
                note=form.cleaned_data["note"],
                photos=photos_from(request, uid=form.once, now=now),
                actor=request.viewer.actor,
                now=now,
            )
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect("inspections_phone:items", uid=uid)
    reports = list(row.rectifications.order_by("-attempt"))
    return render(
        request,
        "inspections/phone_hazard.html",
        {
            **_card(found),
            "hazard": row,
            "form": form,
            "before": evidence.of(row),
            "reports": [(report, evidence.of(report)) for report in reports],
        },
        status=422 if form.errors else 200,
    )


@door(Role.OFFICER)
def paper(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """签字和送达: the paper in hand, who has signed it, and what comes next."""
    found = _mine(request, uid)
    in_hand = found.paper
    if in_hand is None:
        return redirect("inspections_phone:visit", uid=uid)
    signatures = list(in_hand.signatures.all())
    signed = {signature.certificate_no for signature in signatures if signature.party == "officer"}
    firm = next((signature for signature in signatures if signature.party == "enterprise"), None)
    team = [row.officer for row in selectors.team_of(found) if row.arrived_at]
    unsigned = [officer for officer in team if officer.certificate_no not in signed]
    state = VisitState(found.state)
    drafts = {VisitState.RECORD_DRAFTED, VisitState.MEASURES_DRAFTED, VisitState.ORDER_DRAFTED}
    is_draft = state in drafts and not in_hand.is_issued
    return render(
        request,
        "inspections/phone_paper.html",
        {
            **_card(found),
            "paper": in_hand,
            # A template would take a missing key for the dictionary's method.
            "rechecked": in_hand.body.get("items", []),
            "signers": [(officer, officer.certificate_no in signed) for officer in team],
            "firm": firm,
            "next_officer": unsigned[0] if unsigned and is_draft else None,
            "asks_firm": is_draft and not unsigned and firm is None,
            "may_issue": (is_draft and not unsigned and firm is not None)
            or (state is VisitState.RECORD_DRAFTED and in_hand.is_issued),
            "may_correct": state is VisitState.RECORD_DRAFTED,
            "may_order": state is VisitState.RECORD_ISSUED and not found.is_recheck,
            "may_measure": state is VisitState.RECORD_ISSUED and not found.is_recheck and found.measures_id is None,
            "may_serve": (state in {VisitState.MEASURES_DRAFTED, VisitState.ORDER_DRAFTED} and in_hand.is_issued)
            or (state is VisitState.RECORD_ISSUED and found.kind == VisitKind.RECHECK),
            "signature_form": SignatureForm(initial={"name": found.host}),
            "serve_form": ServeForm(initial={"receiver": found.host, "place": found.enterprise.address}),
            "is_done": state in {VisitState.ORDERED, VisitState.CLOSED},
        },
    )


@require_POST
@door(Role.OFFICER)
def act(request: ViewerRequest, uid: UUID, act: str) -> HttpResponse:
    """One step of the paper in hand; which one is the address."""
    found = _mine(request, uid)
    now = clock.now()
    actor = request.viewer.actor
    try:
        match act:
            case "draft":
                visits.draft_record(visit=found, actor=actor, now=now)
            case "correct":
                visits.correct_record(visit=found, reason=request.POST.get("reason", ""), actor=actor, now=now)
            case "sign":
                _sign(request, found)
            case "issue" if found.state == VisitState.MEASURES_DRAFTED:
                visits.issue_measures(visit=found, actor=actor, now=now)
            case "issue" if found.state == VisitState.ORDER_DRAFTED:
                visits.issue_order(visit=found, actor=actor, now=now)
            case "issue":
                visits.issue_record(visit=found, actor=actor, now=now)
            case "order":
                visits.draft_order(visit=found, actor=actor, now=now)
            case "serve":
                _serve(request, found)
    except showing.REFUSALS as error:
        messages.error(request, showing.sentence(error))
    except UnusableFile as error:
        messages.error(request, str(error))
    found.refresh_from_db()
    if found.state == VisitState.ON_SITE:
        return redirect("inspections_phone:items", uid=uid)
    if found.state in {VisitState.ORDERED, VisitState.CLOSED}:
        messages.success(request, _("这次检查已经办完，文书可以在电脑上查看和打印。"))
        return redirect("inspections_phone:visit", uid=uid)
    # Below what is signed stands where to sign: the next one is there at once.
    return redirect(f"{reverse('inspections_phone:paper', args=[uid])}#sign")


def _sign(request: ViewerRequest, found: Visit) -> None:
    form = SignatureForm(request.POST)
    if not form.is_valid():
        raise NotAllowed(_("签名没有收到，请重新签名。"))
    now, actor, image = clock.now(), request.viewer.actor, form.image
    officer_id = request.POST.get("officer", "")
    if officer_id:
        officer = next((row.officer for row in selectors.team_of(found) if str(row.officer_id) == officer_id), None)
        if officer is None or image is None:
            raise NotAllowed(_("请在签名框里签名。"))
        visits.sign_as_officer(visit=found, officer=officer, uid=form.once, image=image, actor=actor, now=now)
        return
    visits.sign_as_enterprise(
        visit=found,
        uid=form.once,
        name=form.cleaned_data["name"],
        image=image,
        refused=form.cleaned_data["signature_refused"],
        note=form.cleaned_data["signature_note"],
        actor=actor,
        now=now,
    )


def _serve(request: ViewerRequest, found: Visit) -> None:
    form = ServeForm(request.POST)
    if not form.is_valid():
        raise NotAllowed(_("请写明收件人和送达地点。"))
    values = form.cleaned_data
    visits.serve(
        visit=found,
        method=values["method"],
        receiver=values["receiver"],
        place=values["place"],
        note=values["note"] or values["signature_note"],
        uid=form.once,
        image=form.image,
        actor=request.viewer.actor,
        now=clock.now(),
    )


@door(Role.OFFICER)
def without_check(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """未能检查: nobody to be found, no such business, or entry refused."""
    found = _mine(request, uid)
    now = clock.now()
    form = WithoutCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            visits.end_without_check(
                visit=found,
                category=ResultCategory(form.cleaned_data["category"]),
                note=form.cleaned_data["note"],
                photos=photos_from(request, uid=form.once, now=now),
                actor=request.viewer.actor,
                now=now,
            )
        except showing.REFUSALS as error:
            form.add_error(None, showing.sentence(error))
        except UnusableFile as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已记录未能检查的情况。"))
            return redirect("inspections_phone:visit", uid=uid)
    status = 422 if form.errors else 200
    return render(request, "inspections/phone_without_check.html", {**_card(found), "form": form}, status=status)
