"""What `people` announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserEntered:
    """Somebody logged in with a one-time code."""

    user_id: int


@dataclass(frozen=True)
class InvitationAccepted:
    """An invited person made an account for an enterprise; the ledger opens the membership."""

    user_id: int
    enterprise_id: int
    role: str


@dataclass(frozen=True)
class ShopInvitationAccepted:
    """A shop's manager made an account; the ledger opens the membership."""

    user_id: int
    tenant_id: int
