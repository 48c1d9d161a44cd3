"""What the ledger does when `people` announces something."""

from datetime import datetime

from django.db import transaction

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import on
from anguan.people.events import InvitationAccepted, ShopInvitationAccepted
from anguan.people.models import User
from anguan.people.rules import Role
from anguan.registry.models import Enterprise, Membership, ShopMembership, Tenant


@on(InvitationAccepted)
def open_membership(event: InvitationAccepted) -> None:
    """The invited person now speaks for the enterprise."""
    now = clock.now()
    with transaction.atomic():
        membership, created = Membership.objects.get_or_create(
            user_id=event.user_id,
            enterprise_id=event.enterprise_id,
            role=event.role,
            until=None,
            defaults={"since": clock.local_day(now)},
        )
        if created:
            _record_opening(membership.enterprise, event.user_id, event.role, now)


@on(ShopInvitationAccepted)
def open_shop_membership(event: ShopInvitationAccepted) -> None:
    """The shop's manager now speaks for the shop."""
    now = clock.now()
    with transaction.atomic():
        membership, created = ShopMembership.objects.get_or_create(
            user_id=event.user_id,
            tenant_id=event.tenant_id,
            until=None,
            defaults={"since": clock.local_day(now)},
        )
        if created:
            _record_opening(membership.tenant, event.user_id, Role.TENANT, now)


def _record_opening(subject: Enterprise | Tenant, user_id: int, role: str, now: datetime) -> None:
    user = User.objects.get(pk=user_id)
    audit.record(
        actor=Actor(kind="user", id=str(user.pk), name=user.name),
        action="registry.open_membership",
        subject=subject,
        now=now,
        after={"user": user.name, "role": str(role)},
    )
