"""一次性码: in once, and only once."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.test import Client, override_settings
from django.urls import reverse

from anguan.ground.access import SYSTEM
from anguan.ground.models import AuditRecord, OutboxMessage
from anguan.people import services
from anguan.people.forms import UserForm
from anguan.people.models import OneTimeCode, RoleGrant, User
from anguan.people.rules import Role, RolesClash
from anguan.people.services import CodeRefused
from anguan.people.tests.builders import a_user, an_organ, logged_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def first_login_code(user: User, now: datetime = NOW) -> str:
    return services.issue_code(user=user, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=SYSTEM, now=now)


def test_a_code_lets_in_once_however_it_is_typed() -> None:
    user = a_user("officer", Role.OFFICER)
    code = first_login_code(user)
    typed = code.lower().replace("-", " ")
    assert services.enter_with(code=typed, now=NOW).user == user
    with pytest.raises(CodeRefused, match="已经用过"):
        services.enter_with(code=code, now=NOW)


@pytest.mark.parametrize(
    ("later", "active", "word"),
    [(timedelta(days=3, seconds=1), True, "过期"), (timedelta(0), False, "停用")],
    ids=["三天以后", "账号已停用"],
)
def test_a_code_is_refused_when_it_no_longer_counts(later: timedelta, active: bool, word: str) -> None:
    user = a_user("officer", Role.OFFICER)
    code = first_login_code(user)
    User.objects.filter(pk=user.pk).update(is_active=active)
    with pytest.raises(CodeRefused, match=word):
        services.enter_with(code=code, now=NOW + later)


def test_only_the_hash_of_a_code_is_stored() -> None:
    code = first_login_code(a_user("officer", Role.OFFICER))
    stored = OneTimeCode.objects.get()
    assert code.replace("-", "") not in str(vars(stored))
    assert not AuditRecord.objects.filter(after__icontains=code[:5]).exists()


def test_a_new_code_makes_the_earlier_one_void() -> None:
    user = a_user("officer", Role.OFFICER)
    earlier, code = first_login_code(user), first_login_code(user)
    with pytest.raises(CodeRefused, match="没有这个一次性码"):
        services.enter_with(code=earlier, now=NOW)
    assert services.enter_with(code=code, now=NOW).user == user


def test_opening_the_link_does_not_spend_the_code_the_button_does(client: Client) -> None:
    user = services.create_user(username="new", name="示例新人", actor=SYSTEM, now=NOW)
    code = services.issue_code(user=user, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=SYSTEM, now=datetime.now(UTC))
    assert client.get(reverse("enter_with", args=[code])).status_code == 200
    response = client.post(reverse("enter"), {"code": code})
    assert response.status_code == 302
    assert client.get("/").headers["Location"] == reverse("account_set_password")


def test_after_the_first_password_comes_the_second_factor_and_nothing_is_typed_again(client: Client) -> None:
    user = services.create_user(username="new", name="示例新人", actor=SYSTEM, now=NOW)
    RoleGrant.objects.create(user=user, role=Role.OFFICER, organ=an_organ())
    code = services.issue_code(user=user, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=SYSTEM, now=datetime.now(UTC))
    client.post(reverse("enter"), {"code": code})
    words = "liang-chi-bai-hua-24"
    client.post(reverse("account_set_password"), {"new_password1": words, "new_password2": words})
    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_an_officer_owes_a_second_factor_before_anything_else(client: Client) -> None:
    user = a_user("officer", Role.OFFICER)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    assert logged_in(user).get("/").status_code == 200


def test_log_in_asks_for_the_code_of_the_device(client: Client) -> None:
    user = a_user("officer", Role.OFFICER)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    answer = client.post(reverse("account_login"), {"login": "officer", "password": "not-a-secret-in-tests"})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(reverse("mfa_authenticate"), {"code": f"{hotp_value(secret, counter):06}"})
    assert client.get("/").status_code == 200
    assert AuditRecord.objects.filter(action="people.log_in", subject_id=str(user.pk)).exists()


def test_recovery_takes_the_lost_password_and_device_away() -> None:
    user = a_user("officer", Role.OFFICER)
    TOTP.activate(user, generate_totp_secret())
    code = services.issue_code(user=user, purpose=OneTimeCode.Purpose.RECOVERY, actor=SYSTEM, now=NOW)
    services.enter_with(code=code, now=NOW)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not Authenticator.objects.filter(user=user).exists()


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    client.post(
        reverse("account_signup"), {"username": "x", "password1": "long-enough-1!", "password2": "long-enough-1!"}
    )
    assert not User.objects.exists()


def test_one_person_may_not_hold_two_of_the_three_administrations() -> None:
    user = a_user("admin", Role.SYSTEM_ADMIN)
    with pytest.raises(RolesClash, match="不同的人"):
        services.grant_role(user=user, role=Role.AUDIT_ADMIN, organ=an_organ(), actor=SYSTEM, now=NOW)
    assert list(user.grants.values_list("role", flat=True)) == [Role.SYSTEM_ADMIN]


def test_disabling_an_account_ends_its_sessions() -> None:
    user = a_user("officer", Role.OFFICER)
    client = logged_in(user)
    assert client.get("/").status_code == 200
    services.disable_user(user=user, reason="调离", actor=SYSTEM, now=datetime.now(UTC))
    assert client.get("/").status_code == 302


@override_settings(ANGUAN_DEMO=False)
def test_only_the_demo_district_waives_the_second_factor() -> None:
    user = a_user("officer", Role.OFFICER)
    with pytest.raises(ValueError, match="demo district"):
        services.issue_code(
            user=user,
            purpose=OneTimeCode.Purpose.FIRST_LOGIN,
            actor=SYSTEM,
            now=NOW,
            skips_second_factor=True,
        )


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_no_administrator_enters_as_another_by_a_recovery_code(role: Role) -> None:
    other = a_user("other", role)
    answer = logged_in(a_user("admin", Role.SYSTEM_ADMIN)).post(reverse("people:recover", args=[other.pk]), follow=True)
    assert "三员分立" in answer.content.decode()
    assert not OneTimeCode.objects.exists()


def test_whose_account_is_recovered_is_told_and_not_the_code() -> None:
    user = a_user("leader", Role.LEADER)
    User.objects.filter(pk=user.pk).update(email="leader@example.org", phone="19900000001")
    logged_in(a_user("admin", Role.SYSTEM_ADMIN, name="系统管理员甲")).post(reverse("people:recover", args=[user.pk]))
    told = OutboxMessage.objects.order_by("channel")
    assert [message.channel for message in told] == ["mail", "sms"]
    assert all("系统管理员甲" in message.body for message in told)


def test_an_account_becomes_an_administrators_only_after_its_owner_entered() -> None:
    security = a_user("security", Role.SECURITY_ADMIN)
    new = services.create_user(username="new", name="示例新人", actor=SYSTEM, now=NOW)
    url = reverse("people:grant", args=[new.pk])
    asked = {"role": Role.AUDIT_ADMIN, "organ": an_organ().pk}
    assert "设置密码" in logged_in(security).post(url, asked, follow=True).content.decode()
    assert not new.grants.exists()
    new.set_password("not-a-secret-in-tests")
    new.save()
    logged_in(security).post(url, asked)
    assert new.grants.get().role == Role.AUDIT_ADMIN


def test_a_recovery_code_ends_a_first_code_that_nobody_used() -> None:
    user = a_user("officer", Role.OFFICER)
    first = first_login_code(user)
    services.issue_code(user=user, purpose=OneTimeCode.Purpose.RECOVERY, actor=SYSTEM, now=NOW)
    with pytest.raises(CodeRefused, match="没有这个一次性码"):
        services.enter_with(code=first, now=NOW)


def test_a_name_that_looks_like_somebody_elses_is_taken() -> None:
    a_user("clerk")
    form = UserForm({"username": "CLERK", "name": "示例"})
    assert "已有人使用" in str(form.errors)
    assert "不能有空格" in str(UserForm({"username": "a\nb", "name": "示例"}).errors)
