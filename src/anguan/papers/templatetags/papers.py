"""文书 on the pages of the rooms above."""

from typing import Any
from uuid import UUID

from django import template
from django.template.context import Context

from anguan.papers.origins import origin_of
from anguan.papers.services import standing_from
from anguan.papers.views import row_of
from anguan.people.rules import Role

register = template.Library()


@register.inclusion_tag("papers/_origin_panel.html", takes_context=True)
def papers_of(context: Context, kind: str, uid: UUID) -> dict[str, Any]:
    """`{% papers_of "hazard" hazard.uid %}`: its papers, and the way to the next one; nothing where it isn't seen."""
    viewer = context["request"].viewer
    origin = origin_of(viewer, kind, uid)
    if origin is None:
        return {"origin": None}
    return {
        "origin": origin,
        "paper_rows": [row_of(paper) for paper in standing_from(viewer, origin)],
        "may_draft": origin.organ.pk in viewer.organs_as(Role.OFFICER),
    }
