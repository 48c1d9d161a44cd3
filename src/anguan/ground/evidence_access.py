"""Who may see a piece of evidence: the room that owns it decides, the page that serves it asks here."""

from collections.abc import Callable

from anguan.ground.access import Viewer
from anguan.ground.models import Evidence

Rule = Callable[[Viewer, Evidence], bool]
_rules: dict[str, Rule] = {}


def register(owner_type: str, may_see: Rule) -> None:
    """Name the rule for evidence owned by rows of `owner_type` (such as `hazards.hazard`)."""
    _rules[owner_type] = may_see


def may_see(viewer: Viewer, evidence: Evidence) -> bool:
    """Whether the viewer may open the file; evidence without a rule is closed to everybody."""
    rule = _rules.get(evidence.owner_type)
    return rule is not None and rule(viewer, evidence)
