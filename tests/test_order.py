"""How conftest.py shares the tests out: each worker a part of equal number, with its share of the long ones."""

from types import SimpleNamespace
from typing import Any

import pytest
from conftest import COMMITTING, IN_TRANSACTION, LONG, WITHOUT_DATABASE, _kind, long_ones_first

KINDS: dict[int, list[str]] = {IN_TRANSACTION: ["db"], COMMITTING: ["transactional_db"], WITHOUT_DATABASE: []}


def an_item(nodeid: str, kind: int) -> Any:
    return SimpleNamespace(nodeid=nodeid, fixturenames=KINDS[kind], get_closest_marker=lambda _name: None)


def parts_of(items: list[Any], workers: int) -> list[list[Any]]:
    """What each worker gets at the start: one after the other an equal share of what is left."""
    left, parts = list(items), []
    for number in range(workers):
        count = len(left) // (workers - number)
        parts.append(left[:count])
        del left[:count]
    return parts


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
@pytest.mark.parametrize("others", [31, 200, 997])
def test_each_worker_gets_its_share_of_the_long_ones_and_they_come_first(workers: int, others: int) -> None:
    items = [an_item(f"src/a/test_{number}.py::test", number % 3) for number in range(others)]
    items += [an_item(f"{name}::test" if name.endswith(".py") else name, COMMITTING) for name in LONG]

    shared = long_ones_first(items, workers=workers)

    assert sorted(map(id, shared)) == sorted(map(id, items))
    seconds = []
    for part in parts_of(shared, workers):
        assert [_kind(item) for item in part] == sorted(_kind(item) for item in part)
        long = [item.nodeid.removesuffix("::test") in LONG for item in part if _kind(item) == COMMITTING]
        assert long == sorted(long, reverse=True)
        seconds.append(sum(LONG.get(item.nodeid.removesuffix("::test"), 0) for item in part))
    # As even as the longest one allows.
    assert max(seconds) <= max(sum(LONG.values()) / workers, max(LONG.values())) + sorted(LONG.values())[1]


def test_a_few_chosen_tests_are_all_there() -> None:
    for kind in KINDS:
        items = [an_item(f"src/a/test_{number}.py::test", kind) for number in range(2)]
        assert sorted(map(id, long_ones_first(items, workers=3))) == sorted(map(id, items))
