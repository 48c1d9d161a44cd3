"""The tables of the conversation, and the diagrams that are drawn from them."""

from pathlib import Path

import pytest

from anguan.wire.gbt26875 import LAYOUTS, Kind, Role, State, kind_of, reply_type
from anguan.wire.gbt26875.codes import Command
from anguan.wire.gbt26875.conversation import NEXT, STANDARD_TIMING, exchanges_diagram, states_diagram

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_shows_the_tables() -> None:
    readme = README.read_text(encoding="utf-8")
    for diagram in (exchanges_diagram(), states_diagram()):
        assert f"```mermaid\n{diagram}\n```" in readme


@pytest.mark.parametrize(
    ("kind", "initiator", "command", "answer", "types"),
    [
        (Kind.CONTROL, Role.CENTRE, 1, 3, {89, 90, 91}),
        (Kind.UPLOAD, Role.DEVICE, 2, 3, {*range(1, 9), 21, 24, 25, 26, 28}),
        (Kind.QUERY, Role.CENTRE, 4, 5, {*range(61, 69), 81, 84, 85, 86, 88}),
    ],
)
def test_each_kind_is_begun_and_answered_as_the_standard_says(
    kind: Kind, initiator: Role, command: int, answer: int, types: set[int]
) -> None:
    assert kind.value[1:] == (initiator, Command(command), Command(answer), frozenset(types))


def test_every_type_belongs_to_one_kind() -> None:
    assert all(sum(flag in kind.value.types for kind in Kind) == 1 for flag in LAYOUTS)
    assert kind_of(0) is None
    assert kind_of(150) is None


def test_a_query_is_answered_by_the_upload_of_the_same_thing() -> None:
    replies = {reply_type(flag) for flag in Kind.QUERY.value.types}
    assert replies == set(Kind.UPLOAD.value.types)


def test_only_what_waits_moves_on() -> None:
    assert {before for before, _ in NEXT} == {State.WAITING}
    assert set(NEXT.values()) == set(State)


def test_the_time_limits_are_the_standards() -> None:
    assert (STANDARD_TIMING.answer_within, STANDARD_TIMING.resends) == (10.0, 3)


def test_a_denial_may_answer_every_kind_and_is_the_answer_of_none() -> None:
    assert all(kind.value.answer is not Command.DENY for kind in Kind)
