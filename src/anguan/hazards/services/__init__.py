"""Writes of 隐患, a subject a file: each act locks the hazard, re-reads it, asks the rules, leaves an audit record."""

from anguan.ground.photos import (
    Photo,
)
from anguan.hazards.rules import (
    NotAllowed,
)
from anguan.hazards.services.acceptance import (
    apply_for_acceptance,
    propose_closure,
    return_closure,
)
from anguan.hazards.services.closing import (
    close_hazard,
    mark_overdue,
    reopen_hazard,
)
from anguan.hazards.services.escalations import (
    decide_escalation,
    propose_escalation,
)
from anguan.hazards.services.finding import (
    check_finding,
    classify_hazard,
    find_hazard,
    set_deadline,
)
from anguan.hazards.services.listings import (
    hang_hazard,
    publish_listing,
    withdraw_listing,
)
from anguan.hazards.services.measures import (
    ask_to_resume,
    decide_measure,
    decide_resumption,
)
from anguan.hazards.services.orders import (
    attach_order,
    count_again,
    start_term,
    undertake_rectification,
    withdraw_order,
)
from anguan.hazards.services.plans import (
    decide_plan,
    submit_plan,
)
from anguan.hazards.services.rectification import (
    report_rectification,
    verify_rectification,
)

__all__ = [
    "NotAllowed",
    "Photo",
    "apply_for_acceptance",
    "ask_to_resume",
    "attach_order",
    "check_finding",
    "classify_hazard",
    "close_hazard",
    "count_again",
    "decide_escalation",
    "decide_measure",
    "decide_plan",
    "decide_resumption",
    "find_hazard",
    "hang_hazard",
    "mark_overdue",
    "propose_closure",
    "propose_escalation",
    "publish_listing",
    "reopen_hazard",
    "report_rectification",
    "return_closure",
    "set_deadline",
    "start_term",
    "submit_plan",
    "undertake_rectification",
    "verify_rectification",
    "withdraw_listing",
    "withdraw_order",
]
