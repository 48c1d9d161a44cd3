from datetime import date
from itertools import product
from pathlib import Path

import pytest

from anguan.checklists.rules import (
    Act,
    NotAllowed,
    Stage,
    advance,
    check_publication,
    check_withdrawal,
    diagram,
    is_in_force,
    may,
)

TODAY = date(2026, 3, 2)


def test_what_is_published_can_only_be_withdrawn() -> None:
    allowed = {(stage, act) for stage, act in product(Stage, Act) if may(stage, act)}
    assert allowed == {
        (Stage.DRAFT, Act.EDIT),
        (Stage.DRAFT, Act.PUBLISH),
        (Stage.DRAFT, Act.DISCARD),
        (Stage.PUBLISHED, Act.WITHDRAW),
    }


def test_a_refusal_says_what_is_to_be_done_instead() -> None:
    with pytest.raises(NotAllowed, match=r"已公布.*不能修改.*起草新版本"):
        advance(Stage.PUBLISHED, Act.EDIT)


@pytest.mark.parametrize(
    ("stage", "start", "end", "counts"),
    [
        pytest.param(Stage.PUBLISHED, date(2026, 3, 2), None, True, id="施行当天"),
        pytest.param(Stage.PUBLISHED, date(2026, 3, 3), None, False, id="施行前一天"),
        pytest.param(Stage.WITHDRAWN, date(2026, 1, 1), date(2026, 3, 3), True, id="停用前一天还用"),
        pytest.param(Stage.WITHDRAWN, date(2026, 1, 1), date(2026, 3, 2), False, id="停用当天不用"),
        pytest.param(Stage.DRAFT, date(2026, 1, 1), None, False, id="草稿不用"),
        pytest.param(Stage.DISCARDED, None, None, False, id="作废的不用"),
    ],
)
def test_when_a_version_counts(stage: Stage, start: date | None, end: date | None, counts: bool) -> None:
    assert is_in_force(stage, start, end, TODAY) is counts


def test_a_version_is_not_published_for_a_day_that_has_passed() -> None:
    check_publication(TODAY, TODAY)
    with pytest.raises(NotAllowed, match="早于今天"):
        check_publication(date(2026, 3, 1), TODAY)


def test_a_withdrawal_lies_ahead_and_says_why() -> None:
    check_withdrawal(TODAY, "条款已废止", TODAY)
    with pytest.raises(NotAllowed, match="早于今天"):
        check_withdrawal(date(2026, 3, 1), "条款已废止", TODAY)
    with pytest.raises(NotAllowed, match="理由"):
        check_withdrawal(TODAY, " ", TODAY)


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    readme = Path(__file__).parent.parent / "README.md"
    assert diagram() in readme.read_text(encoding="utf-8")
