"""Money as Decimal yuan, to the fen."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def yuan(amount: Decimal | int | str) -> Decimal:
    """An amount in yuan, rounded half up to the fen."""
    return Decimal(amount).quantize(FEN, ROUND_HALF_UP)


def surcharge(fine: Decimal, days_overdue: int, rate_per_day: Decimal, cap: Decimal) -> Decimal:
    """加处罚款: added to an unpaid fine after so many days, at most `cap` times the fine (行政处罚法第七十二条).

    The caller leaves out days on which it does not accrue, as during a review or a suit (第七十三条第三款).
    """
    if fine < 0 or days_overdue < 0:
        raise ValueError("罚款数额和逾期天数不能为负。")
    return yuan(min(fine * rate_per_day * days_overdue, fine * cap))
