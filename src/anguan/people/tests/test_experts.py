"""专家: an account of their own, and never an officer of the organ they advise."""

from datetime import UTC, datetime

import pytest

from anguan.ground import audit
from anguan.ground.access import SYSTEM
from anguan.people.rules import Role, RolesClash
from anguan.people.services import CodeRefused, grant_role, issue_expert_invitation, join_with
from anguan.people.viewers import viewer_of

from .builders import a_user, an_expert, an_organ

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PERSON = {"name": "专家甲", "password": "not-a-secret", "email": "", "phone": ""}


def test_an_expert_joins_by_code_once() -> None:
    expert = an_expert()
    stale = issue_expert_invitation(expert=expert, actor=SYSTEM, now=NOW)
    code = issue_expert_invitation(expert=expert, actor=SYSTEM, now=NOW)
    with pytest.raises(CodeRefused, match="没有这个一次性码"):
        join_with(code=stale, username="expert", now=NOW, **PERSON)
    user = join_with(code=code, username="expert", now=NOW, **PERSON)

    viewer = viewer_of(user)
    assert viewer.expert_id == expert.pk
    assert viewer.roles == {Role.EXPERT}
    assert viewer.organ_ids == frozenset()
    assert [record.action for record in audit.history(expert)] == [
        "people.tie_account",
        "people.invite",
        "people.invite",
    ]
    with pytest.raises(CodeRefused, match="已经开通账号"):
        issue_expert_invitation(expert=expert, actor=SYSTEM, now=NOW)


def test_an_expert_becomes_officer_only_of_another_organ() -> None:
    user, bureau = a_user("expert"), an_organ()
    an_expert(user=user, organ=bureau)
    elsewhere = an_organ("示例区消防救援大队", kind="fire")
    grant_role(user=user, role=Role.OFFICER, organ=elsewhere, actor=SYSTEM, now=NOW)
    with pytest.raises(RolesClash, match="专家不能兼任执法人员"):
        grant_role(user=user, role=Role.OFFICER, organ=bureau, actor=SYSTEM, now=NOW)
    with pytest.raises(RolesClash, match="另设账号"):
        grant_role(user=user, role=Role.AUDIT_ADMIN, organ=elsewhere, actor=SYSTEM, now=NOW)
