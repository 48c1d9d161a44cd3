"""双随机抽查 and 检查, a subject a file."""

from anguan.inspections.models.batches import (
    Assignment,
    Batch,
    BatchConflict,
    BatchOfficer,
    BatchParty,
    Envelope,
    PoolEntry,
    PoolLevel,
)
from anguan.inspections.models.experts import BatchExpert, BatchRecusal, Opinion, VisitExpert
from anguan.inspections.models.guidance import Guidance, GuidanceException
from anguan.inspections.models.joint import JointParticipant, JointTask
from anguan.inspections.models.offline import OfflineFile, OfflineOperation
from anguan.inspections.models.oversight import (
    Concern,
    EmptyChecksExplained,
    OrganArea,
    Rating,
    SealOpening,
    SpentRatingCode,
)
from anguan.inspections.models.plans import AnnualPlan, PlanRow, SubjectEntry, SubjectList
from anguan.inspections.models.replacements import Replacement
from anguan.inspections.models.revisits import RevisitHazard
from anguan.inspections.models.visits import Answer, Publication, Visit, VisitAssistant, VisitOfficer

__all__ = [
    "AnnualPlan",
    "Answer",
    "Assignment",
    "Batch",
    "BatchConflict",
    "BatchExpert",
    "BatchOfficer",
    "BatchParty",
    "BatchRecusal",
    "Concern",
    "EmptyChecksExplained",
    "Envelope",
    "Guidance",
    "GuidanceException",
    "JointParticipant",
    "JointTask",
    "OfflineFile",
    "OfflineOperation",
    "Opinion",
    "OrganArea",
    "PlanRow",
    "PoolEntry",
    "PoolLevel",
    "Publication",
    "Rating",
    "Replacement",
    "RevisitHazard",
    "SealOpening",
    "SpentRatingCode",
    "SubjectEntry",
    "SubjectList",
    "Visit",
    "VisitAssistant",
    "VisitExpert",
    "VisitOfficer",
]
