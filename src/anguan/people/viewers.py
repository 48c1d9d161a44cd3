"""Who asks: the `Viewer` of `ground.access`, made once per request from grants, officer record and memberships."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from anguan.ground.access import Actor
from anguan.people.models import User
from anguan.people.rules import Role


@dataclass(frozen=True)
class Belonging:
    """An enterprise or a shop (商户) for which a user speaks, and as what."""

    role: str
    name: str
    enterprise_id: int | None = None
    tenant_id: int | None = None


MembershipSource = Callable[[User], Iterable[Belonging]]
_membership_sources: list[MembershipSource] = []


def membership_source(source: MembershipSource) -> MembershipSource:
    """Register who knows the enterprises and shops a user belongs to (the ledger does)."""
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
    tenant_ids: frozenset[int] = frozenset()
    expert_id: int | None = None
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
    belongings = [row for source in _membership_sources for row in source(user)]
    officer_id, expert_id = User.objects.filter(pk=user.pk).values_list("officer", "expert").get()
    roles = {role for role, _, _ in grants} | {row.role for row in belongings}
    names = [name for _, _, name in grants] + [row.name for row in belongings]
    return UserViewer(
        user_id=user.pk,
        name=user.name,
        roles=frozenset(roles if expert_id is None else {*roles, Role.EXPERT.value}),
        organ_ids=frozenset(organ_id for _, organ_id, _ in grants),
        enterprise_ids=frozenset(row.enterprise_id for row in belongings if row.enterprise_id is not None),
        tenant_ids=frozenset(row.tenant_id for row in belongings if row.tenant_id is not None),
        officer_id=officer_id,
        expert_id=expert_id,
        grants=frozenset((role, organ_id) for role, organ_id, _ in grants),
        acting_for="、".join(dict.fromkeys(names)),
    )
