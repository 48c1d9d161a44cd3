"""凭邮件重设密码: whoever reads the account's mailbox sets a new password; the second factor stays as it is.

A mailbox alone must not let anybody in, so the link opens nothing but the form for a new password. Administrators are
let in only from the machine itself.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.ground import audit, outbox
from anguan.ground.access import SYSTEM, Actor
from anguan.people.models import OneTimeCode, User
from anguan.people.services.codes import CodeRefused, is_administrator, new_code, spend, stored_form
from anguan.people.services.telling import tell

RESET_TERM = timedelta(minutes=30)
# Somebody else's clicks must not fill a mailbox.
ONE_MAIL_IN = timedelta(minutes=5)


@transaction.atomic
def ask_for_reset(*, username: str, email: str, now: datetime) -> None:
    """申请重设密码: posts a mail where account and address belong together; nobody is told whether they do."""
    user = User.objects.select_for_update().filter(username=username.strip(), is_active=True).first()
    if user is None or not user.email or user.email.casefold() != email.strip().casefold() or is_administrator(user):
        return
    earlier = OneTimeCode.objects.filter(user=user, purpose=OneTimeCode.Purpose.RESET, created_at__gt=now - ONE_MAIL_IN)
    if earlier.exists():
        return
    OneTimeCode.objects.filter(user=user, purpose=OneTimeCode.Purpose.RESET, used_at__isnull=True).delete()
    code = new_code()
    OneTimeCode.objects.create(
        code_hash=stored_form(code),
        purpose=OneTimeCode.Purpose.RESET,
        user=user,
        created_at=now,
        created_by_name=SYSTEM.name,
        expires_at=now + RESET_TERM,
    )
    # Chinese whatever language the page was in: the mail is read elsewhere.
    outbox.post(
        channel="mail",
        address=user.email,
        title="重设安关平台的登录密码",
        body=f"有人申请为账号 {user.username} 重设密码，三十分钟内打开下面的链接设置。不是您本人申请的，不必理会。",
        link=reverse("reset_password", args=[code]),
        key=f"reset/{stored_form(code)[:32]}",
        now=now,
        recipient_id=str(user.pk),
        recipient_name=user.name,
        is_secret=True,
    )
    audit.record(actor=SYSTEM, action="people.ask_for_reset", subject=user, now=now)


def user_to_reset(code: str, now: datetime) -> User:
    """Whose password a link resets; raises `CodeRefused` for a link that is unknown, used or too old."""
    row = OneTimeCode.objects.select_related("user").filter(
        code_hash=stored_form(code), purpose=OneTimeCode.Purpose.RESET, used_at__isnull=True, expires_at__gte=now
    ).first()  # fmt: skip
    if row is None or row.user is None or not row.user.is_active:
        raise CodeRefused(_("这个链接已经失效，请重新申请；链接三十分钟内有效，只能用一次。"))
    return row.user


@transaction.atomic
def reset_password(*, code: str, password: str, now: datetime) -> User:
    """重设密码: spends the link; every session of the account ends, and its owner is told."""
    user = User.objects.select_for_update().get(pk=user_to_reset(code, now).pk)
    spend(code, now)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(
        actor=Actor(kind="user", id=str(user.pk), name=user.name),
        action="people.reset_password",
        subject=user,
        now=now,
        cause="凭邮件链接",
    )
    tell(
        user=user,
        title="安关平台的登录密码已重设",
        body="如果不是您本人办理的，请立即联系安全管理员停用账号。",
        key=f"reset-done/{stored_form(code)[:32]}",
        now=now,
    )
    return user
