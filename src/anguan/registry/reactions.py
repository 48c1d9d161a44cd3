"""What the ledger does when `people` announces something."""

from django.db import transaction

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import on
from anguan.people.events import InvitationAccepted
from anguan.people.models import User
from anguan.registry.models import Membership


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
            user = User.objects.get(pk=event.user_id)
            audit.record(
                actor=Actor(kind="user", id=str(user.pk), name=user.name),
                action="registry.open_membership",
                subject=membership.enterprise,
                now=now,
                after={"user": user.name, "role": event.role},
            )
