from dataclasses import replace

import pytest

from anguan.checklists.rules import (
    Change,
    HazardLevel,
    NotAllowed,
    Question,
    check_question,
    differences,
    next_version,
)

GOOD = Question(
    number=1,
    key="q01",
    question="安全出口是否畅通？",
    look_for="逐个推开。",
    statute="安全生产法",
    clause="第四十二条",
    violation_basis="《安全生产法》第四十二条",
    order_basis="《安全生产法》第六十五条",
    penalty_basis="《安全生产法》第一百零五条",
    hazard_level=HazardLevel.GENERAL,
    suggested_days=3,
    verified=False,
)


def test_a_question_with_its_three_chains_passes() -> None:
    check_question(GOOD)


@pytest.mark.parametrize("name", ["question", "look_for", "statute", "clause", "violation_basis", "order_basis"])
def test_a_question_that_lacks_a_part_is_refused(name: str) -> None:
    with pytest.raises(NotAllowed, match="没有写"):
        check_question(replace(GOOD, **{name: " "}))  # type: ignore[arg-type]  # the names are of texts


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_term_of_no_days_or_more_than_a_year_is_refused(days: int) -> None:
    with pytest.raises(NotAllowed, match="1 到 365 天"):
        check_question(replace(GOOD, suggested_days=days))


def test_a_question_longer_than_its_field_is_refused() -> None:
    with pytest.raises(NotAllowed, match="超过 300 字"):
        check_question(replace(GOOD, question="问" * 301))


@pytest.mark.parametrize(
    ("known", "version"),
    [
        pytest.param([], "2026-v1", id="第一版"),
        pytest.param(["2026-v1", "2026-v2"], "2026-v3", id="接着编"),
        pytest.param(["2026-v9", "2026-v10"], "2026-v11", id="按数不按字"),
        pytest.param(["2025-v7"], "2026-v1", id="新的一年从头编"),
        pytest.param(["试行", "2026-vx", "2026-v²"], "2026-v1", id="别的写法不算"),
    ],
)
def test_versions_are_numbered_within_their_year(known: list[str], version: str) -> None:
    assert next_version(known, 2026) == version


def version(*keys: str, **texts: str) -> dict[str, dict[str, str]]:
    return {key: {"question": texts.get(key, key)} for key in keys}


def changes(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[tuple[str, Change]]:
    return [(difference.key, difference.change) for difference in differences(before, after)]


def test_equal_versions_differ_in_nothing() -> None:
    assert changes(version("a", "b", "c"), version("a", "b", "c")) == []


def test_a_question_added_in_front_moves_nobody() -> None:
    assert changes(version("a", "b", "c"), version("x", "a", "b", "c")) == [("x", Change.ADDED)]


def test_one_that_goes_to_the_end_is_the_only_one_that_moved() -> None:
    assert changes(version("a", "b", "c", "d"), version("b", "c", "d", "a")) == [("a", Change.MOVED)]


def test_one_that_goes_to_the_front_is_the_only_one_that_moved() -> None:
    assert changes(version("a", "b", "c", "d"), version("d", "a", "b", "c")) == [("d", Change.MOVED)]


def test_changed_and_removed_ones_say_before_and_after() -> None:
    found = differences(version("a", "b"), version("a", a="新的"))
    assert [(one.key, one.change, one.fields) for one in found] == [
        ("a", Change.CHANGED, (("question", "a", "新的"),)),
        ("b", Change.REMOVED, (("question", "b", ""),)),
    ]
