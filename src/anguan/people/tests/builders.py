"""The small cast that every room's tests know, by role."""

from datetime import date

from django.test import Client

from anguan.people.models import Expert, Officer, Organ, RoleGrant, User
from anguan.people.rules import OrganKind, Role


def an_organ(name: str = "示例区应急管理分局", *, short_name: str = "示例", kind: str = OrganKind.BRANCH) -> Organ:
    """The bureau everybody in the cast works for, unless told otherwise."""
    organ, _ = Organ.objects.get_or_create(name=name, defaults={"short_name": short_name, "kind": kind})
    return organ


def a_user(username: str, *roles: Role, organ: Organ | None = None, name: str = "") -> User:
    """Somebody with roles and a password nobody needs to know."""
    user = User.objects.create_user(username=username, name=name or f"示例{username}")
    user.set_password("not-a-secret-in-tests")
    user.save()
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, organ=organ or an_organ())
    return user


def an_officer(
    name: str = "执法人员甲",
    *,
    organ: Organ | None = None,
    certificate_no: str = "",
    valid_to: date = date(2028, 12, 31),
    can_lead: bool = True,
    specialities: tuple[str, ...] = (),
    user: User | None = None,
    capacity: int = 5,
) -> Officer:
    """An officer with a certificate."""
    return Officer.objects.create(
        user=user,
        organ=organ or an_organ(),
        name=name,
        certificate_no=certificate_no or f"示例{Officer.objects.count() + 1:04}",
        valid_to=valid_to,
        can_lead=can_lead,
        specialities=list(specialities),
        capacity=capacity,
    )


def an_expert(
    name: str = "专家甲",
    *,
    organ: Organ | None = None,
    employer: str = "示例安全技术中心",
    term_to: date | None = date(2028, 12, 31),
    specialities: tuple[str, ...] = ("消防",),
    user: User | None = None,
) -> Expert:
    """An expert in their term."""
    return Expert.objects.create(
        user=user,
        organ=organ or an_organ(),
        name=name,
        employer=employer,
        specialities=list(specialities),
        term_to=term_to,
    )


def logged_in(user: User) -> Client:
    """A browser in which this person has passed password and second factor."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor_waived"] = True
    session.save()
    return client
