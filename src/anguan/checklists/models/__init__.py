"""一单与检查表, their phrases, and the criteria of major hazards."""

from anguan.checklists.models.criteria import Criterion, Standard
from anguan.checklists.models.sheets import Checklist, ChecklistItem, HazardPhrase, InspectionItem, ItemList
from anguan.checklists.models.versions import Versioned

__all__ = [
    "Checklist",
    "ChecklistItem",
    "Criterion",
    "HazardPhrase",
    "InspectionItem",
    "ItemList",
    "Standard",
    "Versioned",
]
