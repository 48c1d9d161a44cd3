"""Who may open the photos of this room."""

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.hazards.models import Rectification, TenantReport
from anguan.hazards.selectors import hazards_visible_to, tenant_hazards, transfers_visible_to


def _sees(viewer: Viewer, hazard_id: int) -> bool:
    """Whoever sees a hazard sees its photos; so does the receiver of a transfer, and the shop that it concerns."""
    return (
        hazards_visible_to(viewer).filter(pk=hazard_id).exists()
        or tenant_hazards(viewer).filter(pk=hazard_id).exists()
        or transfers_visible_to(viewer).filter(hazard=hazard_id).exists()
    )


def sees_hazard_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Photos of the finding."""
    return _sees(viewer, int(evidence.owner_id))


def sees_report_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """Proof of the rectification."""
    report = Rectification.objects.filter(pk=evidence.owner_id).values_list("hazard_id", flat=True).first()
    return report is not None and _sees(viewer, report)


def sees_tenant_photo(viewer: Viewer, evidence: Evidence) -> bool:
    """What a shop sent to its mall."""
    report = TenantReport.objects.filter(pk=evidence.owner_id).values_list("hazard_id", flat=True).first()
    return report is not None and _sees(viewer, report)


evidence_access.register("hazards.hazard", sees_hazard_photo)
evidence_access.register("hazards.rectification", sees_report_photo)
evidence_access.register("hazards.tenantreport", sees_tenant_photo)
