"""检查频次的规则: the yearly cap, the marks of too many checks on one firm, and officers who keep finding nothing.

All numbers are rule data with local versions (`inspection-caps`, `inspection-marks`, `empty-checks`); this file only
knows how to read them.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.approval import COUNTED, CountClass, ExemptReason
from anguan.inspections.rules.refusals import NotAllowed


@dataclass(frozen=True)
class Target:
    """What a cap depends on: the organ's kind, the firm's industry, whether it is a key firm, and its grades."""

    organ_kind: str = ""
    industry_code: str = ""
    is_key: bool = False
    risk_level: str = ""
    standard: str = ""


def cap_of(values: Mapping[str, Any], target: Target) -> int:
    """每年上限: the cap of the first row whose conditions all hold; `otherwise` where none does.

    A row may name `organ_kinds`, `industries` (beginnings of the code), `key`, `risk` and `standards`.
    """
    for row in values.get("rows", []):
        if _fits(row, target):
            return int(row["cap"])
    return int(values["otherwise"])


def _fits(row: Mapping[str, Any], target: Target) -> bool:
    if "organ_kinds" in row and target.organ_kind not in row["organ_kinds"]:
        return False
    if "industries" in row and not target.industry_code.startswith(tuple(row["industries"])):
        return False
    if "key" in row and row["key"] != target.is_key:
        return False
    if "risk" in row and target.risk_level not in row["risk"]:
        return False
    return "standards" not in row or target.standard in row["standards"]


def cap_rows(values: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], int]]:
    """Each row of a cap rule with its conditions, and last the number for all others, which has none."""
    return [
        *(({name: value for name, value in row.items() if name != "cap"}, int(row["cap"])) for row in values["rows"]),
        ({}, int(values["otherwise"])),
    ]


@dataclass(frozen=True)
class CapUse:
    """上限使用: how often an organ has checked or will check a firm this year, and how often it may."""

    used: int
    cap: int
    rule_version: str = ""
    is_verified: bool = False

    @property
    def is_full(self) -> bool:
        """Whether one more would go past it."""
        return self.used >= self.cap

    def __str__(self) -> str:
        return f"{self.used}/{self.cap}"


class PastCap(NotAllowed):
    """The cap is reached, and nothing lets this check past it."""


def check_cap(use: CapUse, count_class: CountClass, exempt: ExemptReason | None) -> bool:
    """Stop at the cap; True where the check goes past it with a reason, which the supervisor is told.

    Special checks ordered from above do not count. A complaint, a transfer, a clue from monitoring or the firm's own
    request counts and is not stopped (优化营商环境条例 art. 54).
    """
    if count_class not in COUNTED or not use.is_full:
        return False
    if exempt is None:
        raise PastCap(
            N_("本机关今年对这家企业的检查次数已达上限，不能再查；有投诉举报、移送、预警线索或企业申请的，写明理由。")
        )
    return True


class Mark(Labelled):
    """频次异常 (成都一码检查): more than one a day, two a week, three a month on one firm; marked, not stopped."""

    DAY = "day", N_("一天多于一次")
    WEEK = "week", N_("一周多于两次")
    MONTH = "month", N_("一月多于三次")


def marks_of(doors: Iterable[date], on: date, limits: Mapping[str, int]) -> list[Mark]:
    """What is too often if somebody comes on the day `on`; `doors` are the days somebody came or will, one a door.

    A joint check is one door. Weeks begin on Monday, months on the first.
    """
    days = list(doors)
    monday = on - timedelta(days=on.weekday())
    counts = {
        Mark.DAY: sum(day == on for day in days),
        Mark.WEEK: sum(monday <= day < monday + timedelta(days=7) for day in days),
        Mark.MONTH: sum((day.year, day.month) == (on.year, on.month) for day in days),
    }
    return [mark for mark in Mark if counts[mark] + 1 > limits[mark.value]]


def is_blocked(
    checks: Sequence[tuple[date, bool]], on: date, *, in_a_row: int, explained_on: date | None = None
) -> bool:
    """空查: whether an officer's last checks of one firm, `in_a_row` of them within a year, all found nothing.

    `checks` are days with whether nothing was found. Those up to a leader's explanation no longer count.
    """
    year_ago = months_before(on, 12)
    recent = sorted(
        check for check in checks if year_ago < check[0] <= on and (explained_on is None or check[0] > explained_on)
    )
    last = recent[-in_a_row:]
    return len(last) == in_a_row and all(empty for _day, empty in last)


def months_before(day: date, months: int) -> date:
    """The same day so many months ago; where that month has no such day, its last one."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def places_of(code: str) -> list[str]:
    """Jurisdictions of an area's code, from the most particular: 510903 gives CN-510903, CN-5109, CN-51."""
    return [f"CN-{code[:length]}" for length in (6, 4, 2) if len(code) >= length]


def is_within(address: str, areas: Iterable[str]) -> bool:
    """管辖: whether an address lies in one of the areas, each told by words that stand in its addresses."""
    return any(area in address for area in areas if area)
