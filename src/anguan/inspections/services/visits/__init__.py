"""检查, from the task code to the published result. Papers and hazards are their own rooms; this one says when."""

from anguan.inspections.selectors import hazards_to_recheck
from anguan.inspections.services.concerns import handle_concern, raise_concern
from anguan.inspections.services.gates import Proposal, objections
from anguan.inspections.services.taking_up import proposal_of
from anguan.inspections.services.visits.answering import answer_hazard, answer_item
from anguan.inspections.services.visits.approval import (
    apply_visit,
    approve_visit,
    note_unapproved,
    refuse_visit,
    start_emergency,
    withdraw_visit,
)
from anguan.inspections.services.visits.arriving import end_without_check, start_visit
from anguan.inspections.services.visits.assisting import record_assistant
from anguan.inspections.services.visits.codes import (
    TaskCode,
    enterprise_code,
    read_enterprise_code,
    read_task_code,
    scan_in,
    service_code,
    task_code,
)
from anguan.inspections.services.visits.envelopes import open_seal, read_sealed
from anguan.inspections.services.visits.explaining import explain_empty_checks
from anguan.inspections.services.visits.measuring import (
    draft_measures,
    issue_measures,
    measure_options,
    measures_voided,
)
from anguan.inspections.services.visits.ordering import draft_order, issue_order, order_again, paper_served, serve
from anguan.inspections.services.visits.paperwork import hand_over_notice
from anguan.inspections.services.visits.rechecking import close_when_rectified, plan_recheck
from anguan.inspections.services.visits.recording import (
    correct_record,
    draft_record,
    issue_record,
    sign_as_enterprise,
    sign_as_officer,
)
from anguan.inspections.services.visits.results import count_again, publish_result

__all__ = [
    "Proposal",
    "TaskCode",
    "answer_hazard",
    "answer_item",
    "apply_visit",
    "approve_visit",
    "close_when_rectified",
    "correct_record",
    "count_again",
    "draft_measures",
    "draft_order",
    "draft_record",
    "end_without_check",
    "enterprise_code",
    "explain_empty_checks",
    "hand_over_notice",
    "handle_concern",
    "hazards_to_recheck",
    "issue_measures",
    "issue_order",
    "issue_record",
    "measure_options",
    "measures_voided",
    "note_unapproved",
    "objections",
    "open_seal",
    "order_again",
    "paper_served",
    "plan_recheck",
    "proposal_of",
    "publish_result",
    "raise_concern",
    "read_enterprise_code",
    "read_sealed",
    "read_task_code",
    "record_assistant",
    "refuse_visit",
    "scan_in",
    "serve",
    "service_code",
    "sign_as_enterprise",
    "sign_as_officer",
    "start_emergency",
    "start_visit",
    "task_code",
    "withdraw_visit",
]
