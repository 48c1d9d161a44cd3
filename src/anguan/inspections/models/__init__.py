"""双随机抽查 and 检查, a subject a file."""

from anguan.inspections.models.batches import Assignment, Batch, BatchConflict, BatchOfficer, BatchParty, PoolEntry
from anguan.inspections.models.guidance import Guidance, GuidanceException
from anguan.inspections.models.joint import JointParticipant, JointTask
from anguan.inspections.models.oversight import (
    Concern,
    EmptyChecksExplained,
    OrganArea,
    Rating,
    SealOpening,
    SpentRatingCode,
)
from anguan.inspections.models.visits import Answer, Publication, Visit, VisitAssistant, VisitOfficer

__all__ = [
    "Answer",
    "Assignment",
    "Batch",
    "BatchConflict",
    "BatchOfficer",
    "BatchParty",
    "Concern",
    "EmptyChecksExplained",
    "Guidance",
    "GuidanceException",
    "JointParticipant",
    "JointTask",
    "OrganArea",
    "PoolEntry",
    "Publication",
    "Rating",
    "SealOpening",
    "SpentRatingCode",
    "Visit",
    "VisitAssistant",
    "VisitOfficer",
]
