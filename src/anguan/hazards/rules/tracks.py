"""办理路径: a small table of what may follow what, one for each thing that is decided about a hazard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.refusals import NotAllowed

S = TypeVar("S", bound=Labelled)
A = TypeVar("A", bound=Labelled)


@dataclass(frozen=True)
class Track(Generic[S, A]):
    """The table of one thing: where it starts, what leads from where to where, what an act rests on.

    `following` says for each state what has to come next, as the reader of a refusal is told; a state that has no act
    left says that it is over.
    """

    thing: str
    start: S
    table: Mapping[tuple[S, A], S]
    following: Mapping[S, str]
    basis: Mapping[A, str]

    def advance(self, state: S, action: A) -> S:
        """The state after `action`; raises `NotAllowed` with the reason and what is to be done instead."""
        try:
            return self.table[state, action]
        except KeyError:
            raise NotAllowed(
                N_("%(thing)s现为“%(state)s”，不能%(action)s；%(next)s。"),
                basis=self.basis[action],
                thing=self.thing,
                state=state.label,
                action=action.label,
                next=self.following[state],
            ) from None

    def may(self, state: S, action: A) -> bool:
        """Whether the table lets `action` follow `state`."""
        return (state, action) in self.table

    @property
    def states(self) -> list[S]:
        """Every state, in the order of its enum."""
        return list(type(self.start))

    @property
    def ends(self) -> list[S]:
        """The states that nothing follows."""
        return [state for state in self.states if not any(before is state for before, _ in self.table)]

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for README.md."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start.value}"]
        lines += [f"    {state.value} : {state.label} {state.value}" for state in self.states]
        lines += [
            f"    {before.value} --> {after.value} : {action.label}" for (before, action), after in self.table.items()
        ]
        lines += [f"    {state.value} --> [*]" for state in self.ends]
        return "\n".join(lines)
