"""Tells `people` which enterprises and shops a user speaks for, and who may open the pictures of this room."""

from collections.abc import Iterable

from django.db.models import CharField, Value

from anguan.ground import evidence_access
from anguan.ground.access import Viewer
from anguan.ground.models import Evidence
from anguan.people.models import User
from anguan.people.rules import Role
from anguan.people.viewers import Belonging, membership_source
from anguan.registry.models import Enterprise, Membership, ShopMembership
from anguan.registry.selectors import family_ids, plans_visible_to, resolve


@membership_source
def belongings_of(user: User) -> Iterable[Belonging]:
    """Open memberships, in one query for whoever has none, as officers do.

    Where enterprises were merged, whoever speaks for one of them speaks for all of them: rows keep pointing to each.
    """
    firms = Membership.objects.filter(user=user, until__isnull=True).values_list(
        "role", "enterprise__name", "enterprise_id"
    )
    shops = (
        ShopMembership.objects.filter(user=user, until__isnull=True)
        .annotate(role=Value(Role.TENANT.value, output_field=CharField()))
        .values_list("role", "tenant__name", "tenant_id")
    )
    for role, name, pk in firms.union(shops, all=True):
        if role == Role.TENANT:
            yield Belonging(role, name, tenant_id=pk)
            continue
        enterprise = resolve(Enterprise.objects.get(pk=pk))
        for member_pk in family_ids(enterprise):
            yield Belonging(role, enterprise.name, enterprise_id=member_pk)


def sees_plan_picture(viewer: Viewer, evidence: Evidence) -> bool:
    """Whoever sees the plan sees its picture; pictures that were replaced are closed to everybody."""
    return plans_visible_to(viewer).filter(evidence=evidence).exists()


evidence_access.register("registry.building", sees_plan_picture)
