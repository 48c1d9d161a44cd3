"""一次性码: how somebody gets in without a password, once.

A code is shown once and kept as a hash. 20 characters of a 32-letter alphabet without look-alikes carry 100 bits, so it
can be read from paper and still not be guessed.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, events
from anguan.ground.access import Actor
from anguan.people.events import InvitationAccepted, ShopInvitationAccepted, UserEntered
from anguan.people.models import Expert, OneTimeCode, User
from anguan.people.rules import ADMINISTRATORS, Role
from anguan.people.services.telling import tell

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 20
LOGIN_TERM = timedelta(days=3)
INVITATION_TERM = timedelta(days=90)


class CodeRefused(ValueError):
    """The code is unknown, used or too old; the message says what to do."""


def new_code() -> str:
    """Twenty letters in four groups."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[start : start + 5] for start in range(0, LENGTH, 5))


def stored_form(code: str) -> str:
    """The hash under which a code is kept, however it was typed."""
    return sha256("".join(letter for letter in code.upper() if letter in ALPHABET).encode()).hexdigest()


@transaction.atomic
def issue_code(
    *,
    user: User,
    purpose: OneTimeCode.Purpose,
    actor: Actor,
    now: datetime,
    skips_second_factor: bool = False,
) -> str:
    """A code that lets `user` in once within three days; earlier unused ones stop working.

    `skips_second_factor` is for visitors of the demo district and refused everywhere else. Nobody lets in an
    administrator from within the platform, else one of the three could become another: that takes the machine's own
    command line. Whose account is recovered is told, and can speak up. Raises `CodeRefused`.
    """
    if skips_second_factor and not settings.ANGUAN_DEMO:
        raise ValueError("only the demo district lets people in without a second factor")
    if actor.kind == "user" and is_administrator(user):
        raise CodeRefused(_("管理员账号不能由其他管理员恢复登录（三员分立），请由机房管理人员运行 anguan recover。"))
    OneTimeCode.objects.filter(user=user, used_at__isnull=True).delete()
    code = new_code()
    OneTimeCode.objects.create(
        code_hash=stored_form(code),
        purpose=purpose,
        user=user,
        skips_second_factor=skips_second_factor,
        created_at=now,
        created_by_name=actor.name,
        expires_at=now + LOGIN_TERM,
    )
    audit.record(actor=actor, action="people.issue_code", subject=user, now=now, after={"purpose": purpose.value})
    if purpose == OneTimeCode.Purpose.RECOVERY:
        _tell_owner(user, code, actor, now)
    return code


def is_administrator(user: User) -> bool:
    """Whether somebody is one of the three administrators (三员)."""
    return user.grants.filter(role__in=[role.value for role in ADMINISTRATORS]).exists()


def _tell_owner(user: User, code: str, actor: Actor, now: datetime) -> None:
    # The code itself is not in it.
    tell(
        user=user,
        title="您的账号正在恢复登录",
        body=f"{actor.name}为您的账号发放了恢复登录的一次性码。如果不是您本人申请的，请立即联系安全管理员。",
        key=f"recovery/{stored_form(code)[:32]}",
        now=now,
    )


@transaction.atomic
def issue_invitation(*, enterprise_id: int, role: str, actor: Actor, now: datetime) -> str:
    """企业邀请码: lets a person of the enterprise make an account with that role within ninety days."""
    return _invite(("registry.enterprise", str(enterprise_id)), role, actor, now, enterprise_id=enterprise_id)


@transaction.atomic
def issue_shop_invitation(*, tenant_id: int, actor: Actor, now: datetime) -> str:
    """商户邀请码: lets the manager of a shop make an account within ninety days."""
    return _invite(("registry.tenant", str(tenant_id)), Role.TENANT, actor, now, tenant_id=tenant_id)


@transaction.atomic
def issue_expert_invitation(*, expert: Expert, actor: Actor, now: datetime) -> str:
    """专家邀请码: lets an expert make their own account within ninety days; raises `CodeRefused` when there is one."""
    expert = Expert.objects.select_for_update().get(pk=expert.pk)
    if expert.user_id is not None:
        raise CodeRefused(_("这位专家已经开通账号；忘记密码的，请系统管理员恢复登录。"))
    OneTimeCode.objects.filter(expert=expert, used_at__isnull=True).delete()
    return _invite(("people.expert", str(expert.pk)), Role.EXPERT, actor, now, expert=expert)


def _invite(subject: tuple[str, str], role: str, actor: Actor, now: datetime, **whom: int | Expert) -> str:
    code = new_code()
    OneTimeCode.objects.create(
        code_hash=stored_form(code),
        purpose=OneTimeCode.Purpose.INVITATION,
        role=role,
        created_at=now,
        created_by_name=actor.name,
        expires_at=now + INVITATION_TERM,
        **whom,
    )
    audit.record(actor=actor, action="people.invite", subject=subject, now=now, after={"role": str(role)})
    return code


def code_for(code: str, now: datetime) -> OneTimeCode:
    """The usable code with these letters, in any case and with or without dashes; raises `CodeRefused`."""
    row = OneTimeCode.objects.select_related("user").filter(code_hash=stored_form(code)).first()
    if row is None:
        raise CodeRefused(_("没有这个一次性码，请核对后重新输入，或请管理员重新发放。"))
    if row.used_at is not None:
        raise CodeRefused(_("这个一次性码已经用过，请让管理员重新发放。"))
    if row.expires_at < now or (row.user is not None and not row.user.is_active):
        raise CodeRefused(_("这个一次性码已经过期或账号已停用，请让管理员重新发放。"))
    return row


def spend(code: str, now: datetime) -> OneTimeCode:
    """Use a code up, once; raises `CodeRefused`."""
    row = code_for(code, now)
    if not OneTimeCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
        raise CodeRefused(_("这个一次性码已经用过，请让管理员重新发放。"))
    return row


@transaction.atomic
def enter_with(*, code: str, now: datetime) -> OneTimeCode:
    """用一次性码登录: spends the code and returns it with its user.

    A recovery code also removes the password and the second factor: whoever lost them sets new ones.
    """
    row = spend(code, now)
    if row.purpose == OneTimeCode.Purpose.RESET:
        raise CodeRefused(_("这是重设密码的链接，请从邮件里打开它。"))
    if row.user is None:
        raise CodeRefused(_("这是邀请码，请到“开通账号”页面使用。"))
    if row.purpose == OneTimeCode.Purpose.RECOVERY:
        row.user.set_unusable_password()
        row.user.save(update_fields=["password"])
        Authenticator.objects.filter(user=row.user).delete()
    actor = Actor(kind="user", id=str(row.user.pk), name=row.user.name)
    audit.record(actor=actor, action="people.enter", subject=row.user, now=now, after={"purpose": row.purpose})
    events.publish(UserEntered(user_id=row.user.pk))
    return row


@transaction.atomic
def join_with(*, code: str, username: str, name: str, password: str, email: str, phone: str, now: datetime) -> User:
    """开通账号: spends an invitation, makes the account and announces the membership; an expert's is their own."""
    row = spend(code, now)
    if row.purpose != OneTimeCode.Purpose.INVITATION:
        raise CodeRefused(_("这是登录用的一次性码，请到登录页面使用。"))
    user = User.objects.create_user(username=username, name=name, email=email, phone=phone)
    user.set_password(password)
    user.save(update_fields=["password"])
    actor = Actor(kind="user", id=str(user.pk), name=name)
    audit.record(
        actor=actor,
        action="people.join",
        subject=user,
        now=now,
        after={
            "username": username,
            "enterprise_id": row.enterprise_id,
            "tenant_id": row.tenant_id,
            "expert_id": row.expert_id,
            "role": row.role,
        },
    )
    if row.enterprise_id is not None:
        events.publish(InvitationAccepted(user_id=user.pk, enterprise_id=row.enterprise_id, role=row.role))
    if row.tenant_id is not None:
        events.publish(ShopInvitationAccepted(user_id=user.pk, tenant_id=row.tenant_id))
    if row.expert is not None:
        _tie(row.expert, user, actor, now)
    return user


def _tie(expert: Expert, user: User, actor: Actor, now: datetime) -> None:
    if not Expert.objects.filter(pk=expert.pk, user=None).update(user=user):
        raise CodeRefused(_("这位专家已经开通账号；忘记密码的，请系统管理员恢复登录。"))
    audit.record(actor=actor, action="people.tie_account", subject=expert, now=now, after={"user": user.name})
