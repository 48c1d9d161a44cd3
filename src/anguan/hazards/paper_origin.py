"""隐患 as what papers are drafted from: what they hold of each other, and what a draft need not be told again."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.hazards import selectors
from anguan.hazards.models import Hazard
from anguan.hazards.rules import Chain, Competent, Source
from anguan.papers.origins import Origin
from anguan.papers.rules import Known
from anguan.people.models import Officer
from anguan.people.rules import BUREAU

KIND = "hazard"


def problem_of(hazard: Hazard) -> tuple[str, str, str]:
    """An order's line of a hazard: place and words, what it violates, its day."""
    text = f"{hazard.place}{hazard.description}" if hazard.place else hazard.description
    basis, _verified = selectors.basis_for(hazard, Chain.VIOLATION)
    return text, str(basis) or hazard.violation_basis, hazard.due_on.isoformat() if hazard.due_on else ""


def hazard_origin(viewer: Viewer, uid: UUID) -> Origin | None:
    """The hazard for the bureau's people who see it; None for everybody else."""
    if not viewer.has(*BUREAU):
        return None
    hazard = selectors.hazards_visible_to(viewer).select_related("enterprise", "organ", "order").filter(uid=uid).first()
    if hazard is None:
        return None
    today = clock.local_day(clock.now())
    finder = Officer.objects.filter(user=int(hazard.found_by_id)).first() if hazard.found_by_id.isdigit() else None
    chains = selectors.chains_of(hazard, today)
    sent_to = next((line for line in chains if line.chain is Chain.ORDER and line.verdict is Competent.NO), None)
    receiver = sent_to.competent[0].name if sent_to and sent_to.competent else ""
    held = {hazard.order_id, *hazard.measures.values_list("paper", flat=True)}
    held |= {pk for pair in hazard.transfers.values_list("approval", "letter") for pk in pair}
    return Origin(
        kind=KIND,
        uid=hazard.uid,
        title=hazard.description,
        url=reverse("hazards:detail", args=[hazard.uid]),
        enterprise=hazard.enterprise,
        organ=hazard.organ,
        known=Known(
            place=hazard.place,
            checked_at=hazard.found_at.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M"),
            found_on=clock.local_day(hazard.found_at).isoformat(),
            source=Source(hazard.source).label,
            problems=(problem_of(hazard),),
            officers=((finder.name, finder.certificate_no),) if finder else (),
            order=str(hazard.order) if hazard.order else "",
            receiver=receiver,
            reason=f"{sent_to.basis}由{receiver}负责，本机关没有职权（《安全生产法》第六十九条）。"
            if receiver and sent_to
            else "",
        ),
        papers=frozenset(pk for pk in held if pk is not None),
        uids=frozenset({hazard.uid}),
        hint="" if hazard.visit_uid is None else _("检查记录、责令和复查的文书在这条隐患的检查里出具。"),
    )
