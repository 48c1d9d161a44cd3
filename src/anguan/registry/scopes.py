"""Tells `people` which enterprises a user speaks for."""

from collections.abc import Iterable

from anguan.people.models import User
from anguan.people.viewers import membership_source
from anguan.registry.models import Membership
from anguan.registry.selectors import family_ids, resolve


@membership_source
def enterprises_of(user: User) -> Iterable[tuple[int, str, str]]:
    """Open memberships: enterprise id, role and the enterprise's name.

    Where enterprises were merged, whoever speaks for one of them speaks for all of them: rows keep pointing to each.
    """
    memberships = Membership.objects.filter(user=user, until__isnull=True).select_related("enterprise")
    for membership in memberships:
        enterprise = resolve(membership.enterprise)
        for pk in family_ids(enterprise):
            yield pk, membership.role, enterprise.name
