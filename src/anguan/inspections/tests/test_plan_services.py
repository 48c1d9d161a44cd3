"""年度计划和主体清单 through their services: the year's story, and what is refused on the way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anguan.ground.calendars.holidays import shipped_calendar
from anguan.ground.models import AuditRecord
from anguan.inspections.models import AnnualPlan, SubjectEntry
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import (
    JointPart,
    PlanState,
    SubjectKind,
    SubjectState,
    TargetKind,
)
from anguan.inspections.selectors.plans import (
    capacity_sheet,
    plan_changes,
    plan_in_force,
    planned_checks,
    plans_visible_to,
    public_plans,
)
from anguan.inspections.services import plans, subject_lists
from anguan.inspections.tests.builders import MONDAY, a_cast, actor_of, viewer
from anguan.inspections.tests.plan_builders import a_row, drafted, published
from anguan.people.models import Entrustment
from anguan.people.tests.builders import an_organ
from anguan.people.viewers import NOBODY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_plan_from_draft_to_publication_and_its_amendment() -> None:
    cast = a_cast()
    first = published(cast, drafted(cast))
    assert (first.state, first.capacity and first.capacity["needed"]) == (PlanState.PUBLISHED, "4")
    # A repeated click changes nothing.
    assert plans.publish_plan(plan=first, actor=actor_of(cast.clerk), now=MONDAY + 5 * HOUR).published_at == (
        MONDAY + HOUR
    )
    second = plans.amend_plan(plan=first, why="新增一家重点企业", actor=actor_of(cast.clerk), now=MONDAY + HOUR)
    plans.keep_row(
        plan=second, number=1, values=a_row(cast, named=cast.enterprises[:3], cap=3), actor=actor_of(cast.clerk),
        now=MONDAY + HOUR,
    )  # fmt: skip
    # Until the amendment is published the first version is in force, as it was.
    assert plan_in_force(cast.organ.pk, 2026) == first
    assert planned_checks(first) == 2
    second = published(cast, second)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (PlanState.SUPERSEDED, PlanState.PUBLISHED, 2)
    assert [plan.version for plan in public_plans()] == [2, 1]
    (change,) = plan_changes(first, second)
    assert ("每家每年上限", "2", "3") in change.changes
    assert ("具体检查对象", "—", cast.enterprises[2].name) in change.changes
    done = set(AuditRecord.objects.filter(action__startswith="inspections.").values_list("action", flat=True))
    assert {"inspections.approve_plan", "inspections.supersede_plan", "inspections.amend_plan"} <= done


def test_capacity_counts_the_loaded_calendar_and_a_plan_too_big_is_not_approved() -> None:
    cast = a_cast()
    big = a_row(
        cast, target_kind=TargetKind.POOL, named=(), pool_size=500, pool_count=200, days_per_check=Decimal(3)
    )  # fmt: skip
    plan = drafted(cast, a_row(cast), big)
    sheet = capacity_sheet(plan, shipped_calendar())
    # 2026 has 248 working days by its notice; 4 officers; 100 and 60.5 days go elsewhere; 2×1×2 + 200×3×2 are asked.
    assert (sheet.total, sheet.inspection_days, sheet.needed) == (Decimal(992), Decimal("831.5"), Decimal(1204))
    plan = plans.coordinate_plan(plan=plan, coordinated_with="示例市局", actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(NotAllowed, match=r"需要 1204 个工作日，只有 831.5 个"):
        plans.approve_plan(plan=plan, actor=actor_of(cast.leader), now=MONDAY)
    # A coordinated plan can't be edited; returned with a reason, it can.
    with pytest.raises(NotAllowed, match="请先退回"):
        plans.remove_row(plan=plan, number=2, actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(NotAllowed, match="退回的原因"):
        plans.return_plan(plan=plan, why=" ", actor=actor_of(cast.leader), now=MONDAY)
    plan = plans.return_plan(plan=plan, why="检查太多", actor=actor_of(cast.leader), now=MONDAY)
    plans.remove_row(plan=plan, number=2, actor=actor_of(cast.clerk), now=MONDAY)
    plans.remove_row(plan=plan, number=2, actor=actor_of(cast.clerk), now=MONDAY)
    assert published(cast, plan).state == PlanState.PUBLISHED


def test_no_enterprise_stands_in_the_plans_of_two_levels_unless_they_go_together() -> None:
    cast = a_cast()
    city = an_organ("示例市应急管理局", kind="emergency")
    cast.organ.parent = city
    cast.organ.save()
    above = plans.draft_plan(organ=city, year=2026, actor=actor_of(cast.clerk), now=MONDAY)
    plans.keep_row(plan=above, values=a_row(cast, named=[cast.enterprises[1]]), actor=actor_of(cast.clerk), now=MONDAY)
    plans.coordinate_plan(plan=above, coordinated_with="各区", actor=actor_of(cast.clerk), now=MONDAY)
    plan = drafted(cast)
    with pytest.raises(NotAllowed, match=f"示例市应急管理局的计划已列入：{cast.enterprises[1].name}"):
        plans.coordinate_plan(plan=plan, coordinated_with="示例市局", actor=actor_of(cast.clerk), now=MONDAY)
    plans.keep_row(
        plan=plan, number=1, values=a_row(cast, joint=JointPart.PARTNER, partners="示例市应急管理局"),
        actor=actor_of(cast.clerk), now=MONDAY,
    )  # fmt: skip
    assert published(cast, plan).state == PlanState.PUBLISHED


def test_a_year_has_one_plan_and_drafts_are_nobody_elses() -> None:
    cast = a_cast()
    plan = drafted(cast)
    with pytest.raises(NotAllowed, match="已经有计划"):
        plans.draft_plan(organ=cast.organ, year=2026, actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(NotAllowed, match="今后两年"):
        plans.draft_plan(organ=cast.organ, year=2020, actor=actor_of(cast.clerk), now=MONDAY)
    assert list(plans_visible_to(viewer(cast.clerk))) == [plan]
    assert not plans_visible_to(viewer(cast.supervisor)).exists()
    assert not plans_visible_to(viewer(cast.principal)).exists()
    assert not plans_visible_to(NOBODY).exists()
    assert not public_plans().exists()
    with pytest.raises(IntegrityError, match="an_approved_plan_has_its_capacity"), transaction.atomic():
        AnnualPlan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED)


def test_a_subject_list_takes_who_has_the_power_and_nobody_else() -> None:
    cast = a_cast()
    clerk = actor_of(cast.clerk)
    made = subject_lists.draft_subject_list(organ=cast.organ, actor=clerk, now=MONDAY)
    assert (made.due_on, made.rule_version, made.rule_is_verified) == (date(2026, 4, 30), "D32 v1", False)

    def enter(subject: Any, kind: SubjectKind) -> SubjectEntry:
        return subject_lists.enter_subject(
            subject_list=made, subject=subject, kind=kind, basis="安全生产法第六十五条", scope="全区生产经营单位",
            actor=clerk, now=MONDAY,
        )  # fmt: skip

    with pytest.raises(NotAllowed, match="还没有检查主体"):
        subject_lists.file_subject_list(
            subject_list=made, filed_with="示例区司法局", filed_on=date(2026, 3, 2), actor=clerk, now=MONDAY
        )
    enter(cast.organ, SubjectKind.OWN_POWER)
    committee = an_organ("示例区安全生产委员会办公室", kind="other")
    with pytest.raises(NotAllowed, match="安委会、安委办不能以自己的名义检查"):
        enter(committee, SubjectKind.COORDINATING)
    with pytest.raises(NotAllowed, match="没有登记行政检查的法定职权"):
        enter(committee, SubjectKind.OWN_POWER)
    station = an_organ("示例街道应急站", kind="branch")
    with pytest.raises(NotAllowed, match="委托书"):
        enter(station, SubjectKind.ENTRUSTED)
    Entrustment.objects.create(
        entrusting=cast.organ, entrusted=station, document="委托书〔2026〕1号", matters=["inspect"],
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    enter(station, SubjectKind.ENTRUSTED)
    with pytest.raises(IntegrityError, match="only_who_has_the_power"), transaction.atomic():
        SubjectEntry.objects.create(
            subject_list=made, subject=committee, kind=SubjectKind.COORDINATING, basis="x", scope="x"
        )
    made = subject_lists.file_subject_list(
        subject_list=made, filed_with="示例区司法局", filed_on=date(2026, 3, 2), actor=clerk, now=MONDAY
    )
    with pytest.raises(NotAllowed, match="另立新版本"):
        enter(cast.organ, SubjectKind.OWN_POWER)
    made = subject_lists.publish_subject_list(subject_list=made, actor=clerk, now=MONDAY)
    further = subject_lists.draft_subject_list(organ=cast.organ, actor=clerk, now=MONDAY + HOUR)
    assert (further.version, further.entries.count()) == (2, 2)
    further = subject_lists.file_subject_list(
        subject_list=further, filed_with="示例区司法局", filed_on=date(2026, 3, 2), actor=clerk, now=MONDAY + HOUR
    )
    subject_lists.publish_subject_list(subject_list=further, actor=clerk, now=MONDAY + HOUR)
    made.refresh_from_db()
    assert made.state == SubjectState.SUPERSEDED
