"""审核审批: where a legal reviewer or leader reads a draft and says what they make of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.papers import services
from anguan.papers.body_forms import shown_body
from anguan.papers.drafts import turn_of
from anguan.papers.forms import OpinionForm
from anguan.papers.views import Refusals, found_paper, row_of
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest


@door(Role.LEADER, Role.LEGAL_REVIEWER)
def paper_opinion(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """填写意见: the draft with what it rests on, and the opinion of whoever's turn it is."""
    paper = found_paper(request, uid)
    role = turn_of(request, paper)
    if role is None:
        messages.error(request, _("这份文书现在不等您的意见。"))
        return redirect("papers:detail", uid)
    form = OpinionForm(request.POST or None, role=role)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.give_opinion(
                paper=paper,
                stance=said["stance"],
                text=said["text"],
                uid=form.once,
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("意见已记录，承办人能看到。"))
            return redirect("papers:detail", uid)
    context = {
        "paper": paper,
        "form": form,
        "role": _(role.label),
        "said": shown_body(paper.spec, paper.body),
        "opinions": list(paper.opinions.filter(superseded_at=None)),
        "answers": row_of(paper.answers) if paper.answers else None,
    }
    return render(request, "papers/opinion.html", context, status=422 if form.is_bound else 200)
