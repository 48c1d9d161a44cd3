"""Writes of 隐患, a subject a file: each act locks the hazard, re-reads it, asks the rules, and leaves an audit record."""

from anguan.ground.photos import Photo
from anguan.hazards.rules import NotAllowed
from anguan.hazards.services.closing import close_hazard, mark_overdue, reopen_hazard
from anguan.hazards.services.finding import check_finding, classify_hazard, find_hazard, set_deadline
from anguan.hazards.services.orders import (
    attach_order,
    count_again,
    start_term,
    undertake_rectification,
    withdraw_order,
)
from anguan.hazards.services.rectification import report_rectification, verify_rectification

__all__ = [
    "NotAllowed",
    "Photo",
    "attach_order",
    "check_finding",
    "classify_hazard",
    "close_hazard",
    "count_again",
    "find_hazard",
    "mark_overdue",
    "reopen_hazard",
    "report_rectification",
    "set_deadline",
    "start_term",
    "undertake_rectification",
    "verify_rectification",
    "withdraw_order",
]
