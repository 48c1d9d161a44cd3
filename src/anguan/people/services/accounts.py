"""账号与授权: accounts are made by a system administrator, roles are given by a security administrator."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Expert, Organ, RoleGrant, User
from anguan.people.rules import ADMINISTRATORS, Role, RolesClash, check_separation


@transaction.atomic
def create_user(*, username: str, name: str, actor: Actor, now: datetime, email: str = "", phone: str = "") -> User:
    """新建账号: an account without password; its owner enters by a one-time code and sets one."""
    user = User.objects.create_user(username=username, name=name, email=email, phone=phone)
    audit.record(
        actor=actor,
        action="people.create_user",
        subject=user,
        now=now,
        after=audit.snapshot(user, "username", "name", "email", "phone"),
    )
    return user


def check_user(user: User, *asked: tuple[str, int]) -> None:
    """Raise `RolesClash` when what somebody holds, with the roles and organs asked for, must be kept apart.

    An expert whom no organ of ours appointed advises them all.
    """
    held = {*user.grants.values_list("role", "organ_id"), *asked}
    roles = frozenset(role for role, _ in held)
    officer_of = frozenset(organ_id for role, organ_id in held if role == Role.OFFICER)
    expert = Expert.objects.filter(user=user).first()
    if expert is None:
        check_separation(roles)
        return
    expert_of = officer_of if expert.organ_id is None else frozenset({expert.organ_id})
    check_separation(roles | {Role.EXPERT.value}, officer_of, expert_of)


@transaction.atomic
def disable_user(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """停用账号: ends all sessions at once; the records of what the person did stay."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in Session.objects.filter(expire_date__gte=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    audit.record(
        actor=actor,
        action="people.disable_user",
        subject=user,
        now=now,
        before={"is_active": True},
        after={"is_active": False},
        cause=reason,
    )


@transaction.atomic
def grant_role(*, user: User, role: str, organ: Organ, actor: Actor, now: datetime) -> RoleGrant:
    """授权: raises `RolesClash` when one person would hold what must be kept apart.

    An administrator's role goes only to whoever entered and set a password already: until then the one who made the
    account still holds the code that opens it.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    check_user(user, (str(role), organ.pk))
    if actor.kind == "user" and role in ADMINISTRATORS and not user.has_usable_password():
        raise RolesClash(N_("请先由本人用一次性码登录并设置密码，再授予管理员角色。"))
    grant, created = RoleGrant.objects.get_or_create(user=user, role=role, organ=organ)
    if created:
        audit.record(
            actor=actor,
            action="people.grant_role",
            subject=user,
            now=now,
            after={"role": str(role), "organ": organ.name},
        )
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, reason: str, actor: Actor, now: datetime) -> None:
    """撤销授权."""
    audit.record(
        actor=actor,
        action="people.revoke_role",
        subject=grant.user,
        now=now,
        before={"role": grant.role, "organ": grant.organ.name},
        cause=reason,
    )
    grant.delete()
