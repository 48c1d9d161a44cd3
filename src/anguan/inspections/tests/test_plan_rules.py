"""年度计划的规则, without a database: the table, the capacity sheet worked by hand, whom the law bars."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from anguan.core.enums import Labelled
from anguan.ground.calendars.holidays import shipped_calendar
from anguan.inspections.rules import NotAllowed, diagram
from anguan.inspections.rules.plans import (
    MAY_INSPECT,
    PLAN_TABLE,
    PUBLIC_PLANS,
    SUBJECT_TABLE,
    JointPart,
    PlanAction,
    PlanState,
    SubjectAction,
    SubjectKind,
    SubjectState,
    TargetKind,
    Workload,
    advance_plan,
    advance_subject_list,
    capacity_of,
    check_amendable,
    check_editable,
    check_filing,
    check_fits,
    check_not_doubled,
    check_row,
    check_subject,
    doubled,
    fixed_day,
    ratio_text,
    working_days_of,
)


@pytest.mark.parametrize(
    ("table", "heading"),
    [(PLAN_TABLE, "An annual plan"), (SUBJECT_TABLE, "A subject list")],
    ids=["年度计划", "主体清单"],
)
def test_the_readme_shows_the_diagrams_of_the_tables(
    table: Mapping[tuple[Labelled, Labelled], Labelled], heading: str
) -> None:
    readme = (files("anguan.inspections") / "README.md").read_text("utf-8")
    shown = readme.split(f"## {heading}\n", 1)[1].split("```mermaid\n", 1)[1].split("```", 1)[0]
    assert shown.strip() == diagram(table)


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("action", PlanAction)
def test_a_plan_takes_only_the_steps_of_the_table(state: PlanState, action: PlanAction) -> None:
    allowed = {
        ("draft", "coordinate"), ("coordinated", "return"), ("coordinated", "approve"), ("approved", "file"),
        ("filed", "publish"), ("published", "supersede"),
    }  # fmt: skip
    if (state.value, action.value) in allowed:
        advance_plan(state, action)
    else:
        with pytest.raises(NotAllowed, match=r"。$"):
            advance_plan(state, action)


def test_a_plan_is_not_published_before_it_was_filed() -> None:
    with pytest.raises(NotAllowed, match="先报政府备案"):
        advance_plan(PlanState.APPROVED, PlanAction.PUBLISH)


@pytest.mark.parametrize("state", sorted(set(PlanState) - {PlanState.DRAFT}))
def test_only_a_draft_can_be_edited(state: PlanState) -> None:
    with pytest.raises(NotAllowed):
        check_editable(state)
    check_editable(PlanState.DRAFT)


def test_only_the_plan_in_force_is_amended_and_only_with_a_reason() -> None:
    check_amendable(PlanState.PUBLISHED, "新增两家重点企业")
    with pytest.raises(NotAllowed, match="原因"):
        check_amendable(PlanState.PUBLISHED, " ")
    for state in set(PlanState) - {PlanState.PUBLISHED}:
        with pytest.raises(NotAllowed, match="现行公布"):
            check_amendable(state, "新增两家重点企业")
    assert frozenset({PlanState.PUBLISHED, PlanState.SUPERSEDED}) == PUBLIC_PLANS


def a_capacity(**changes: Any) -> Any:
    values: dict[str, Any] = {
        "working_days": 248,
        "provisional": False,
        "staff": 8,
        "other_days": {"licensing": Decimal(200), "accidents": Decimal(150), "complaints": Decimal(130)},
        "non_days": {"study": Decimal(160), "leave": Decimal(144), "meetings": Decimal(200)},
        "workloads": [Workload(checks=250, days=Decimal(2), officers=2)],
    }
    return capacity_of(**{**values, **changes})


def test_the_capacity_sheet_of_a_real_plan() -> None:
    """248 working days by 8 staff are 1984; less 480 and 504 leaves 1000; 250 checks of 2 days by 2 officers fit."""
    sheet = a_capacity()
    assert (sheet.total, sheet.other, sheet.non) == (1984, 480, 504)
    assert (sheet.inspection_days, sheet.needed, sheet.left) == (1000, 1000, 0)
    assert sheet.fits
    check_fits(sheet)


def test_one_check_more_does_not_fit() -> None:
    sheet = a_capacity(workloads=[Workload(251, Decimal(2), 2)])
    assert (sheet.left, sheet.fits) == (-4, False)
    with pytest.raises(NotAllowed, match=r"需要 1004 个工作日，只有 1000 个"):
        check_fits(sheet)


def test_half_days_and_several_rows_add_up() -> None:
    """60 half-day checks by 2 take 60 days, 15 of a day and a half by 3 take 67.5."""
    sheet = a_capacity(workloads=[Workload(60, Decimal("0.5"), 2), Workload(15, Decimal("1.5"), 3)])
    assert sheet.needed == Decimal("127.5")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"staff": 0}, "执法人员人数"),
        ({"non_days": {"study": Decimal(1504)}}, "用完全年工作日"),
        ({"non_days": {"study": Decimal(1600)}}, "用完全年工作日"),
    ],
    ids=["没有人", "正好用完", "超过全年"],
)
def test_a_year_without_days_for_checks_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(NotAllowed, match=says):
        check_fits(a_capacity(**changes))


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248)], ids=["2024年", "2025年"])
def test_working_days_of_a_year_whose_notice_is_loaded(year: int, days: int) -> None:
    """2024 is known to have 251 working days, 2025 (with the longer holidays) 248: the figure of the formula."""
    assert working_days_of(year, shipped_calendar()) == (days, False)


@dataclass
class WeekendsOnly:
    version: str = "weekends"
    known: frozenset[int] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def has_notice(self, year: int) -> bool:
        return year in self.known


def test_a_year_without_notice_is_counted_on_weekends_and_marked_provisional() -> None:
    assert working_days_of(2027, WeekendsOnly()) == (261, True)


def test_the_rest_of_a_year_counts_its_first_day() -> None:
    """31 December 2026 is a Thursday; the 30th a Wednesday."""
    assert working_days_of(2026, WeekendsOnly(), since=date(2026, 12, 30)) == (2, True)


def row(**changes: Any) -> None:
    values: dict[str, Any] = {
        "kind": TargetKind.POOL, "named": 0, "pool_size": 200, "pool_count": 20, "frequency": 1, "cap": 2,
        "months": [3, 4], "joint": JointPart.NONE, "partners": "",
    }  # fmt: skip
    check_row(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": TargetKind.NAMED}, "列出具体检查对象"),
        ({"named": 3}, "不能事先点名"),
        ({"pool_size": None}, "总数和抽取数"),
        ({"pool_count": 0}, "总数和抽取数"),
        ({"pool_count": 201}, "不能多于"),
        ({"frequency": 0}, "至少检查一次"),
        ({"cap": 1, "frequency": 2}, "不能低于"),
        ({"months": []}, "哪几个月"),
        ({"months": [13]}, "哪几个月"),
        ({"months": [3, 3]}, "哪几个月"),
        ({"joint": JointPart.LEAD}, "写明牵头或配合"),
        ({"partners": "示例消防"}, "牵头还是配合"),
    ],
)
def test_a_row_that_cannot_be_carried_out_is_refused(changes: dict[str, Any], says: str) -> None:
    row()
    with pytest.raises(NotAllowed, match=says):
        row(**changes)


@pytest.mark.parametrize(
    ("count", "size", "text"),
    [(8, 1751, "0.46%"), (20, 200, "10%"), (200, 200, "100%"), (1, 3, "33.33%"), (None, None, "")],
)
def test_a_ratio_is_computed_not_typed(count: int | None, size: int | None, text: str) -> None:
    assert ratio_text(count, size) == text


def test_no_enterprise_stands_in_the_plans_of_two_levels() -> None:
    both = doubled({1: "甲厂", 2: "乙厂"}, {2: "乙厂", 3: "丙厂"})
    assert both == [2]
    check_not_doubled([], "示例市局")
    with pytest.raises(NotAllowed, match="示例市局的计划已列入：乙厂"):
        check_not_doubled(["乙厂"], "示例市局")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number": " "}, "备案文号"),
        ({"filed_on": date(2026, 1, 9)}, "先批准，后备案"),
        ({"filed_on": date(2026, 1, 21)}, "还没有到"),
    ],
)
def test_a_filing_has_a_number_and_a_day_after_the_approval(changes: dict[str, Any], says: str) -> None:
    values: dict[str, Any] = {
        "number": "示例备〔2026〕1号", "filed_on": date(2026, 1, 15), "approved_on": date(2026, 1, 10),
        "today": date(2026, 1, 20),
    }  # fmt: skip
    check_filing(**values)
    with pytest.raises(NotAllowed, match=says):
        check_filing(**{**values, **changes})


def subject(kind: SubjectKind, **changes: Any) -> None:
    values: dict[str, Any] = {
        "basis": "安全生产法第六十五条", "has_competence": True, "entrusted_on_day": True, "scope": "全区生产经营单位",
    }  # fmt: skip
    check_subject(kind=kind, **{**values, **changes})


@pytest.mark.parametrize("kind", sorted(set(SubjectKind) - MAY_INSPECT))
def test_whom_the_law_bars_is_refused_and_told_why(kind: SubjectKind) -> None:
    with pytest.raises(NotAllowed, match=r"54号|行政处罚法"):
        subject(kind)


def test_the_safety_committee_cannot_inspect_in_its_own_name() -> None:
    with pytest.raises(NotAllowed, match=r"安委会、安委办不能.*由有职权的成员单位"):
        subject(SubjectKind.COORDINATING)


@pytest.mark.parametrize("kind", sorted(MAY_INSPECT))
def test_who_has_the_power_is_listed_with_basis_and_scope(kind: SubjectKind) -> None:
    subject(kind)
    with pytest.raises(NotAllowed, match="依据"):
        subject(kind, basis="")
    with pytest.raises(NotAllowed, match="范围"):
        subject(kind, scope=" ")


def test_power_is_shown_not_claimed() -> None:
    with pytest.raises(NotAllowed, match="委托书"):
        subject(SubjectKind.ENTRUSTED, entrusted_on_day=False)
    with pytest.raises(NotAllowed, match="职权"):
        subject(SubjectKind.OWN_POWER, has_competence=False)


def test_a_subject_list_is_filed_before_it_is_published() -> None:
    with pytest.raises(NotAllowed, match="先报司法行政部门"):
        advance_subject_list(SubjectState.DRAFT, SubjectAction.PUBLISH)
    assert advance_subject_list(SubjectState.FILED, SubjectAction.PUBLISH) is SubjectState.PUBLISHED


def test_the_fixed_day_of_the_subject_list_is_the_end_of_april() -> None:
    assert fixed_day(2027, "04-30") == date(2027, 4, 30)
