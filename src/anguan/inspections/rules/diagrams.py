"""State diagrams drawn from the tables, so that they cannot lie."""

from collections.abc import Mapping

from anguan.core.enums import Labelled


def diagram(table: Mapping[tuple[Labelled, Labelled], Labelled]) -> str:
    """One of the two tables as a Mermaid state diagram, for README.md."""
    states = type(next(iter(table.values())))
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label} {state.value}" for state in states]
    lines += [f"    {before.value} --> {after.value} : {action.label}" for (before, action), after in table.items()]
    return "\n".join(lines)
