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
from anguan.hazards.services.extensions import (
    apply_for_extension,
    decide_extension,
    lapse_extensions,
    last_day_to_apply,
    limits_for,
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
from anguan.hazards.services.objections import (
    decide_objection,
    file_objection,
)
from anguan.hazards.services.orders import (
    attach_order,
    check_may_order,
    count_again,
    start_term,
    undertake_rectification,
    withdraw_order,
)
from anguan.hazards.services.photo_hashes import (
    hash_missing_photos,
    hash_photos,
    note_reused_photo,
    refuse_reused_photos,
)
from anguan.hazards.services.plans import (
    decide_plan,
    submit_plan,
)
from anguan.hazards.services.rectification import (
    report_rectification,
    verify_rectification,
)
from anguan.hazards.services.selfcheck import (
    close_own_hazard,
    name_tenant,
    report_own_hazard,
    report_tenant_part,
    submit_statement,
)
from anguan.hazards.services.transfers import (
    APPROVAL_FORM,
    LETTER_FORM,
    answer_transfer,
    decide_transfer,
    propose_transfer,
    receive_transfer,
    report_result,
    set_basis,
)

__all__ = [
    "APPROVAL_FORM",
    "LETTER_FORM",
    "NotAllowed",
    "Photo",
    "answer_transfer",
    "apply_for_acceptance",
    "apply_for_extension",
    "ask_to_resume",
    "attach_order",
    "check_finding",
    "check_may_order",
    "classify_hazard",
    "close_hazard",
    "close_own_hazard",
    "count_again",
    "decide_escalation",
    "decide_extension",
    "decide_measure",
    "decide_objection",
    "decide_plan",
    "decide_resumption",
    "decide_transfer",
    "file_objection",
    "find_hazard",
    "hang_hazard",
    "hash_missing_photos",
    "hash_photos",
    "lapse_extensions",
    "last_day_to_apply",
    "limits_for",
    "mark_overdue",
    "name_tenant",
    "note_reused_photo",
    "propose_closure",
    "propose_escalation",
    "propose_transfer",
    "publish_listing",
    "receive_transfer",
    "refuse_reused_photos",
    "reopen_hazard",
    "report_own_hazard",
    "report_rectification",
    "report_result",
    "report_tenant_part",
    "return_closure",
    "set_basis",
    "set_deadline",
    "start_term",
    "submit_plan",
    "submit_statement",
    "undertake_rectification",
    "verify_rectification",
    "withdraw_listing",
    "withdraw_order",
]
