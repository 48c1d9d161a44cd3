"""企业成员: who speaks for an enterprise."""

from datetime import datetime

from django.db import transaction

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.people.services import issue_invitation
from anguan.registry.models import Enterprise, Membership


def invite_member(*, enterprise: Enterprise, role: str, actor: Actor, now: datetime) -> str:
    """A one-time code with which a person of the enterprise opens an account; shown once."""
    return issue_invitation(enterprise_id=enterprise.pk, role=role, actor=actor, now=now)


@transaction.atomic
def end_membership(*, membership: Membership, actor: Actor, now: datetime) -> None:
    """Somebody no longer speaks for the enterprise; what they did stays."""
    membership.until = clock.local_day(now)
    membership.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="registry.end_membership",
        subject=membership.enterprise,
        now=now,
        before={"user": membership.user.name, "role": membership.role},
    )
