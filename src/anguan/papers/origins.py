"""拟稿的由来: upper rooms tell what a paper may be drafted from (a check, a hazard), this room asks by kind and id.

The papers are below checks and hazards and know neither; each registers here how it is found for a viewer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from anguan.ground.access import Viewer
from anguan.papers.rules import Known
from anguan.people.models import Organ
from anguan.registry.models import Enterprise


@dataclass(frozen=True)
class Origin:
    """A check or a hazard as its papers see it.

    `papers` are the keys of the papers it holds itself; `uids` are it and what belongs to it (a check's hazards), under
    which papers were drafted by hand. `bases` are by matter the provisions on which the organ acts, where they aren't
    the forms' own. `hint` tells where the papers come from that aren't drafted by hand.
    """

    kind: str
    uid: UUID
    title: str
    url: str
    enterprise: Enterprise
    organ: Organ
    known: Known
    papers: frozenset[int] = frozenset()
    uids: frozenset[UUID] = frozenset()
    bases: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    hint: str = ""
    hint_url: str = ""


Finder = Callable[[Viewer, UUID], Origin | None]
_finders: dict[str, tuple[str, Finder]] = {}


def register_origin(kind: str, label: str, finder: Finder) -> None:
    """Register how something of a kind is found; None for what the viewer may not see."""
    _finders[kind] = (label, finder)


def origin_of(viewer: Viewer, kind: str, uid: UUID) -> Origin | None:
    """What papers are drafted from; None for an unknown kind and for what the viewer may not see."""
    found = _finders.get(kind)
    return found[1](viewer, uid) if found else None


def label_of(kind: str) -> str:
    """What a kind is called; empty for an unknown one."""
    return _finders[kind][0] if kind in _finders else ""
