"""Pages of service: tries that failed, announcement, and where a party agreed to receive papers."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock, evidence
from anguan.papers import services
from anguan.papers.forms import AnnounceForm, AttemptForm, ConsentForm
from anguan.papers.models import Announcement, ServiceConsent
from anguan.papers.selectors import consents_of
from anguan.papers.views import Refusals, found_paper
from anguan.people.doors import door
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Enterprise
from anguan.registry.selectors import enterprises_visible_to


@door(Role.OFFICER)
def paper_attempt(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """登记送达不成."""
    paper, now = found_paper(request, uid), clock.now()
    form = AttemptForm(request.POST or None, request.FILES or None, paper=paper, now=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.record_attempt(
                paper=paper,
                method=said["method"],
                outcome=said["outcome"],
                place=said["place"],
                servers=list(said["servers"]),
                note=said["note"],
                tried_at=min(said["tried_at"], now),
                photo=form.file_of("photo"),
                uid=form.once,
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已登记，文书仍待送达。"))
            return redirect("papers:serve", uid)
    context = {"paper": paper, "form": form}
    return render(request, "papers/attempt.html", context, status=422 if form.is_bound else 200)


@door(Role.OFFICER)
def paper_announce(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """公告送达 once the other ways have failed."""
    paper, now = found_paper(request, uid), clock.now()
    form = AnnounceForm(request.POST or None, paper=paper, now=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.announce_paper(
                paper=paper,
                announced_on=said["announced_on"],
                announced_in=said["place"],
                reason=said["reason"],
                servers=list(said["servers"]),
                uid=form.once,
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已登记公告，期满自动视为送达。"))
            return redirect("papers:detail", uid)
    context = {
        "paper": paper,
        "form": form,
        "attempts": list(paper.attempts.all()),
        "announcement": Announcement.objects.filter(paper=paper).first(),
    }
    return render(request, "papers/announce.html", context, status=422 if form.is_bound else 200)


@door(*BUREAU)
def consents(request: ViewerRequest, credit_code: str) -> HttpResponse:
    """送达地址确认书 of an enterprise: what holds, and a new one."""
    try:
        enterprise = enterprises_visible_to(request.viewer).get(credit_code=credit_code)
    except Enterprise.DoesNotExist:
        raise Http404 from None
    now = clock.now()
    form = ConsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.record_consent(
                enterprise=enterprise,
                signed_by=said["signed_by"],
                kinds=said["kinds"],
                address=said["address"],
                mobile=said["mobile"],
                email=said["email"],
                since=said["since"],
                until=said["until"],
                sheet=said["sheet"].read(evidence.LARGEST_FILE + 1),
                name=said["sheet"].name,
                uid=form.once,
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已登记确认书。"))
            return redirect("papers:consents", credit_code)
    today = clock.local_day(now)
    rows = [(consent, consent.holds_on(today)) for consent in consents_of(request.viewer, enterprise)]
    context = {"enterprise": enterprise, "form": form, "rows": rows}
    return render(request, "papers/consents.html", context, status=422 if form.is_bound else 200)


@door(*BUREAU)
@require_POST
def consent_withdraw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """撤回确认书 at the party's word."""
    consent = ServiceConsent.objects.filter(uid=uid).select_related("enterprise").first()
    if consent is None:
        raise Http404
    try:
        enterprise = enterprises_visible_to(request.viewer).get(pk=consent.enterprise_id)
        services.withdraw_consent(consent=consent, actor=request.viewer.actor, now=clock.now())
    except Enterprise.DoesNotExist:
        raise Http404 from None
    except Refusals as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("已撤回，今后不再电子送达。"))
    return redirect("papers:consents", enterprise.credit_code)
