"""机构: how a platform begins, and who acts in whose name."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from anguan.ground.models import AuditRecord
from anguan.people import services
from anguan.people.models import Competence, Entrustment, Organ, RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer, an_organ, logged_in
from anguan.people.viewers import viewer_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_the_first_start_makes_three_administrators_kept_apart_and_no_second_time() -> None:
    made = services.first_administrators(NOW)
    assert [username for username, _, _ in made] == ["sysadmin", "secadmin", "auditor"]
    assert all(user.grants.count() == 1 for user in User.objects.all())
    entered = services.enter_with(code=made[0][2], now=NOW).user
    assert entered is not None
    assert not entered.has_usable_password()
    assert services.first_administrators(NOW) == []


def test_a_system_administrator_registers_an_organ_with_its_letter_and_its_powers() -> None:
    admin = logged_in(a_user("admin", Role.SYSTEM_ADMIN))
    admin.post(reverse("people:create_organ"), {"name": "示例市应急管理局", "short_name": "示例", "kind": "emergency"})
    bureau, branch = Organ.objects.get(name="示例市应急管理局"), an_organ()
    url = reverse("people:organ", args=[branch.pk])
    letter = {
        "act": "entrustment",
        "entrusting": bureau.pk,
        "document": "示例委托书",
        "matters": ["inspect", "order"],
        "valid_from": "2026-01-01",
        "valid_to": "2027-12-31",
    }
    assert admin.post(url, letter).status_code == 302
    assert Entrustment.objects.get().matters == ["inspect", "order"]
    power = {
        "act": "competence",
        "matter": "order",
        "statute": "安全生产法",
        "article": "第六十五条",
        "valid_from": "2021-09-01",
    }
    assert admin.post(reverse("people:organ", args=[bureau.pk]), power).status_code == 302
    assert Competence.objects.get().organ == bureau
    assert AuditRecord.objects.filter(action="people.add_entrustment").exists()


def test_a_letter_that_ends_before_it_begins_is_refused_on_the_form() -> None:
    admin = logged_in(a_user("admin", Role.SYSTEM_ADMIN))
    bureau = an_organ("示例市应急管理局")
    letter = {
        "act": "entrustment",
        "entrusting": bureau.pk,
        "document": "示例委托书",
        "matters": ["inspect"],
        "valid_from": "2027-01-01",
        "valid_to": "2026-01-01",
    }
    assert admin.post(reverse("people:organ", args=[an_organ().pk]), letter).status_code == 200
    assert not Entrustment.objects.exists()


def test_a_clerk_reads_the_organs_and_changes_none() -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK))
    assert clerk.get(reverse("people:organs")).status_code == 200
    assert clerk.get(reverse("people:organ", args=[an_organ().pk])).status_code == 403
    assert clerk.post(reverse("people:create_organ"), {"name": "x"}).status_code == 403


def test_leave_is_recorded_by_the_officers_own_organ_because_it_decides_who_is_drawn() -> None:
    officer = an_officer(organ=an_organ("示例区消防救援大队", kind="fire"))
    url = reverse("people:officer", args=[officer.pk])
    period = {"since": "2026-11-23", "until": "2026-11-30"}
    assert logged_in(a_user("clerk", Role.CLERK)).post(url, period).status_code == 404
    assert logged_in(a_user("own", Role.CLERK, organ=officer.organ)).post(url, period).status_code == 302
    assert officer.leaves.count() == 1


def test_who_leads_one_organ_leads_no_other_by_that() -> None:
    branch, brigade = an_organ(), an_organ("示例区消防救援大队", kind="fire")
    user = a_user("both", Role.LEADER, organ=brigade)
    RoleGrant.objects.create(user=user, role=Role.CLERK, organ=branch)
    viewer = viewer_of(user)
    assert viewer.organs_as(Role.LEADER) == {brigade.pk}
    assert viewer.organs_as(Role.CLERK, Role.LEADER) == {branch.pk, brigade.pk}
    assert viewer.organs_as(Role.SUPERVISOR) == frozenset()
