"""What this room shows on other pages: the papers of an enterprise, and what waits on the desk."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.ground.access import Viewer
from anguan.papers.selectors import papers_of, papers_waiting_for_service
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
def waiting_for_service(viewer: Viewer, today: date) -> Iterable[DeskRow]:  # noqa: ARG001  # no term of law runs
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
        )
