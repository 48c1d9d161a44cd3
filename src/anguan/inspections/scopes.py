"""Who may open the photos of this room."""

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.inspections.models import Answer, Opinion, RevisitHazard
from anguan.inspections.rules import OpinionState
from anguan.inspections.selectors import replacement_visible_to, visits_visible_to
from anguan.people.rules import BUREAU


def sees_visit_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the visit sees its photos."""
    return visits_visible_to(viewer).filter(pk=evidence.owner_id).exists()


def sees_answer_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the visit sees the photos of its answers."""
    of_answer = Answer.objects.filter(pk=evidence.owner_id).values("visit_id")
    return visits_visible_to(viewer).filter(pk__in=of_answer).exists()


evidence_access.register("inspections.visit", sees_visit_photo)
evidence_access.register("inspections.answer", sees_answer_photo)


def sees_replacement_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever works on the batch sees what proves a replacement."""
    return replacement_visible_to(viewer).filter(pk=evidence.owner_id).exists()


def sees_opinion_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """The expert sees their own photos, and once they submitted them whoever sees the visit; never the firm."""
    opinion = Opinion.objects.filter(pk=evidence.owner_id).select_related("visit_expert").first()
    if opinion is None:
        return False
    if viewer.expert_id is not None and opinion.visit_expert.expert_id == viewer.expert_id:
        return True
    is_inside = viewer.has(*BUREAU) and opinion.state != OpinionState.DRAFTED
    return is_inside and visits_visible_to(viewer).filter(pk=opinion.visit_expert.visit_id).exists()


def sees_revisit_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the hazard's visit sees what was found of the hazard."""
    row = RevisitHazard.objects.filter(pk=evidence.owner_id).first()
    return row is not None and (
        visits_visible_to(viewer).filter(batch=row.batch_id, enterprise=row.enterprise_id).exists()
    )


evidence_access.register("inspections.replacement", sees_replacement_photo)
evidence_access.register("inspections.opinion", sees_opinion_photo)
evidence_access.register("inspections.revisithazard", sees_revisit_photo)
