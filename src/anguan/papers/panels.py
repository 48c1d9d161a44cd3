"""What this room shows on other pages: the papers of an enterprise, and what waits on the desk."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.papers.rules import Review, TermKind
from anguan.papers.selectors import (
    drafts_in_hand,
    drafts_waiting_for,
    papers_of,
    papers_waiting_for_service,
    terms_running_out,
)
from anguan.papers.views import row_of
from anguan.people.rules import Role
from anguan.registry.models import Enterprise
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import register_panel

_SHOWN = 8


def papers_of_enterprise(request: HttpRequest, subject: object) -> SafeString | None:
    """The newest papers of an enterprise; nothing where there are none for this reader."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not isinstance(subject, Enterprise):
        return None
    papers = list(papers_of(viewer, subject)[: _SHOWN + 1])
    if not papers:
        return None
    context = {
        "paper_rows": [row_of(paper) for paper in papers[:_SHOWN]],
        "all_url": f"{reverse('papers:list')}?q={subject.credit_code}" if len(papers) > _SHOWN else "",
    }
    return SafeString(render_to_string("papers/_panel.html", context, request=request))


register_panel("registry.enterprise", order=40, render=papers_of_enterprise)


@desk_source
def waiting_for_service(viewer: Viewer, _today: date) -> Iterable[DeskRow]:
    """Issued papers that have no effect yet, because nobody served them."""
    if not viewer.has(Role.OFFICER):
        return
    for paper in papers_waiting_for_service(viewer).select_related("enterprise")[:20]:
        yield DeskRow(
            group=Group.WAITING,
            subject=f"{paper.number} {paper.enterprise.name}",
            asked=_("%(title)s已出具，送达后生效") % {"title": _(paper.title)},
            url=reverse("papers:serve", args=[paper.uid]),
            button=_("送达"),
            due_on=getattr(paper, "serve_by", None),
            is_provisional=bool(getattr(paper, "serve_by_is_provisional", False)),
        )


@desk_source
def drafts_of_papers(viewer: Viewer, _today: date) -> Iterable[DeskRow]:
    """拟稿: what waits for the viewer's opinion, and what came back or is ready to be signed and issued."""
    if viewer.has(Role.LEADER, Role.LEGAL_REVIEWER):
        for paper in drafts_waiting_for(viewer).select_related("enterprise")[:20]:
            is_last = paper.review == Review.APPROVER
            yield DeskRow(
                group=Group.DUE,
                subject=f"{_(paper.title)} {paper.enterprise.name}",
                asked=_("等审批意见") if is_last else _("等审核意见"),
                url=reverse("papers:opinion", args=[paper.uid]),
                button=_("审批") if is_last else _("审核"),
            )
    if viewer.has(Role.OFFICER):
        for paper in drafts_in_hand(viewer).select_related("enterprise")[:20]:
            yield DeskRow(
                group=Group.DUE,
                subject=f"{_(paper.title)} {paper.enterprise.name}",
                asked=_("已审批，可以出具") if paper.review == Review.DONE else _("拟稿，等填写、送审或者签名"),
                url=reverse("papers:detail", args=[paper.uid]),
                button=_("办理"),
            )


_AHEAD = timedelta(days=5)  # long enough to get an approval before a seizure runs out

_ASKED = {
    TermKind.HANDLE: N_("登记保存的证据须作出处理决定，逾期只能解除"),
    TermKind.SEIZURE_END: N_("查封、扣押即将届满，须解除、处理或者依法延长"),
    TermKind.REPORT: N_("当场实施的强制措施须在二十四小时内补办批准"),
}


@desk_source
def terms_of_papers(viewer: Viewer, today: date) -> Iterable[DeskRow]:
    """Papers whose term is running out: evidence to handle, seizures that end, approvals owed."""
    if not viewer.has(Role.OFFICER, Role.LEADER):
        return
    for term in terms_running_out(viewer, today + _AHEAD)[:20]:
        yield DeskRow(
            group=Group.DUE,
            subject=f"{term.paper.number} {term.paper.enterprise.name}",
            asked=_(_ASKED[TermKind(term.kind)]),
            url=reverse("papers:detail", args=[term.paper.uid]),
            button=_("办理"),
            due_on=term.due_on,
            is_provisional=term.is_provisional,
        )
