"""Who may open the photos of this room."""

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.hazards.models import Rectification
from anguan.hazards.selectors import hazards_visible_to


def sees_hazard_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the hazard sees its photos."""
    return hazards_visible_to(viewer).filter(pk=evidence.owner_id).exists()


def sees_report_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the hazard sees the proof of its rectification."""
    of_report = Rectification.objects.filter(pk=evidence.owner_id).values("hazard_id")
    return hazards_visible_to(viewer).filter(pk__in=of_report).exists()


evidence_access.register("hazards.hazard", sees_hazard_photo)
evidence_access.register("hazards.rectification", sees_report_photo)
