"""隐患 and what is kept with it, a subject a file."""

from anguan.hazards.models.hazards import Hazard, Rectification, words_of
from anguan.hazards.models.major import (
    Acceptance,
    Closure,
    Escalation,
    InterimMeasure,
    Listing,
    RectificationPlan,
)
from anguan.hazards.models.photos import PhotoHash, ReusedPhoto
from anguan.hazards.models.selfcheck import Statement, TenantReport
from anguan.hazards.models.terms import Extension, Objection
from anguan.hazards.models.transfers import LegalBasis, Transfer

__all__ = [
    "Acceptance",
    "Closure",
    "Escalation",
    "Extension",
    "Hazard",
    "InterimMeasure",
    "LegalBasis",
    "Listing",
    "Objection",
    "PhotoHash",
    "Rectification",
    "RectificationPlan",
    "ReusedPhoto",
    "Statement",
    "TenantReport",
    "Transfer",
    "words_of",
]
