"""Plans of the cast: a row, a draft with its capacity sheet, a published version."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from anguan.inspections.models import AnnualPlan, SubjectList
from anguan.inspections.rules.plans import NonEnforcement, OtherWork, RowMode, SubjectKind, TargetKind
from anguan.inspections.services import plans, subject_lists
from anguan.inspections.tests.builders import MONDAY, Cast, actor_of

HOUR = timedelta(hours=1)


def a_row(cast: Cast, **changes: Any) -> plans.RowValues:
    """Two named key enterprises, once a year, twice at most."""
    values: dict[str, Any] = {
        "item": cast.item,
        "basis": "安全生产法第六十五条",
        "target_kind": TargetKind.NAMED,
        "targets": "重点检查企业",
        "content": "安全生产主体责任落实情况",
        "mode": RowMode.ON_SITE,
        "months": [3, 4],
        "named": cast.enterprises[:2],
        "frequency": 1,
        "cap": 2,
    }
    return plans.RowValues(**{**values, **changes})


def drafted(cast: Cast, *rows: plans.RowValues) -> AnnualPlan:
    """A draft for 2026 with its capacity sheet and rows."""
    actor = actor_of(cast.clerk)
    plan = plans.draft_plan(organ=cast.organ, year=2026, actor=actor, now=MONDAY)
    plan = plans.keep_capacity(
        plan=plan,
        staff=4,
        other_days={OtherWork.LICENSING: Decimal(100)},
        non_days={NonEnforcement.LEAVE: Decimal("60.5")},
        actor=actor,
        now=MONDAY,
    )
    for values in rows or (a_row(cast),):
        plans.keep_row(plan=plan, values=values, actor=actor, now=MONDAY)
    return plan


def published(cast: Cast, plan: AnnualPlan) -> AnnualPlan:
    """The plan after every step up to publication."""
    clerk, leader = actor_of(cast.clerk), actor_of(cast.leader)
    plan = plans.coordinate_plan(plan=plan, coordinated_with="示例市应急管理局", actor=clerk, now=MONDAY)
    plan = plans.approve_plan(plan=plan, actor=leader, now=MONDAY)
    plan = plans.file_plan(
        plan=plan, filed_with="示例区人民政府", number=f"示例备〔2026〕{plan.version}号", filed_on=date(2026, 3, 2),
        actor=clerk, now=MONDAY,
    )  # fmt: skip
    return plans.publish_plan(plan=plan, actor=clerk, now=MONDAY + HOUR)


def a_subject_list(cast: Cast) -> SubjectList:
    """A published list with the organ itself on it."""
    clerk = actor_of(cast.clerk)
    made = subject_lists.draft_subject_list(organ=cast.organ, actor=clerk, now=MONDAY)
    subject_lists.enter_subject(
        subject_list=made, subject=cast.organ, kind=SubjectKind.OWN_POWER, basis="安全生产法第六十五条",
        scope="全区生产经营单位", actor=clerk, now=MONDAY,
    )  # fmt: skip
    made = subject_lists.file_subject_list(
        subject_list=made, filed_with="示例区司法局", filed_on=date(2026, 3, 2), actor=clerk, now=MONDAY
    )
    return subject_lists.publish_subject_list(subject_list=made, actor=clerk, now=MONDAY)
