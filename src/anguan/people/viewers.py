"""Who asks: the `Viewer` of `ground.access`, made once per request from grants, officer record and memberships."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from anguan.ground.access import Actor
from anguan.people.models import Officer, User

MembershipSource = Callable[[User], Iterable[tuple[int, str, str]]]
_membership_sources: list[MembershipSource] = []


def membership_source(source: MembershipSource) -> MembershipSource:
    """Register who knows the enterprises a user belongs to: id, role and name (the ledger does)."""
    _membership_sources.append(source)
    return source


@dataclass(frozen=True)
class UserViewer:
    """Somebody who is logged in, or nobody: `user_id` None and no roles."""

    user_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    organ_ids: frozenset[int] = frozenset()
    enterprise_ids: frozenset[int] = frozenset()
    officer_id: int | None = None
    acting_for: str = ""
    # Role and organ of each grant; without them every role is held for every organ of the viewer.
    grants: frozenset[tuple[str, int]] = frozenset()

    def has(self, *roles: str) -> bool:
        """True when the viewer holds any of the roles."""
        return not self.roles.isdisjoint(roles)

    def organs_as(self, *roles: str) -> frozenset[int]:
        """The organs for which the viewer holds any of the roles."""
        if not self.grants:
            return self.organ_ids if self.has(*roles) else frozenset()
        return frozenset(organ_id for role, organ_id in self.grants if role in roles)

    @property
    def actor(self) -> Actor:
        """The viewer as the cause of a write, on the chain of the first organ they act for."""
        return Actor(
            kind="user" if self.user_id else "public",
            id=str(self.user_id or ""),
            name=self.name,
            organ_id=min(self.organ_ids, default=0),
        )


NOBODY = UserViewer()


class ViewerRequest(HttpRequest):
    """A request as our middleware leaves it."""

    viewer: UserViewer
    htmx: HtmxDetails


def viewer_of(user: User) -> UserViewer:
    """Everything selectors need to know about a user, in three small queries."""
    grants = list(user.grants.values_list("role", "organ_id", "organ__name"))
    memberships = [row for source in _membership_sources for row in source(user)]
    officer_id = Officer.objects.filter(user=user).values_list("pk", flat=True).first()
    return UserViewer(
        user_id=user.pk,
        name=user.name,
        roles=frozenset({role for role, _, _ in grants} | {role for _, role, _ in memberships}),
        organ_ids=frozenset(organ_id for _, organ_id, _ in grants),
        enterprise_ids=frozenset(enterprise_id for enterprise_id, _, _ in memberships),
        officer_id=officer_id,
        grants=frozenset((role, organ_id) for role, organ_id, _ in grants),
        acting_for="、".join(dict.fromkeys(name for *_, name in [*grants, *memberships])),
    )
