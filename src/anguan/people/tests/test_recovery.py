"""忘记密码: the mailbox sets a new password, and opens nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from anguan.ground import outbox
from anguan.ground.models import OutboxMessage
from anguan.people import services
from anguan.people.models import OneTimeCode, User
from anguan.people.rules import Role
from anguan.people.services import CodeRefused
from anguan.people.tests.builders import a_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WORDS = "liang-chi-bai-hua-24"


@pytest.fixture
def officer() -> User:
    user = a_user("officer", Role.OFFICER)
    user.email = "Officer@example.org"
    user.set_password("jiu-mi-ma-2026-xx")
    user.save()
    return user


def mailed_code(now: datetime = NOW) -> str:
    """The code in the mail that just went out."""
    outbox.deliver_due(now)
    return str(mail.outbox[-1].body).rsplit("/recover/", 1)[1].strip("/\n ")


def ask(user: User, now: datetime = NOW, email: str = "officer@example.org") -> None:
    services.ask_for_reset(username=user.username, email=email, now=now)


def test_the_link_sets_a_new_password_once_and_its_owner_is_told(officer: User) -> None:
    ask(officer)
    code = mailed_code()
    services.reset_password(code=code, password=WORDS, now=NOW + timedelta(minutes=29))
    officer.refresh_from_db()
    assert officer.check_password(WORDS)
    outbox.deliver_due(NOW + timedelta(minutes=30))
    assert mail.outbox[-1].subject == "安关平台的登录密码已重设"
    with pytest.raises(CodeRefused, match="失效"):
        services.reset_password(code=code, password="another-one-24-x", now=NOW + timedelta(minutes=29))


def test_the_second_factor_stays_and_the_link_lets_nobody_in(officer: User, client: Client) -> None:
    TOTP.activate(officer, generate_totp_secret())
    ask(officer, datetime.now(UTC))
    code = mailed_code(datetime.now(UTC))
    with pytest.raises(CodeRefused, match="重设密码的链接"):
        services.enter_with(code=code, now=datetime.now(UTC))
    page = reverse("reset_password", args=[code])
    assert client.get(page).status_code == 200
    answer = client.post(page, {"new_password1": WORDS, "new_password2": WORDS})
    assert answer.headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=officer).exists()
    answer = client.post(reverse("account_login"), {"login": officer.username, "password": WORDS})
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"email": "other@example.org"}, id="邮箱不符"),
        pytest.param({"email": ""}, id="没有登记邮箱"),
        pytest.param({"is_active": False}, id="账号已停用"),
    ],
)
def test_nothing_is_mailed_and_nothing_told_where_they_do_not_belong_together(
    officer: User, client: Client, change: dict[str, object]
) -> None:
    told = [client.post(reverse("recover_password"), {"username": "officer", "email": officer.email}).content]
    OneTimeCode.objects.all().delete()
    OutboxMessage.objects.all().delete()
    User.objects.filter(pk=officer.pk).update(**change)
    told.append(
        client.post(reverse("recover_password"), {"username": "officer", "email": "officer@example.org"}).content
    )
    assert not OutboxMessage.objects.exists()
    first, second = (re.sub(rb"(csrf[^>]*(?:value|content)=|hx-headers=.)[^>]*>", b"", page) for page in told)
    assert first == second


def test_an_administrator_is_let_in_only_from_the_machine(officer: User) -> None:
    officer.grants.update(role=Role.AUDIT_ADMIN)
    ask(officer)
    assert not OneTimeCode.objects.exists()


def test_clicking_again_and_again_sends_one_mail(officer: User) -> None:
    for seconds in (0, 1, 200):
        ask(officer, NOW + timedelta(seconds=seconds))
    assert OutboxMessage.objects.count() == 1
    ask(officer, NOW + timedelta(minutes=6))
    assert OutboxMessage.objects.count() == 2
    assert OneTimeCode.objects.count() == 1


def test_a_link_is_good_for_half_an_hour(officer: User, client: Client) -> None:
    ask(officer)
    code = mailed_code()
    with pytest.raises(CodeRefused, match="失效"):
        services.user_to_reset(code, NOW + timedelta(minutes=31))
    assert client.get(reverse("reset_password", args=["AAAAA-AAAAA-AAAAA-AAAAA"])).status_code == 410
