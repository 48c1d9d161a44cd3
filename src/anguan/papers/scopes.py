"""Who may open the signatures and sealed copies of papers: whoever may read the paper."""

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.papers.selectors import papers_visible_to
from anguan.people.rules import BUREAU


def sees_paper_of(viewer: Viewer, evidence: Evidence) -> bool:
    """True for evidence of a paper that the viewer may read."""
    return papers_visible_to(viewer).filter(pk=evidence.owner_id).exists()


def sees_consent_of(viewer: Viewer, _evidence: Evidence) -> bool:
    """True for the bureau's people, who see every enterprise."""
    return viewer.has(*BUREAU)


evidence_access.register("papers.serviceconsent", sees_consent_of)
evidence_access.register("papers.paper", sees_paper_of)
