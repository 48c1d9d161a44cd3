"""Writes of `people`: accounts, roles, one-time codes, officers."""

from anguan.people.services.accounts import create_user, disable_user, grant_role, revoke_role
from anguan.people.services.codes import CodeRefused, code_for, enter_with, issue_code, issue_invitation, join_with
from anguan.people.services.officers import end_leave, record_leave

__all__ = [
    "CodeRefused",
    "code_for",
    "create_user",
    "disable_user",
    "end_leave",
    "enter_with",
    "grant_role",
    "issue_code",
    "issue_invitation",
    "join_with",
    "record_leave",
    "revoke_role",
]
