"""现场处理措施: what has to happen at once, ordered on the spot after the record; it never replaces the order."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards.models import Hazard
from anguan.hazards.rules import State
from anguan.inspections.models import Visit
from anguan.inspections.rules import NotAllowed, VisitAction, VisitState, advance_visit
from anguan.inspections.rules.records import local_text
from anguan.inspections.selectors import bases_of, open_hazards_of
from anguan.inspections.services.visits.acting import check_approved, locked, officer_on, told
from anguan.inspections.services.visits.rechecking import close_when_rectified
from anguan.papers import services as papers
from anguan.papers.rules import FormCode
from anguan.papers.selectors import options_of
from anguan.people.rules import Matter


@transaction.atomic
def draft_measures(
    *,
    visit: Visit,
    measure: str,
    requirements: Sequence[str],
    actor: Actor,
    now: datetime,
    until: date | None = None,
    hazards: Sequence[Hazard] = (),
) -> Visit:
    """拟现场处理措施决定书 for open hazards of the visit, all where none is named (安全生产法 art. 65)."""
    visit = locked(visit)
    officer_on(visit, actor)
    if visit.is_recheck:
        raise NotAllowed(_("复查不作现场处理措施决定；隐患反复的另行责令。"))
    check_approved(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.DRAFT_MEASURES)
    of_visit = open_hazards_of(visit).exclude(state=State.TRANSFERRED)
    found = [hazard for hazard in of_visit if not hazards or hazard in hazards]
    if not found:
        raise NotAllowed(_("这次检查没有未销号的隐患，不需要现场处理措施。"))
    if not [line for line in requirements if line.strip()]:
        raise NotAllowed(_("请写明具体要求，例如从哪里撤人、停用哪台设备。"))
    assert visit.started_at is not None
    bases = bases_of(visit.organ, Matter.ORDER, clock.local_day(now))
    visit.measures = papers.draft_paper(
        form="site_measures",
        enterprise=visit.enterprise,
        handling_organ=visit.organ,
        body={
            "checked_at": local_text(visit.started_at),
            "place": visit.enterprise.address,
            "hazards": [
                {
                    "text": f"{hazard.place}：{hazard.description}" if hazard.place else hazard.description,
                    "basis": hazard.violation_basis,
                }
                for hazard in found
            ],
            "measure": measure,
            "measures": [line.strip() for line in requirements if line.strip()],
            **({"until": until.isoformat()} if until else {}),
            **({"legal_basis": bases} if bases else {}),
        },
        answers=visit.record,
        actor=actor,
        now=now,
    )
    visit.state = state
    visit.save(update_fields=["measures", "state"])
    told(visit, "inspections.draft_measures", VisitState.RECORD_ISSUED, actor, now)
    return visit


@transaction.atomic
def issue_measures(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """出具决定书: it gets its number; it takes effect by service."""
    visit = locked(visit)
    officer_on(visit, actor)
    if visit.state != VisitState.MEASURES_DRAFTED or visit.measures is None:
        raise NotAllowed(_("先拟好现场处理措施决定书，才能出具。"))
    visit.measures = papers.issue_paper(paper=visit.measures, actor=actor, now=now)
    return visit


@transaction.atomic
def measures_voided(*, paper_id: int, actor: Actor, now: datetime) -> Visit | None:
    """决定书作废: the visit goes back to its record, and the officers may decide again."""
    visit = Visit.objects.filter(measures=paper_id, state=VisitState.MEASURES_DRAFTED).first()
    if visit is None:
        return None
    visit = locked(visit)
    visit.state = advance_visit(VisitState(visit.state), VisitAction.VOID_MEASURES)
    visit.measures = None
    visit.save(update_fields=["state", "measures"])
    told(visit, "inspections.measures_voided", VisitState.MEASURES_DRAFTED, actor, now)
    close_when_rectified(visit_uid=visit.uid, actor=actor, now=now)
    return visit


def measure_options() -> list[tuple[str, str]]:
    """The measures that the form of the decision knows: value and words."""
    return options_of(FormCode.SITE_MEASURES, "measure")
