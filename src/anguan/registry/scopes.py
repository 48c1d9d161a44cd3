"""Tells `people` which enterprises a user speaks for."""

from collections.abc import Iterable

from anguan.people.models import User
from anguan.people.viewers import membership_source
from anguan.registry.models import Membership


@membership_source
def enterprises_of(user: User) -> Iterable[tuple[int, str, str]]:
    """Open memberships: enterprise id, role and the enterprise's name."""
    rows = Membership.objects.filter(user=user, until__isnull=True)
    return rows.values_list("enterprise_id", "role", "enterprise__name")
