"""Surcharge on an unpaid fine."""

from decimal import Decimal

import pytest

from anguan.core.money import surcharge, yuan


@pytest.mark.parametrize(
    ("days", "added"),
    [
        pytest.param(0, "0.00", id="未逾期"),
        pytest.param(1, "900.00", id="第一日"),
        pytest.param(33, "29700.00", id="第三十三日还没有封顶"),
        pytest.param(34, "30000.00", id="第三十四日封顶"),
        pytest.param(400, "30000.00", id="封顶以后不再增加"),
    ],
)
def test_three_percent_a_day_up_to_the_fine_itself(days: int, added: str) -> None:
    assert surcharge(Decimal(30000), days, Decimal("0.03"), Decimal(1)) == Decimal(added)


def test_amounts_are_rounded_half_up_to_the_fen() -> None:
    assert yuan("0.005") == Decimal("0.01")
    assert yuan("2.675") == Decimal("2.68")


def test_days_before_the_due_day_add_nothing_by_mistake() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        surcharge(Decimal(1), -1, Decimal("0.03"), Decimal(1))
