"""Writes of `people`: accounts, roles, one-time codes, officers."""

from anguan.people.services.accounts import create_user, disable_user, grant_role, revoke_role
from anguan.people.services.beginning import first_administrators
from anguan.people.services.codes import (
    CodeRefused,
    code_for,
    enter_with,
    is_administrator,
    issue_code,
    issue_expert_invitation,
    issue_invitation,
    issue_shop_invitation,
    join_with,
)
from anguan.people.services.duty import plan_shifts, remove_shift, repeat_week
from anguan.people.services.experts import keep_expert
from anguan.people.services.officers import end_leave, record_leave
from anguan.people.services.organs import add_competence, add_department, add_entrustment, keep_organ
from anguan.people.services.recovery import ask_for_reset, reset_password, user_to_reset

__all__ = [
    "CodeRefused",
    "add_competence",
    "add_department",
    "add_entrustment",
    "ask_for_reset",
    "code_for",
    "create_user",
    "disable_user",
    "end_leave",
    "enter_with",
    "first_administrators",
    "grant_role",
    "is_administrator",
    "issue_code",
    "issue_expert_invitation",
    "issue_invitation",
    "issue_shop_invitation",
    "join_with",
    "keep_expert",
    "keep_organ",
    "plan_shifts",
    "record_leave",
    "remove_shift",
    "repeat_week",
    "reset_password",
    "revoke_role",
    "user_to_reset",
]
