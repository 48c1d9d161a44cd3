"""企业成员、商户成员: who speaks for an enterprise, and who for a shop."""

from datetime import datetime

from django.db import transaction

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.people.rules import Role
from anguan.people.services import issue_invitation, issue_shop_invitation
from anguan.registry.models import Enterprise, Membership, ShopMembership, Tenant


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


def invite_to_shop(*, tenant: Tenant, actor: Actor, now: datetime) -> str:
    """A one-time code with which the manager of a shop opens an account; shown once."""
    return issue_shop_invitation(tenant_id=tenant.pk, actor=actor, now=now)


@transaction.atomic
def end_shop_membership(*, membership: ShopMembership, actor: Actor, now: datetime) -> None:
    """Somebody no longer speaks for the shop; what they did stays."""
    membership.until = clock.local_day(now)
    membership.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="registry.end_membership",
        subject=membership.tenant,
        now=now,
        before={"user": membership.user.name, "role": Role.TENANT.value},
    )
