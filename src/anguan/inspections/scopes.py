"""Who may open the photos of this room."""

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.inspections.models import Answer
from anguan.inspections.selectors import visits_visible_to


def sees_visit_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the visit sees its photos."""
    return visits_visible_to(viewer).filter(pk=evidence.owner_id).exists()


def sees_answer_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the visit sees the photos of its answers."""
    of_answer = Answer.objects.filter(pk=evidence.owner_id).values("visit_id")
    return visits_visible_to(viewer).filter(pk__in=of_answer).exists()


evidence_access.register("inspections.visit", sees_visit_photo)
evidence_access.register("inspections.answer", sees_answer_photo)
