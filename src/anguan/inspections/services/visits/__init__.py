"""检查, from the task code to the published result. Papers and hazards are their own rooms; this one says when."""

from anguan.inspections.services.visits.answering import answer_hazard, answer_item
from anguan.inspections.services.visits.arriving import end_without_check, start_visit
from anguan.inspections.services.visits.codes import TaskCode, read_task_code, task_code
from anguan.inspections.services.visits.ordering import draft_order, issue_order, order_again, paper_served, serve
from anguan.inspections.services.visits.rechecking import close_when_rectified, plan_recheck
from anguan.inspections.services.visits.recording import (
    correct_record,
    draft_record,
    hazards_to_recheck,
    issue_record,
    sign_as_enterprise,
    sign_as_officer,
)
from anguan.inspections.services.visits.results import count_again, publish_result

__all__ = [
    "TaskCode",
    "answer_hazard",
    "answer_item",
    "close_when_rectified",
    "correct_record",
    "count_again",
    "draft_order",
    "draft_record",
    "end_without_check",
    "hazards_to_recheck",
    "issue_order",
    "issue_record",
    "order_again",
    "paper_served",
    "plan_recheck",
    "publish_result",
    "read_task_code",
    "serve",
    "sign_as_enterprise",
    "sign_as_officer",
    "start_visit",
    "task_code",
]
