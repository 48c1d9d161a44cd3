"""双随机抽查 and 检查, a subject a file."""

from anguan.inspections.models.batches import Assignment, Batch, BatchConflict, BatchOfficer, BatchParty, PoolEntry
from anguan.inspections.models.plans import AnnualPlan, PlanRow, SubjectEntry, SubjectList
from anguan.inspections.models.visits import Answer, Publication, Visit, VisitOfficer

__all__ = [
    "AnnualPlan",
    "Answer",
    "Assignment",
    "Batch",
    "BatchConflict",
    "BatchOfficer",
    "BatchParty",
    "PlanRow",
    "PoolEntry",
    "Publication",
    "SubjectEntry",
    "SubjectList",
    "Visit",
    "VisitOfficer",
]
