"""The first start: three administrators with one-time codes, because nobody has a default password."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground.access import SYSTEM
from anguan.people.models import OneTimeCode, Organ, User
from anguan.people.rules import OrganKind, Role
from anguan.people.services.accounts import create_user, grant_role
from anguan.people.services.codes import issue_code

ADMINISTRATORS = (
    ("sysadmin", Role.SYSTEM_ADMIN),
    ("secadmin", Role.SECURITY_ADMIN),
    ("auditor", Role.AUDIT_ADMIN),
)


@transaction.atomic
def first_administrators(now: datetime) -> list[tuple[str, str, str]]:
    """Username, role and one-time code of the three administrators, kept apart; nothing where anybody exists."""
    if User.objects.exists():
        return []
    organ = Organ.objects.first() or Organ.objects.create(
        name=_("平台管理"), short_name=_("平台"), kind=OrganKind.OTHER
    )
    made = []
    for username, role in ADMINISTRATORS:
        user = create_user(username=username, name=_(role.label), actor=SYSTEM, now=now)
        grant_role(user=user, role=role, organ=organ, actor=SYSTEM, now=now)
        code = issue_code(user=user, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=SYSTEM, now=now)
        made.append((username, role.label, code))
    return made
