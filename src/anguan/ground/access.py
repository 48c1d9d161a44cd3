"""Who acts and who asks: the two views of a person that every room relies on.

`people` implements `Viewer`; rooms below and beside it only know this protocol.
"""

from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Actor:
    """The person or rule that causes a write, as it stands in the audit chain for ever.

    `organ_id` names the chain; 0 is the platform's own chain, for acts of nobody's organ.
    """

    kind: str
    id: str
    name: str
    organ_id: int = 0


SYSTEM = Actor(kind="system", id="", name="系统")


def rule_actor(rule_id: str) -> Actor:
    """The actor of a write that a rule made by itself, such as a deadline that ran out."""
    return Actor(kind="rule", id=rule_id, name=rule_id)


class Viewer(Protocol):
    """Who asks: the only thing a selector needs to scope what it returns."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def organ_ids(self) -> frozenset[int]: ...
    @property
    def enterprise_ids(self) -> frozenset[int]: ...
    @property
    def tenant_ids(self) -> frozenset[int]: ...
    @property
    def officer_id(self) -> int | None: ...
    @property
    def expert_id(self) -> int | None: ...
    @property
    def actor(self) -> Actor: ...

    def has(self, *roles: str) -> bool:
        """True when the viewer holds any of the roles."""
        ...

    def organs_as(self, *roles: str) -> frozenset[int]:
        """The organs for which the viewer holds any of the roles: who leads one organ leads no other by that."""
        ...


def require(viewer: Viewer, *roles: str) -> None:
    """Raise `PermissionDenied` unless the viewer holds one of the roles."""
    if not viewer.has(*roles):
        raise PermissionDenied(_("您的角色不能办理这件事。"))
